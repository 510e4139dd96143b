"""IAM303: the resource's policy names the caller, but for other actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.decision.verdict import Layer
from simulator.diagnosis.actions import nearest_action
from simulator.diagnosis.cause import Cause, Place, Remedy
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.permissions import allow_statement, of_token
from simulator.diagnosis.principals import can_grant
from simulator.diagnosis.words import LAYER_NAMES, listed
from simulator.diagnostic import Access
from simulator.federation.issuers import issuer_of
from simulator.matcher.actions import speaks_of
from simulator.policy.edits import add_conditions, add_value, replace_string
from simulator.request.principal import Federated
from simulator.sts.answer import actions
from simulator.sts.call import Call

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.diagnostic import Edit
    from simulator.matcher.statement import StatementMatch
    from simulator.policy.model import ConditionTest

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

#: The actions that principals of a kind cannot call.
_IDLE: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS": ("sts:assumerolewithsaml", "sts:assumerolewithwebidentity"),
    "Federated": ("sts:assumerole",),
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
    statement, request = match.statement, finding.evaluation.request
    if finding.layer is Layer.RESOURCE and not statement.conditions:
        yield allow_statement(finding)
    elif statement.actions.negated:
        return
    elif not isinstance(request.principal, Federated) or _is_scoped(match):
        edit, title = _listing(finding, match)
        also = () if finding.layer is Layer.TRUST else (_others(finding, match),)
        yield Remedy(title, Access.WIDENED, edits=(edit,), also_allows=also)
    else:
        yield _scoped(finding, match)


def _is_scoped(match: StatementMatch) -> bool:
    """Whether a statement says whom it means, or whose customers, of those vouched for."""
    return any(map(_scopes, match.statement.conditions))


def _scopes(test: ConditionTest) -> bool:
    issuer, _, claim = test.key.lower().rpartition(":")
    return claim in ("sub", "user_id") or bool({claim, test.key} & {*issuer_of(issuer).tenancy})


def _scoped(finding: Shortfall, match: StatementMatch) -> Remedy:
    """Return the remedy that trusts the provider for this token's subject alone."""  # TRU-7
    statement, asks = match.statement, of_token(finding.evaluation.request)
    if statement.conditions or not asks:
        return allow_statement(finding)
    edit, title = _listing(finding, match)
    return Remedy(
        f"{title}, for this token's subject and audience alone",
        Access.WIDENED,
        edits=(edit, add_conditions(statement.document, statement, asks)),
    )


def _listing(finding: Shortfall, match: StatementMatch) -> tuple[Edit, str]:
    """Return the edit that lists the missing actions, in the place of one that nobody can call."""
    statement, added = match.statement, _missing(finding, match)
    values = statement.actions.values
    idle = [n for n, text in enumerate(values.items) if _is_idle(match, text)]
    if idle and len(added) == 1:
        edit = replace_string(statement.document, values.place(idle[0]), added[0])
        return edit, f"name the action `{added[0]}` in the place of `{values.items[idle[0]]}`"
    edit = add_value(statement.document, values, *added)
    return edit, f"add {' and '.join(f'`{each}`' for each in added)} to the actions"


def _is_idle(match: StatementMatch, action: str) -> bool:
    """Whether nobody whom a statement names can call an action."""
    principals = match.statement.principals
    kinds = {entry.kind for entry in principals.entries} if principals else set()
    return bool(kinds) and all(action.lower() in _IDLE.get(kind, ()) for kind in kinds)


def _missing(finding: Shortfall, match: StatementMatch) -> tuple[str, ...]:
    """Return the actions that a statement lacks: of a call all that the call needs."""
    asked, patterns = finding.asked, match.statement.actions
    if not isinstance(asked, Call):
        return (finding.evaluation.request.action,)
    return tuple(each for each in actions(asked) if not speaks_of(patterns, each.lower()))


def _others(finding: Shortfall, match: StatementMatch) -> str:
    action = finding.evaluation.request.action
    return f"`{action}` for whomever and whatever else {match.statement.title} names"
