"""What is worth telling of a policy that AWS would store: it may not say what somebody meant.

A pass of its own, since a decision needs none of it. The reference data about AWS is loaded only
for names that are not among those of most trust policies.
https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.policy.findings import Findings
from simulator.policy.lint.actions import check_actions
from simulator.policy.lint.budget import Budget
from simulator.policy.lint.conditions import check_conditions
from simulator.policy.lint.principals import check_principals
from simulator.policy.lint.resources import check_resources

if TYPE_CHECKING:
    from simulator.diagnostic import Diagnostic
    from simulator.policy.model import PolicyDocument


def lint(policy: PolicyDocument) -> tuple[Diagnostic, ...]:
    """Return the warnings about what a policy says; those of its structure are its own.

    Raises:
        DocumentError: a value of a condition is of no use to its operator.
    """
    return _linted(policy).result()


def oddities(policy: PolicyDocument) -> tuple[Diagnostic, ...]:
    """Return what `lint` returns or raises."""
    return _linted(policy).told()


def _linted(policy: PolicyDocument) -> Findings:
    findings, budget = Findings(policy.document), Budget()
    for statement in policy.statements:
        check_actions(findings, statement, policy.kind, budget)
        if statement.resources is not None:
            check_resources(findings, statement, statement.resources, budget)
        if statement.principals is not None:
            check_principals(findings, statement, statement.principals)
        check_conditions(findings, statement)
    return findings
