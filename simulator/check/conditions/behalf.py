"""IAM640: a Deny by the VPC of the caller, which also stops services that call for the caller.

What a service does for a caller with the caller's permissions has the caller's public address, and
nothing of the VPC endpoint through which the caller came.
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from simulator.check.conditions.holding import holds_without, tests_of
from simulator.check.conditions.keys import OF_ENDPOINTS
from simulator.diagnostic import Access
from simulator.policy.condition_edits import add_test
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import Statement

CODE: Final = "IAM640"

#: Tests with which people exempt what services do.
_EXEMPTING: Final = (
    *("aws:viaawsservice", "aws:calledvia", "aws:calledviafirst", "aws:calledvialast"),
    *("aws:principalisawsservice", "aws:principalservicename", "aws:principalarn"),
)


def services_on_behalf(findings: Findings, subject: Subject) -> None:
    """Report each Deny for callers outside a VPC that does not exempt services."""
    for statement in subject.statements:
        if statement.effect is Effect.DENY:
            _check(findings, statement)


def _check(findings: Findings, statement: Statement) -> None:
    tests = [test for test in tests_of(statement, *OF_ENDPOINTS) if holds_without(test)]
    if not tests or any(tests_of(statement, *_EXEMPTING)):
        return
    findings.note(  # CTX-11, CTX-14, CND-11
        CODE,
        tests[0].path,
        f"{statement.title} also denies what AWS services do for a caller inside the VPC",
        f"a service that calls on for somebody does so without `{tests[0].key}`",
        on_key=True,
        help='`"Bool": {"aws:ViaAWSService": "false"}` beside it exempts those calls',
        access=Access.WIDENED,
        edits=partial(add_test, statement, "Bool", "aws:ViaAWSService", "false"),
    )
