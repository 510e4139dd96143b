"""IAM642: a condition in which nothing is tested.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-suggestion-empty-object-condition
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from simulator.diagnostic import Access
from simulator.policy.condition_edits import object_at, remove_test

if TYPE_CHECKING:
    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.syntax import Path

CODE: Final = "IAM642"


def empty_conditions(findings: Findings, subject: Subject) -> None:
    """Report each `Condition` without an operator, and each operator without a key."""
    for statement in subject.statements:
        if "Condition" not in object_at(findings.document, statement.path):
            continue
        path: Path = (*statement.path, "Condition")
        condition = object_at(findings.document, path)
        empty = [name for name, block in condition.items() if block == {}]
        if len(empty) == len(condition):
            _report(findings, path, "`Condition` has no test", f"{statement.title} always applies")
            continue
        for name in empty:
            _report(findings, (*path, name), f"`{name}` has no key to test", "nothing is tested")


def _report(findings: Findings, path: Path, message: str, label: str) -> None:
    findings.note(  # POL-20
        CODE,
        path,
        message,
        label,
        on_key=True,
        access=Access.UNCHANGED,
        edits=partial(remove_test, findings.document, path),
    )
