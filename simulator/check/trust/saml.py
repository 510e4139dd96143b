"""For whom assertions were made that a role takes.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-saml.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.check.subject import is_open
from simulator.check.trust.calls import WITH_SAML, speaks_of
from simulator.check.trust.demands import compares, tests_of
from simulator.check.trust.named import Who, named
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest

_SIGN_IN: Final = "https://signin.aws.amazon.com/saml"
# Of the Regions and of the other partitions, and where assertions are encrypted of one provider.
_ENDPOINT: Final = re.compile(
    r"https://(?:[a-z0-9*?-]+\.)?signin\."
    r"(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com|aws\.amazon|amazonaws\.[a-z.-]+)"
    r"/saml(?:/acs/[\w*?-]+)?\*?",
    re.ASCII,
)


def check_saml(findings: Findings, subject: Subject) -> None:
    """Tell of statements that take assertions, and do not say for which address, or for none."""
    for statement in subject.statements:
        if statement.effect is not Effect.ALLOW or not speaks_of(statement, WITH_SAML):
            continue
        provider = next((each for each in named(statement) if each.who is Who.SAML), None)
        tests = [test for test in tests_of(statement, "saml:aud") if compares(test)]
        if provider is not None and not tests:
            findings.warn(  # STS-60
                "IAM617",
                provider.entry.path,
                f"{statement.title} takes assertions that were made for any address",
                "`SAML:aud` is not tested",
                help=f'`"StringEquals": {{"SAML:aud": "{_SIGN_IN}"}}` takes those for AWS',
            )
        for test in tests if provider is not None else ():
            _check_addresses(findings, test)


def _check_addresses(findings: Findings, test: ConditionTest) -> None:
    for index, text in enumerate(test.values.items):
        if not (is_open(text) or "${" in text or _ENDPOINT.fullmatch(text)):
            findings.warn(  # STS-60
                "IAM618",
                test.values.place(index),
                f"`{text}` is not an address to which assertions for AWS are sent",
                "the recipient of the assertion is compared with this, not its audience",
                help=f"expected `{_SIGN_IN}`, or the same of a Region or of another partition",
            )
