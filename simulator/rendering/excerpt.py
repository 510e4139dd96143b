"""The part of a text that a message is about, and how untrusted text is shown at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import combining, east_asian_width

if TYPE_CHECKING:
    from simulator.source import Source, Span

COLUMNS: Final = 100
"""The columns of a line that are shown at most."""

_BEFORE: Final = 60  # of them, those before the place if the line must be cut on both sides
_ELLIPSIS: Final = "…"
_TAB: Final = " " * 4
_LINE_END: Final = re.compile(r"[\r\n]")

# Whatever steers a terminal, hides, turns the direction of text or looks like another space.
_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180e\u2000-\u200f"
    "\u2028-\u202f\u205f-\u206f\u3000\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000e0000-\U000e0fff]"
)


def safe(text: str, limit: int = 400) -> str:
    """Return untrusted text for a terminal: nothing in it acts or hides, and its middle may go."""
    # An escaped character is at most ten long, so what is cut here would not be shown anyway.
    ends = text if len(text) <= 2 * limit else text[:limit] + text[-limit:]
    shown = _UNSAFE.sub(_escaped, ends)
    if len(shown) <= limit and ends is text:
        return shown
    head = (limit - 1) // 2
    return f"{shown[:head]}{_ELLIPSIS}{shown[len(shown) - (limit - 1 - head) :]}"


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _shown(char: str) -> str:
    return _TAB if char == "\t" else _UNSAFE.sub(_escaped, char)


def _width(text: str) -> int:
    """Return how many columns some text takes once it is shown."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(_char_width(char) for piece in text for char in _shown(piece))


def _char_width(char: str) -> int:
    if combining(char):
        return 0
    return 2 if east_asian_width(char) in {"W", "F"} else 1


class _Window(NamedTuple):
    """The part of a line that is shown, as offsets into the text."""

    start: int
    end: int


def excerpt(span: Span, text: str = "", columns: int = COLUMNS) -> str:
    """Return where a span is, its line, and its characters underlined with a text beside them."""
    source, (start, end) = span.in_file()
    place = source.place(start)
    line = _line_around(source, start)
    window = _window(source.text, line, start, columns)
    cut = _ELLIPSIS if window.start > line.start else ""
    stop = min(max(end, start), window.end)
    pad = " " * (len(cut) + _width(source.text[window.start : start]))
    carets = "^" * max(1, _width(source.text[start:stop]))
    margin = " " * len(str(place.line))
    return "\n".join(
        (
            f"{margin}--> {safe(source.name)}:{place.line}:{place.column}",
            f"{margin} |",
            f"{place.line} | {_shown_line(source, line, window)}".rstrip(),
            f"{margin} | {pad}{carets} {safe(text)}".rstrip(),
        )
    )


def line_at(source: Source, offset: int, columns: int = COLUMNS) -> str:
    """Return the line of a text around an offset, numbered, in the shape of an excerpt."""
    number = source.place(offset).line
    line = _line_around(source, offset)
    shown = _shown_line(source, line, _window(source.text, line, offset, columns))
    margin = " " * len(str(number))
    return f"{margin} |\n{number} | {shown}".rstrip()


def _line_around(source: Source, offset: int) -> _Window:
    start = max(source.text.rfind("\n", 0, offset), source.text.rfind("\r", 0, offset)) + 1
    found = _LINE_END.search(source.text, offset)
    return _Window(start, found.start() if found else len(source.text))


def _window(text: str, line: _Window, place: int, columns: int) -> _Window:
    """Return as much of a line around a place as there are columns for."""
    before = min(_BEFORE, columns // 2)
    start, used = _extend(text, place, line.start, before)
    end, used = _extend(text, place, line.end, columns, used)
    start, _ = _extend(text, start, line.start, columns, used)
    return _Window(start, end)


def _extend(text: str, at: int, limit: int, columns: int, used: int = 0) -> tuple[int, int]:
    """Return how far one can go from an offset towards another, and the columns used then."""
    step = 1 if limit > at else -1
    while at != limit:
        width = _width(text[at if step > 0 else at - 1])
        if used + width > columns:
            break
        used += width
        at += step
    return at, used


def _shown_line(source: Source, line: _Window, window: _Window) -> str:
    left = _ELLIPSIS if window.start > line.start else ""
    right = _ELLIPSIS if window.end < line.end else ""
    middle = "".join(map(_shown, source.text[window.start : window.end]))
    return f"{left}{middle}{right}"
