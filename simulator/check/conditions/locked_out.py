"""IAM644: a Deny for callers outside an organization or account, which stops AWS services too.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from simulator.check.conditions.holding import admits_services, holds_without, tests_of
from simulator.check.conditions.keys import OF_SERVICES
from simulator.diagnostic import Access, Severity
from simulator.policy.condition_edits import add_test
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement

CODE: Final = "IAM644"

#: Keys that calls of AWS services by their own name do not have, and those of people do.
_OF_CALLERS: Final = (
    *("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn"),
)
#: Keys by which people exempt services.
_EXEMPTING: Final = (*OF_SERVICES, "aws:principalisawsservice", "aws:principaltype")


def locked_out_services(findings: Findings, subject: Subject) -> None:
    """Report each Deny for everyone but some callers that does not exempt AWS services."""
    needs_services = any(map(admits_services, subject.statements))
    for statement in subject.statements:
        tests = [test for test in tests_of(statement, *_OF_CALLERS) if holds_without(test)]
        if tests and _denies_everyone(statement) and not any(tests_of(statement, *_EXEMPTING)):
            is_meant = not (needs_services or subject.kind.only_deny)
            # What demands another key may be about calls that no service makes.
            is_narrow = not all(map(holds_without, statement.conditions))
            _report(findings, statement, tests[0], certain=not (is_meant or is_narrow))


def _denies_everyone(statement: Statement) -> bool:
    """Whether a statement denies everyone, AWS services among them."""  # STAR-SERVICE
    who = statement.principals
    if statement.effect is Effect.ALLOW or who is None or who.negated:
        return False
    return any(entry.kind == "*" for entry in who.entries)


def _report(
    findings: Findings, statement: Statement, test: ConditionTest, *, certain: bool
) -> None:
    findings.error(  # EVAL-53, CTX-3, CND-11
        CODE,
        test.path,
        f"{statement.title} also denies AWS services that call in their own name",
        f"their calls do not have `{test.key}`, and this holds for them",
        on_key=True,
        help='`"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}` beside it exempts them',
        severity=Severity.WARNING if certain else Severity.NOTE,
        access=Access.WIDENED,
        edits=partial(add_test, statement, "BoolIfExists", "aws:PrincipalIsAWSService", "false"),
    )
