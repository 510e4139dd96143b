"""Files that are JSON: a policy in them stays as it is written there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.documents.candidate import Form
from simulator.documents.functions import has_functions, resolve, unknown_paths
from simulator.documents.terraform_statements import policy_of
from simulator.policy.model import VERSIONS, Document
from simulator.source import Range
from simulator.syntax import (
    Change,
    Positions,
    changed,
    part,
    percent_decode,
    unescape,
    value_at,
    within_quotes,
)
from simulator.syntax.places import places
from simulator.syntax.rewritten import rewritten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.documents.candidate import Candidate
    from simulator.source import Source
    from simulator.syntax import JsonValue, Path
    from simulator.syntax.nodes import Node

STATEMENTS: Final = ("Statement",)
_AROUND: Final = (f'{{"Version":"{VERSIONS[0]}","Statement":', "}")


class JsonNotation:
    """A clean JSON text, with the places of some values of it; in a template, with functions."""

    def __init__(
        self, source: Source, value: JsonValue, paths: Iterable[Path], *, functions: bool
    ) -> None:
        self.source = source
        self._value, self._functions = value, functions
        self._places = places(source.text, paths)
        self._within: Node | None = None  # the places in the value that was asked for last

    def value(self, path: Path) -> JsonValue:
        """Return the value at a path."""
        return value_at(self._value, path)

    def range(self, path: Path) -> Range:
        """Return where the value at a path stands."""
        node = self._places
        for step in path:
            # What was not sought itself stands in something that was.
            node = (node if node.values else self.node(node.range)).values[step]
        return node.range

    def node(self, place: Range) -> Node:
        """Return the places of all that is in a value."""
        if self._within is None or self._within.range != place:
            self._within = places(self.source.text, start=place.start)
        return self._within

    def content(self, path: Path) -> Source:
        """Return what a string says, as a text of its own."""
        place = self.range(path)
        if self.source.text.startswith("%", place.start + 1):
            return percent_decode(self.source, within_quotes(place))  # as the raw API answers
        return unescape(self.source, place)

    def document(self, candidate: Candidate) -> Document:
        """Return the policy that stands in the file as an object."""
        value, place = self.value(candidate.path), self.range(candidate.path)
        if candidate.form is Form.ARGUMENTS:
            return self._planned(value, self.node(place))
        calls = self._functions and has_functions(value)
        if candidate.form is Form.POLICY and not calls:
            return Document(part(self.source, place), (), value)
        found = resolve(value, self.node(place))
        if candidate.form is Form.POLICY:
            text = changed(self.source, place, found.changes)
            return Document(text, (), found.value, unknown=found.unknown)
        start, end = (Range(at, at) for at in place)
        before, after = (Change(*each) for each in zip((start, end), _AROUND, strict=True))
        text = changed(self.source, place, (before, *found.changes, after))
        unknown = frozenset((*STATEMENTS, *path) for path in found.unknown)
        whole: JsonValue = {"Version": VERSIONS[0], "Statement": found.value}
        return Document(text, (), whole, unknown=unknown)

    def _planned(self, change: JsonValue, node: Node) -> Document:
        """Return the policy that a data source will make of the arguments that a plan tells."""
        after = node.values["after"]
        value, places = policy_of(_member(change, "after"), _member(change, "after_unknown"), after)
        nowhere = Range(after.range.start, after.range.start)
        # Whoever wants another policy changes the code, and not what Terraform says of it.
        text = rewritten(
            self.source, value, lambda: Positions(places), rewrite=lambda *_: (nowhere, "")
        )
        return Document(text, (), value, unknown=frozenset(unknown_paths(value)))


def _member(value: JsonValue, name: str) -> JsonValue:
    return value.get(name) if isinstance(value, dict) else None
