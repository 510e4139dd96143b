"""The policy that Terraform's data source `aws_iam_policy_document` will make of its arguments.

Where something in them is known only after other changes, Terraform reads the data source later.
The plan then has all arguments that are known, and marks the others as unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.policy.model import VERSIONS
from simulator.source import Range
from simulator.syntax import UNKNOWN
from simulator.syntax.nodes import Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.syntax import JsonValue


def _variables(text: str) -> str:
    """Return a text with the variables of policies, which Terraform writes otherwise."""
    return text.replace("&{", "${")


_LISTS: Final = (
    ("actions", "Action", str),
    ("not_actions", "NotAction", str),
    ("resources", "Resource", _variables),
    ("not_resources", "NotResource", _variables),
)
_PRINCIPALS: Final = (("principals", "Principal"), ("not_principals", "NotPrincipal"))
_EVERYONE: Final = "*"


class Placed(NamedTuple):
    """A value that was made, and where what it was made of stands."""

    value: JsonValue
    node: Node


def policy_of(arguments: JsonValue, marks: JsonValue, node: Node) -> Placed:
    """Return the policy of the arguments of a data source.

    What is unknown in it is marked by `UNKNOWN`. The marks have `true` in the place of each
    argument that is not known; the places are those of the arguments.
    """
    whole = _Argument(arguments, marks, node)
    version = whole.text("version", VERSIONS[0])
    made = [_statement(each) for each in whole.elements("statement")]
    listed = Placed(
        [each.value for each in made],
        Node(whole.member("statement").node.range, {}, {i: p.node for i, p in enumerate(made)}),
    )
    members = {"Version": version, "Statement": listed}
    identity = whole.text("policy_id", "")
    if identity.value:
        members["Id"] = identity
    return _object(members, node.range)


class _Argument(NamedTuple):
    """An argument, what in it is unknown, and its place."""

    value: JsonValue
    marks: JsonValue
    node: Node

    def member(self, name: str) -> _Argument:
        """Return an argument within this one; what is not there stands at its beginning."""
        start = self.node.range.start
        node = self.node.values.get(name, Node(Range(start, start + 1), {}, {}))
        return _Argument(_member(self.value, name), _member(self.marks, name), node)

    def elements(self, name: str) -> Iterator[_Argument]:
        """Yield the elements of a list within this argument."""
        listed = self.member(name)
        marks = _list(listed.marks)
        for index, each in enumerate(_list(listed.value)):
            mark = marks[index] if index < len(marks) else None
            yield _Argument(each, mark, listed.node.values[index])

    def text(self, name: str, default: str, write: Callable[[str], str] = str) -> Placed:
        """Return a text within this argument."""
        return self.member(name).as_text(default, write)

    def as_text(self, default: str = "", write: Callable[[str], str] = str) -> Placed:
        """Return this argument as a text."""
        if self.marks is True:
            return Placed(UNKNOWN, self.node)
        return Placed(write(str(self.value)) if self.value else default, self.node)

    def texts(self, name: str, write: Callable[[str], str] = str) -> Placed | None:
        """Return a list of texts within this argument, or nothing where there are none."""
        listed = self.member(name)
        if listed.marks is True:
            return Placed(UNKNOWN, listed.node)
        found = [each.as_text("", write) for each in self.elements(name)]
        if not found:
            return None
        values: dict[str | int, Node] = {index: each.node for index, each in enumerate(found)}
        return Placed([each.value for each in found], Node(listed.node.range, {}, values))


def _statement(argument: _Argument) -> Placed:
    members: dict[str, Placed | None] = {
        "Sid": argument.text("sid", ""),
        "Effect": argument.text("effect", "Allow"),
        **{element: argument.texts(name, write) for name, element, write in _LISTS},
        **{element: _principals(argument, name) for name, element in _PRINCIPALS},
        "Condition": _conditions(argument),
    }
    return _object(
        {k: each for k, each in members.items() if each and each.value}, argument.node.range
    )


def _principals(statement: _Argument, name: str) -> Placed | None:
    """Return the principals by their type; everyone alone is a text."""
    listed = statement.member(name)
    if listed.marks is True:
        return Placed(UNKNOWN, listed.node)
    found: dict[str, list[Placed]] = {}
    for each in statement.elements(name):
        identifiers = each.texts("identifiers", _variables)
        if identifiers is not None:
            found.setdefault(str(each.text("type", "").value), []).append(identifiers)
    if len(found) == 1 and [each.value for each in found.get(_EVERYONE, ())] == [[_EVERYONE]]:
        return Placed(_EVERYONE, listed.node)
    return _object({kind: _joined(lists) for kind, lists in found.items()}, listed.node.range)


def _conditions(statement: _Argument) -> Placed | None:
    listed = statement.member("condition")
    if listed.marks is True:
        return Placed(UNKNOWN, listed.node)
    found: dict[str, dict[str, list[Placed]]] = {}
    for each in statement.elements("condition"):
        values = each.texts("values", _variables)
        if values is not None:
            operator, key = (str(each.text(name, "").value) for name in ("test", "variable"))
            found.setdefault(operator, {}).setdefault(key, []).append(values)
    tests = {
        operator: _object({key: _joined(lists) for key, lists in keys.items()}, listed.node.range)
        for operator, keys in found.items()
    }
    return _object(tests, listed.node.range)


def _joined(lists: list[Placed]) -> Placed:
    """Return several lists as one, or as unknown where one of them is."""
    if len(lists) == 1 or any(isinstance(each.value, str) for each in lists):
        return next((each for each in lists if isinstance(each.value, str)), lists[0])
    value = [text for each in lists for text in _list(each.value)]
    nodes = [each.node.values[i] for each in lists for i in range(len(_list(each.value)))]
    return Placed(value, Node(lists[0].node.range, {}, dict(enumerate(nodes))))


def _object(members: dict[str, Placed], place: Range) -> Placed:
    keys = {name: each.node.range for name, each in members.items()}
    values: dict[str | int, Node] = {name: each.node for name, each in members.items()}
    return Placed({name: each.value for name, each in members.items()}, Node(place, keys, values))


def _member(value: JsonValue, name: str) -> JsonValue:
    return value.get(name) if isinstance(value, dict) else None


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
