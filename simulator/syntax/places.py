"""Where values stand in a clean document, found without lark.

lark tells all that is wrong with a text, and takes a millisecond for a kilobyte. Here nothing is
wrong any more, and what nobody asks for is stepped over by the standard decoder.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from simulator.source import Range
from simulator.syntax.nodes import Node

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.syntax.nodes import Path

    Steps = dict[str | int, "Steps"]

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_SCALAR: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[^][{},: \t\r\n"]+')
_COLON: Final = re.compile(r"[ \t\r\n]*:[ \t\r\n]*")
_COMMA: Final = re.compile(r"[ \t\r\n]*,?[ \t\r\n]*")
_NOTHING: Final[dict[Any, Any]] = {}
_SCAN: Final = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode  # a number may be long


class DuplicateKeyError(ValueError):
    """A key that its object has twice."""

    def __init__(self, name: str, first: Range, again: Range) -> None:
        super().__init__(name)
        self.name, self.first, self.again = name, first, again


def places(text: str, paths: Iterable[Path] | None = None, start: int = 0) -> Node:
    """Return the places of all values of a clean document, or of those on the way to some paths.

    The document may stand within a text: it starts at an offset, or at the white space before it.

    Raises:
        DuplicateKeyError: it is not clean.
    """
    wanted: Steps | None = None if paths is None else {}
    for path in paths or ():
        steps = wanted
        for step in path:
            assert steps is not None  # noqa: S101 - there are paths
            steps = steps.setdefault(step, {})
    return _node(text, _after(_SPACE, text, start), wanted)


def _node(text: str, start: int, wanted: Steps | None) -> Node:
    """Return the places of a value and of what is wanted in it: everything, if that is nothing."""
    opening = text[start]
    if opening not in "{[":
        return Node(Range(start, _after(_SCALAR, text, start)), _NOTHING, _NOTHING)
    if wanted is not None and not wanted:
        return Node(Range(start, _SCAN(text, start)[1]), _NOTHING, _NOTHING)
    keys: dict[str, Range] = {}
    values: dict[str | int, Node] = {}
    at, number = _after(_SPACE, text, start + 1), 0
    while text[at] not in "]}":
        step: str | int = number
        if opening == "{":
            key = Range(at, _after(_SCALAR, text, at))
            at, step = _after(_COLON, text, key.end), _decoded(text[at : key.end])
            if step in keys:
                raise DuplicateKeyError(step, keys[step], key)
            keys[step] = key
        if wanted is None or step in wanted:
            values[step] = _node(text, at, None if wanted is None else wanted[step])
            at = values[step].range.end
        else:
            at = _SCAN(text, at)[1]
        at, number = _after(_COMMA, text, at), number + 1
    return Node(Range(start, at + 1), keys, values)


def _decoded(literal: str) -> str:
    return str(json.loads(literal)) if "\\" in literal else literal[1:-1]


def _after(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Return where a pattern that is known to match ends."""
    found = pattern.match(text, start)
    return found.end() if found else start
