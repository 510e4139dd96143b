"""Edits of the condition block of a statement."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from simulator.diagnostic import Edit

if TYPE_CHECKING:
    from simulator.policy.model import ConditionTest, Statement
    from simulator.syntax import JsonValue


def rename_operator(
    statement: Statement, test: ConditionTest, operator: str, *more: Edit
) -> tuple[Edit, ...]:
    """Return the edit that puts a test under another operator, and what else is to be edited.

    Nothing where other tests are under the same operator, or some are under the other one already.
    """
    *_, condition, written, _ = test.path
    blocks = _object(statement, condition)
    if len(_object(statement, condition, written)) > 1 or operator in blocks:
        return ()
    document = statement.document
    place = document.key_span(test.path[:-1]).range
    return Edit(document.source, place, json.dumps(operator)), *more


def _object(statement: Statement, *steps: str | int) -> dict[str, JsonValue]:
    """Return the object below a statement, an empty one where there is none."""
    found: JsonValue = statement.document.value
    for step in (*statement.path, *steps):
        if isinstance(found, list):
            found = found[int(step)]
        elif isinstance(found, dict):
            found = found.get(str(step), {})
    return found if isinstance(found, dict) else {}
