"""Advice on roles that people of one's own accounts assume: at most one for each statement.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog.keys import EXTERNAL_ID, SESSION_NAME, SOURCE_IDENTITY
from simulator.check.trust.calls import ASSUME, speaks_of
from simulator.check.trust.demands import limits, tests_of
from simulator.check.trust.mfa import mfa_tests
from simulator.check.trust.named import Named, Who, named
from simulator.check.trust.third_parties import is_narrowed, others
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from simulator.check.subject import Setting, Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import Statement


def advise(findings: Findings, subject: Subject) -> None:
    """Tell how statements that let people in could be safer."""
    for statement in subject.statements:
        if statement.effect is Effect.ALLOW and speaks_of(statement, ASSUME):
            people = [each for each in named(statement) if _is_ours(each, subject.setting)]
            if people and not _is_for_others(statement, subject.setting):
                _advise(findings, statement, people)


def _is_for_others(statement: Statement, setting: Setting) -> bool:
    """Whether somebody else comes in, of whom other things are to be asked."""
    return any(others(statement, setting)) or any(map(limits, tests_of(statement, EXTERNAL_ID)))


def _is_ours(each: Named, setting: Setting) -> bool:
    known = not setting.accounts or each.account in setting.accounts
    return known and each.who in {Who.USER, Who.ACCOUNT}


def _advise(findings: Findings, statement: Statement, people: list[Named]) -> None:
    whole = next((each for each in people if each.who is Who.ACCOUNT), None)
    first = next((each for each in people if each.who is Who.USER), whole)
    if first is not None and not mfa_tests(statement) and not _means_roles(statement):
        _without_mfa(findings, first)
    elif whole is not None and not is_narrowed(statement):
        _whole_account(findings, whole)
    elif whole is not None and not _tells_who(statement) and not _means_roles(statement):
        _without_source_identity(findings, whole)


def _means_roles(statement: Statement) -> bool:
    """Whether only roles are let in, which no person signs in to with MFA."""  # CTX-41
    return any(
        limits(test) and all(":role/" in text for text in test.values.items)
        for test in tests_of(statement, "aws:principalarn")
    )


def _tells_who(statement: Statement) -> bool:
    return any(map(limits, tests_of(statement, SOURCE_IDENTITY, SESSION_NAME)))


def _without_mfa(findings: Findings, each: Named) -> None:
    users = "users of account" if each.who is Who.ACCOUNT else "the user"
    called = each.account if each.who is Who.ACCOUNT else each.text
    findings.note(  # CND-50
        "IAM605",
        each.entry.path,
        f"no MFA is asked of {users} `{called}`",
        "whoever finds an access key gets in",
        help='`"Bool": {"aws:MultiFactorAuthPresent": "true"}` demands a code, with the call or'
        " with `aws sts get-session-token` before it",
    )


def _whole_account(findings: Findings, each: Named) -> None:
    findings.note(  # EVAL-21, SUR-2
        "IAM606",
        each.entry.path,
        f"account `{each.account}` alone decides who comes in",
        "each of its users and roles that may call `sts:AssumeRole`",
        help="name users and roles, or test `aws:PrincipalArn`, to decide it here",
    )


def _without_source_identity(findings: Findings, each: Named) -> None:
    findings.note(  # STS-75
        "IAM607",
        each.entry.path,
        f"who of account `{each.account}` comes in is not told by the session",
        "several people share this role",
        help="a test of `sts:SourceIdentity`, with `sts:SetSourceIdentity` among the actions, keeps"
        " each one's name in CloudTrail",
    )
