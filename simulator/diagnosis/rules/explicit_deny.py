"""A statement denies the call; one code for each layer it may stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.verdict import Layer
from simulator.diagnosis.conditions import deny_cause, without_key
from simulator.diagnosis.findings import Finding, Prohibition
from simulator.diagnosis.words import LAYER_NAMES
from simulator.request.principal import AccountRoot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.diagnosis.cause import Cause

CODES: Mapping[Layer, str] = {
    Layer.IDENTITY: "IAM210",
    Layer.BOUNDARY: "IAM211",
    Layer.SESSION: "IAM212",
    Layer.TRUST: "IAM320",
    Layer.RESOURCE: "IAM321",
    Layer.SCP: "IAM410",
    Layer.RCP: "IAM420",
    Layer.ENDPOINT: "IAM430",
}


def explicit_deny(finding: Finding) -> Iterator[Cause]:
    """Report a Deny that applies, with the conditions that made it apply."""  # EVAL-2
    if not isinstance(finding, Prohibition):
        return
    statement, principals = finding.match.statement, finding.match.statement.principals
    if principals is not None and principals.negated:
        return
    action = finding.evaluation.request.action
    message = f"{statement.title} of the {LAYER_NAMES[finding.layer]} denies `{action}`"
    yield deny_cause(CODES[finding.layer], finding, message, _advice(finding))


def _advice(finding: Prohibition) -> str:
    if isinstance(finding.evaluation.request.principal, AccountRoot):
        if finding.layer in (Layer.SCP, Layer.RCP):  # EVAL-40, EVAL-51
            return (
                "the root user of a member account is bound by its organization like anybody else"
            )
        return "the root user has all permissions, but for what a Deny takes away"  # EVAL-1
    trap = without_key(finding)
    if trap is not None:
        return trap
    if finding.match.tests:
        return "either the call avoids the conditions of the Deny, or the policy's owner changes it"
    return "the statement has no condition: only whoever owns the policy can lift it"
