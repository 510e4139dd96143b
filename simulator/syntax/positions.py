"""Where the values and keys of a document stand in its text."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

from simulator.diagnostic import DocumentError
from simulator.source import Range, Source
from simulator.syntax.decode import decode
from simulator.syntax.nodes import Container, Node, Path
from simulator.syntax.places import places
from simulator.syntax.quick import is_clean


class Positions:
    """The places of everything in one document; a path that leads nowhere is a KeyError."""

    __slots__ = ("root",)

    def __init__(self, root: Node) -> None:
        self.root = root

    def value(self, path: Path) -> Range:
        """Return where a value stands, a string with its quotes, an object with its brackets."""
        return self._node(path).range

    def key(self, path: Path) -> Range:
        """Return where the key stands that a path ends with, with its quotes."""
        return self._node(path[:-1]).keys[str(path[-1])]

    def inside(self, path: Path) -> Range:
        """Return where the characters of a string stand, without its quotes."""
        return within_quotes(self.value(path))

    def container(self, path: Path) -> Container:
        """Return the brackets and elements of an object or array."""
        node = self._node(path)
        start, end = node.range
        elements = (
            Range(node.keys[str(step)].start if node.keys else value.range.start, value.range.end)
            for step, value in node.values.items()
        )
        return Container(Range(start, start + 1), Range(end - 1, end), tuple(elements))

    def path(self, offset: int) -> Path:
        """Return the way to the innermost value that stands at an offset, or its key does."""
        node, path = self.root, []
        while (step := _step(node, offset)) is not None:
            path.append(step)
            node = node.values[step]
        return tuple(path)

    def _node(self, path: Path) -> Node:
        node = self.root
        for step in path:
            node = node.values[step]
        return node


def _step(node: Node, offset: int) -> str | int | None:
    """Return the step to the element at an offset, or nothing where there is none."""
    steps = tuple(node.values)
    starts = [range_.start for range_ in node.keys.values()] or [
        value.range.start for value in node.values.values()
    ]
    index = bisect_right(starts, offset) - 1
    if index < 0 or offset >= node.values[steps[index]].range.end:
        return None
    return steps[index]


def within_quotes(literal: Range) -> Range:
    """Return a string's range without its quotes."""
    return Range(literal.start + 1, literal.end - 1)


def locate(source: Source) -> Positions:
    """Return the places of everything in a document, or raise all that is wrong with it."""
    try:
        return _located(source.text)
    except DocumentError:
        decode(source)  # raises the same about the source that was asked for
        raise


@lru_cache(maxsize=4)
def _located(text: str) -> Positions:
    if is_clean(text):
        return Positions(places(text))
    # lark costs 40 ms to import, and here it is only to tell what is wrong.
    from simulator.syntax.report import parse_node  # noqa: PLC0415

    return Positions(parse_node(Source("", text)))
