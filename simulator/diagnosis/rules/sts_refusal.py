"""IAM70x, IAM71x, IAM72x: STS itself refuses the call, whatever the policies say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnosis.cause import Cause
from simulator.diagnosis.findings import Finding, StsRefusal
from simulator.diagnosis.refusal_remedies import remedies
from simulator.diagnosis.refusal_words import ROWS, advice, told

if TYPE_CHECKING:
    from collections.abc import Iterator


def sts_refusal(finding: Finding) -> Iterator[Cause]:
    """Report the rule of STS that refuses the call."""
    if not isinstance(finding, StsRefusal) or finding.refusal.rule not in ROWS:
        return
    row = ROWS[finding.refusal.rule]
    wanted, given = told(finding)
    yield Cause(
        row.code,
        "sts",
        row.message,
        wanted=wanted,
        given=given,
        help=advice(finding),
        remedies=tuple(remedies(finding)),
    )
