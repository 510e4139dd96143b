"""Where a document's values stand, as plain values: a node, a container, a path."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.source import Range

Path: TypeAlias = tuple[str | int, ...]
"""The way from the whole document to a value: the keys of objects, the indices of arrays."""


class Node(NamedTuple):
    """Where a value stands, the keys in it, and the values in it."""

    range: Range
    keys: Mapping[str, Range]
    values: Mapping[str | int, Node]


class Container(NamedTuple):
    """An object or array: its brackets, and each element; a member from its key to its value."""

    opening: Range
    closing: Range
    elements: tuple[Range, ...]
