"""The tree that lark makes of a document: its values, their places, its keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lark import Tree

from simulator.source import Range
from simulator.syntax.codes import Code
from simulator.syntax.nodes import Node
from simulator.syntax.problem import Problem, quoted, range_of
from simulator.syntax.values import Number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lark import Token

    from simulator.syntax.values import JsonValue

    Branch = Tree[Token] | Token


_NOTHING: Final[dict[Any, Any]] = {}


class Member(NamedTuple):
    """A key of an object and the value that goes with it."""

    key: Token
    value: Branch


def root(tree: Tree[Token]) -> Branch:
    """Return the one value of a document."""
    return tree.children[0]


def node_of(branch: Branch) -> Node:
    """Return the places of a value and of everything in it."""
    if not isinstance(branch, Tree):
        return Node(range_of(branch), _NOTHING, _NOTHING)
    place = Range(_bracket(branch, 0).start, _bracket(branch, -1).end)
    if branch.data == "array":
        values: dict[str | int, Node] = dict(enumerate(map(node_of, elements(branch))))
        return Node(place, _NOTHING, values)
    named = {key_of(member.key): member for member in members(branch)}
    return Node(
        place,
        {name: range_of(member.key) for name, member in named.items()},
        {name: node_of(member.value) for name, member in named.items()},
    )


def _bracket(branch: Tree[Token], index: int) -> Range:
    token = branch.children[index]
    assert not isinstance(token, Tree)  # noqa: S101 - the grammar says so
    return range_of(token)


def members(branch: Tree[Token]) -> Iterator[Member]:
    """Return the keys and values of an object."""
    for member in branch.children[1:-1]:
        assert isinstance(member, Tree)  # noqa: S101 - the grammar says so
        key, value = member.children
        assert not isinstance(key, Tree)  # noqa: S101 - likewise
        yield Member(key, value)


def elements(branch: Tree[Token]) -> list[Branch]:
    """Return the values of an array."""
    return branch.children[1:-1]


def value_of(branch: Branch) -> JsonValue:
    """Return what the text of a value without errors says."""
    if not isinstance(branch, Tree):
        return _scalar(branch)
    if branch.data == "array":
        return [value_of(element) for element in elements(branch)]
    return {key_of(member.key): value_of(member.value) for member in members(branch)}


def _scalar(token: Token) -> JsonValue:
    if token.type == "NUMBER":
        return Number(token)
    value: JsonValue = json.loads(token)
    return value


def key_of(token: Token) -> str:
    """Return the key that a token spells, be it in quotes or not."""
    try:
        return str(json.loads(token))
    except ValueError:
        return token.strip("'\"")


def duplicate_keys(branch: Branch) -> Iterator[Problem]:
    """Return each key that its object has had before."""
    if not isinstance(branch, Tree):
        return
    if branch.data == "array":
        for element in elements(branch):
            yield from duplicate_keys(element)
        return
    seen: dict[str, Token] = {}
    for member in members(branch):
        name = key_of(member.key)
        # A key without a place was only supplied to read on.
        if name in seen and member.key and range_of(member.key).end > range_of(member.key).start:
            yield _duplicate(name, seen[name], member.key)
        seen.setdefault(name, member.key)
        yield from duplicate_keys(member.value)


def _duplicate(name: str, first: Token, again: Token) -> Problem:
    return Problem(
        Code.DUPLICATE_KEY,
        f"duplicate key {quoted(name)}",
        range_of(again),
        "here again",
        ((range_of(first), "first here"),),
        help="only one of them can count: remove or rename the other",
    )
