"""IAM310: a statement would allow the call, but for a condition without a code of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog import keys
from simulator.diagnosis.conditions import condition_cause, failed_tests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.cause import Cause
    from simulator.diagnosis.findings import Finding

_WITH_RULES_OF_THEIR_OWN = frozenset({keys.MFA_PRESENT, keys.MFA_AGE, keys.EXTERNAL_ID})


def condition_not_met(finding: Finding) -> Iterator[Cause]:
    """Report each other test that keeps a statement from allowing the call."""
    for failed in failed_tests(finding):
        test = failed.evidence.test
        if test.key.lower() in _WITH_RULES_OF_THEIR_OWN:
            continue
        message = f"the {failed.policy} allows this only under a condition on `{test.key}`"
        yield condition_cause("IAM310", failed, message, None)
