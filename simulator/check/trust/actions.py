"""Actions of a trust policy that its principals cannot use, or cannot do without.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-mismatched-action-for-principal
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.check.subject import is_open
from simulator.check.trust.calls import (
    ASSUME,
    CALL_OF,
    CALLS,
    COMPANIONS,
    SET_SOURCE_IDENTITY,
    TAG_SESSION,
    speaks_of,
)
from simulator.check.trust.demands import needs_key, tests_of
from simulator.check.trust.named import Named, Who, named
from simulator.diagnostic import Access
from simulator.policy.edits import add_value, replace_string
from simulator.policy.model import Effect
from simulator.syntax import locate, remove_element

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.subject import Subject
    from simulator.diagnostic import Edit
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement

_BY_FOLDED: Final = {call.lower(): call for call in CALLS}
# The keys of a context are in requests for sts:SetContext itself, which IAM630 tells of.
_NEEDED: Final = {  # TRU-3, STS-50, STS-52
    TAG_SESSION: ("aws:requesttag/", "aws:tagkeys", "sts:transitivetagkeys"),
    SET_SOURCE_IDENTITY: ("sts:sourceidentity",),
}
_ROLES_ANYWHERE: Final = "rolesanywhere.amazonaws.com"
_FOR_ROLES_ANYWHERE: Final = (ASSUME, SET_SOURCE_IDENTITY, TAG_SESSION)  # TRU-4


def check_actions(findings: Findings, subject: Subject) -> None:
    """Tell of principals that none of the actions is for, and of actions for none of them."""
    for statement in subject.statements:
        everyone = named(statement)
        if not everyone or any(map(is_open, statement.actions.values.items)):
            continue
        spoken = {a for a in (*CALLS, *COMPANIONS) if speaks_of(statement, a)}
        lost = [each for each in everyone if not _can_use(each, spoken)]
        for each in lost:
            _no_action_for(findings, statement, each)
        if len(lost) < len(everyone):
            _check_useless(findings, statement, everyone)


def _can_use(each: Named, spoken: set[str]) -> bool:
    if each.who is Who.FEDERATED_USER:
        return False  # STS-11
    call = CALL_OF.get(each.who)
    return call is None or call in spoken or not spoken.isdisjoint(COMPANIONS)


def _no_action_for(findings: Findings, statement: Statement, each: Named) -> None:
    call = CALL_OF.get(each.who)
    actions = statement.actions.values
    message, label = (
        (f"{each.who} can only come in with `{call}`", f"this is {each.who}")
        if call
        else ("no federated user can assume a role", "sessions of GetFederationToken call no STS")
    )
    findings.error(  # TRU-2, PRN-36
        "IAM608",
        each.entry.path,
        f"{statement.title} never applies to `{each.text}`: {message}",
        label,
        help=f"`{call}` is the action for it" if call else "name the user who federates instead",
        access=Access.WIDENED if statement.effect is Effect.ALLOW else Access.NARROWED,
        edits=lambda: _other_action(statement, call),
        beside=((actions.path, "none of these is for it"),),
    )


def _other_action(statement: Statement, call: str | None) -> tuple[Edit, ...]:
    """Return the edit that puts in the right action, where one is wrong for all principals."""
    texts = statement.actions.values.items
    calls = {CALL_OF.get(each.who) for each in named(statement)}
    if call is None or calls != {call} or len(texts) != 1 or texts[0].lower() not in _BY_FOLDED:
        return ()
    return (replace_string(statement.document, statement.actions.values.place(0), call),)


def _check_useless(findings: Findings, statement: Statement, everyone: tuple[Named, ...]) -> None:
    values = statement.actions.values
    used = {CALL_OF.get(each.who) for each in everyone if each.who is not Who.FEDERATED_USER}
    if None in used or statement.actions.negated:
        return
    has_call = any(call is not None and speaks_of(statement, call) for call in used)
    for index, text in enumerate(values.items):
        call = _BY_FOLDED.get(text.lower())
        if call is not None and call not in used:
            _useless(findings, statement, index, used=used, has_call=has_call)


def _useless(
    findings: Findings, statement: Statement, index: int, *, used: set[str | None], has_call: bool
) -> None:
    values = statement.actions.values
    place = values.place(index)
    meant = next(iter(used)) if len(used) == 1 and not has_call else None
    findings.warn(  # TRU-2
        "IAM608",
        place,
        f"`{values.items[index]}` is for none of the principals of {statement.title}",
        "nobody who is named here can make this call",
        help=f"did you mean `{meant}`?" if meant else None,
        access=Access.WIDENED if meant else Access.UNCHANGED,
        edits=lambda: (
            (replace_string(statement.document, place, meant),)
            if meant
            else _without(statement, index)
        ),
    )


def _without(statement: Statement, index: int) -> tuple[Edit, ...]:
    document, values = statement.document, statement.actions.values
    container = locate(document.source).container((*document.root, *values.path))
    return (remove_element(document.source, container, index),)


def check_companions(findings: Findings, subject: Subject) -> None:
    """Tell of tests of what a call passes, where what allows to pass it is not allowed."""
    if len(subject.statements) < len(subject.policy.statements):
        return  # one that a template leaves open may allow it
    for companion, keys in _NEEDED.items():
        if not any(_allows(each, companion) for each in subject.statements):
            for statement, test in _asked(subject, keys):
                _missing(findings, statement, test, companion)


def _allows(statement: Statement, action: str) -> bool:
    return statement.effect is Effect.ALLOW and speaks_of(statement, action)


def _asked(subject: Subject, keys: tuple[str, ...]) -> Iterator[tuple[Statement, ConditionTest]]:
    for statement in subject.statements:
        test = next((t for t in tests_of(statement, *keys) if needs_key(t)), None)
        if test is not None and any(_allows(statement, call) for call in CALLS):
            yield statement, test


def _missing(findings: Findings, statement: Statement, test: ConditionTest, companion: str) -> None:
    findings.error(
        "IAM625",
        test.path,
        f"{statement.title} lets nobody in: it asks for `{test.key}`, and nobody may pass it"
        f" without `{companion}`",
        f"a call with this needs `{companion}` besides",
        on_key=True,
        help=f"add `{companion}` to the actions",
        access=Access.WIDENED,
        edits=lambda: _with(statement, companion),
    )


def _with(statement: Statement, *actions: str) -> tuple[Edit, ...]:
    if statement.actions.negated or not statement.actions.values.items:
        return ()
    return (add_value(statement.document, statement.actions.values, *actions),)


def check_roles_anywhere(findings: Findings, subject: Subject) -> None:
    """Tell of actions that IAM Roles Anywhere needs, and is not allowed."""
    found = [
        (statement, each)
        for statement in subject.statements
        for each in named(statement)
        if each.text == _ROLES_ANYWHERE and statement.effect is Effect.ALLOW
    ]
    missing = tuple(a for a in _FOR_ROLES_ANYWHERE if not any(speaks_of(s, a) for s, _ in found))
    if not found or not missing or len(subject.statements) < len(subject.policy.statements):
        return
    statement, each = found[0]
    listed = " and ".join(f"`{action}`" for action in missing)
    findings.error(  # TRU-4
        "IAM626",
        each.entry.path,
        f"IAM Roles Anywhere cannot assume the role without {listed}",
        "it makes sessions with tags and a source identity",
        help=f"add {listed} to the actions",
        access=Access.WIDENED,
        edits=lambda: _with(statement, *missing),
    )
