"""Remedies by other credentials: those of a user instead of those of a session."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from simulator.arn import Arn
from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.diagnosis.asked import of_call
from simulator.diagnosis.cause import Rank, Remedy
from simulator.diagnosis.changes import mfa_device, with_code
from simulator.diagnostic import Access
from simulator.evaluation.policies import NO_LIMIT
from simulator.request.caller import Caller, Credentials
from simulator.request.principal import FederatedUser, User, called
from simulator.sts.answer import answer_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.request.principal import Signed
    from simulator.sts.call import Call

_MOST_LOOKED_AT: Final = 50
_MOST_TOLD: Final = 2
_SOME: Final = "USER"


def as_user(call: Call) -> Iterator[Remedy]:
    """Yield the call with the access keys of a user, where those in use may not make it."""
    if not isinstance(call.caller, Caller):
        return
    principal = call.caller.principal
    maker = principal.user if isinstance(principal, FederatedUser) else None
    if isinstance(principal, User) or maker is not None:
        user = principal if isinstance(principal, User) else User(maker or principal.arn)
        yield _by(f"call with the access keys of `{user.arn}`", _as(call, user))
        return
    known = tuple(_known_users(call, coded=False))
    yield from known
    if not known:
        whose = (
            "the user who called GetFederationToken"
            if isinstance(principal, FederatedUser)
            else f"a user of account `{principal.arn.account}`"
        )
        somebody = _as(call, _somebody(principal))
        if _succeeds(somebody):
            yield _by(f"call with the access keys of {whose}", somebody)


def with_mfa(call: Call) -> Iterator[Remedy]:
    """Yield the call by a user directly with an MFA code: no role session has MFA."""  # CTX-41
    if not isinstance(call.caller, Caller) or isinstance(call.caller.principal, User):
        return
    principal = call.caller.principal
    known = tuple(_known_users(call, coded=True))
    yield from known
    if not known:
        somebody = _coded(_as(call, _somebody(principal)))
        whose = f"a user of account `{principal.arn.account}` who may do the same"
        if _succeeds(somebody):
            yield _by(f"call directly with the access keys of {whose} and an MFA code", somebody)


def _known_users(call: Call, *, coded: bool) -> Iterator[Remedy]:
    """Yield the call by users of the caller's account who are known, and who succeed with it."""
    found = (c for c in (_coded(u) if coded else u for u in _users(call)) if _succeeds(c))
    code = " and an MFA code" if coded else ""
    for each in islice(found, _MOST_TOLD):
        yield _by(f"call with the access keys of `{called(each.principal)}`{code}", each)


def _users(call: Call) -> Iterator[Call]:
    account = call.caller.principal.arn.account if isinstance(call.caller, Caller) else None
    for other in islice(call.others() if call.others else (), _MOST_LOOKED_AT):
        if isinstance(other.principal, User) and other.principal.arn.account == account:
            yield other


def _succeeds(call: Call) -> bool:
    return answer_to(call).outcome is Outcome.ALLOWED


def _somebody(principal: Signed) -> User:
    """Return a user of whom nothing is known but the account."""
    arn = principal.arn
    return User(Arn(arn.partition, "iam", "", arn.account, f"user/{_SOME}"))


def _as(call: Call, user: User) -> Call:
    """Return the call by a user whose policies are those of the caller, without its session's."""
    tags = call.caller.tags if isinstance(call.caller, Caller) else None
    policies = call.policies.having({Layer.SESSION: NO_LIMIT})
    return call._replace(caller=Caller(user, Credentials.LONG_TERM, tags=tags), policies=policies)


def _coded(call: Call) -> Call:
    device = min(call.mfa_devices or (), default=None) or mfa_device(call.principal)
    return call if device is None else with_code(call, device)


def _by(title: str, made: Call) -> Remedy:
    return Remedy(title, Access.UNCHANGED, of_call(lambda _: made), rank=Rank.OTHER_CALLER)
