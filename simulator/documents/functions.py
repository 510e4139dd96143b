"""The functions of CloudFormation: what stands in their place, as far as a template tells.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulator.source import Range
from simulator.syntax import UNKNOWN, Change, NullWord
from simulator.syntax.nodes import Node

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.syntax import JsonValue, Path

#: The functions by the tags that are short for them in YAML.
TAGS: Final[Mapping[str, str]] = {
    "!Ref": "Ref",
    "!Condition": "Condition",
    **{
        f"!{name}": f"Fn::{name}"
        for name in (
            *("And", "Base64", "Cidr", "Equals", "FindInMap", "GetAtt", "GetAZs", "If"),
            *("ImportValue", "Join", "Length", "Not", "Or", "Select", "Split", "Sub"),
            *("ToJsonString", "Transform"),
        )
    },
}

LONGEST: Final = 32_768
"""The characters a text may have after substitution; no policy is nearly as long."""

_PREFIX: Final = "Fn::"
_MERGING: Final = ("Fn::Transform", "Fn::ForEach")
NO_VALUE: Final[JsonValue] = {"Ref": "AWS::NoValue"}
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
_REFERENCE: Final = re.compile(r"\{\{resolve:[^{}]*\}\}")
_VARIABLE: Final = re.compile(r"\$\{(?P<literal>!?)(?P<name>[^{}]*)\}")
_NOTHING: Final[dict[Any, Any]] = {}


class Resolved(NamedTuple):
    """A value without functions, the places of what is left, and the paths of what is open.

    `changes` make the same of the text of JSON, in their order.
    """

    value: JsonValue
    node: Node
    unknown: frozenset[Path]
    changes: tuple[Change, ...]


def function_of(value: JsonValue) -> str | None:
    """Return the function that an object calls, if it calls one."""
    if not isinstance(value, dict):
        return None
    if len(value) == 1:
        (name,) = value
        if name == "Ref" or name.startswith(_PREFIX):
            return name
    # These may stand beside other keys, among which they put what nobody knows.
    return next((name for name in value if name.startswith(_MERGING)), None)


def has_functions(value: JsonValue) -> bool:
    """Whether a function is called anywhere in a value, or a text refers to another one."""
    if isinstance(value, dict):
        return function_of(value) is not None or any(map(has_functions, value.values()))
    if isinstance(value, list):
        return any(map(has_functions, value))
    return _is_reference(value)


def _is_reference(value: JsonValue) -> bool:
    """Whether a text refers to what stands elsewhere, and is looked up when it is deployed."""
    return isinstance(value, str) and _REFERENCE.search(value) is not None


def substitutions(
    text: str, names: Mapping[str, JsonValue] = _NOTHING
) -> Iterator[tuple[Range, str]]:
    """Yield each variable of a text of `Fn::Sub`, and what stands in its place.

    `${!name}` is the text `${name}`; a policy variable that is not written so is none of the
    policy any more. Of the names only those whose text is known are put in.
    """
    for variable in _VARIABLE.finditer(text):
        known = names.get(variable["name"].strip())
        if variable["literal"]:
            put = f"${{{variable['name']}}}"
        else:
            put = str(known) if isinstance(known, str) else UNKNOWN
        yield Range(*variable.span()), put


def text_of(value: JsonValue) -> str:
    """Return the text that stands in the place of a function, with what is unknown in it."""
    name = function_of(value)
    argument = value[name] if name is not None and isinstance(value, dict) else None
    if name == "Fn::Sub":
        found = _substituted(argument)
    elif name == "Fn::Join":
        found = _joined(argument)
    else:
        found = value if isinstance(value, str) else None
    if found is None or len(found) > LONGEST:
        return UNKNOWN
    return _REFERENCE.sub(UNKNOWN, found)


def _substituted(argument: JsonValue) -> str | None:
    names: Mapping[str, JsonValue] = _NOTHING
    match argument:
        case str() as text:
            pass
        case [str() as text, dict() as given]:
            names = {name: plain(each) for name, each in given.items()}
        case _:
            return None
    parts: list[str] = []
    at = length = 0
    for (start, end), put in substitutions(text, names):
        parts += text[at:start], put
        length, at = length + len(put), end
        if length > LONGEST:
            return None
    return "".join((*parts, text[at:]))


def _joined(argument: JsonValue) -> str | None:
    match argument:
        case [str() as delimiter, list() as elements]:
            found = [plain(each) for each in elements if each != NO_VALUE]
            is_text = all(isinstance(each, str) for each in found)
            return delimiter.join(map(str, found)) if is_text else None
        case _:
            return None


def plain(value: JsonValue) -> JsonValue:
    """Return the text that stands in the place of a function, or the value if it is none."""
    return value if function_of(value) is None else text_of(value)


def resolve(value: JsonValue, node: Node) -> Resolved:
    """Return a value with a text in the place of each function; what nobody knows is unknown."""
    resolver = _Resolver()
    found, places = resolver.value(value, node, ())
    unknown, changes = frozenset(resolver.unknown), tuple(sorted(resolver.changes))
    return Resolved(found, places, unknown, changes)


class _Resolver:
    """Goes through a value once, and keeps what it changes."""

    def __init__(self) -> None:
        self.unknown: list[Path] = []
        self.changes: list[Change] = []

    def value(self, value: JsonValue, node: Node, path: Path) -> tuple[JsonValue, Node]:
        if function_of(value) is not None or _is_reference(value):
            return self._function(value, node, path)
        if isinstance(value, dict):
            return self._object(value, node, path)
        if isinstance(value, list):
            return self._list(value, node, path)
        return (None if isinstance(value, NullWord) else value), node

    def _function(self, value: JsonValue, node: Node, path: Path) -> tuple[JsonValue, Node]:
        text = text_of(value)
        if UNKNOWN in text:
            self.unknown.append(path)
        self.changes.append(Change(node.range, encode_basestring(text)))
        return text, Node(node.range, _NOTHING, _NOTHING)

    def _object(
        self, value: dict[str, JsonValue], node: Node, path: Path
    ) -> tuple[JsonValue, Node]:
        self._cut(
            [
                (Range(node.keys[key].start, node.values[key].range.end), each == NO_VALUE)
                for key, each in value.items()
            ]
        )
        kept = {key: each for key, each in value.items() if each != NO_VALUE}
        found = {k: self.value(v, node.values[k], (*path, k)) for k, v in kept.items()}
        values: dict[str | int, Node] = {key: inner for key, (_, inner) in found.items()}
        keys = {key: node.keys[key] for key in kept}
        return {k: each for k, (each, _) in found.items()}, Node(node.range, keys, values)

    def _list(self, value: list[JsonValue], node: Node, path: Path) -> tuple[JsonValue, Node]:
        self._cut([(node.values[i].range, each == NO_VALUE) for i, each in enumerate(value)])
        kept = [(each, node.values[i]) for i, each in enumerate(value) if each != NO_VALUE]
        found = [self.value(each, inner, (*path, i)) for i, (each, inner) in enumerate(kept)]
        values: dict[str | int, Node] = {i: inner for i, (_, inner) in enumerate(found)}
        return [each for each, _ in found], Node(node.range, _NOTHING, values)

    def _cut(self, elements: list[tuple[Range, bool]]) -> None:
        """Take elements out, each with the comma after it, or before it behind the last kept."""
        last = max((i for i, (_, removed) in enumerate(elements) if not removed), default=None)
        for index, (place, removed) in enumerate(elements):
            if not removed:
                continue
            start, end = place
            if last is not None and index > last:
                start = elements[index - 1][0].end
            elif index + 1 < len(elements):
                end = elements[index + 1][0].start
            self.changes.append(Change(Range(start, end), ""))


def unknown_paths(value: JsonValue, path: Path = ()) -> Iterator[Path]:
    """Yield the paths of texts with something unknown in them, or in the key that leads there."""
    if isinstance(value, dict):
        for key, each in value.items():
            if UNKNOWN in key:
                yield (*path, key)
            yield from unknown_paths(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from unknown_paths(each, (*path, index))
    elif isinstance(value, str) and UNKNOWN in value:
        yield path
