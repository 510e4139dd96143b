"""Edits of policy documents that keep the look of the rest of the file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from simulator.diagnostic import Edit
from simulator.source import Range
from simulator.syntax import append_element, locate, remove_element, value_at

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from simulator.policy.model import ConditionTest, Document, Statement, Values
    from simulator.syntax import Path


def replace_string(document: Document, path: Path, text: str) -> Edit:
    """Return the edit that puts another string in the place of one."""
    return Edit(document.source, document.span(path).range, json.dumps(text))


def add_value(document: Document, values: Values, *texts: str) -> Edit:
    """Return the edit that adds strings to an element; a bare string becomes a list."""
    added = ", ".join(map(json.dumps, texts))
    if values.listed:
        path = (*document.root, *values.path)
        container = locate(document.source).container(path)
        return append_element(document.source, container, added)
    span = document.span(values.path)
    return Edit(document.source, span.range, f"[{span.text}, {added}]")


def add_statement(document: Document, statement: Mapping[str, object]) -> Edit:
    """Return the edit that adds a statement at the end, indented as the last one is."""
    path: Path = (*document.root, "Statement")
    value = document.value
    listed = isinstance(value, dict) and isinstance(value["Statement"], list)
    if not listed:
        span = document.span(("Statement",))
        added = _indented(document, span.range, statement)
        return Edit(document.source, span.range, f"[{span.text}, {added}]")
    container = locate(document.source).container(path)
    last = container.elements[-1]
    return append_element(document.source, container, _indented(document, last, statement))


def add_condition(
    document: Document, statement: Statement, operator: str, key: str, value: str
) -> Edit:
    """Return the edit that adds a value to a condition test, which is made where there is none."""
    for test in statement.conditions:
        plain = not test.if_exists and test.quantifier is None
        if plain and (test.operator, test.key.lower()) == (operator, key.lower()):
            return add_value(document, test.values, value)
    member = f"{json.dumps(key)}: {json.dumps(value)}"
    return _with_member(document, (*statement.path, "Condition"), operator, member)


def add_conditions(
    document: Document, statement: Statement, conditions: Mapping[str, object]
) -> Edit:
    """Return the edit that gives a `Condition` to a statement that has none."""
    return _append(document, statement.path, f'"Condition": {json.dumps(conditions)}')


def move_test(
    document: Document, statement: Statement, test: ConditionTest, operator: str
) -> tuple[Edit, ...]:
    """Return the edits that put a test, with its values as they are, under another operator.

    There are none where that operator tests the key already.
    """
    condition = (*statement.path, "Condition")
    beside, target = _keys(document, test.path[:-1]), _keys(document, (*condition, operator))
    if str(test.path[-1]) in target:
        return ()
    if len(beside) == 1 and not target:
        name = document.key_span(test.path[:-1])
        return (Edit(document.source, name.range, json.dumps(operator)),)
    member = f"{json.dumps(test.path[-1])}: {document.span(test.path).text}"
    return (
        remove_test(document, statement, test),
        _with_member(document, condition, operator, member),
    )


def remove_test(document: Document, statement: Statement, test: ConditionTest) -> Edit:
    """Return the edit that takes a test out, and the elements that would be empty without it."""
    path = test.path
    while len(path) > len(statement.path) + 1 and len(_keys(document, path[:-1])) == 1:
        path = path[:-1]
    container = locate(document.source).container((*document.root, *path[:-1]))
    index = list(_keys(document, path[:-1])).index(str(path[-1]))
    return remove_element(document.source, container, index)


def _with_member(document: Document, condition: Path, operator: str, member: str) -> Edit:
    """Return the edit that adds a member to an operator of a `Condition`, made if need be."""
    if _keys(document, (*condition, operator)):
        return _append(document, (*condition, operator), member)
    member = f"{json.dumps(operator)}: {{{member}}}"
    if _keys(document, condition):
        return _append(document, condition, member)
    return _append(document, condition[:-1], f'"Condition": {{{member}}}')


def _append(document: Document, path: Path, text: str) -> Edit:
    container = locate(document.source).container((*document.root, *path))
    return append_element(document.source, container, text)


def _keys(document: Document, path: Path) -> Collection[str]:
    """Return the names in an object of a document, none where there is no such object."""
    try:
        value = value_at(document.value, path)
    except (KeyError, IndexError):
        return ()
    return value.keys() if isinstance(value, dict) else ()


def remove_values(document: Document, path: Path, indices: Collection[int]) -> tuple[Edit, ...]:
    """Return the edits that take some of the elements of a list out; one element has to stay.

    Each of them is right without the others too.
    """
    source = document.source
    container = locate(source).container((*document.root, *path))
    elements = container.elements
    first_kept = next(index for index in range(len(elements)) if index not in indices)
    return tuple(
        Edit(source, Range(elements[index].start, elements[index + 1].start), "")
        if index < first_kept
        else remove_element(source, container, index)
        for index in sorted(indices)
    )


def add_first(document: Document, name: str, value: str) -> Edit:
    """Return the edit that adds a text element before all others of a document that has some."""
    container = locate(document.source).container(document.root)
    start = container.elements[0].start
    gap = document.source.text[container.opening.end : start]
    added = f"{json.dumps(name)}: {json.dumps(value)},{gap or ' '}"
    return Edit(document.source, Range(start, start), added)


def _indented(document: Document, beside: Range, statement: Mapping[str, object]) -> str:
    """Return a statement as text, on as many lines as the one beside it would take."""
    text = document.source.text
    if "\n" not in text[beside.start : beside.end]:
        return json.dumps(statement)
    line = text[text.rfind("\n", 0, beside.start) + 1 : beside.start]
    indent = line[: len(line) - len(line.lstrip())]
    return json.dumps(statement, indent=2).replace("\n", f"\n{indent}")
