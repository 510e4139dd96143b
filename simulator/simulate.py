"""One request of any kind: its context, the policies that apply to it, and the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.catalog import keys
from simulator.catalog.doubts import NONE_OPEN, Doubt
from simulator.decision.combine import Decision, Outcome, common
from simulator.decision.verdict import Layer
from simulator.evaluation.context import Particulars, build_context
from simulator.evaluation.evaluate import Evaluation, evaluate
from simulator.evaluation.exemptions import exemptions
from simulator.evaluation.policies import NO_GRANT, NO_LIMIT
from simulator.evaluation.settle import settle
from simulator.evaluation.turning import turning
from simulator.request.caller import Caller
from simulator.request.derived import (
    tag_keys,
)
from simulator.request.principal import (
    RoleSession,
    ServicePrincipal,
    account_of,
)
from simulator.request.request import NO_RESOURCE, Request, owner_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.catalog.doubts import Doubts
    from simulator.evaluation.policies import Levels, Policies
    from simulator.request.context import Value
    from simulator.request.principal import Anonymous, Federated, Principal


class Question(NamedTuple):
    """A request with all it depends on.

    `owner` is the account of the resource where its ARN does not say it. `context` holds further
    condition keys, which win over what is derived; `management_account` is the organization's.
    In a closed world nothing exists that is not written: no tags, no organization. Of `doubtful`
    keys nobody said whether the request has them.
    """

    caller: Caller | ServicePrincipal | Anonymous | Federated
    action: str
    resource: str
    policies: Policies
    context: Mapping[str, Value]
    owner: str | None = None
    resource_tags: Mapping[str, str] | None = None
    canonical_user: str | None = None
    management_account: str | None = None
    closed_world: bool = False
    doubtful: tuple[str, ...] = ()

    @property
    def principal(self) -> Principal:
        """Who calls."""
        return self.caller.principal if isinstance(self.caller, Caller) else self.caller


def simulate(question: Question, opened: Doubts = NONE_OPEN) -> Evaluation:
    """Return the decision on a request of any kind; some of AWS's rules may be left open."""
    asked = _opening(question, opened) if opened else question
    owners = _owners(asked)
    found = [
        settle(evaluate(request._replace(owner=owner), policies))
        for owner in owners
        for request in _requests(asked, opened)
        for policies in _alternatives(asked._replace(owner=owner), opened)
    ]
    if len(found) == 1:
        return found[0]
    first = found[0]._replace(request=as_request(asked))
    if any(other.decision.outcome is not first.decision.outcome for other in found):
        hangs_on_owner = len(owners) > 1 and not opened
        decision = Decision(Outcome.UNDECIDED)
        return first._replace(decision=decision, supposed=(), hangs_on_owner=hangs_on_owner)
    decision = common([each.decision for each in found])
    return first._replace(decision=decision, supposed=tuple(found))


def _owners(question: Question) -> tuple[str | None, ...]:
    """Return the owner of the resource: two where nobody knows whether it is under RCPs."""
    principal, management = question.principal, question.management_account
    owner = owner_of(question.resource, principal, question.owner)
    if owner is not None or management is None or not question.policies.levels(Layer.RCP):
        return (owner,)
    # EVAL-50: the management account's are under none
    return (management, "") if account_of(principal) == management else (None, management)


def turns_on(question: Question, evaluation: Evaluation) -> tuple[Doubt, ...]:
    """Return the doubts about AWS's rules on which the decision on a request turns."""
    return turning(
        evaluation.decision.outcome, lambda opened: simulate(question, opened).decision.outcome
    )


def _opening(question: Question, opened: Doubts) -> Question:
    caller = question.caller.by_token() if isinstance(question.caller, Caller) else question.caller
    return question._replace(caller=caller, policies=question.policies.opening(opened))


def _requests(question: Question, opened: Doubts) -> Iterator[Request]:
    """Yield the request, in each way in which some doubts let its context be."""
    yield as_request(question)
    if Doubt.SESSION_MFA in opened and isinstance(question.principal, RoleSession):
        context = {keys.MFA_PRESENT: "true", **question.context}
        yield as_request(question._replace(context=context))


def _alternatives(question: Question, opened: Doubts) -> Iterator[Policies]:
    """Yield the policies that apply, in each way in which some doubts let them."""
    policies = applicable(question)
    yield policies
    if Doubt.FED_NO_SESSION in opened and policies.levels(Layer.SESSION) == NO_GRANT:
        yield policies.having({Layer.SESSION: NO_LIMIT})
    alone = policies.each_alone(Layer.SESSION)
    if Doubt.SESSION_MULTI in opened and alone is not policies:
        yield alone
    if Doubt.RCP_SERVICES in opened and question.resource != NO_RESOURCE:
        from simulator.catalog.rcp import UNDOUBTED  # noqa: PLC0415 - most requests have no RCP

        levels = question.policies.levels(Layer.RCP)
        if levels and service_of(question.action) not in UNDOUBTED:
            yield policies.having({Layer.RCP: () if policies.levels(Layer.RCP) else levels})


def as_request(question: Question) -> Request:
    """Return the request of a question, with its context built."""
    owner = owner_of(question.resource, question.principal, question.owner)
    return Request(
        question.principal,
        question.action,
        question.resource,
        build_context(question, _particulars(question, owner)),
        owner,
        question.canonical_user,
    )


def _particulars(question: Question, owner: str | None) -> Particulars:
    tags = question.resource_tags
    return Particulars(
        dict(_about_resource(question, owner)),
        unknown=("aws:ResourceAccount",) if owner is None else (),
        doubtful=("aws:ResourceTag/",) if tags is None else (),
        same_account=owner is not None and owner == account_of(question.principal),
    )


def _about_resource(question: Question, owner: str | None) -> Iterator[tuple[str, Value]]:
    if owner is not None:
        yield "aws:ResourceAccount", owner  # CTX-15
    yield from tag_keys("aws:ResourceTag", question.resource_tags or {})  # CTX-16


def applicable(question: Question) -> Policies:
    """Return the policies that apply to a request: not all that are attached do."""
    return question.policies.having(dict(_exempt(question)))


def _exempt(question: Question) -> Iterator[tuple[Layer, Levels]]:
    principal, management = question.principal, question.management_account
    yield from exemptions(principal, question.resource, question.policies)
    if management is not None and account_of(principal) == management:
        yield Layer.SCP, NO_LIMIT  # EVAL-40
    if not _is_under_rcps(question):
        yield Layer.RCP, NO_LIMIT


def _is_under_rcps(question: Question) -> bool:
    """Whether RCPs speak of a resource and an action."""
    if not question.policies.levels(Layer.RCP):
        return False
    owner = owner_of(question.resource, question.principal, question.owner)
    if owner is not None and owner == question.management_account:
        return False  # EVAL-50
    from simulator.catalog.rcp import supports_rcp  # noqa: PLC0415 - most requests have no RCP

    return supports_rcp(service_of(question.action))  # EVAL-52


def service_of(action: str) -> str:
    """Return the service of an action, in lower case."""
    return action.partition(":")[0].lower()
