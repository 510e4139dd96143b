"""A part of a document with marks in it, long parts between them left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import htpy as h

from simulator.rendering.excerpt import safe
from simulator.secrecy import hidden
from simulator.source import Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simulator.matcher.truth import Truth
    from simulator.source import Span

_MOST_LINES: Final = 6  # before and after what is left out between two marks
_LONGEST_PIECE: Final = 240  # characters of one line between two marks
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_INDENT: Final = re.compile(r"[ \t]*")
_TAB: Final = " " * 4


class Mark(NamedTuple):
    """A range of a text, and whether what stands there matches."""

    range: Range
    holds: Truth


class _Gap(NamedTuple):
    """Lines that are left out."""

    lines: int


#: A piece of one line, with the mark it is under.
_Piece: TypeAlias = "tuple[str, Mark | None]"
_Line: TypeAlias = "list[_Piece] | _Gap"


def marked(shown: Span, marks: Iterable[Mark]) -> h.Element:
    """Return a part of a text, line by line, with marks; those that overlap others are left out.

    Lines have the numbers of the file, where the text is that of a file.
    """
    whole = _with_indent(shown)
    text = hidden(whole.text)
    indent = shown.range.start - whole.range.start
    number = None if shown.source.origin else shown.source.place(whole.range.start).line
    lines = []
    for line in _lines(_pieces(text, whole.range.start, sorted(marks))):
        lines.append(_line(line, number, indent))
        if number is not None:
            number += line.lines if isinstance(line, _Gap) else 1
    return h.pre(".source")[h.code[lines]]


def _with_indent(shown: Span) -> Span:
    """Return a range with the white space before it, if nothing else stands there in its line."""
    text, (start, end) = shown.source.text, shown.range
    begin = start
    while begin and text[begin - 1] in " \t":
        begin -= 1
    if begin and text[begin - 1] not in "\r\n":
        begin = start
    return shown._replace(range=Range(begin, end))


def _pieces(text: str, offset: int, marks: Sequence[Mark]) -> Iterator[_Piece]:
    """Yield a text in pieces under a mark and between two; it begins at an offset."""
    at = 0
    for mark in marks:
        start, end = mark.range.start - offset, mark.range.end - offset
        if at <= start <= end <= len(text):
            yield text[at:start], None
            yield text[start:end], mark
            at = end
    yield text[at:], None


def _lines(pieces: Iterable[_Piece]) -> Iterator[_Line]:
    line: list[_Piece] = []
    for text, mark in pieces:
        first, *others = _LINE_END.split(text)
        line.append((first, mark))
        left_out = len(others) - 2 * _MOST_LINES
        head, tail = (
            (others, []) if left_out <= 0 else (others[:_MOST_LINES], others[-_MOST_LINES:])
        )
        for other in head:
            yield line
            line = [(other, mark)]
        if tail:
            yield line
            yield _Gap(left_out)
            line = [(tail[0], mark)]
        for other in tail[1:]:
            yield line
            line = [(other, mark)]
    yield line


def _line(line: _Line, number: int | None, indent: int) -> h.Element:
    if isinstance(line, _Gap):
        return h.span(".gap")[f"… {line.lines} lines …\n"]
    shown = list(line)
    text, mark = shown[0]
    blank = _INDENT.match(text)
    shown[0] = text[min(indent, blank.end() if blank else 0) :], mark
    count = {} if number is None else {"data-line": str(number)}
    return h.span(".line", count)[(_piece(*piece) for piece in shown), "\n"]


def _piece(text: str, mark: Mark | None) -> h.Node:
    told = safe(text.replace("\t", _TAB), _LONGEST_PIECE)
    return told if mark is None else h.mark(f".{_CLASSES[mark.holds]}")[told]


_CLASSES: Final = {True: "matches", False: "fails", None: "unknown"}
