"""IAM313: a statement asks for an external id, and the call passes another one or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog import keys
from simulator.diagnosis.conditions import condition_cause, failed_tests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.cause import Cause
    from simulator.diagnosis.findings import Finding


def external_id(finding: Finding) -> Iterator[Cause]:
    """Report each test of the external id that the call fails."""  # CTX-18, CND-20
    for failed in failed_tests(finding):
        if failed.evidence.test.key.lower() != keys.EXTERNAL_ID:
            continue
        given = "another one is passed" if failed.evidence.actual else "none is passed"
        message = f"the {failed.policy} asks for an external id, and {given}"
        advice = "an external id has to be the same to the letter, upper and lower case included"
        yield condition_cause("IAM313", failed, message, advice)
