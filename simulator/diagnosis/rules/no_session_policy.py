"""IAM207: a federated user's session was made without a session policy, and so may do nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnosis.cause import Cause
from simulator.diagnosis.findings import Finding, Shortfall
from simulator.diagnosis.permissions import allow_statement, is_session_without_policy

if TYPE_CHECKING:
    from collections.abc import Iterator


def no_session_policy(finding: Finding) -> Iterator[Cause]:
    """Report that `GetFederationToken` was called without a policy."""  # EVAL-65, FED-NO-SESSION
    if not isinstance(finding, Shortfall) or not is_session_without_policy(finding):
        return
    request = finding.evaluation.request
    yield Cause(
        "IAM207",
        finding.layer,
        "the federated user's session was made without a session policy, and so has no permissions",
        wanted=f"{request.action} on {request.resource}",
        given="no session policy",
        help="pass a policy to GetFederationToken: a session may do what both it and the policies"
        " of the user who makes it allow",
        remedies=(allow_statement(finding),),
    )
