"""Remedies that take a Deny or a condition out of the way: the narrowest there is, and told so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.catalog import keys
from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Rank, Remedy
from simulator.diagnosis.changes import NETWORKS, changes
from simulator.diagnosis.permissions import allowing, also_named, path_hint
from simulator.diagnosis.possible import can_have
from simulator.diagnosis.words import LAYER_NAMES, describe
from simulator.diagnostic import Access
from simulator.matcher.actions import takes_in
from simulator.policy.edits import (
    add_condition,
    add_statement,
    add_value,
    move_test,
    remove_test,
)
from simulator.request.principal import UNSIGNED, Federated, principal_arn
from simulator.sts.answer import actions
from simulator.sts.call import Call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.findings import Prohibition, Shortfall
    from simulator.diagnostic import Edit
    from simulator.matcher.statement import StatementMatch, TestEvidence
    from simulator.policy.model import Patterns, Statement
    from simulator.request.request import Request

#: The layers whose policies are attached to the caller, or go with its session.
_OF_CALLER: Final = (Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION)


class _Spared(NamedTuple):
    """Whom a Deny is to spare: the operator and key that except the caller, and its value."""

    operator: str
    key: str
    value: str


def exceptions(finding: Prohibition) -> Iterator[Remedy]:
    """Yield the edits after which a Deny leaves the call alone, the narrowest one only.

    A policy of the caller's own that names what it spares (`NotAction`, `NotResource`) can spare
    one more; elsewhere the Deny goes on for everybody but the caller.
    """
    statement, request = finding.match.statement, finding.evaluation.request
    document, name = statement.document, LAYER_NAMES[finding.layer]
    spared = _spared(request)
    for patterns, value in _lists_of_spared(finding):
        yield _unguarded(
            f"let {statement.title} of the {name} spare `{value}`",
            (add_value(document, patterns.values, value),),
            f"`{value}` in all cases in which {statement.title} denies",
        )
        return
    if spared is not None:
        edit = add_condition(document, statement, *spared)
        hint = path_hint(request.principal)
        yield _unguarded(
            f"let {statement.title} of the {name} spare `{spared.value}`{hint}",
            (edit,),
            f"whatever else {statement.title} denies, to `{spared.value}`",
        )


def _lists_of_spared(finding: Prohibition) -> Iterator[tuple[Patterns, str]]:
    """Yield what a Deny of the caller's own spares, and what of the request it could spare too."""
    statement, request = finding.match.statement, finding.evaluation.request
    if finding.layer in _OF_CALLER:
        if statement.actions.negated:
            yield statement.actions, request.action
        if statement.resources is not None and statement.resources.negated:
            yield statement.resources, request.resource


def _spared(request: Request) -> _Spared | None:
    if isinstance(request.principal, Federated):
        subjects = ((k, v) for k, v in request.context.known.items() if k.endswith((":sub",)))
        key, value = next(subjects, ("", None))
        return _Spared("StringNotEquals", key, value) if isinstance(value, str) else None
    if isinstance(request.principal, UNSIGNED):
        return None
    return _Spared("ArnNotEquals", "aws:PrincipalArn", str(principal_arn(request.principal)))


def unconditioned(finding: Shortfall, match: StatementMatch) -> Iterator[Remedy]:
    """Yield the edit after which the conditions that a call fails no longer stand in its way.

    The call is allowed in a statement of its own, with all conditions that do not fail; a statement
    about nothing but such calls is changed itself. What another call of the kind could have is
    still asked of those that do have it.
    """
    failing = [e for e in match.tests if e.holds is False and not _can_be_met(finding, match, e)]
    if not failing or not finding.level:
        return
    statement, name = match.statement, LAYER_NAMES[finding.layer]
    also = (
        *also_named(finding.evaluation.request.principal),
        *(_kept_out(finding, evidence) for evidence in failing),
    )
    if len(failing) == 1 and _is_about_this(finding, match):
        (evidence,) = failing
        edits, how = _in_place(finding, statement, evidence)
        title = f"{how} {statement.title} of the {name}"
    else:
        edits = (add_statement(statement.document, _alone(finding, match, failing)),)
        names = " and ".join(f"`{action}`" for action in _actions(finding, match))
        title = f"allow {names} in a statement of its own {_spoken(finding, failing)}"
    yield _unguarded(title, edits, *also)


def _spoken(finding: Shortfall, failing: list[TestEvidence]) -> str:
    """Return what becomes of conditions in a statement that is there for the call alone."""
    spoken = " and ".join(f"`{evidence.test.key}`" for evidence in failing)
    if all(_where_there(finding, evidence) for evidence in failing):
        return f"that asks for {spoken} only where a call has it"
    return f"without the condition on {spoken}"


def _kept_out(finding: Shortfall, evidence: TestEvidence) -> str:
    """Return which calls a condition kept out that is lifted."""
    if _where_there(finding, evidence):
        return f"calls that do not have `{evidence.test.key}`"
    return f"calls with `{describe(evidence.test, holds=False)}`"


def _can_be_met(finding: Shortfall, match: StatementMatch, evidence: TestEvidence) -> bool:
    """Whether one who calls can have a test met by how he calls, wherever he is."""
    found = changes(finding.asked, finding.evaluation, match, evidence.test, holds=True)
    return any(each.is_parameter and each.key not in NETWORKS for each in found)


def _actions(finding: Shortfall, match: StatementMatch) -> list[str]:
    """Return the action that is asked for, and what the call needs beside it of a statement."""
    asked, patterns = finding.asked, match.statement.actions
    own = finding.evaluation.request.action
    needed = actions(asked) if isinstance(asked, Call) else ()
    beside = (
        action
        for action in needed
        if any(takes_in(text, action.lower()) for text in patterns.values.items)
        is not patterns.negated
    )
    return list(dict.fromkeys((own, *beside)))


def _is_about_this(finding: Shortfall, match: StatementMatch) -> bool:
    """Whether a statement speaks of the caller, of such a call and of the resource alone."""
    statement, alone = match.statement, allowing(finding.evaluation.request, finding.layer)
    return all(
        pattern is None or (not pattern.negated and set(pattern.values.items) <= {*texts})
        for pattern, texts in (
            (statement.actions, _actions(finding, match)),
            (statement.resources, [str(alone.get("Resource"))]),
        )
    ) and _names_alone(statement, alone.get("Principal"))


def _names_alone(statement: Statement, principal: object) -> bool:
    pattern = statement.principals
    if pattern is None or principal is None:
        return pattern is None
    named = [{entry.kind: entry.value} for entry in pattern.entries]
    return not pattern.negated and named == [principal]


def _in_place(
    finding: Shortfall, statement: Statement, evidence: TestEvidence
) -> tuple[tuple[Edit, ...], str]:
    """Return the edits that lift a test, and the beginning of what they are called."""
    document, test = statement.document, evidence.test
    operator = _where_there(finding, evidence)
    edits = move_test(document, statement, test, operator) if operator else ()
    if edits:
        return edits, f"ask for `{test.key}` only where a call has it (`{operator}`) in"
    return (remove_test(document, statement, test),), f"take the condition on `{test.key}` out of"


def _where_there(finding: Shortfall, evidence: TestEvidence) -> str | None:
    """Return the operator that asks for a key only where it is there, if that lifts a test."""
    test, key = evidence.test, evidence.test.key.lower()
    is_plain = not test.if_exists and test.operator != "Null"
    could_be = key != keys.EXTERNAL_ID and can_have(finding.asked, key)
    return f"{test.written}IfExists" if is_plain and evidence.actual == () and could_be else None


def _alone(
    finding: Shortfall, match: StatementMatch, failing: list[TestEvidence]
) -> dict[str, object]:
    """Return the statement that allows the call alone, without the conditions that it fails."""
    kept: dict[str, dict[str, object]] = {}
    for evidence in match.tests:
        test = evidence.test
        operator = _where_there(finding, evidence) if evidence in failing else test.written
        if operator is not None:
            values = list(test.values.items)
            kept.setdefault(operator, {})[test.key] = values if test.values.listed else values[0]
    found = allowing(finding.evaluation.request, finding.layer)
    names = _actions(finding, match)
    found["Action"] = names if len(names) > 1 else names[0]
    return (
        {**found, "Condition": kept}
        if kept
        else {k: v for k, v in found.items() if k != "Condition"}
    )


def _unguarded(title: str, edits: tuple[Edit, ...], *also: str) -> Remedy:
    return Remedy(
        title,
        Access.WIDENED,
        edits=edits,
        also_allows=also,
        rank=Rank.UNGUARDED,
    )
