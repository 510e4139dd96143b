"""AssumeRole: parameters, caller, role, authorization, and what depends on the role.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from simulator.arn import parse_arn
from simulator.catalog import keys
from simulator.catalog.doubts import NONE_OPEN, Doubt
from simulator.catalog.roles import is_service_linked
from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.evaluation.context import build_context
from simulator.evaluation.evaluate import Evaluation, evaluate
from simulator.evaluation.settle import settle
from simulator.evaluation.turning import turning
from simulator.request.context import Several
from simulator.request.derived import tag_keys
from simulator.request.principal import (
    AccountRoot,
    FederatedUser,
    RoleSession,
    User,
    principal_arn,
)
from simulator.request.request import Request
from simulator.sts import errors, parameters
from simulator.sts.context import particulars
from simulator.sts.session import Session, new_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.catalog.doubts import Doubts
    from simulator.evaluation.policies import Policies
    from simulator.sts.call import Call, Role
    from simulator.sts.errors import AwsError

_CHAIN_LIMIT = 3600  # STS-41
_LEAST_MAXIMUM = 3600  # QUO-10


class Rule(StrEnum):
    """The rules of STS itself that can refuse a call, whatever the policies say."""

    PARAMETERS = "parameters"
    ROOT_CALLER = "root caller"
    FEDERATED_CALLER = "federated caller"
    MFA_HALF = "half of the MFA parameters"
    MFA_DEVICE = "MFA device"
    NO_ROLE = "no role"
    TAG_INHERITED = "tag inherited"
    SOURCE_IDENTITY_SET = "source identity set"
    CHAIN_DURATION = "duration of a chained session"
    MAXIMUM_DURATION = "maximum duration"


class Refusal(NamedTuple):
    """A rule of STS that refuses the call, and how AWS says so."""

    rule: Rule
    outcome: Outcome
    error: AwsError


class Answer(NamedTuple):
    """What a call comes to.

    `evaluations` holds each action that the call needs, `decisive` the one that decides it; none
    does where STS refuses the call before it looks at policies.
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


def assume_role(call: Call, opened: Doubts = NONE_OPEN) -> Answer:
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
    return turning(answer.outcome, lambda opened: assume_role(call, opened).outcome)


def _opening(call: Call, opened: Doubts) -> Call:
    return call._replace(caller=call.caller.by_token(), policies=call.policies.opening(opened))


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
    if Doubt.SESSION_MFA in opened and isinstance(call.caller.principal, RoleSession):
        yield call._replace(context={keys.MFA_PRESENT: "true", **call.context})
    inherited = call.caller.inherited_tags
    if Doubt.INHERITED_TAGS in opened and inherited:
        tags = {**inherited, **dict(call.parameters.tags)}
        found = {"aws:TagKeys": Several(tags), **dict(tag_keys("aws:RequestTag", tags))}
        yield call._replace(context={**found, **call.context})


def _answer(call: Call) -> Answer:
    refusals = tuple(_early_refusals(call))
    if not refusals and call.role is not None:
        return _authorize(call, call.role)
    # What the policies would say is told too: nobody wants to meet one obstacle after another.
    can_call = not any(r.rule in (Rule.ROOT_CALLER, Rule.FEDERATED_CALLER) for r in refusals)
    then = _authorize(call, call.role) if can_call and call.role is not None else None
    evaluations, late = (then.evaluations, then.refusals) if then else ((), ())
    first, *_ = refusals
    return Answer(first.outcome, first.error, evaluations, None, (*refusals, *late))


def _early_refusals(call: Call) -> Iterator[Refusal]:
    error = parameters.refusal(call.parameters)
    if error is not None:
        yield Refusal(Rule.PARAMETERS, Outcome.ERROR, error)
    principal = call.caller.principal
    if isinstance(principal, AccountRoot):
        yield Refusal(Rule.ROOT_CALLER, Outcome.ERROR, errors.ROOT_CALLER)  # STS-1
    if isinstance(principal, FederatedUser):  # STS-11
        denied = _denied(call, "sts:AssumeRole")
        yield Refusal(Rule.FEDERATED_CALLER, Outcome.ERROR, denied)
    yield from _mfa_refusals(call)
    if call.role is None and error is None:  # ERR-19; a bad ARN is told as a bad parameter
        yield Refusal(Rule.NO_ROLE, Outcome.IMPLICIT_DENY, _denied(call, "sts:AssumeRole"))


def _mfa_refusals(call: Call) -> Iterator[Refusal]:
    serial, code = call.parameters.serial_number, call.parameters.token_code
    if (serial is None) != (code is None):
        yield Refusal(Rule.MFA_HALF, Outcome.ERROR, errors.MFA_HALF)  # ERR-42
    if serial is not None and not _is_device_of(serial, call):
        yield Refusal(Rule.MFA_DEVICE, Outcome.ERROR, errors.MFA_DEVICE)  # ERR-41


def _is_device_of(serial: str, call: Call) -> bool:
    principal = call.caller.principal
    if not isinstance(principal, User):
        return False  # CTX-42
    arn = parse_arn(serial)
    if arn is None:
        return not serial.startswith("arn:")  # the serial number of a hardware device
    own = (principal.arn.partition, "iam", principal.arn.account, "mfa")  # CTX-43
    return (arn.partition, arn.service, arn.account, arn.kind) == own


def actions(call: Call) -> Iterator[str]:
    """Yield the actions that must all be allowed for a call to succeed."""
    yield "sts:AssumeRole"
    inherits = not call.inherits_freely  # CHAIN-PERMS
    if call.parameters.tags or (inherits and call.caller.inherited_tags):
        yield "sts:TagSession"  # STS-50, STS-51
    if call.parameters.source_identity or (inherits and call.caller.source_identity):
        yield "sts:SetSourceIdentity"  # STS-52


_WORST_FIRST = (
    Outcome.EXPLICIT_DENY,
    Outcome.IMPLICIT_DENY,
    Outcome.UNDECIDED,
    Outcome.ALLOWED,
)


def _authorize(call: Call, role: Role) -> Answer:
    context = build_context(call, particulars(call, role))  # STS-56: one context for all of them
    policies = _applicable(call)
    request = Request(
        call.caller.principal, "sts:AssumeRole", str(role.arn), context, role.arn.account
    )
    evaluations = tuple(
        settle(evaluate(_asking(call, request, action), policies)) for action in actions(call)
    )
    decisive = min(evaluations, key=lambda e: _WORST_FIRST.index(e.decision.outcome))
    late = tuple(_late_refusals(call, role))
    unsure = _hangs_on_maximum(call, role)
    answer = Answer(decisive.decision.outcome, None, evaluations, decisive, late, unsure)
    match decisive.decision.outcome:
        case Outcome.EXPLICIT_DENY | Outcome.IMPLICIT_DENY:
            return answer._replace(error=_denied(call, decisive.request.action))
        case Outcome.ALLOWED if late:
            return answer._replace(outcome=late[0].outcome, error=late[0].error)
        case Outcome.ALLOWED if unsure:
            return answer._replace(outcome=Outcome.UNDECIDED)
        case Outcome.ALLOWED:
            return answer._replace(session=new_session(call, role))
        case _:
            return answer


def _asking(call: Call, request: Request, action: str) -> Request:
    """Return the request for one of the actions of a call."""
    if call.companions_need_both and action != request.action:
        # as if the role were another account's: what its policy says is not enough
        return request._replace(action=action, owner="")
    return request._replace(action=action)  # STS-53


def _applicable(call: Call) -> Policies:
    """Return the policies that apply: no organization limits what a service-linked role does."""
    if is_service_linked(str(principal_arn(call.caller.principal))):
        return call.policies.having({Layer.SCP: (), Layer.RCP: ()})  # EVAL-40, EVAL-51
    return call.policies


def _denied(call: Call, action: str) -> AwsError:
    return errors.access_denied(call.caller.principal.arn, action, call.parameters.role_arn)


def _late_refusals(call: Call, role: Role) -> Iterator[Refusal]:
    """Yield what STS refuses after the policies have allowed."""
    passed = {key.lower() for key, _ in call.parameters.tags}
    if passed & {key.lower() for key in call.caller.inherited_tags}:  # STS-71
        yield Refusal(Rule.TAG_INHERITED, Outcome.ERROR, errors.TAG_INHERITED)
    wanted, had = call.parameters.source_identity, call.caller.source_identity
    if wanted is not None and had is not None and wanted != had:  # STS-74
        denied = _denied(call, "sts:SetSourceIdentity")
        yield Refusal(Rule.SOURCE_IDENTITY_SET, Outcome.IMPLICIT_DENY, denied)
    seconds = call.parameters.duration_seconds or 0
    if call.caller.temporary and seconds > _CHAIN_LIMIT:  # STS-41, STS-42
        error = errors.DURATION_OVER_CHAIN_LIMIT
        yield Refusal(Rule.CHAIN_DURATION, Outcome.ERROR, error)
    elif role.max_session_duration is not None and seconds > role.max_session_duration:  # STS-40
        yield Refusal(Rule.MAXIMUM_DURATION, Outcome.ERROR, errors.DURATION_OVER_MAXIMUM)


def _hangs_on_maximum(call: Call, role: Role) -> bool:
    seconds = call.parameters.duration_seconds or 0
    return role.max_session_duration is None and seconds > _LEAST_MAXIMUM
