"""Callers of somebody else's account, without a word that only they and we know.

https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.catalog.keys import EXTERNAL_ID
from simulator.check.trust.calls import ASSUME, speaks_of
from simulator.check.trust.demands import limits, tests_of
from simulator.check.trust.mfa import mfa_tests
from simulator.check.trust.named import Named, Who, named
from simulator.diagnostic import Severity
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.subject import Setting, Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import Statement

_PROOFS: Final = (EXTERNAL_ID, "aws:principalorgid", "aws:principalorgpaths")
_NARROWER: Final = ("aws:principalarn", "aws:principaltag/", "aws:userid", "aws:username")
_CALLED: Final = {
    Who.ACCOUNT: "whoever account `{account}` lets call",
    Who.USER: "the user `{text}`",
    Who.ROLE: "the role `{text}`",
    Who.SESSION: "the session `{text}`",
}


def check_third_parties(findings: Findings, subject: Subject) -> None:
    """Tell of accounts that are not ours, and of whom no external id is demanded."""
    for statement in subject.statements:
        if statement.effect is Effect.ALLOW and speaks_of(statement, ASSUME):
            for each in others(statement, subject.setting):
                _tell(findings, each, sure=bool(subject.setting.accounts))


def others(statement: Statement, setting: Setting) -> Iterator[Named]:
    """Yield the principals of accounts that are not ours, if nothing proves who sent them.

    Where our accounts are not known, these are whole accounts: most roles and users that somebody
    names are of the same company.
    """
    candidates = [each for each in named(statement) if _is_other(each, setting)]
    if not candidates or any(map(limits, tests_of(statement, *_PROOFS))):
        return
    if setting.accounts or not (mfa_tests(statement) or is_narrowed(statement)):
        yield from candidates


def is_narrowed(statement: Statement) -> bool:
    """Whether a condition says which callers of an account are meant."""
    return any(map(limits, tests_of(statement, *_NARROWER)))


def _is_other(each: Named, setting: Setting) -> bool:
    if each.who not in _CALLED or each.account in setting.accounts:
        return False
    return bool(setting.accounts) or each.who is Who.ACCOUNT


def _tell(findings: Findings, each: Named, *, sure: bool) -> None:
    called = _CALLED[each.who].format(account=each.account, text=each.text)
    if sure:
        message = f"{called} can come in for others: no `sts:ExternalId` is demanded"
        help_ = (
            "who serves many customers can be led to use your role for another one;"
            ' `"StringEquals": {"sts:ExternalId": "…"}` with an id of your own prevents that'
        )
    else:
        message = f"{called} can come in with neither MFA nor external id"
        help_ = (
            "of an account of your own demand MFA for people, of somebody else's an"
            " `sts:ExternalId`; `--account` says which accounts are yours"
        )
    findings.error(
        "IAM619",
        each.entry.path,
        message,
        f"account `{each.account}` is not one of yours" if sure else f"{each.who} as a whole",
        help=help_,
        severity=Severity.WARNING if sure else Severity.NOTE,
    )
