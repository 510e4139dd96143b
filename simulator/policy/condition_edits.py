"""Edits of the condition blocks of statements that keep the look of the rest of the file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from simulator.diagnostic import Edit
from simulator.syntax import append_element, locate, remove_element

if TYPE_CHECKING:
    from simulator.policy.model import ConditionTest, Document, Statement
    from simulator.syntax import JsonValue, Path


def rename_operator(
    document: Document, test: ConditionTest, operator: str, *more: Edit
) -> tuple[Edit, ...]:
    """Return the edit that puts a test under another operator, and further edits with it.

    Nothing where other tests are under the same operator, or some are under the other one already.
    """
    *condition, written, _ = test.path
    block, blocks = (
        object_at(document, (*condition, written)),
        object_at(document, tuple(condition)),
    )
    if len(block) > 1 or operator in blocks:
        return ()
    place = document.key_span(test.path[:-1]).range
    return (Edit(document.source, place, json.dumps(operator)), *more)


def add_test(statement: Statement, operator: str, key: str, value: str) -> tuple[Edit, ...]:
    """Return the edit that adds a test to a statement; nothing where the operator tests the key."""
    document, path = statement.document, statement.path
    blocks = object_at(document, (*path, "Condition"))
    tests = object_at(document, (*path, "Condition", operator))
    if key.lower() in map(str.lower, tests):
        return ()
    member = f"{json.dumps(key)}: {json.dumps(value)}"
    if operator in blocks:
        return (_append(document, (*path, "Condition", operator), member),)
    member = f"{json.dumps(operator)}: {{{member}}}"
    if blocks:
        return (_append(document, (*path, "Condition"), member),)
    return (_append(document, path, f'"Condition": {{{member}}}'),)


def _append(document: Document, path: Path, member: str) -> Edit:
    source = document.source
    container = locate(source).container((*document.root, *path))
    (first, *others), opening = container.elements, container.opening
    # Beside the only member of a line there is no blank to take over.
    gap = "" if others or opening.end < first.start else " "
    return append_element(source, container, f"{gap}{member}")


def remove_test(document: Document, path: Path) -> tuple[Edit, ...]:
    """Return the edit that takes a test, or an operator, out of a statement.

    What is then empty around it goes too, `Condition` being the last of it.
    """
    while len(object_at(document, path[:-1])) == 1 and path[-1] != "Condition":
        path = path[:-1]
    return (remove_member(document, path),)


def remove_member(document: Document, path: Path) -> Edit:
    """Return the edit that takes a member out of an object."""
    index = list(object_at(document, path[:-1])).index(str(path[-1]))
    container = locate(document.source).container((*document.root, *path[:-1]))
    return remove_element(document.source, container, index)


def object_at(document: Document, path: Path) -> dict[str, JsonValue]:
    """Return the object at a path, an empty one where there is none."""
    found: JsonValue = document.value
    for step in path:
        if isinstance(found, list):
            found = found[int(step)]
        elif isinstance(found, dict):
            found = found.get(str(step))
    return found if isinstance(found, dict) else {}
