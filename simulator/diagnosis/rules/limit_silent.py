"""A layer that limits does not allow the call: boundary, session policy, service control policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Cause
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.permissions import allow_statement, statements_place
from simulator.diagnosis.words import LAYER_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CODES: Mapping[Layer, str] = {
    Layer.BOUNDARY: "IAM205",
    Layer.SESSION: "IAM206",
    Layer.SCP: "IAM401",
}
_ADVICE: Mapping[Layer, str] = {
    Layer.BOUNDARY: "a boundary caps what the caller's policies allow: adding an Allow elsewhere"
    " cannot help",
    Layer.SESSION: "a session policy is given when the session is made: make the session anew with"
    " a policy that allows this",
    Layer.SCP: "every level from the root of the organization to the caller's account has to allow"
    " the call; only the organization's administrators can change that",
}


def limit_silent(finding: Finding) -> Iterator[Cause]:
    """Report a limit without an Allow for the call."""  # EVAL-10, EVAL-23, EVAL-41
    if not isinstance(finding, Shortfall) or finding.layer not in CODES:
        return
    if finding.stage is Stage.CONDITION:
        return
    request, name = finding.evaluation.request, LAYER_NAMES[finding.layer]
    yield Cause(
        CODES[finding.layer],
        finding.layer,
        f"the {name} does not allow `{request.action}` on this role",
        statements_place(finding),
        f"none of these statements allows `{request.action}` on `{request.resource}`",
        f"{request.action} on {request.resource}",
        "no statement that allows it",
        _ADVICE[finding.layer],
        (allow_statement(finding),) if finding.level else (),
    )
