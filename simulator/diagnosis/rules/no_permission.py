"""IAM201: no identity-based policy of the caller speaks of the action at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Cause
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.permissions import allow_statement, statements_place

if TYPE_CHECKING:
    from collections.abc import Iterator


def no_permission(finding: Finding) -> Iterator[Cause]:
    """Report that the caller has no permission for the action."""  # EVAL-21, EVAL-30x
    if not isinstance(finding, Shortfall) or finding.layer is not Layer.IDENTITY:
        return
    if finding.stage not in (Stage.NOTHING, Stage.ACTION):
        return
    request = finding.evaluation.request
    yield Cause(
        "IAM201",
        Layer.IDENTITY,
        f"no identity-based policy of the caller allows `{request.action}`",
        statements_place(finding),
        f"none of these statements allows `{request.action}`",
        f"{request.action} on {request.resource}",
        "no statement",
        "the trust policy only opens the door: the caller's own account has to allow the call too",
        (allow_statement(finding),),
    )
