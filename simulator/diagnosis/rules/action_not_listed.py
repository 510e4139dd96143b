"""IAM303: the resource's policy names the caller, but for other actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.verdict import Layer
from simulator.diagnosis.actions import nearest_action
from simulator.diagnosis.cause import Cause, Place, Remedy
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.permissions import allow_statement
from simulator.diagnosis.principals import can_grant
from simulator.diagnosis.words import LAYER_NAMES, listed
from simulator.diagnostic import Access
from simulator.matcher.actions import speaks_of
from simulator.policy.edits import add_value
from simulator.sts.answer import actions
from simulator.sts.call import Call

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.matcher.statement import StatementMatch

# TRU-2, STS-50, STS-52
_ADVICE: Mapping[str, str] = {
    "sts:assumerole": "a user or role calls `sts:AssumeRole`; the calls with SAML and WebIdentity"
    " are made by identity providers",
    "sts:assumerolewithwebidentity": "a token is presented with `sts:AssumeRoleWithWebIdentity`,"
    " and `sts:AssumeRole` is called by users and roles",
    "sts:assumerolewithsaml": "an assertion is presented with `sts:AssumeRoleWithSAML`, and"
    " `sts:AssumeRole` is called by users and roles",
    "sts:tagsession": "a call that passes tags, or inherits transitive ones, needs this action too",
    "sts:setsourceidentity": "a call that passes a source identity, or inherits one, needs this"
    " action too",
}


def action_not_listed(finding: Finding) -> Iterator[Cause]:
    """Report the statement that names the caller without the action."""
    if not isinstance(finding, Shortfall) or not can_grant(finding):
        return
    if finding.stage is not Stage.ACTION:
        return
    action, named = finding.evaluation.request.action, nearest_action(finding)
    match = named.match if named else finding.near[0]
    patterns = match.statement.actions
    yield Cause(
        "IAM303",
        finding.layer,
        f"the {LAYER_NAMES[finding.layer]} names the caller, but not for `{action}`",
        Place(match.statement.document, patterns.values.path),
        f"`{action}` is not among these",
        listed(patterns.values.items) or "no action at all",
        action,
        _ADVICE.get(action.lower()),
        tuple(_remedies(finding, match)),
    )


def _remedies(finding: Shortfall, match: StatementMatch) -> Iterator[Remedy]:
    statement = match.statement
    if finding.layer is Layer.RESOURCE and not statement.conditions:
        yield allow_statement(finding)
    elif not statement.actions.negated:
        added = _missing(finding, match)
        edit = add_value(statement.document, statement.actions.values, *added)
        also = () if finding.layer is Layer.TRUST else (_others(finding, match),)
        title = f"add {' and '.join(f'`{each}`' for each in added)} to the actions"
        yield Remedy(title, Access.WIDENED, edits=(edit,), also_allows=also)


def _missing(finding: Shortfall, match: StatementMatch) -> tuple[str, ...]:
    """Return the actions that a statement lacks: of a call all that the call needs."""
    asked, patterns = finding.asked, match.statement.actions
    if not isinstance(asked, Call):
        return (finding.evaluation.request.action,)
    return tuple(each for each in actions(asked) if not speaks_of(patterns, each.lower()))


def _others(finding: Shortfall, match: StatementMatch) -> str:
    action = finding.evaluation.request.action
    return f"`{action}` for whomever and whatever else {match.statement.title} names"
