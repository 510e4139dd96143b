"""IAM313: a statement asks for an external id, and the call passes another one or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog import keys
from simulator.diagnosis.conditions import condition_cause, failed_tests, nearest_of
from simulator.sts.call import Call
from simulator.sts.operations import Operation
from simulator.sts.parameters import Parameters, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.cause import Cause
    from simulator.diagnosis.conditions import FailedTest
    from simulator.diagnosis.findings import Finding


_SOME_ROLE = "arn:aws:iam::111111111111:role/any"


def external_id(finding: Finding) -> Iterator[Cause]:
    """Report each test of the external id that the call fails."""  # CTX-18, CND-20
    for failed in failed_tests(finding):
        if failed.evidence.test.key.lower() != keys.EXTERNAL_ID:
            continue
        given = "another one is passed" if failed.evidence.actual else "none is passed"
        message = f"the {failed.policy} asks for an external id, and {given}"
        yield condition_cause("IAM313", failed, message, _advice(failed))


def _advice(failed: FailedTest) -> str:
    ids = failed.evidence.test.values.items
    plain = failed.evidence.test.operator == "StringEquals"
    if plain and not any(_can_be_passed(external_id) for external_id in ids):
        return (
            "nobody can pass that: STS takes an external id of 2 to 1224 letters, digits and"
            " `+=,.@:/-`, without blanks"  # STS-27
        )
    if not _can_pass_any(failed):
        return "only AssumeRole takes an external id: this call has none to pass"  # CTX-18
    little = nearest_of(failed)
    if little is not None and little.why is not None:
        return little.why
    return "an external id has to be the same to the letter, upper and lower case included"


def _can_pass_any(failed: FailedTest) -> bool:
    asked = failed.finding.asked
    return not isinstance(asked, Call) or asked.operation is Operation.ASSUME_ROLE


def _can_be_passed(external_id: str) -> bool:
    return refusal(Parameters(_SOME_ROLE, external_id=external_id)) is None
