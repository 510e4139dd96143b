"""Actions whose holder can give himself any permission.

They are of the access level "Permissions management", and those that make credentials for others.
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.check.grants.wide import wide_statements
from simulator.matcher.actions import takes_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.grants.wide import Entry, Wide
    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings

ESCALATES: Final = "IAM670"

_SHOWN: Final = 3


class _Power(NamedTuple):
    """An action, to what it is done, and what it can be used for."""

    action: str
    kind: str
    used_for: str


_OWN: Final = "any policy can be put on the caller's own {}"
#: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
_POWERS: Final = (
    _Power("iam:AttachUserPolicy", "user", _OWN.format("user")),
    _Power("iam:AttachGroupPolicy", "group", _OWN.format("group")),
    _Power("iam:AttachRolePolicy", "role", _OWN.format("role")),
    _Power("iam:PutUserPolicy", "user", _OWN.format("user")),
    _Power("iam:PutGroupPolicy", "group", _OWN.format("group")),
    _Power("iam:PutRolePolicy", "role", _OWN.format("role")),
    _Power("iam:CreatePolicyVersion", "policy", "a policy that the caller has can be rewritten"),
    _Power(
        "iam:SetDefaultPolicyVersion", "policy", "an older version of a policy can be brought back"
    ),
    _Power("iam:UpdateAssumeRolePolicy", "role", "any role can be made to trust the caller"),
    _Power("iam:AddUserToGroup", "group", "a user can join any group"),
    _Power("iam:CreateAccessKey", "user", "access keys of any user can be made"),
    _Power("iam:CreateLoginProfile", "user", "a password can be set for any user that has none"),
    _Power("iam:UpdateLoginProfile", "user", "the password of any user can be changed"),
    _Power("iam:DeleteUserPermissionsBoundary", "user", "the limit of any user can be removed"),
    _Power("iam:DeleteRolePermissionsBoundary", "role", "the limit of any role can be removed"),
)
_BY_NAME: Final = {power.action.lower(): power for power in _POWERS}  # ACT-1


def escalation(findings: Findings, subject: Subject) -> None:
    """Tell of unconditional rights by which their holder can have every other right."""
    for wide in wide_statements(subject):
        if wide.statement.conditions or wide.is_everything:
            continue
        powers = [*_powers(wide)]
        if not powers:
            continue
        (entry, power), *others = powers
        findings.note(
            ESCALATES,
            entry.path,
            f"{wide.statement.title} lets its holder take more permissions: {power.used_for}",
            _seen(entry, power),
            help="limit it to a path of IAM, or demand with `iam:PermissionsBoundary` that whoever"
            " is given a permission has a boundary",
            beside=[(each.path, _seen(each, of)) for each, of in others[:_SHOWN]],
        )


def _powers(wide: Wide) -> Iterator[tuple[Entry, _Power]]:
    """Yield the entries that give a power over everyone, each with the first of its powers."""
    for entry in wide.entries:
        powers = (power for power in _taken_in(entry.text) if wide.naming_all(power.kind))
        power = next(powers, None)
        if power is not None:
            yield entry, power


def _taken_in(pattern: str) -> Iterator[_Power]:
    if "*" in pattern or "?" in pattern:
        yield from (power for power in _POWERS if takes_in(pattern, power.action.lower()))
    elif pattern.lower() in _BY_NAME:
        yield _BY_NAME[pattern.lower()]


def _seen(entry: Entry, power: _Power) -> str:
    if entry.text.lower() == power.action.lower():
        return power.used_for
    return f"this takes in `{power.action}`: {power.used_for}"
