"""IAM632: tests that hold for every request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from simulator.check.conditions.holding import holds_without, is_negated
from simulator.diagnostic import Access
from simulator.policy.condition_edits import remove_test

if TYPE_CHECKING:
    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest

CODE: Final = "IAM632"


def constant_tests(findings: Findings, subject: Subject) -> None:
    """Report each test that holds without its key, and with every value of it."""
    for statement in subject.statements:
        for test in statement.conditions:
            if _may_be_constant(test) and _is_constant(test, variables=statement.variables):
                _report(findings, test)


def _may_be_constant(test: ConditionTest) -> bool:
    return test.operator != "Null" and not is_negated(test) and holds_without(test)


def _is_constant(test: ConditionTest, *, variables: bool) -> bool:
    from simulator.check.conditions.extent import extent_of, is_everything  # noqa: PLC0415 - rare

    return is_everything(extent_of(test, variables=variables))


def _report(findings: Findings, test: ConditionTest) -> None:
    findings.warn(  # CND-12, CND-14, CND-22
        CODE,
        test.values.path,
        f"this test of `{test.key}` holds for every request, so it limits nothing",
        "every value fits this",
        help=f"`{test.written}` also holds where the key is absent; to demand that it is there:"
        f' `"Null": {{"{test.key}": "false"}}`',
        access=Access.UNCHANGED,
        edits=partial(remove_test, findings.document, test.path),
    )
