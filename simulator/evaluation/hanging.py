"""Whether a decision could hang on facts about the request at all, soon found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.verdict import Layer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.evaluation.evaluate import Evaluation
    from simulator.policy.model import Statement


def hangs_on_facts(evaluations: Iterable[Evaluation]) -> bool:
    """Whether a statement that speaks of one of the actions has conditions or variables."""
    return any(
        _asks_facts(compiled.statement) and compiled.speaks_of(evaluation.request.action.lower())
        for evaluation in evaluations
        for layer in Layer
        for policy in evaluation.policies.documents(layer)
        for compiled in policy.statements
    )


def _asks_facts(statement: Statement) -> bool:
    patterns = statement.resources if statement.variables else None
    return bool(statement.conditions) or any(
        "${" in text for text in (patterns.values.items if patterns else ())
    )
