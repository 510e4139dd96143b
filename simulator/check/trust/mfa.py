"""Tests of MFA that let callers without MFA in, or do not stop them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.catalog.keys import MFA_AGE, MFA_PRESENT
from simulator.check.trust.demands import has_open_value, holding, needs_key, tests_of
from simulator.diagnostic import Access
from simulator.policy.condition_edits import rename_operator
from simulator.policy.edits import replace_string
from simulator.policy.model import Effect, Quantifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulator.check.subject import Subject
    from simulator.diagnostic import Edit
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement

WITHOUT_KEY: Final[Mapping[str, str]] = {}  # CTX-8: access keys
WITHOUT_MFA: Final = {MFA_PRESENT: "false"}
_LONG_AGO: Final = {MFA_PRESENT: "true", MFA_AGE: "1000000000"}
_JUST_NOW: Final = {MFA_PRESENT: "true", MFA_AGE: "0"}

_KEYS_HELP: Final = (
    "access keys carry no MFA, and calls with them do not have the key at all: only temporary"
    " credentials have it"
)


class _Answers(NamedTuple):
    """For whom the tests of MFA of a statement hold."""

    keys: bool
    without: bool
    long_ago: bool
    just_now: bool


def mfa_tests(statement: Statement) -> tuple[ConditionTest, ...]:
    """Return the tests of a statement that ask about MFA."""
    return tuple(tests_of(statement, MFA_PRESENT, MFA_AGE))


def known_mfa_tests(statement: Statement) -> tuple[ConditionTest, ...]:
    """Return the tests that ask about MFA, none where a template leaves open what one asks for."""
    tests = mfa_tests(statement)
    return () if any(map(has_open_value, tests)) else tests


def check_mfa(findings: Findings, subject: Subject) -> None:
    """Tell of statements that ask for MFA and leave some callers without MFA out."""
    denied = None
    for statement in subject.statements:
        tests = known_mfa_tests(statement)
        if not tests:
            continue
        if denied is None:
            denied = any(map(_denies_keys, subject.statements))
        answers = _answers(statement, tests)
        if statement.effect is Effect.ALLOW:
            _check_allow(findings, statement, tests, answers, denied=denied)
        elif not denied:
            _check_deny(findings, statement, tests, answers)


def _answers(statement: Statement, tests: Iterable[ConditionTest]) -> _Answers:
    held = [holding(statement, test) for test in tests]
    contexts = (WITHOUT_KEY, WITHOUT_MFA, _LONG_AGO, _JUST_NOW)
    return _Answers(*(all(holds(context) for holds in held) for context in contexts))


def _denies_keys(statement: Statement) -> bool:
    """Whether a statement denies calls with access keys because they carry no MFA."""
    tests = mfa_tests(statement)
    if statement.effect is Effect.ALLOW or not tests:
        return False
    answers = _answers(statement, tests)
    return answers.keys and not answers.just_now


def _check_allow(
    findings: Findings,
    statement: Statement,
    tests: tuple[ConditionTest, ...],
    answers: _Answers,
    *,
    denied: bool,
) -> None:
    if not answers.just_now or denied:
        return
    if answers.keys and not (answers.without and answers.long_ago):
        _admits_keys(findings, statement, tests)
    elif answers.without and not answers.keys:
        _admits_sessions(findings, statement, tests)


def _admits_keys(
    findings: Findings, statement: Statement, tests: tuple[ConditionTest, ...]
) -> None:
    lax = next(test for test in tests if not needs_key(test))
    strict = lax.operator if lax.if_exists or lax.quantifier is Quantifier.ALL else None
    findings.warn(  # CND-51, SUR-9
        "IAM601",
        lax.path[:-1],
        f"{statement.title} asks for MFA, and lets access keys without MFA in",
        f"this also holds for calls without `{lax.key}`",
        on_key=True,
        help=_KEYS_HELP,
        access=Access.NARROWED,
        edits=lambda: (
            rename_operator(statement.document, lax, strict) if strict is not None else ()
        ),
    )


def _admits_sessions(
    findings: Findings, statement: Statement, tests: tuple[ConditionTest, ...]
) -> None:
    present = next(test for test in tests if needs_key(test))
    findings.warn(  # CND-54
        "IAM603",
        present.path[:-1],
        f"{statement.title} asks whether MFA is known, and lets sessions without MFA in",
        f"`{present.key}` is there, and `false`, in calls with temporary credentials",
        on_key=True,
        help='`"Bool": {"aws:MultiFactorAuthPresent": "true"}` asks for MFA itself',
        access=Access.NARROWED,
        edits=lambda: _as_bool(statement, present),
    )


def _as_bool(statement: Statement, test: ConditionTest) -> tuple[Edit, ...]:
    if test.operator != "Null" or len(test.values.items) > 1:
        return ()
    value = replace_string(statement.document, test.values.place(0), "true")
    return rename_operator(statement.document, test, "Bool", value)


def _check_deny(
    findings: Findings,
    statement: Statement,
    tests: tuple[ConditionTest, ...],
    answers: _Answers,
) -> None:
    if answers.just_now or answers.keys or not (answers.without or answers.long_ago):
        return
    strict = next(test for test in tests if needs_key(test))
    name = f"{strict.written}IfExists" if strict.operator != "Null" else None
    findings.warn(  # CND-52, CND-18, SUR-10
        "IAM602",
        strict.path[:-1],
        f"{statement.title} denies calls without MFA, but none with access keys",
        f"calls with access keys do not have `{strict.key}`, and this does not hold for them",
        on_key=True,
        help=f"`{name}` also holds where the key is absent" if name else _KEYS_HELP,
        access=Access.NARROWED,
        edits=lambda: rename_operator(statement.document, strict, name) if name else (),
    )
