"""Principals that are named twice, or beside the account or the role that they belong to.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-suggestion-redundant-principal-role-trust-policy
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.check.trust.named import Named, Who, named
from simulator.diagnostic import Access
from simulator.syntax import locate, remove_element

if TYPE_CHECKING:
    from simulator.check.subject import Subject
    from simulator.diagnostic import Edit
    from simulator.policy.findings import Findings
    from simulator.policy.model import Statement


def check_repeated(findings: Findings, subject: Subject) -> None:
    """Tell of principals that another one of the same statement names as well."""
    for statement in subject.statements:
        everyone = named(statement)
        if len(everyone) > 1:
            _check_twice(findings, statement, everyone)
            _check_beside(findings, statement, everyone)


def _check_twice(findings: Findings, statement: Statement, everyone: tuple[Named, ...]) -> None:
    first: dict[str, Named] = {}
    bare = {each.text: each for each in everyone if each.who is Who.ACCOUNT and each.arn is None}
    for each in everyone:
        key = f"{each.entry.kind} {each.text}"
        same = first.setdefault(key, each)
        if same is each and each.who is Who.ACCOUNT and each.arn is not None:
            # The bare id is of whatever partition the policy is in, and so stays.
            same = bare.get(each.arn.account, each)
        if same is not each:
            _twice(findings, statement, each, same)


def _twice(findings: Findings, statement: Statement, each: Named, same: Named) -> None:
    findings.note(  # PRN-3, PRN-9
        "IAM629",
        each.entry.path,
        f"`{each.text}` is named twice in {statement.title}",
        "this adds nobody",
        access=Access.UNCHANGED,
        edits=lambda: _without(statement, each),
        beside=((same.entry.path, "the same"),),
    )


def _without(statement: Statement, each: Named) -> tuple[Edit, ...]:
    *path, index = each.entry.path
    if not isinstance(index, int):
        return ()
    document = statement.document
    container = locate(document.source).container((*document.root, *path))
    return (remove_element(document.source, container, index),)


def _check_beside(findings: Findings, statement: Statement, everyone: tuple[Named, ...]) -> None:
    """Tell once of each statement of one who is named beside what he is of."""
    accounts = {each.account: each for each in everyone if each.who is Who.ACCOUNT}
    roles = {_role(each): each for each in everyone if each.who is Who.ROLE}
    for each in everyone:
        if each.who is Who.SESSION and _role(each) in roles:
            message = f"`{each.text}` is a session of a role that {statement.title} names as well"
            label = "what this one may do, a session policy or boundary does not limit"  # EVAL-24
            _beside(findings, each, roles[_role(each)], message, label)
            return
        if each.who in {Who.USER, Who.ROLE, Who.SESSION} and each.account in accounts:
            message = f"`{each.text}` is of an account that {statement.title} names as well"
            label = "in the same account, who is named needs no other permission"  # EVAL-22
            _beside(findings, each, accounts[each.account], message, label)
            return


def _role(each: Named) -> tuple[str, str] | None:
    """Return account and name of a role, or of the role of a session."""
    if each.arn is None:
        return None
    parts = each.arn.resource.split("/")
    return each.arn.account, parts[1] if each.who is Who.SESSION else parts[-1]


def _beside(findings: Findings, each: Named, wider: Named, message: str, label: str) -> None:
    findings.note(  # PRN-37
        "IAM629",
        each.entry.path,
        message,
        label,
        help="leave one of the two out, unless this difference is wanted",
        beside=((wider.entry.path, f"this is {wider.who}"),),
    )
