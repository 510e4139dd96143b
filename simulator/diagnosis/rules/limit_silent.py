"""A layer that limits does not allow the request: boundary, session policy, SCP, endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.decision.verdict import Layer
from simulator.diagnosis.actions import action_meant
from simulator.diagnosis.cause import Cause, Place
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.permissions import (
    allow_statement,
    is_session_without_policy,
    statements_place,
)
from simulator.diagnosis.resources import nearest_resource
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
    " the call{level}; only the organization's administrators can change that",
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
    near = _nearest(finding)
    yield Cause(
        CODES[finding.layer],
        finding.layer,
        f"the {name} does not allow {done(request)}",
        near.place if near else statements_place(finding),
        near.label
        if near
        else f"none of these statements allows `{request.action}` on `{request.resource}`",
        f"{request.action} on {request.resource}",
        near.given if near else "no statement that allows it",
        _ADVICE[finding.layer].format(level=_level(finding)),
        (allow_statement(finding),) if finding.level else (),
    )


class _Near(NamedTuple):
    """The element that keeps the statement that was probably meant from allowing the request."""

    place: Place
    label: str
    given: str


def _nearest(finding: Shortfall) -> _Near | None:
    action, resource = action_meant(finding), nearest_resource(finding)
    if action is not None:
        return _Near(action.place, f"{action.why}", action.text)
    if resource is not None and resource.near:
        place = Place(resource.match.statement.document, resource.path)
        return _Near(place, f"{resource.why}", resource.text)
    return None


def _level(finding: Shortfall) -> str:
    """Return which level of the organization does not allow, if there are several."""  # EVAL-41
    count = len(finding.evaluation.policies.levels(finding.layer))
    if finding.layer is not Layer.SCP or count == 1:
        return ""
    return f", and this is level {finding.number} of {count}"
