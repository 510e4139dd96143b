"""Resources of `sts:AssumeRole` that are no roles.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.arn import parse_arn
from simulator.check.grants.access import after_matching_more
from simulator.check.subject import is_open
from simulator.policy.edits import replace_string
from simulator.policy.vocabulary import ROLE_ACTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.arn import Arn
    from simulator.check.subject import Subject
    from simulator.diagnostic import Edit
    from simulator.policy.findings import Findings
    from simulator.policy.model import Document, Statement
    from simulator.syntax import Path

NO_ROLE: Final = "IAM682"

# RES-12: a context may also be set on the caller's own session
_ACTIONS: Final = frozenset(map(str.lower, ROLE_ACTIONS)) - {"sts:setcontext"}
_FORMAT: Final = "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"
# GetFederationToken with tags asks for leave to tag the session that it makes.
_TAGS: Final = "sts:tagsession"
_FEDERATED: Final = "arn:${Partition}:sts::${Account}:federated-user/${FederatedUserName}"
_NAME: Final = re.compile(r"[\w+=,.@-]+", re.ASCII)  # QUO-9


class _Mistake(NamedTuple):
    """What a resource is instead of a role, and the role that was probably meant."""

    label: str
    help: str | None = None
    role: str | None = None


def no_role(findings: Findings, subject: Subject) -> None:
    """Tell of what can never be the resource of a call that assumes a role."""
    for statement in subject.statements:
        for path, text in _resources(statement):
            mistake = None if _may_be_tagged(statement, text) else _mistake(text)
            if mistake is not None:
                _tell(findings, statement, path, text, mistake)


def only_assumes(statement: Statement) -> bool:
    """Whether a statement is about nothing but assuming roles."""
    actions = statement.actions
    texts = actions.values.items
    return bool(texts) and not actions.negated and all(text.lower() in _ACTIONS for text in texts)


def _resources(statement: Statement) -> Iterator[tuple[Path, str]]:
    resources = statement.resources
    if resources is None or resources.negated or not only_assumes(statement):
        return
    for index, text in enumerate(resources.values.items):
        if text != "*" and not is_open(text):
            yield resources.values.place(index), text


def _may_be_tagged(statement: Statement, text: str) -> bool:
    """Whether a resource may be a federated user, whose session a statement lets somebody tag."""
    if _TAGS not in map(str.lower, statement.actions.values.items):
        return False
    from simulator.catalog.formats import fits_format  # noqa: PLC0415 - many policies have none

    return fits_format(text, _FEDERATED)


def _mistake(text: str) -> _Mistake | None:
    arn = parse_arn(text)
    if arn is None or arn.service not in {"iam", "sts"} or arn.region.strip("*"):
        return None  # told as no ARN, or as the ARN of something else
    from simulator.catalog.formats import fits_format  # noqa: PLC0415 - many policies have none

    return None if fits_format(text, _FORMAT) else _described(arn)


def _described(arn: Arn) -> _Mistake:
    if arn.service == "sts":
        return _session(arn)
    if arn.resource == "root":
        help_ = f"every role of the account is `{_role(arn, '*')}`"
        return _Mistake("this is the account, or its root user, and no role", help_)
    if arn.kind in {"user", "group", "policy", "instance-profile", "server-certificate"}:
        return _Mistake(f"this is a {arn.kind.replace('-', ' ')}, and only roles can be assumed")
    if _NAME.fullmatch(arn.resource):
        return _Mistake("`role/` is missing before the name", role=_role(arn, arn.resource))
    return _Mistake(
        "expected `role/` and the name of the role", "upper and lower case count, and so do slashes"
    )


def _session(arn: Arn) -> _Mistake:
    role = arn.resource.split("/")[1:2]
    if arn.kind != "assumed-role" or not role:
        return _Mistake("this is no role, and only roles can be assumed")
    return _Mistake(
        "this is a session that comes of assuming the role",  # RES-12
        "a session does not show the path of its role: if it has one, put it after `role/`",
        _role(arn, role[0]),
    )


def _role(arn: Arn, name: str) -> str:
    return f"arn:{arn.partition}:iam::{arn.account}:role/{name}"


def _tell(
    findings: Findings, statement: Statement, path: Path, text: str, mistake: _Mistake
) -> None:
    role = mistake.role
    findings.error(  # RES-12
        NO_ROLE,
        path,
        f"`{text}` is no role, so nobody can assume it, and this never matches",
        mistake.label,
        help=mistake.help,
        access=after_matching_more(statement) if role else None,
        edits=partial(_replaced, findings.document, path, role) if role else None,
    )


def _replaced(document: Document, path: Path, role: str) -> tuple[Edit]:
    return (replace_string(document, path, role),)
