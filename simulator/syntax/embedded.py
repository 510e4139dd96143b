"""Documents within documents: each decoding remembers where every character came from."""

from __future__ import annotations

import json
import re
from array import array
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.diagnostic import Diagnostic, DocumentError, Label, Severity
from simulator.source import Origin, Range, Source, Span
from simulator.syntax.codes import Code
from simulator.syntax.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from simulator.source import Rewrite

_ESCAPE: Final = re.compile(
    r"\\(?:u(?P<pair>[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|u(?P<code>[0-9a-fA-F]{4})|(?P<char>.))",
    re.DOTALL,
)
_CHARS: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_PERCENTS: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+|%[^%]{0,2}")


class _Decoded:
    """A text in the making, with the place of each of its characters."""

    def __init__(self, source: Source, start: int) -> None:
        self.source = source
        self.parts: list[str] = []
        self.offsets = array("I")
        self.at = start

    def copy_to(self, end: int) -> None:
        """Take over the characters before an offset as they are."""
        self.parts.append(self.source.text[self.at : end])
        self.offsets.extend(range(self.at, end))
        self.at = end

    def add(self, char: str, length: int) -> None:
        """Add a character for which some characters of the source stand."""
        self.parts.append(char)
        self.offsets.append(self.at)
        self.at += length

    def put(self, text: str, end: int) -> None:
        """Add a text that stands in the place of the characters before an offset."""
        self.parts.append(text)
        self.offsets.extend([self.at] * len(text))
        self.at = end

    def finished(
        self, end: int, encode: Callable[[str], str], rewrite: Rewrite | None = None
    ) -> Source:
        self.copy_to(end)
        self.offsets.append(end)
        origin = Origin(self.source, self.offsets, encode, rewrite)
        return Source(self.source.name, "".join(self.parts), origin)


class Change(NamedTuple):
    """A text that stands in the place of a range."""

    range: Range
    text: str


class _Rewriting(NamedTuple):
    """How edits of a text with changes are written where it came from.

    `changes` are told by their ranges in the text that came out.
    """

    offsets: Sequence[int]
    changes: Sequence[Change]
    encode: Callable[[str], str]

    def edit(self, edited: Range, text: str) -> tuple[Range, str]:
        """Return an edit; one within a change replaces all that the change stands for."""
        start, end = edited
        for (first, last), whole in self.changes:
            if first < start < last:
                start, text = first, whole[: start - first] + text
            if first < end < last:
                end, text = last, text + whole[end - first :]
        if UNKNOWN in text:
            end, text = start, ""  # nobody can write what a template leaves open
        return Range(self.offsets[start], self.offsets[end]), self.encode(text)


def part(source: Source, place: Range) -> Source:
    """Return a part of a text as a text of its own."""
    offsets = range(place.start, place.end + 1)
    return Source(source.name, source.text[slice(*place)], Origin(source, offsets, str))


def changed(
    source: Source,
    place: Range,
    changes: Iterable[Change],
    encode: Callable[[str], str] = str,
) -> Source:
    """Return a part of a text with other texts in the place of some ranges, told in their order."""
    decoded, made, length = _Decoded(source, place.start), [], 0
    for change in changes:
        start = length + change.range.start - decoded.at
        length = start + len(change.text)
        made.append(Change(Range(start, length), change.text))
        decoded.copy_to(change.range.start)
        decoded.put(change.text, change.range.end)
    return decoded.finished(place.end, encode, _Rewriting(decoded.offsets, made, encode).edit)


def unescape(source: Source, literal: Range) -> Source:
    """Return the document that is the content of a JSON string, given with its quotes."""
    start, end = literal.start + 1, literal.end - 1
    decoded = _Decoded(source, start)
    for escape in _ESCAPE.finditer(source.text, start, end):
        decoded.copy_to(escape.start())
        decoded.add(_char(escape), len(escape[0]))
    return decoded.finished(end, _escaped)


def _char(escape: re.Match[str]) -> str:
    if escape["pair"]:
        high, low = int(escape["pair"][:4], 16), int(escape["pair"][-4:], 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    if escape["code"]:
        return chr(int(escape["code"], 16))
    return _CHARS.get(escape["char"], escape["char"])


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


def percent_decode(source: Source, place: Range) -> Source:
    """Return the document that stands URL-encoded in a part of a text."""
    decoded = _Decoded(source, place.start)
    for run in _PERCENTS.finditer(source.text, *place):
        decoded.copy_to(run.start())
        for char in _percent_chars(source, run):
            decoded.add(char, 3 * len(char.encode()))
    return decoded.finished(place.end, _percent_encoded)


def _percent_encoded(text: str) -> str:
    from urllib.parse import quote  # noqa: PLC0415 - hardly any document is URL-encoded

    return quote(text, safe="")


def _percent_chars(source: Source, run: re.Match[str]) -> str:
    try:
        return (
            bytes.fromhex(run[0].replace("%", "")).decode() if len(run[0]) % 3 == 0 else _refuse()
        )
    except UnicodeDecodeError as error:
        at = run.start() + 3 * error.start
        raise _error(source, Range(at, at + 3), "is not UTF-8") from None
    except ValueError:
        raise _error(source, Range(*run.span()), "is no percent-encoding") from None


def _refuse() -> str:
    raise ValueError


def _error(source: Source, place: Range, what: str) -> DocumentError:
    span = Span(source, place)
    label = Label(span, "`%` and two hexadecimal digits for each byte of UTF-8 expected")
    return DocumentError(
        (Diagnostic(Code.PERCENT, Severity.ERROR, f"`{span.text}` {what}", (label,)),)
    )
