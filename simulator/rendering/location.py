"""Where something stands, as other programs are told it."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from simulator.source import Range, Source, Span

_TWO_UNITS: Final = re.compile("[\U00010000-\U0010ffff]")


class Location(NamedTuple):
    """Lines and columns of a file, both from 1; the last column is the one past the end."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


def location(span: Span) -> Location:
    """Return where a span stands in its file, with columns in characters."""
    source, (start, end) = span.in_file()
    return Location(source.name, *source.place(start), *source.place(end))


def utf16_location(span: Span) -> Location:
    """Return where a span stands in its file, with columns in UTF-16 code units."""
    source, place = span.in_file()
    file, line, column, end_line, end_column = location(span)
    before, after = _further_units(source, place, column, end_column)
    return Location(file, line, column + before, end_line, end_column + after)


def _further_units(source: Source, place: Range, column: int, end_column: int) -> tuple[int, int]:
    """Return how many characters of two units stand before each end of a place, in its line."""
    wide = () if source.text.isascii() else _wide(source.text)
    ends = ((place.start, column), (place.end, end_column))
    before, after = (
        bisect_left(wide, offset) - bisect_left(wide, offset - at + 1) for offset, at in ends
    )
    return before, after


@lru_cache(maxsize=8)
def _wide(text: str) -> tuple[int, ...]:
    return tuple(found.start() for found in _TWO_UNITS.finditer(text))
