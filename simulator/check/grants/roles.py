"""Statements that let their holder use roles that nobody chose for them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.check.grants.wide import wide_statements
from simulator.diagnostic import Severity

if TYPE_CHECKING:
    from simulator.check.grants.wide import Entry
    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings

ASSUMES_ANY: Final = "IAM666"
PASSES_ANY: Final = "IAM667"
LINKS_ANY: Final = "IAM668"


class _Use(NamedTuple):
    """A way of using roles: which action it is, and what limits it to roles that were chosen.

    `limits` are the beginnings of condition keys that speak of the role, or of what it is for;
    `kind` is what the resource of such a role begins with.
    """

    code: str
    severity: Severity
    action: str
    kind: str
    limits: tuple[str, ...]
    consequence: str
    help: str
    of_all_accounts: bool = False


_ASSUMING: Final = _Use(
    ASSUMES_ANY,
    Severity.WARNING,
    "sts:AssumeRole",
    "role",
    ("aws:resource", "iam:resourcetag/"),
    "its holder can assume each role that trusts the account, in whatever account",
    "list the ARNs of the roles: many trust policies name an account as a whole and leave it to"
    " that account who of it may come",
    of_all_accounts=True,
)
_PASSING: Final = _Use(
    PASSES_ANY,
    Severity.WARNING,
    "iam:PassRole",
    "role",
    ("iam:passedtoservice", "iam:associatedresourcearn", "aws:resourcetag/", "iam:resourcetag/"),
    "its holder can have a service act with the permissions of any role of the account",
    "list the ARNs of the roles, or say with `iam:PassedToService` which services may get them",
)
_LINKING: Final = _Use(
    LINKS_ANY,
    Severity.NOTE,
    "iam:CreateServiceLinkedRole",
    "role/aws-service-role",
    ("iam:awsservicename",),
    "its holder can create the service-linked roles of every service",
    "list the ARNs of the roles, or say with `iam:AWSServiceName` for which services",
)


def assumes_any(findings: Findings, subject: Subject) -> None:
    """Tell of statements that allow to assume whatever role there is."""  # EVAL-21
    _find(findings, subject, _ASSUMING)


def passes_any(findings: Findings, subject: Subject) -> None:
    """Tell of statements that allow to pass whatever role there is to a service."""
    _find(findings, subject, _PASSING)


def links_any(findings: Findings, subject: Subject) -> None:
    """Tell of statements that allow to create the service-linked roles of every service."""
    _find(findings, subject, _LINKING)


def _find(findings: Findings, subject: Subject, use: _Use) -> None:
    for wide in wide_statements(subject):
        if wide.is_everything:
            continue  # told as that
        entry = wide.taking_in(use.action)
        named = wide.naming_all(use.kind, of_all_accounts=use.of_all_accounts) if entry else None
        if entry is not None and named is not None and not wide.tests(*use.limits):
            _tell(findings, use, entry, named)


def _tell(findings: Findings, use: _Use, entry: Entry, named: Entry) -> None:
    is_named = entry.text.lower() == use.action.lower()
    where = "all roles but some" if named.text == "NotResource" else "every role"
    findings.error(
        use.code,
        entry.path,
        f"`{use.action}` on {where}: {use.consequence}",
        "this allows it" if is_named else f"this takes in `{use.action}`",
        help=use.help,
        severity=use.severity,
        beside=((named.path, f"this means {where}"),),  # RES-2, RES-11
    )
