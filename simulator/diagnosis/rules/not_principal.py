"""IAM322: a Deny for everyone but those it lists, and the caller is not spared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnosis.conditions import deny_cause
from simulator.diagnosis.findings import Finding, Prohibition, spares_nobody
from simulator.diagnosis.words import LAYER_NAMES
from simulator.request.principal import RoleSession

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.cause import Cause


def not_principal(finding: Finding) -> Iterator[Cause]:
    """Report a Deny with NotPrincipal that applies."""  # PRN-25
    if not isinstance(finding, Prohibition):
        return
    statement = finding.match.statement
    if statement.principals is None or not statement.principals.negated:
        return
    name, action = LAYER_NAMES[finding.layer], finding.evaluation.request.action
    message = f"{statement.title} of the {name} denies `{action}` to all but those it lists"
    yield deny_cause("IAM322", finding, message, _advice(finding))


def _advice(finding: Prohibition) -> str:
    if spares_nobody(finding.evaluation, finding.match):
        return (
            "the caller has a permissions boundary, and such a Deny spares nobody who has one: deny"
            " everyone instead, with `ArnNotEquals` on `aws:PrincipalArn`"
        )
    return (
        "AWS asks that a session, its role and its account all be listed: denying everyone with"
        " `ArnNotEquals` on `aws:PrincipalArn` is simpler"
        if isinstance(finding.evaluation.request.principal, RoleSession)
        else "who is not listed is denied, whatever else allows: only the policy's owner can list"
        " the caller"
    )
