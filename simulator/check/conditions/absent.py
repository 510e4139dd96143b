"""IAM635 and IAM636: tests that come out otherwise than they seem where the key is absent.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.check.conditions.holding import demands, holds_without, is_negated, tests_of
from simulator.check.conditions.keys import OF_ENDPOINTS, OF_SOURCE
from simulator.diagnostic import Access, Severity
from simulator.policy.condition_edits import add_test, rename_operator
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from simulator.check.subject import Subject
    from simulator.diagnostic import Edit
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement

ADMITS: Final = "IAM635"
ESCAPES: Final = "IAM636"

#: Keys that say who calls and from where, and which requests do not have them.
_WITHOUT: Final = {
    "sts:externalid": "callers who pass no external id",
    "aws:principalorgid": "callers of no organization, and AWS services",
    "aws:principalorgpaths": "callers of no organization, and AWS services",
    "aws:sourceip": "calls through a VPC endpoint",
    **dict.fromkeys(OF_ENDPOINTS, "calls that come through no VPC endpoint"),
    **dict.fromkeys(OF_SOURCE, "calls that no AWS service makes in its own name"),
}
_TAGS: Final = {
    "aws:principaltag/": "callers who do not have the tag",
    "aws:resourcetag/": "resources that do not have the tag",
    "iam:resourcetag/": "roles and users that do not have the tag",
    "aws:requesttag/": "requests that do not pass the tag",
}
_WORDS_FOR_NO: Final = frozenset({"false", "no", "0", "none", "disabled", "off"})


def absent_keys(findings: Findings, subject: Subject) -> None:
    """Report tests of an Allow that hold without their key, and of a Deny that do not."""
    for statement in subject.statements:
        for test in statement.conditions:
            without = _without(test.key)
            if without is None or test.operator == "Null":
                continue
            if statement.effect is Effect.ALLOW:
                _check_allow(findings, statement, test, without)
            else:
                _check_deny(findings, statement, test, without)


def _without(key: str) -> str | None:
    """Return which requests do not have a key, if that decides who may do something."""
    folded = key.lower()
    start, slash, _ = folded.partition("/")
    return _WITHOUT.get(folded) or _TAGS.get(start + slash)


def _check_allow(
    findings: Findings, statement: Statement, test: ConditionTest, without: str
) -> None:
    if test.quantifier is not None or not holds_without(test) or demands(statement, test.key):
        return  # of `ForAllValues` it is told by every command
    key = test.key.lower()
    if _is_one_of_two(statement, key) or (test.if_exists and key not in _WITHOUT):
        return
    findings.error(  # CND-11, CND-12, CND-18, SUR-26
        ADMITS,
        test.path[:-1],
        f"{statement.title} also allows {without}",
        f"this also holds where `{test.key}` is absent",
        on_key=True,
        help=f'`"Null": {{"{test.key}": "false"}}` beside it demands that the key is there'
        if is_negated(test)
        else f"`{test.operator}` demands that the key is there",
        severity=Severity.WARNING if key in _WITHOUT else Severity.NOTE,
        access=Access.NARROWED,
        edits=lambda: _demanding(statement, test),
    )


def _demanding(statement: Statement, test: ConditionTest) -> tuple[Edit, ...]:
    if is_negated(test):
        return add_test(statement, "Null", test.key, "false")
    return rename_operator(statement.document, test, test.operator)


def _is_one_of_two(statement: Statement, key: str) -> bool:
    # A call has the public address or one of these: tests of both with IfExists leave none out.
    if key == "aws:sourceip":
        return any(tests_of(statement, *OF_ENDPOINTS))
    return key in OF_ENDPOINTS and any(tests_of(statement, "aws:sourceip"))


def _check_deny(
    findings: Findings, statement: Statement, test: ConditionTest, without: str
) -> None:
    if holds_without(test) or is_negated(test) or not test.values.items:
        return
    if not _WORDS_FOR_NO.issuperset(text.lower() for text in test.values.items):
        return  # who denies what has a mark does not mean what has none
    findings.note(  # CND-10, CND-18
        ESCAPES,
        test.path[:-1],
        f"{statement.title} does not deny {without}",
        f"this does not hold where `{test.key}` is absent",
        on_key=True,
        help=f"`{test.written}IfExists` also holds where the key is absent",
        access=Access.NARROWED,
        edits=lambda: rename_operator(findings.document, test, f"{test.written}IfExists"),
    )
