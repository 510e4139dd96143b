"""Tests that let in another organization than one's own.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.check.subject import is_open
from simulator.check.trust.demands import compares, is_any, tests_of
from simulator.check.trust.named import Who, named
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.subject import Setting, Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement
    from simulator.syntax import Path

_ORGANIZATIONS: Final = (
    *("aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths"),
    *("aws:vpceorgid", "aws:vpceorgpaths"),
)
_ACCOUNTS: Final = ("aws:principalaccount", "aws:sourceaccount", "kms:calleraccount")


def check_organizations(findings: Findings, subject: Subject) -> None:
    """Tell of each organization, and of each account of everyone's, that is let in and not ours."""
    setting = subject.setting
    if setting == type(setting)():
        return
    for statement in subject.statements:
        if statement.effect is Effect.ALLOW:
            for place, text in _other_organizations(statement, setting):
                _tell(findings, place, f"organization `{text}`")
            for place, text in _other_accounts(statement, setting):
                _tell(findings, place, f"account `{text}`")


def _other_organizations(statement: Statement, setting: Setting) -> Iterator[tuple[Path, str]]:
    ours = setting.organization
    if ours is not None:
        for test in tests_of(statement, *_ORGANIZATIONS):
            for place, text in _compared(statement, test):
                organization = text.partition("/")[0]  # CTX-3
                if organization != ours:
                    yield place, organization


def _other_accounts(statement: Statement, setting: Setting) -> Iterator[tuple[Path, str]]:
    if setting.accounts and any(each.who is Who.EVERYONE for each in named(statement)):
        for test in tests_of(statement, *_ACCOUNTS):
            for place, text in _compared(statement, test):
                if text not in setting.accounts:
                    yield place, text


def _compared(statement: Statement, test: ConditionTest) -> Iterator[tuple[Path, str]]:
    """Yield the texts of which one lets a caller in, as far as they are known here."""
    if not compares(test):
        return
    for index, text in enumerate(test.values.items):
        has_variable = statement.variables and "${" in text
        if not (has_variable or is_open(text) or is_any(text)):
            yield test.values.place(index), text


def _tell(findings: Findings, place: Path, who: str) -> None:
    findings.warn(
        "IAM621",
        place,
        f"{who} is let in, and is not ours",
        "this is somebody else's",
        help="`--organization-id` and `--account` said which are ours",
    )
