"""What AWS answers to a call of STS: refusals, authorization, and what depends on the role.

https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.catalog import keys
from simulator.catalog.doubts import NONE_OPEN, Doubt
from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.evaluation.context import build_context
from simulator.evaluation.evaluate import Evaluation, evaluate
from simulator.evaluation.exemptions import exemptions
from simulator.evaluation.policies import NO_GRANT
from simulator.evaluation.settle import settle
from simulator.evaluation.turning import turning
from simulator.request.caller import Caller
from simulator.request.context import Several
from simulator.request.derived import tag_keys
from simulator.request.principal import (
    RoleSession,
    account_of,
)
from simulator.request.request import Request
from simulator.sts.call import target_account
from simulator.sts.context import particulars
from simulator.sts.operations import OF_ROLES
from simulator.sts.refusals import Refusal, Rule, denied, early, hangs_on_maximum, late
from simulator.sts.session import Session, new_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.catalog.doubts import Doubts
    from simulator.evaluation.policies import Levels, Policies
    from simulator.request.context import RequestContext
    from simulator.sts.call import Call
    from simulator.sts.errors import AwsError

_CANNOT_CALL = (Rule.NOT_SIGNED, Rule.ROOT_CALLER, Rule.FEDERATED_CALLER, Rule.CREDENTIALS)


class Answer(NamedTuple):
    """What a call comes to.

    `evaluations` holds each action that the call needs, `decisive` the one that decides it; none
    does where STS refuses the call before it looks at policies, or asks none.
    `refusals` are the rules of STS that refuse the call, also those it would meet only later.
    `duration_unknown` is true where all hangs on a maximum session duration that nobody said.
    """

    outcome: Outcome
    error: AwsError | None
    evaluations: tuple[Evaluation, ...] = ()
    decisive: Evaluation | None = None
    refusals: tuple[Refusal, ...] = ()
    duration_unknown: bool = False
    session: Session | None = None


def answer_to(call: Call, opened: Doubts = NONE_OPEN) -> Answer:
    """Return what AWS answers to a call, in the order in which it looks.

    Some doubts about AWS's rules may be left open.
    """  # ERR-2
    if not opened:
        return _answer(call)
    call = _opening(call, opened)
    first, *others = [_answer(each) for each in _alternatives(call, opened)]
    if all(other.outcome is first.outcome for other in others):
        return first
    return first._replace(outcome=Outcome.UNDECIDED, error=None, session=None)


def turns_on(call: Call, answer: Answer) -> tuple[Doubt, ...]:
    """Return the doubts about AWS's rules on which an answer turns."""
    return turning(answer.outcome, lambda opened: answer_to(call, opened).outcome)


def _opening(call: Call, opened: Doubts) -> Call:
    caller = call.caller.by_token() if isinstance(call.caller, Caller) else call.caller
    return call._replace(caller=caller, policies=call.policies.opening(opened))


def _alternatives(call: Call, opened: Doubts) -> Iterator[Call]:
    """Yield the call, in each way in which some doubts let it be decided."""
    yield call
    if Doubt.CHAIN_PERMS in opened:
        yield call._replace(inherits_freely=True)
    if Doubt.COMPANION_SIDES in opened:
        yield call._replace(companions_need_both=True)
    alone = call.policies.each_alone(Layer.SESSION)
    if Doubt.SESSION_MULTI in opened and alone is not call.policies:
        yield call._replace(policies=alone)
    if Doubt.SESSION_MFA in opened and isinstance(call.principal, RoleSession):
        yield call._replace(context={keys.MFA_PRESENT: "true", **call.context})
    inherited = call.inherited_tags
    if Doubt.INHERITED_TAGS in opened and inherited:
        tags = {**inherited, **dict(call.parameters.tags)}
        found = {"aws:TagKeys": Several(tags), **dict(tag_keys("aws:RequestTag", tags))}
        yield call._replace(context={**found, **call.context})


def _answer(call: Call) -> Answer:
    refusals = tuple(early(call))
    if not refusals:
        return _authorize(call)
    # What the policies would say is told too: nobody wants to meet one obstacle after another.
    can_call = not any(r.rule in (*_CANNOT_CALL, Rule.NO_ROLE) for r in refusals)
    has_target = call.operation not in OF_ROLES or call.role is not None
    then = _authorize(call) if can_call and has_target else None
    evaluations, later = (then.evaluations, then.refusals) if then else ((), ())
    first, *_ = refusals
    return Answer(first.outcome, first.error, evaluations, None, (*refusals, *later))


def actions(call: Call) -> Iterator[str]:
    """Yield the actions that must all be allowed for a call to succeed."""
    yield call.operation.action
    inherits = call.operation in OF_ROLES and not call.inherits_freely  # CHAIN-PERMS
    # Where both are denied AWS was seen to name the source identity (ERR-19a).
    if call.parameters.source_identity or (inherits and call.kept_source_identity):
        yield "sts:SetSourceIdentity"  # STS-52
    if call.parameters.tags or (inherits and call.inherited_tags):
        yield "sts:TagSession"  # STS-50, STS-51
    if call.parameters.provided_contexts:
        yield "sts:SetContext"  # STS-55


_WORST_FIRST = (
    Outcome.EXPLICIT_DENY,
    Outcome.IMPLICIT_DENY,
    Outcome.UNDECIDED,
    Outcome.ALLOWED,
)


def _authorize(call: Call) -> Answer:
    evaluations = tuple(_evaluations(call))
    decisive = min(evaluations, key=lambda e: _WORST_FIRST.index(e.decision.outcome))
    later = tuple(late(call))
    unsure = hangs_on_maximum(call)
    answer = Answer(decisive.decision.outcome, None, evaluations, decisive, later, unsure)
    match decisive.decision.outcome:
        case Outcome.EXPLICIT_DENY | Outcome.IMPLICIT_DENY:
            return answer._replace(error=denied(call, decisive.request.action))
        case Outcome.ALLOWED if later:
            return answer._replace(outcome=later[0].outcome, error=later[0].error)
        case Outcome.ALLOWED if unsure:
            return answer._replace(outcome=Outcome.UNDECIDED)
        case Outcome.ALLOWED:
            return answer._replace(session=new_session(call))
        case _:
            return answer


def _evaluations(call: Call) -> Iterator[Evaluation]:
    """Yield what the policies say of each action, all with one context."""  # STS-56
    policies, owner = _applicable(call), _owner(call)
    context = context_of(call)
    request = Request(call.principal, call.operation.action, call.resource, context, owner)
    for action in actions(call):
        yield settle(evaluate(_asking(call, request, action), policies))


def context_of(call: Call) -> RequestContext:
    """Return the condition keys of a call, the same for all its actions."""
    owner = target_account(call.parameters) or _owner(call)
    return build_context(call, particulars(call, owner))


def _owner(call: Call) -> str | None:
    """Return the account in which a call is decided besides the caller's own."""
    if call.role is not None:
        return call.role.arn.account
    return account_of(call.principal)  # what has no role is decided in the caller's account


def _asking(call: Call, request: Request, action: str) -> Request:
    """Return the request for one of the actions of a call."""
    if call.companions_need_both and action != request.action:
        # as if the role were another account's: what its policy says is not enough
        return request._replace(action=action, owner="")
    return request._replace(action=action)  # STS-53


def _applicable(call: Call) -> Policies:
    """Return the policies that apply to a call: not all that are attached do."""
    exempt = dict(_exempt(call))
    return call.policies.having(exempt) if exempt else call.policies  # with the plans it has made


def _exempt(call: Call) -> Iterator[tuple[Layer, Levels]]:
    yield from exemptions(call.principal, call.resource, call.policies)
    if call.operation not in OF_ROLES:
        yield Layer.TRUST, NO_GRANT
