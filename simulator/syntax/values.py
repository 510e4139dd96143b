"""What a JSON document is decoded to."""

from __future__ import annotations

import json
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable


UNKNOWN = "\ufdd0"
"""Stands in a text for what a template leaves open; no policy that AWS stores has it."""


class Number(str):
    """A JSON number as it is written; nothing is rounded, and no number is too long."""

    __slots__ = ()


class NullWord(str):
    """A word that is text, or nothing where nothing is possible: the `~` of YAML."""

    __slots__ = ()


def value_at(value: JsonValue, path: tuple[str | int, ...]) -> JsonValue:
    """Return the value that a path leads to from another one; KeyError or IndexError if none."""
    found: Any = value
    for step in path:
        found = found[step]
    there: JsonValue = found
    return there


def encode(value: JsonValue, quote: Callable[[str], str] = encode_basestring_ascii) -> str:
    """Return a value as JSON on one line, each number as it was written, strings as `quote` does.

    The standard library has two ways: one that escapes what is not ASCII, and one that does not.
    """
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{quote(k)}:{encode(v, quote)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(encode(each, quote) for each in value) + "]"
    return json.dumps(value)


# Number is a str to the type checker as well: ask for it before asking for a str.
JsonValue: TypeAlias = bool | Number | str | list["JsonValue"] | dict[str, "JsonValue"] | None
