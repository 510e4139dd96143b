"""IAM201: no identity-based policy of the caller speaks of the action at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.requirements import Relation
from simulator.decision.verdict import Layer
from simulator.diagnosis.actions import Named, action_meant, corrected
from simulator.diagnosis.cause import Cause
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.permissions import allow_statement, statements_place
from simulator.diagnosis.words import LAYER_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator


def no_permission(finding: Finding) -> Iterator[Cause]:
    """Report that the caller has no permission for the action."""  # EVAL-10, EVAL-21, EVAL-30x
    if not isinstance(finding, Shortfall) or finding.layer is not Layer.IDENTITY:
        return
    if finding.stage not in (Stage.NOTHING, Stage.ACTION):
        return
    request, named = finding.evaluation.request, action_meant(finding)
    misspelt = named is not None and named.is_misspelt
    yield Cause(
        "IAM201",
        Layer.IDENTITY,
        f"no identity-based policy of the caller allows `{request.action}`",
        named.place if named else statements_place(finding),
        _label(named, request.action),
        f"{request.action} on {request.resource}",
        named.text if named else "no statement",
        _advice(finding),
        (corrected(named, request.action),) if named and misspelt else (allow_statement(finding),),
    )


def _label(named: Named | None, action: str) -> str:
    if named is None:
        return f"none of these statements allows `{action}`"
    meant = f": `{action}` was probably meant" if named.is_misspelt else ""
    return f"{named.why}{meant}"


def _advice(finding: Shortfall) -> str:
    requirement = finding.evaluation.requirement
    if requirement.relation is Relation.ORDINARY:
        return "a policy of the user, of one of its groups or of the role has to allow it"
    what = "the call" if requirement.grantor is Layer.TRUST else "the request"
    policy = LAYER_NAMES[requirement.grantor]
    return f"the {policy} only opens the door: the caller's own account has to allow {what} too"
