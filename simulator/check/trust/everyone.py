"""Statements that let everyone in, and tests that do not limit who that is.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.check.subject import is_open
from simulator.check.trust.calls import ASSUME, speaks_of
from simulator.check.trust.demands import has_open_value, is_any, limits
from simulator.check.trust.named import Named, Who, named
from simulator.diagnostic import Severity
from simulator.policy import kinds
from simulator.policy.model import Effect, Quantifier

if TYPE_CHECKING:
    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement

_LIMITING: Final = frozenset(
    {
        *("aws:principalaccount", "aws:principalarn", "aws:principalorgid"),
        *("aws:principalorgpaths", "aws:userid", "aws:federatedprovider"),
        *("aws:principalisawsservice", "aws:principalservicename"),
        *("aws:principalservicenameslist", "aws:sourceaccount", "aws:sourcearn"),
        *("aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner"),
        *("aws:sourceip", "aws:sourcevpc", "aws:sourcevpcarn", "aws:sourcevpce"),
        *("aws:vpcsourceip", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"),
        *("aws:ec2instancesourcevpc", "ec2:sourceinstancearn", "lambda:sourcefunctionarn"),
        *("kms:calleraccount", "s3:dataaccesspointaccount", "s3:dataaccesspointarn"),
        "elasticfilesystem:accessedviamounttarget",
    }
)
"""Keys that say who calls, for whom a service calls, or from where."""

_EVERY_ADDRESS: Final = frozenset({"0.0.0.0/0", "::/0", "0::0/0"})


def check_everyone(findings: Findings, subject: Subject) -> None:
    """Tell of statements that let everyone in, whatever account they are of."""
    is_trust = subject.kind == kinds.TRUST
    for statement in subject.statements:
        if statement.effect is not Effect.ALLOW or (is_trust and not speaks_of(statement, ASSUME)):
            continue
        everyone = next((each for each in named(statement) if each.who is Who.EVERYONE), None)
        if everyone is not None and not any(map(limits_who, statement.conditions)):
            if is_trust and any(map(_shuts_others_out, subject.statements)):
                return
            certain = is_trust and not statement.conditions and not _may_deny(subject)
            _tell(findings, statement, everyone, is_trust=is_trust, certain=certain)


def _shuts_others_out(statement: Statement) -> bool:
    """Whether a Deny leaves only some accounts or networks of all that a role lets in."""
    if statement.effect is not Effect.DENY or not speaks_of(statement, ASSUME):
        return False
    is_about_all = any(each.who is Who.EVERYONE for each in named(statement))
    tests = statement.conditions
    return is_about_all and len(tests) == 1 and shuts_out(tests[0])


def _may_deny(subject: Subject) -> bool:
    """Whether some Deny tests who calls, or may do so where a template leaves it open."""
    return len(subject.statements) < len(subject.policy.statements) or any(
        test.key.lower() in _LIMITING
        for statement in subject.statements
        if statement.effect is Effect.DENY
        for test in statement.conditions
    )


def shuts_out(test: ConditionTest) -> bool:
    """Whether a test of a Deny fits all callers but those of some accounts or networks."""
    key = test.key.lower()
    everybody = _EVERY_ADDRESS if key == "aws:sourceip" else frozenset()
    return (  # CND-11
        key in _LIMITING
        and "Not" in test.operator
        and test.quantifier is not Quantifier.ANY
        and not any(is_any(text) or text in everybody for text in test.values.items)
    )


def limits_who(test: ConditionTest) -> bool:
    """Whether a test lets only some accounts or networks in."""
    key = test.key.lower()
    if key not in _LIMITING or not limits(test):
        return False
    if has_open_value(test):
        return True
    if key == "aws:principalarn":
        return not any(map(_is_of_any_account, test.values.items))
    return not (key == "aws:sourceip" and _EVERY_ADDRESS.intersection(test.values.items))


def _is_of_any_account(pattern: str) -> bool:
    fields = pattern.split(":", 5)
    return len(fields) != 6 or (not is_open(pattern) and "*" in fields[4])


def _tell(
    findings: Findings, statement: Statement, everyone: Named, *, is_trust: bool, certain: bool
) -> None:
    if is_trust:
        message = f"{statement.title} lets every AWS account in, whoever it belongs to"
        label = "each user and role of each account that there is"  # PRN-30, EVAL-34x
        help_ = (
            "name accounts or ARNs, or let only your organization in with `aws:PrincipalOrgID`"
            if not statement.conditions
            else "no test here limits who calls: `aws:PrincipalOrgID` and `aws:PrincipalArn` do"
        )
    else:
        message = f"{statement.title} is public: it lets everyone in"
        label = "also callers of other accounts, and those whom nobody knows"  # PRN-7
        help_ = (
            "name accounts or ARNs, or test who calls: `aws:PrincipalOrgID`, `aws:SourceAccount`,"
            " `aws:SourceVpce` and the like"
        )
    findings.error(
        "IAM620",
        everyone.entry.path,
        message,
        label,
        help=help_,
        severity=Severity.ERROR if certain else Severity.WARNING,
    )
