"""IAM306: who is not of the resource's account needs its policy, and it has none that allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Cause
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.permissions import (
    allow_in_grant,
    can_have_policy,
    none_was_given,
    statements_place,
)
from simulator.diagnosis.principals import (
    GRANTORS,
    can_grant,
    is_of_key,
    partitions_apart,
    unnamed_signed,
)
from simulator.request.principal import called

if TYPE_CHECKING:
    from collections.abc import Iterator


def no_resource_policy(finding: Finding) -> Iterator[Cause]:
    """Report a resource without a known policy that could let the caller in."""  # EVAL-30x
    if not isinstance(finding, Shortfall) or finding.layer not in GRANTORS:
        return
    of_role = not can_grant(finding)  # TRU-1
    silent = finding.stage is Stage.NOTHING and finding.layer is Layer.RESOURCE
    if not of_role and (not silent or is_of_key(finding) or unnamed_signed(finding) is None):
        return
    request = finding.evaluation.request
    yield Cause(
        "IAM306",
        finding.layer,
        _message(finding, of_role=of_role),
        statements_place(finding),
        "none of these statements can allow this" if of_role else "none of these allows anything",
        f"{request.action} for {called(request.principal)}",
        "no statement" if finding.level else "no policy",
        partitions_apart(finding)
        or f"{none_was_given(finding)}a policy of the caller and the policy of the resource both"
        " have to allow the request; what can have no such policy is reached through a role of its"
        " own account",
        allow_in_grant(finding) if can_have_policy(request) else (),
    )


def _message(finding: Shortfall, *, of_role: bool) -> str:
    if of_role:
        return "a role's policy can only let it be assumed, and the caller is of another account"
    if finding.level:
        return "the resource-based policy allows nothing, and the caller is of another account"
    return "no policy of the resource was given, and the caller is of another account"
