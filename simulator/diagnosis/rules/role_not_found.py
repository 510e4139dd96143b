"""IAM501: there is no role of this name; AWS answers as it does to a role that trusts nobody."""

from __future__ import annotations

from heapq import nlargest
from itertools import islice
from typing import TYPE_CHECKING, Final

from simulator.arn import is_role, parse_arn
from simulator.diagnosis.asked import of_call
from simulator.diagnosis.cause import Cause, Remedy
from simulator.diagnosis.findings import Finding, StsRefusal
from simulator.diagnosis.near.miss import least
from simulator.diagnosis.near.resources import MISSES, likeness_of, pair
from simulator.diagnosis.near.slips import likeness
from simulator.diagnostic import Access
from simulator.sts.refusals import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.sts.call import Call, Role

_MOST_NAMES = 3
_LIKE = 0.5  # names that are less alike have nothing to do with each other

_WHOLE: Final = (
    "the ARN of a role is `arn:aws:iam::`, the 12 digits of its account, `:role/`, its path if it"
    " has one, and its name, without wildcards"
)
#: What is asked for in the place of a role, by the kind that its ARN names.
_KINDS: Final[Mapping[str, str]] = {
    "user": "that is a user, and a user is not assumed: ask for a role",
    "group": "that is a group, and a group is not assumed: ask for a role",
    "instance-profile": "that is an instance profile: ask for the role in it, mostly of that name",
    "oidc-provider": "that is an identity provider: ask for a role that trusts it",
    "saml-provider": "that is an identity provider: ask for a role that trusts it",
    "policy": "that is a policy: ask for a role to which it is attached",
    "root": "that is an account: ask for a role in it",
}


def role_not_found(finding: Finding) -> Iterator[Cause]:
    """Report a role that does not exist, with the nearest names."""  # ERR-19, RES-9, RES-10
    if not isinstance(finding, StsRefusal) or finding.refusal.rule is not Rule.NO_ROLE:
        return
    asked = finding.call.parameters.role_arn
    nearest = _nearest(finding.call, asked)
    yield Cause(
        "IAM501",
        "sts",
        _message(finding.call, asked, nearest),
        wanted=_listed(nearest).replace("`", "") or "the ARN of a role",
        given=asked,
        help=_advice(asked, nearest),
        remedies=tuple(map(_ask_for, nearest or _others(finding.call, asked))),
    )


def _message(call: Call, asked: str, nearest: tuple[Role, ...]) -> str:
    arn = parse_arn(asked)
    if arn is None or not is_role(arn):
        return f"`{asked}` is not a role"
    if call.known_roles and not nearest:
        return f"the trust policy is that of `{call.known_roles[0].arn}`, and not of `{asked}`"
    return f"there is no role `{asked}`"


def _nearest(call: Call, asked: str) -> tuple[Role, ...]:
    """Return the roles whose names are near; first those of that name, and of that account."""
    arn = parse_arn(asked)
    if arn is None:
        return ()
    by_name: dict[str, list[Role]] = {}
    for role in call.known_roles:
        by_name.setdefault(role.arn.name.lower(), []).append(role)
    wanted = arn.name.lower()
    likest = nlargest(_MOST_NAMES, by_name, key=lambda name: likeness(name, wanted))
    names = (name for name in likest if likeness(name, wanted) >= _LIKE)
    near = (role for name in names for role in _own_first(by_name[name], arn.account))
    return tuple(islice(near, _MOST_NAMES))


def _others(call: Call, asked: str) -> list[Role]:
    """Return roles of the account of what is asked for, where that is no role, the likest first."""
    arn = parse_arn(asked)
    if arn is None or is_role(arn):
        return []
    own = (role for role in call.known_roles if role.arn.account == arn.account)
    return nlargest(_MOST_NAMES, own, key=lambda role: likeness(role.arn.name, arn.name))


def _own_first(roles: list[Role], account: str) -> list[Role]:
    return sorted(roles, key=lambda role: role.arn.account != account)


def _advice(asked: str, nearest: tuple[Role, ...]) -> str:
    arn = parse_arn(asked)
    if nearest:
        meant = (pair(asked, str(role.arn)) for role in nearest)
        found = least(meant, MISSES, likeness_of)
        why = f" {found.why}" if found and found.why else ""
        return f"did you mean {_listed(nearest)}?{why}"
    if arn is None or not is_role(arn):
        kind = arn.kind if arn else ""
        return _KINDS.get(kind, _WHOLE)
    return "AWS never says that a role does not exist: it denies access, whatever the cause"


def _listed(roles: tuple[Role, ...]) -> str:
    return ", ".join(f"`{role.arn}`" for role in roles)


def _ask_for(role: Role) -> Remedy:
    def applied(call: Call) -> Call:
        parameters = call.parameters._replace(role_arn=str(role.arn))
        policies = call.policies if role.layers is None else call.policies.having(role.layers())
        return call._replace(role=role, parameters=parameters, policies=policies)

    return Remedy(f"ask for `{role.arn}`", Access.UNCHANGED, of_call(applied))
