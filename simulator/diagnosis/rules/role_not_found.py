"""IAM501: there is no role of this name; AWS answers as it does to a role that trusts nobody."""

from __future__ import annotations

from difflib import get_close_matches
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
        remedies=tuple(_ask_for(role) for role in nearest),
    )


def _message(call: Call, asked: str, nearest: tuple[Role, ...]) -> str:
    arn = parse_arn(asked)
    if arn is None or not is_role(arn):
        return f"`{asked}` is not a role"
    if call.known_roles and not nearest:
        return f"the trust policy is that of `{call.known_roles[0].arn}`, and not of `{asked}`"
    return f"there is no role `{asked}`"


def _nearest(call: Call, asked: str) -> tuple[Role, ...]:
    by_name = {str(role.arn).lower(): role for role in call.known_roles}
    near = get_close_matches(asked.lower(), by_name, n=_MOST_NAMES, cutoff=0.6)
    return tuple(by_name[name] for name in near)


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
