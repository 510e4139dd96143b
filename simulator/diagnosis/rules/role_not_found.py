"""IAM501: there is no role of this name; AWS answers as it does to a role that trusts nobody."""

from __future__ import annotations

from difflib import SequenceMatcher, get_close_matches
from itertools import islice
from typing import TYPE_CHECKING

from simulator.arn import is_role, parse_arn
from simulator.diagnosis.asked import of_call
from simulator.diagnosis.cause import Cause, Remedy
from simulator.diagnosis.findings import Finding, StsRefusal
from simulator.diagnostic import Access
from simulator.sts.refusals import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.sts.call import Call, Role

_MOST_NAMES = 3
_MOST_COMPARED = 1000
_LIKE = 0.7  # names that are less alike have nothing to do with each other


def role_not_found(finding: Finding) -> Iterator[Cause]:
    """Report a role that does not exist, with the nearest names."""  # ERR-19, RES-9, RES-10
    if not isinstance(finding, StsRefusal) or finding.refusal.rule is not Rule.NO_ROLE:
        return
    asked = finding.call.parameters.role_arn
    nearest = _nearest(finding.call, asked)
    known = ", ".join(f"`{role.arn}`" for role in nearest)
    yield Cause(
        "IAM501",
        "sts",
        _message(finding.call, asked, nearest),
        wanted=known.replace("`", "") or "the ARN of a role",
        given=asked,
        help=_advice(asked, known),
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
    names = get_close_matches(arn.name.lower(), by_name, n=_MOST_NAMES, cutoff=_LIKE)
    near = (role for name in names for role in _own_first(by_name[name], arn.account))
    return tuple(islice(near, _MOST_NAMES))


def _others(call: Call, asked: str) -> list[Role]:
    """Return roles of the account of what is asked for, where that is no role, the likest first."""
    arn = parse_arn(asked)
    if arn is None or is_role(arn):
        return []
    own = [role for role in call.known_roles if role.arn.account == arn.account][:_MOST_COMPARED]
    own.sort(key=lambda role: SequenceMatcher(None, role.arn.name, arn.name).ratio(), reverse=True)
    return own[:_MOST_NAMES]


def _own_first(roles: list[Role], account: str) -> list[Role]:
    return sorted(roles, key=lambda role: role.arn.account != account)


def _advice(asked: str, known: str) -> str:
    arn = parse_arn(asked)
    if arn is None or not is_role(arn):
        return (
            "the ARN of a role is `arn:aws:iam::`, the 12 digits of its account, `:role/`, its path"
            " if it has one, and its name, without wildcards"
        )
    if not known:
        return "AWS never says that a role does not exist: it denies access, whatever the cause"
    return f"did you mean {known}? upper and lower case and the path count"


def _ask_for(role: Role) -> Remedy:
    def applied(call: Call) -> Call:
        parameters = call.parameters._replace(role_arn=str(role.arn))
        policies = call.policies if role.layers is None else call.policies.having(role.layers())
        return call._replace(role=role, parameters=parameters, policies=policies)

    return Remedy(f"ask for `{role.arn}`", Access.UNCHANGED, of_call(applied))
