"""IAM645: a key that says little without another one beside it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-security-warning-missing-paired-condition-keys
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.arn import parse_arn
from simulator.check.conditions.holding import admits_services, is_known, is_negated, tests_of
from simulator.check.conditions.keys import OF_SOURCE_OWNER, OF_VPC
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement

CODE: Final = "IAM645"

_PRIVATE_IP: Final = "aws:vpcsourceip"
_SOURCE_ARN: Final = "aws:sourcearn"


def unpaired_keys(findings: Findings, subject: Subject) -> None:
    """Report each private address without its VPC, and each source of no account without one."""
    for statement in subject.statements:
        for test in tests_of(statement, _PRIVATE_IP):
            lets_in = is_negated(test) is (statement.effect is Effect.DENY)
            if lets_in and not any(tests_of(statement, *OF_VPC)):
                _report(
                    findings,
                    test,
                    f"`{test.key}` without the VPC lets in callers of any VPC of anybody",
                    "every VPC may have these addresses",
                    "`aws:SourceVpc` or `aws:SourceVpce` beside it says which VPC is meant",
                )
        if admits_services(statement) and not any(tests_of(statement, *OF_SOURCE_OWNER)):
            _check_sources(findings, statement)


def _check_sources(findings: Findings, statement: Statement) -> None:
    for test in tests_of(statement, _SOURCE_ARN):
        if not is_negated(test) and is_known(test) and any(map(_is_of_nobody, test.values.items)):
            _report(
                findings,
                test,
                f"`{test.key}` has no account here, so whoever has a resource of this name"
                " is let in",
                "the name of a bucket that is deleted can be taken by somebody else",
                "`aws:SourceAccount` beside it says whose resource it is",
            )


def _is_of_nobody(text: str) -> bool:
    arn = parse_arn(text)
    return arn is not None and arn.service == "s3" and arn.account in {"", "*"}


def _report(findings: Findings, test: ConditionTest, message: str, label: str, help_: str) -> None:
    findings.warn(CODE, test.path, message, label, on_key=True, help=help_)
