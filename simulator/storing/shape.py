"""The JSON types and the names of a document: where the first thing stands that cannot be read.

Each function returns the path of that thing, or nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.policy.vocabulary import (
    ELEMENTS,
    IF_EXISTS,
    OPERATOR_NAMES,
    QUANTIFIERS,
    STATEMENT_ELEMENTS,
)

if TYPE_CHECKING:
    from simulator.storing.submitted import Object, Submitted
    from simulator.syntax import JsonValue, Path

_ELEMENTS: Final = frozenset(ELEMENTS)
_STATEMENT_ELEMENTS: Final = frozenset(STATEMENT_ELEMENTS)
OPERATORS: Final = {
    f"{prefix}{name}{suffix}".lower(): name
    for prefix in ("", *(f"{quantifier}:" for quantifier in QUANTIFIERS))
    for name in OPERATOR_NAMES
    for suffix in ("", IF_EXISTS)
    if (name, suffix) != ("Null", IF_EXISTS)
}
"""The base operator of each written form in lower case: AWS's own pages vary the case."""  # CND-5


def unknown_element(submitted: Submitted, value: Object) -> Path | None:
    """Find an element that no policy has."""  # POL-7, POL-10
    return _unknown(submitted, (), value, _ELEMENTS)


def unknown_in_statement(submitted: Submitted, path: Path, statement: Object) -> Path | None:
    """Find an element that no statement has."""  # POL-7, POL-10
    return _unknown(submitted, path, statement, _STATEMENT_ELEMENTS)


def _unknown(submitted: Submitted, path: Path, value: Object, known: frozenset[str]) -> Path | None:
    if value.keys() <= known:
        return None
    names = (n for n, inner in value.items() if n not in known and not submitted.is_open(inner))
    return next(((*path, name) for name in names), None)


def contradiction(submitted: Submitted, path: Path, statement: Object, *names: str) -> Path | None:
    """Find an element that stands beside its `Not` form; either may be left out if it is open."""
    for name in names:  # POL-12, POL-13
        both = (statement.get(name, ""), statement.get(f"Not{name}", ""))
        is_there = name in statement and f"Not{name}" in statement
        if is_there and not any(map(submitted.is_open, both)):
            return (*path, f"Not{name}")
    return None


def no_text(submitted: Submitted, path: Path, holder: Object, name: str) -> Path | None:
    """Find an element that is no string, if it is there."""
    if name not in holder or type(holder[name]) is str:
        return None
    return None if submitted.is_open(holder[name]) else (*path, name)


def no_texts(path: Path, value: JsonValue, *, nulls: bool = False) -> Path | None:
    """Find what is neither a string nor a list of strings; `nulls` are let through in a list."""
    if not isinstance(value, list):
        return None if type(value) is str else path
    if {*map(type, value)} == {str}:
        return None
    wrong = (
        index
        for index, item in enumerate(value)
        if type(item) is not str and not (nulls and item is None)
    )
    index = next(wrong, None)
    return None if index is None else (*path, index)


def bad_condition(submitted: Submitted, path: Path, value: JsonValue) -> Path | None:
    """Find in a condition block what is no operator, no object of keys, or no value."""
    if submitted.is_open(value):
        return None
    if not isinstance(value, dict):
        return path
    found = (_bad_block(submitted, (*path, name), block) for name, block in value.items())
    return next((place for place in found if place is not None), None)


def _bad_block(submitted: Submitted, path: Path, block: JsonValue) -> Path | None:
    if submitted.is_open(block):
        return None
    if not isinstance(block, dict):
        return path
    if block and str(path[-1]).lower() not in OPERATORS:  # CND-5; POL-20: empty under any name
        return path
    found = (_bad_value((*path, key), value) for key, value in block.items())
    return next((place for place in found if place is not None), None)


def _bad_value(path: Path, value: JsonValue) -> Path | None:
    if not isinstance(value, list):
        return None if is_scalar(value) else path
    index = next((i for i, item in enumerate(value) if not is_scalar(item)), None)
    return None if index is None else (*path, index)


def is_scalar(value: JsonValue) -> bool:
    """Whether a value is a string, a number, or true or false."""  # POL-21
    return isinstance(value, str | bool)  # a number is kept as the text that it is
