"""A policy within a file as a text of its own, whatever notation the file is written in."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Protocol

from simulator.documents.candidate import is_policy, may_be_policy
from simulator.documents.functions import (
    NO_VALUE,
    function_of,
    plain,
    substitutions,
    text_of,
    unknown_paths,
)
from simulator.documents.large_json import decode_large
from simulator.policy.model import Document
from simulator.source import Origin, Range, Source
from simulator.syntax import UNKNOWN, Change, changed
from simulator.syntax.quick import is_clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.documents.candidate import Candidate
    from simulator.syntax import JsonValue, Path


class Notation(Protocol):
    """A text with its value, and the places of what was sought in it."""

    source: Source

    def value(self, path: Path) -> JsonValue:
        """Return the value at a path."""

    def range(self, path: Path) -> Range:
        """Return where the value at a path stands."""

    def content(self, path: Path) -> Source:
        """Return what a string says, as a text of its own."""

    def document(self, candidate: Candidate) -> Document:
        """Return the policy that stands in the file as an object."""


def document_at(notation: Notation, candidate: Candidate) -> Document | None:
    """Return the policy at a place, or nothing where there is none, or where nobody knows it yet.

    Raises:
        DocumentError: in a place for a policy there is a text that is not JSON.
    """
    value = notation.value(candidate.path)
    name = function_of(value)
    if isinstance(value, str) or name is not None:
        return _document_in(_text_at(notation, candidate.path, name), candidate)
    return notation.document(candidate)


def _text_at(notation: Notation, path: Path, name: str | None) -> Source:
    """Return the text of a string, or what stands in the place of a function."""
    if name is None:
        return notation.content(path)
    if name == "Fn::Sub":
        argument = notation.value((*path, name))
        if isinstance(argument, str):
            return _substituted(notation.content((*path, name)), {})
        match argument:
            case [str(), dict() as given]:
                names = {key: plain(each) for key, each in given.items()}
                return _substituted(notation.content((*path, name, 0)), names)
            case _:
                pass
    place = notation.range(path)
    if name == "Fn::Join":
        return _joined(notation, path, place)
    return changed(notation.source, place, [Change(place, text_of(notation.value(path)))])


def _joined(notation: Notation, path: Path, place: Range) -> Source:
    """Return the text of `Fn::Join`, each character where the text it is of stands.

    There are no edits of it: one might go from a text to the next.
    """
    nowhere = Range(place.start, place.start)
    whole, offsets = text_of(notation.value(path)), array("I")
    for text, places in _pieces(notation, (*path, "Fn::Join")):
        offsets.extend(places if len(places) == len(text) else [places[0]] * len(text))
    if len(offsets) != len(whole):
        offsets = array("I", [place.start]) * len(whole)
    offsets.append(place.end)
    origin = Origin(notation.source, offsets, str, lambda *_: (nowhere, ""))
    return Source(notation.source.name, whole, origin)


def _pieces(notation: Notation, path: Path) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield the texts that are joined, and where their characters are, or all of them."""
    match notation.value(path):
        case [str() as delimiter, list() as elements]:
            kept = [i for i, each in enumerate(elements) if each != NO_VALUE]
        case _:
            return
    for index in kept:
        here = (*path, 1, index)
        start = notation.range(here).start
        if index != kept[0]:
            yield delimiter, (start,)
        element = elements[index]
        if isinstance(element, str):
            content = notation.content(here)
            assert content.origin is not None  # noqa: S101 - it is a part of the file
            yield content.text, content.origin.offsets[:-1]
        else:
            yield str(plain(element)), (start,)


def _substituted(text: Source, names: dict[str, JsonValue]) -> Source:
    changes = (Change(place, put) for place, put in substitutions(text.text, names))
    return changed(text, Range(0, len(text.text)), changes, _as_literal)


def _as_literal(text: str) -> str:
    return text.replace("${", "${!")


def _document_in(text: Source, candidate: Candidate) -> Document | None:
    """Return the policy that a text is, as far as it is one and known."""
    if not candidate.sure and not may_be_policy(text.text):
        return None
    must_be_known = candidate.sure and UNKNOWN not in text.text
    if not must_be_known and not is_clean(text.text):
        return None  # it may become a policy once all of it is known
    value = decode_large(text)
    if not candidate.sure and not is_policy(value):
        return None
    return Document(text, (), value, unknown=frozenset(unknown_paths(value)))
