"""How every element of every statement came out, as plain values: the second pass, for `--trace`.

A truth is `true`, `false` or `unknown`. A place is a file with the line and column of the first
character and of the one after the last, all counted from 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from simulator.decision.requirements import Relation
from simulator.decision.verdict import Layer
from simulator.evaluation.elements import action_of, principal_of, resource_of
from simulator.evaluation.evaluate import explain_level
from simulator.source import Range, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.evaluation.elements import Element
    from simulator.evaluation.evaluate import Evaluation
    from simulator.evaluation.plan import Level
    from simulator.matcher.principals import Reach
    from simulator.matcher.statement import StatementMatch, TestEvidence
    from simulator.policy.model import Document
    from simulator.request.context import RequestContext
    from simulator.request.request import Request
    from simulator.syntax import Path

_WORDS: Final[Mapping[bool | None, str]] = {True: "true", False: "false", None: "unknown"}
_RELATIONS: Final[Mapping[Relation, str]] = {
    Relation.ORDINARY: "same account",
    Relation.DELEGATED: "same account, and the resource's own policy must allow",
    Relation.OTHER_ACCOUNT: "other account",
    Relation.UNSIGNED: "no account of its own",
}


def trace_of(evaluation: Evaluation) -> dict[str, Any]:
    """Return how each layer, statement and element came out for the request of an evaluation.

    `settled` is true where some are unknown, and the decision is the same whatever they are.
    """
    request = evaluation.request
    owner_is_open = request.same_account is None
    relation = "unknown" if owner_is_open else _RELATIONS[evaluation.requirement.relation]
    return {
        "action": request.action,
        "resource": request.resource,
        "resource_account": request.owner,
        "relation": relation,
        "decision": str(evaluation.decision.outcome),
        "settled": bool(evaluation.supposed),
        "layers": list(_layers(evaluation)),
    }


def _layers(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    for layer, verdict in evaluation.verdicts.items():
        levels = evaluation.policies.levels(layer)
        known = evaluation.policies.is_known(layer)
        if known and not any(levels) and layer not in evaluation.decision.missing:
            continue  # there is nothing, and nothing is wanted
        yield {
            "layer": str(layer),
            "known": known,
            "allows": None if layer is Layer.RCP else _WORDS[verdict.grants()],
            "denies": _WORDS[verdict.denies],
            "levels": [_level(evaluation, level) for level in levels],
        }


def _level(evaluation: Evaluation, level: Level) -> list[dict[str, Any]]:
    request = evaluation.request
    return [_statement(match, request) for match in explain_level(evaluation, level)]


def _statement(match: StatementMatch, request: Request) -> dict[str, Any]:
    statement = match.statement
    document = statement.document
    principal, resource = principal_of(match, request), resource_of(match, request)
    return {
        "location": _location(document.span(statement.path)),
        "statement": statement.number,
        "sid": statement.sid or None,
        "effect": str(statement.effect),
        "applies": _WORDS[match.applies],
        "principal": principal and _principals(document, principal, match.reach),
        "action": _patterns(document, action_of(match, request)),
        "resource": resource and _patterns(document, resource),
        "conditions": [_test(document, e, request.context) for e in match.tests],
    }


def _principals(document: Document, element: Element, reach: Reach) -> dict[str, Any]:
    return {
        "element": element.name,
        "outcome": _WORDS[element.holds],
        "reach": reach.name.lower(),
        "location": _member(document, element.path),
        "entries": [
            {
                "value": entry.value,
                "type": entry.kind,
                "outcome": _WORDS[entry.holds],
                "reach": entry.reach.name.lower(),
                "location": _location(document.span(entry.path)),
            }
            for entry in element.entries
        ],
    }


def _patterns(document: Document, element: Element) -> dict[str, Any]:
    return {
        "element": element.name,
        "outcome": _WORDS[element.holds],
        "location": _member(document, element.path),
        "entries": [
            {
                "value": entry.value,
                "outcome": _WORDS[entry.holds],
                "location": _location(document.span(entry.path)),
            }
            for entry in element.entries
        ],
    }


def _test(document: Document, evidence: TestEvidence, context: RequestContext) -> dict[str, Any]:
    test = evidence.test
    return {
        "operator": test.written,
        "key": test.key,
        "outcome": _WORDS[evidence.holds],
        "wanted": [
            {"value": text, "location": _location(document.span(test.values.place(number)))}
            for number, text in enumerate(test.values.items)
        ],
        "given": _given(test.key.lower(), context),
        "location": _member(document, test.path),
    }


def _given(key: str, context: RequestContext) -> dict[str, Any]:
    """Return what the request has for a key; of the unknown, whether it is there at all."""
    presence, values = context.presence(key), context.values(key)
    if presence is False:
        return {"state": "absent", "present": "false", "values": []}
    state = "unknown" if values is None else "given"
    return {"state": state, "present": _WORDS[presence], "values": list(values or ())}


def _member(document: Document, path: Path) -> dict[str, Any]:
    """Return where an element stands, from its name to its last value."""
    value, key = document.span(path), document.key_span(path)
    return _location(Span(value.source, Range(key.range.start, value.range.end)))


def _location(span: Span) -> dict[str, Any]:
    source, (start, end) = span.in_file()
    (line, column), (end_line, end_column) = source.place(start), source.place(end)
    return {
        "file": source.name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    }
