"""IAM646: a key that says nothing in a policy of this kind.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-suggestion-irrelevant-condition-key-in-policy
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.check.conditions.holding import does, holds_without, tests_of
from simulator.check.conditions.keys import OF_SERVICES
from simulator.policy import kinds

if TYPE_CHECKING:
    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement

CODE: Final = "IAM646"

#: Policies of callers, which nobody consults for what a service does in its own name.
OF_CALLERS: Final = (kinds.IDENTITY, kinds.BOUNDARY, kinds.SESSION, kinds.SCP)
#: Policies that belong to one resource.
OF_A_RESOURCE: Final = (kinds.TRUST, kinds.RESOURCE)

_OF_RESOURCES: Final = (
    *("aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "s3:resourceaccount"),
)


def irrelevant_keys(findings: Findings, subject: Subject) -> None:
    """Report tests of what is always the same, or never there, in policies of this kind."""
    if subject.kind in OF_CALLERS:
        for statement in subject.statements:
            for test in tests_of(statement, *OF_SERVICES):
                _of_services(findings, statement, test)
    elif subject.kind in OF_A_RESOURCE:
        for statement in subject.statements:
            for test in tests_of(statement, *_OF_RESOURCES):
                if not any("${" in text for text in test.values.items):
                    _of_resource(findings, subject, test)


def _of_services(findings: Findings, statement: Statement, test: ConditionTest) -> None:
    outcome = (
        "this limits nothing"
        if holds_without(test)
        else f"{statement.title} {does(statement)} nothing"
    )
    findings.warn(  # CTX-24, EVAL-40, EVAL-70
        CODE,
        test.path,
        f"only AWS services that call in their own name have `{test.key}`, and they have no"
        f" policies of this kind: {outcome}",
        "no call has this key here",
        on_key=True,
        help="it belongs into the policy of the resource that the service uses",
    )


def _of_resource(findings: Findings, subject: Subject, test: ConditionTest) -> None:
    findings.note(  # CTX-15
        CODE,
        test.path,
        f"`{test.key}` is always the same here: the {subject.kind.name} belongs to one resource",
        "this is the owner of that resource",
        on_key=True,
        help="it belongs into policies of callers, to say whose resources they may use",
    )
