"""Files that are YAML: a policy in them is written anew as JSON, which remembers its places."""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING, Final

from simulator.documents.candidate import Form
from simulator.documents.functions import resolve
from simulator.documents.yaml_edits import YamlEdits
from simulator.policy.model import VERSIONS, Document
from simulator.source import Origin, Range, Source
from simulator.syntax import Positions, unescape, value_at
from simulator.syntax.nodes import Node
from simulator.syntax.rewritten import rewritten

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.documents.candidate import Candidate
    from simulator.syntax import JsonValue, Path

_GAP: Final = 1000
"""The characters of indentation and blank lines that may stand between two lines of a text."""

_PROPERTIES: Final = re.compile(r"(?:[!&]\S*\s+)*")


class YamlNotation:
    """A YAML text, with the places of everything in it."""

    def __init__(self, source: Source, value: JsonValue, node: Node) -> None:
        self.source = source
        self._value, self._node = value, node

    def value(self, path: Path) -> JsonValue:
        """Return the value at a path."""
        return value_at(self._value, path)

    def range(self, path: Path) -> Range:
        """Return where the value at a path stands."""
        return self._at(path).range

    def _at(self, path: Path) -> Node:
        node = self._node
        for step in path:
            node = node.values[step]
        return node

    def content(self, path: Path) -> Source:
        """Return what a string says, as a text of its own."""
        return content_of(self.source, self.range(path), str(self.value(path)))

    def document(self, candidate: Candidate) -> Document:
        """Return the policy that stands in the file as an object."""
        value, node, unknown, _ = resolve(self.value(candidate.path), self._at(candidate.path))
        if candidate.form is Form.STATEMENTS:
            start = Range(node.range.start, node.range.start)
            places: dict[str | int, Node] = {"Version": Node(start, {}, {}), "Statement": node}
            node = Node(node.range, dict.fromkeys(("Version", "Statement"), start), places)
            value = {"Version": VERSIONS[0], "Statement": value}
            unknown = frozenset(("Statement", *path) for path in unknown)
        edits = YamlEdits(self.source.text, value, node)
        text = rewritten(self.source, value, lambda: Positions(node), rewrite=edits.edit)
        return Document(text, (), value, unknown=unknown)


def content_of(source: Source, place: Range, text: str) -> Source:
    """Return what a scalar says, as a text of its own, with the places of its lines."""
    properties = _PROPERTIES.match(source.text, *place)
    start = properties.end() if properties else place.start
    if source.text.startswith('"', start):
        unescaped = unescape(source, Range(start, place.end))
        if unescaped.text == text:
            return unescaped  # YAML has escapes and line ends beside those of JSON
    offsets = array("I", _line_offsets(source.text, Range(start, place.end), text))
    return Source(source.name, text, Origin(source, offsets, _written_in(source.text[start:][:1])))


def _line_offsets(text: str, place: Range, content: str) -> list[int]:
    """Return the place of each character of a scalar, and of its end; others share one."""
    offsets: list[int] = []
    at = place.start
    for line in content.splitlines(keepends=True):
        body = line.rstrip("\r\n")
        found = text.find(body, at, min(place.end, at + len(body) + _GAP))
        if found >= 0:
            offsets += range(found, at := found + len(body))
        else:
            offsets += [at] * len(body)
        offsets += [at] * (len(line) - len(body))
    return [*offsets, place.end]


def _written_in(style: str) -> Callable[[str], str]:
    """Return how text is written within a scalar that starts with a character."""
    return _quoted if style == "'" else str


def _quoted(text: str) -> str:
    return text.replace("'", "''")
