"""`aws:PrincipalArn` compared with the ARN of a session, which it never holds.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.catalog.roles import IDENTITY_CENTER_NAME
from simulator.check.trust.demands import compares, tests_of
from simulator.diagnostic import Access, Severity
from simulator.policy.edits import replace_string
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement

# The ARN of no role has these words: its path comes after `role/`.
_SESSION: Final = ":assumed-role/"
_WHOLE: Final = re.compile(r"arn:([^:]*):sts::([^:]*):assumed-role/([^/:]+)(?:/.*)?", re.DOTALL)


def check_session_arns(findings: Findings, subject: Subject) -> None:
    """Tell of each value that is the ARN of a session where that of a role is compared."""
    for statement in subject.statements:
        for test in tests_of(statement, "aws:principalarn"):
            values = test.values.items
            found = [index for index, text in enumerate(values) if _SESSION in text]
            for index in found:
                _tell(findings, statement, test, index, alone=len(found) == len(values))


def _tell(
    findings: Findings, statement: Statement, test: ConditionTest, index: int, *, alone: bool
) -> None:
    text, place = test.values.items[index], test.values.place(index)
    role = _role(text)
    findings.error(  # CTX-1, SUR-16
        "IAM628",
        place,
        f"`{test.key}` is never the ARN of a session, and `{text}` is one",
        _effect(statement, test),
        help=f"of a session it is the ARN of the role: `{role or 'arn:aws:iam::…:role/…'}`",
        severity=Severity.ERROR if alone else Severity.WARNING,
        access=_access(statement, test),
        edits=lambda: (replace_string(statement.document, place, role),) if role else (),
    )


def _effect(statement: Statement, test: ConditionTest) -> str:
    denies = statement.effect is Effect.DENY
    if compares(test):
        return "no caller is denied by this" if denies else "no caller is let in by this"
    return "no caller is exempt by this" if denies else "no caller is kept out by this"


def _access(statement: Statement, test: ConditionTest) -> Access:
    """Return what it does to access when the value begins to mean somebody."""
    widens = compares(test) is (statement.effect is Effect.ALLOW)
    return Access.WIDENED if widens else Access.NARROWED


def _role(text: str) -> str | None:
    """Return the ARN of the role of a session, if it is likely to have no path."""
    found = _WHOLE.fullmatch(text)
    if found is None or IDENTITY_CENTER_NAME in text:
        return None
    partition, account, name = found.groups()
    return f"arn:{partition}:iam::{account}:role/{name}"
