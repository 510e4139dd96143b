"""Conditions that the principals of their statement can never meet.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.check.trust.demands import (
    OF_ASSUME_ROLE,
    OF_CREDENTIALS,
    OF_SERVICES,
    compares,
    has_open_value,
    holding,
    needs_key,
    tests_of,
)
from simulator.check.trust.mfa import WITHOUT_KEY, WITHOUT_MFA, known_mfa_tests
from simulator.check.trust.named import Named, Who, named
from simulator.diagnostic import Severity
from simulator.policy import kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from simulator.check.subject import Subject
    from simulator.check.trust.demands import Holds
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement

_ACCOUNT: Final = "aws:principalaccount"
_ARN: Final = "aws:principalarn"
_NAME: Final = "aws:username"
_TOLD: Final = frozenset({_ACCOUNT, _ARN, _NAME})
_OF_CALLERS: Final = (
    *("aws:principalorgid", "aws:principalorgpaths", _NAME),
    *OF_ASSUME_ROLE,
)
_NAME_VARIABLE: Final = re.compile(r"\$\{aws:username\}", re.IGNORECASE)  # VAR-2

_MOST_COMPARED: Final = 100_000
"""How many values are compared with principals at most, so that no document takes long."""

_IN_SESSIONS: Final = (Who.ROLE, Who.SESSION, Who.FEDERATED_USER)
_UNSIGNED: Final = (Who.SERVICE, Who.SAML, Who.OIDC)
_NAMELESS: Final = (*_IN_SESSIONS, *_UNSIGNED)  # CTX-6
_PLURALS: Final = {
    Who.ACCOUNT: "users and roles",
    Who.USER: "users",
    Who.ROLE: "sessions of a role",
    Who.SESSION: "sessions of a role",
    Who.FEDERATED_USER: "federated users",
    Who.SERVICE: "AWS services",
    Who.SAML: "callers with a SAML assertion",
    Who.OIDC: "callers with a token",
}


class _Fault(NamedTuple):
    """A principal, and a test that it never meets."""

    named: Named
    test: ConditionTest


class _Tried(NamedTuple):
    """A test, whether it holds for a context, and whether it compares with a user's name alone."""

    test: ConditionTest
    holds: Holds
    asks_name: bool


class _Words(NamedTuple):
    """What is told of a test that principals never meet: what it asks for, and why in vain."""

    code: str
    asks: str
    reason: str
    help: str | None = None


def check_mfa_of_others(findings: Findings, subject: Subject) -> None:
    """Tell of statements that demand MFA of callers who can never have it."""
    for statement in subject.statements:
        tests = known_mfa_tests(statement)
        if tests:
            faults = _faults(statement, tests, _could_have_mfa)
            unsure = any(fault.named.who in _IN_SESSIONS for fault in faults)
            _tell(findings, statement, faults, _words_of_mfa, certain=not unsure)  # SESSION-MFA


def _could_have_mfa(named_: Named, tried: _Tried) -> bool:
    if named_.who in _UNSIGNED:
        return tried.holds(WITHOUT_KEY)  # CTX-42
    return named_.who not in _IN_SESSIONS or tried.holds(WITHOUT_MFA)  # CTX-41


def _words_of_mfa(fault: _Fault) -> _Words:
    in_session = fault.named.who in _IN_SESSIONS
    help_ = (
        "let users assume the role directly with an MFA code, or with a session of"
        " `aws sts get-session-token` that was made with one"
        if in_session
        else None
    )
    reason = f"{_PLURALS[fault.named.who]} carry no MFA{', however they began' * in_session}"
    return _Words("IAM604", "MFA", reason, help_)


def check_keys_of_others(findings: Findings, subject: Subject) -> None:
    """Tell of statements that test what only other kinds of callers than theirs have."""
    # An account in the policy of a queue may stand for its topics: AWS has such an example.
    keys = (*_OF_CALLERS, *OF_SERVICES) if subject.kind == kinds.TRUST else _OF_CALLERS
    for statement in subject.statements:
        of_others = (test for test in statement.conditions if _is_federated(test.key))
        tests = (*tests_of(statement, *keys), *of_others)
        if tests:
            faults = _faults(statement, tests, _could_have_key)
            _tell(findings, statement, faults, _words_of_key)


def _is_federated(key: str) -> bool:
    """Whether a key is of an assertion, or of the tokens of some issuer."""
    prefix = key.partition(":")[0].lower()
    return prefix == "saml" or "." in prefix


def _could_have_key(named_: Named, tried: _Tried) -> bool:
    key = tried.test.key.lower()
    if _is_federated(key):  # CTX-25, CTX-40; of two issuers of tokens it is told as IAM614
        others = Who.OIDC if key.startswith("saml:") else Who.SAML
        return named_.who is not others or not needs_key(tried.test)
    if not needs_key(tried.test) or named_.who in {Who.EVERYONE, Who.UNKNOWN}:
        return True
    if named_.who is Who.SERVICE:
        return not key.startswith(OF_CREDENTIALS)
    if named_.who in _UNSIGNED and key.startswith((*OF_CREDENTIALS, *OF_ASSUME_ROLE)):
        return False  # CTX-40
    return key not in OF_SERVICES


def _words_of_key(fault: _Fault) -> _Words:
    key = fault.test.key
    help_ = None
    if fault.named.who is Who.SERVICE and key.lower().startswith("aws:principalorg"):
        source = key.lower().replace("principalorg", "SourceOrg")
        source = source.replace("SourceOrgid", "SourceOrgID").replace("paths", "Paths")
        help_ = f"`{source}` is the organization of the resource for which a service calls"
    reason = f"{_PLURALS[fault.named.who]} have none"
    return _Words("IAM624", f"`{key}`", reason, help_)


def check_contradictions(findings: Findings, subject: Subject) -> None:
    """Tell of tests of the caller that contradict whom their statement names."""
    for statement in subject.statements:
        tests = tuple(_about_callers(statement))
        if tests:
            faults = _faults(statement, tests, _could_be)
            _tell(findings, statement, faults, _words_of_contradiction)


def _about_callers(statement: Statement) -> Iterator[ConditionTest]:
    for test in statement.conditions:
        is_told = test.key.lower() in _TOLD and not _is_open(statement, test)
        if is_told or _asks_name(statement, test):
            yield test


def _is_open(statement: Statement, test: ConditionTest) -> bool:
    variables = statement.variables and any("${" in text for text in test.values.items)
    return variables or has_open_value(test)


def _asks_name(statement: Statement, test: ConditionTest) -> bool:
    """Whether a test compares with the user's name alone, which roles do not have."""
    return (
        statement.variables
        and bool(test.values.items)
        and all(map(_NAME_VARIABLE.search, test.values.items))
        and compares(test)
        and needs_key(test)
    )


def _could_be(named_: Named, tried: _Tried) -> bool:
    key, test = tried.test.key.lower(), tried.test
    if tried.asks_name:
        return named_.who not in _NAMELESS  # VAR-9
    if key == _NAME:
        return _could_have_name(named_, tried)
    if named_.account is None or named_.who in _UNSIGNED:
        return True
    if key == _ACCOUNT:
        return tried.holds({_ACCOUNT: named_.account})  # CTX-2
    if named_.who in {Who.USER, Who.ROLE, Who.FEDERATED_USER}:
        return tried.holds({_ARN: named_.text})  # CTX-1
    return not compares(test) or any(_is_of(text, named_) for text in test.values.items)


def _could_have_name(named_: Named, tried: _Tried) -> bool:
    if named_.who is Who.USER and named_.arn is not None:
        return tried.holds({_NAME: named_.arn.name})  # CTX-6
    return named_.who not in _IN_SESSIONS or tried.holds({})


def _is_of(text: str, named_: Named) -> bool:
    """Whether a pattern may be like the ARN of somebody in the account of a principal."""
    *head, _ = fields = text.split(":", 5)
    if len(fields) != 6 or any("*" in field or "?" in field for field in head):
        return True
    return head[4] == named_.account


def _words_of_contradiction(fault: _Fault) -> _Words:
    text, key = fault.named.text, fault.test.key
    if key.lower() == _ACCOUNT:
        reason = f"`{text}` is in account `{fault.named.account}`"
    elif key.lower() == _ARN:
        reason = f"no caller whom `{text}` names has such an ARN"
    elif fault.named.who in _NAMELESS:
        reason = f"{_PLURALS[fault.named.who]} have no `aws:username`"
    else:
        reason = f"`{text}` has another name"
    return _Words("IAM627", f"`{key}`", reason)


def _faults(
    statement: Statement,
    tests: Sequence[ConditionTest],
    could: Callable[[Named, _Tried], bool],
) -> list[_Fault]:
    """Return each principal that one of the tests never holds for."""
    everyone = named(statement)
    if len(everyone) * sum(max(1, len(test.values.items)) for test in tests) > _MOST_COMPARED:
        return []
    tried = [_Tried(t, holding(statement, t), _asks_name(statement, t)) for t in tests]
    first = ((each, next((t for t in tried if not could(each, t)), None)) for each in everyone)
    return [_Fault(each, failed.test) for each, failed in first if failed is not None]


def _tell(
    findings: Findings,
    statement: Statement,
    faults: list[_Fault],
    words_of: Callable[[_Fault], _Words],
    *,
    certain: bool = True,
) -> None:
    if not faults:
        return
    if len(faults) < len(named(statement)):
        for fault in faults:
            _tell_one(findings, statement, fault, words_of(fault))
        return
    fault, (code, asks, reason, help_) = faults[0], words_of(faults[0])
    findings.error(
        code,
        fault.test.path,
        f"{statement.title} never applies: it asks for {asks}, and {reason}",
        "none of its principals ever meets this",
        on_key=True,
        help=help_,
        severity=Severity.ERROR if certain else Severity.WARNING,
        beside=((fault.named.entry.path, f"this is {fault.named.who}"),),
    )


def _tell_one(findings: Findings, statement: Statement, fault: _Fault, words: _Words) -> None:
    findings.warn(
        words.code,
        fault.named.entry.path,
        f"{statement.title} never applies to `{fault.named.text}`: it asks for {words.asks},"
        f" and {words.reason}",
        f"{fault.named.who} never meets the condition",
        help=words.help,
        beside=((fault.test.path, "this asks for it"),),
    )
