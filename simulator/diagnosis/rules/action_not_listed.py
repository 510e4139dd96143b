"""IAM303: the trust policy names the caller, but for other actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Cause, Place, Remedy
from simulator.diagnosis.edits import add_value
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.words import listed
from simulator.diagnostic import Access

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# TRU-2, STS-50, STS-52
_ADVICE: Mapping[str, str] = {
    "sts:AssumeRole": "a user or role calls `sts:AssumeRole`; the calls with SAML and WebIdentity"
    " are made by identity providers",
    "sts:TagSession": "a call that passes tags, or inherits transitive ones, needs this action too",
    "sts:SetSourceIdentity": "a call that passes a source identity, or inherits one, needs this"
    " action too",
}


def action_not_listed(finding: Finding) -> Iterator[Cause]:
    """Report the statement that names the caller without the action."""
    if not isinstance(finding, Shortfall) or finding.layer is not Layer.TRUST:
        return
    if finding.stage is not Stage.ACTION:
        return
    action = finding.evaluation.request.action
    for match in finding.near[:1]:
        patterns = match.statement.actions
        document = match.statement.document
        edits = () if patterns.negated else (add_value(document, patterns.values, action),)
        remedy = Remedy(f"add `{action}` to the actions", Access.WIDENED, edits=edits)
        yield Cause(
            "IAM303",
            Layer.TRUST,
            f"the trust policy names the caller, but not for `{action}`",
            Place(document, patterns.values.path),
            f"`{action}` is not among these",
            listed(patterns.values.items) or "no action at all",
            action,
            _ADVICE[action],
            (remedy,) if edits else (),
        )
