"""The smallest sets of facts about the request with which it would be allowed."""

from __future__ import annotations

from itertools import combinations, islice
from typing import TYPE_CHECKING

from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.diagnosis.asked import outcome_of
from simulator.diagnosis.changes import FactChange, changes, own_resource, placed_by_variables
from simulator.diagnosis.what_if import affordable
from simulator.evaluation.evaluate import explain_level
from simulator.matcher.principals import Reach
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from simulator.diagnosis.asked import Asked
    from simulator.evaluation.evaluate import Evaluation
    from simulator.matcher.statement import StatementMatch

_MOST_FACTS = 4
_MOST_TRIED = 600
_MOST_SETS = 8
_MOST_KNOWN = 60


def allowed_if(asked: Asked, evaluations: Iterable[Evaluation]) -> tuple[tuple[str, ...], ...]:
    """Return the minimal sets of facts, each of which alone would lead to a yes."""
    found: list[frozenset[str]] = []
    known = list(islice(_distinct(asked, evaluations), _MOST_KNOWN))
    for together in islice(_combinations(known), affordable(asked, _MOST_TRIED)):
        if len(found) == _MOST_SETS:
            break
        facts = frozenset(change.fact for change in together)
        if any(smaller <= facts for smaller in found):
            continue
        if _succeeds(asked, together):
            found.append(facts)
    order = {change.fact: place for place, change in enumerate(known)}
    return tuple(tuple(sorted(facts, key=order.__getitem__)) for facts in found)


def _combinations(known: list[FactChange]) -> Iterator[tuple[FactChange, ...]]:
    for size in range(1, min(_MOST_FACTS, len(known)) + 1):
        for together in combinations(known, size):
            if len({change.key for change in together}) == size:
                yield together


def _succeeds(asked: Asked, together: tuple[FactChange, ...]) -> bool:
    for change in together:
        asked = change.applied(asked)
    return outcome_of(asked) is Outcome.ALLOWED


def _distinct(asked: Asked, evaluations: Iterable[Evaluation]) -> Iterator[FactChange]:
    """Yield the changes worth trying, one for each fact; several values may state the same one."""
    seen: set[tuple[str, int]] = set()
    for evaluation in evaluations:
        if evaluation.decision.outcome is Outcome.ALLOWED:
            continue
        yield from own_resource(asked, evaluation)
        for match in _worth_changing(evaluation):
            if match.resource is False:
                yield from placed_by_variables(asked, evaluation, match)
            allows = match.statement.effect is Effect.ALLOW
            for evidence in match.tests:
                if evidence.holds is allows:
                    continue
                found = changes(asked, evaluation, match, evidence.test, holds=allows)
                for place, change in enumerate(found):
                    if place < 2 and (change.fact, place) not in seen:
                        seen.add((change.fact, place))
                        yield change


def _worth_changing(evaluation: Evaluation) -> Iterator[StatementMatch]:
    """Yield the statements that only their conditions keep from allowing, or make deny."""
    for layer in Layer:
        for level in evaluation.policies.levels(layer):
            for match in explain_level(evaluation, level):
                named = match.reach > Reach.NOBODY and match.action and _may_name(match)
                allows = match.statement.effect is Effect.ALLOW
                if named and match.applies is not allows:
                    yield match


def _may_name(match: StatementMatch) -> bool:
    """Whether a statement speaks of the resource, or would if its variables said something else."""
    if match.resource is not False:
        return True
    patterns, allows = match.statement.resources, match.statement.effect is Effect.ALLOW
    texts = patterns.values.items if patterns and match.statement.variables else ()
    return allows and any("${" in text for text in texts)
