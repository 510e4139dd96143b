"""A layer that limits does not allow the request: boundary, session policy, SCP, endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Cause
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.permissions import (
    allow_statement,
    is_session_without_policy,
    statements_place,
)
from simulator.diagnosis.words import LAYER_NAMES, done

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CODES: Mapping[Layer, str] = {
    Layer.BOUNDARY: "IAM205",
    Layer.SESSION: "IAM206",
    Layer.SCP: "IAM401",
    Layer.ENDPOINT: "IAM431",
}
_ADVICE: Mapping[Layer, str] = {
    Layer.BOUNDARY: "a boundary caps what the caller's policies allow: adding an Allow elsewhere"
    " cannot help",
    Layer.SESSION: "a session policy is given when the session is made: make the session anew with"
    " a policy that allows this",
    Layer.SCP: "every level from the root of the organization to the caller's account has to allow"
    " the call; only the organization's administrators can change that",
    Layer.ENDPOINT: "what goes through a VPC endpoint needs its leave, whatever the other policies"
    " allow",
}


def limit_silent(finding: Finding) -> Iterator[Cause]:
    """Report a limit without an Allow for the call."""  # EVAL-10, EVAL-23, EVAL-41, EVAL-60
    if not isinstance(finding, Shortfall) or finding.layer not in CODES:
        return
    if finding.stage is Stage.CONDITION or is_session_without_policy(finding):
        return
    request, name = finding.evaluation.request, LAYER_NAMES[finding.layer]
    yield Cause(
        CODES[finding.layer],
        finding.layer,
        f"the {name} does not allow {done(request)}",
        statements_place(finding),
        f"none of these statements allows `{request.action}` on `{request.resource}`",
        f"{request.action} on {request.resource}",
        "no statement that allows it",
        _ADVICE[finding.layer],
        (allow_statement(finding),) if finding.level else (),
    )
