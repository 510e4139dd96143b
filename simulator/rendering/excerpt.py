"""The part of a text that a message is about, and how untrusted text is shown at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import combining, east_asian_width

from simulator.secrecy import AREA, hidden, hidden_around

if TYPE_CHECKING:
    from simulator.source import Span

COLUMNS: Final = 100
"""The columns of a line that are shown at most."""

REACH: Final = 4 * COLUMNS
"""The characters beside a place that are looked at; more are shown only of those without width."""

_BEFORE: Final = 50  # of them, those before the place if the line must be cut on both sides
_ELLIPSIS: Final = "…"
_TAB: Final = " " * 4
_LINE_END: Final = re.compile(r"[\r\n]")

# Whatever steers a terminal, hides, turns the direction of text or looks like another space.
_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180e\u2000-\u200f"
    "\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U00013430-\U0001343f\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def safe(text: str, limit: int = 400) -> str:
    """Return untrusted text for a terminal: nothing in it acts or hides, and its middle may go."""
    # An escaped character is at most ten long, so what is cut here would not be shown anyway.
    clear = hidden(text) if len(text) <= 2 * AREA else hidden(text[:AREA]) + hidden(text[-AREA:])
    ends = clear if len(text) <= 2 * limit else clear[:limit] + clear[-limit:]
    shown = _UNSAFE.sub(_escaped, ends)
    if len(shown) <= limit and ends is clear:
        return shown
    head = (limit - 1) // 2
    return f"{shown[:head]}{_ELLIPSIS}{shown[len(shown) - (limit - 1 - head) :]}"


def safe_line(text: str) -> str:
    """Return a line of an untrusted text for a terminal, all of it, with its tabs widened."""
    return _UNSAFE.sub(_escaped, text.replace("\t", _TAB))


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


def excerpt(span: Span, text: str = "") -> str:
    """Return where a span is, its line, and its characters underlined with a text beside them."""
    source, (start, end) = span.in_file()
    place = source.place(start)
    line = hidden_around(source.text, start)
    window = _window(line, start)
    cut = _ELLIPSIS if _is_cut(line, window.start - 1) else ""
    stop = min(max(end, start), window.end)
    pad = " " * (len(cut) + _width(line[window.start : start]))
    carets = "^" * max(1, _width(line[start:stop]))
    margin = " " * len(str(place.line))
    return "\n".join(
        (
            f"{margin}--> {safe(source.name)}:{place.line}:{place.column}",
            f"{margin} |",
            f"{place.line} | {_shown_line(line, window)}".rstrip(),
            f"{margin} | {pad}{carets} {safe(text)}".rstrip(),
        )
    )


def line_at(text: str, offset: int, number: int) -> str:
    """Return the line of a text around an offset with its number, in the shape of an excerpt."""
    margin = " " * len(str(number))
    return f"{margin} |\n{number} | {_shown_line(text, _window(text, offset))}".rstrip()


def _line_around(text: str, offset: int) -> _Window:
    """Return the line around an offset, as far as it is within reach."""
    low, high = max(0, offset - REACH), min(len(text), offset + REACH)
    start = max(low, text.rfind("\n", low, offset) + 1, text.rfind("\r", low, offset) + 1)
    found = _LINE_END.search(text, offset, high)
    return _Window(start, found.start() if found else high)


def _window(text: str, place: int) -> _Window:
    """Return as much of the line around a place as there are columns for."""
    line = _line_around(text, place)
    start, used = _extend(text, place, line.start, _BEFORE)
    end, used = _extend(text, place, line.end, COLUMNS, used)
    start, _ = _extend(text, start, line.start, COLUMNS, used)
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


def _shown_line(text: str, window: _Window) -> str:
    left = _ELLIPSIS if _is_cut(text, window.start - 1) else ""
    right = _ELLIPSIS if _is_cut(text, window.end) else ""
    middle = "".join(map(_shown, text[window.start : window.end]))
    return f"{left}{middle}{right}"


def _is_cut(text: str, beside: int) -> bool:
    """Whether the line goes on with the character beside a window."""
    return 0 <= beside < len(text) and text[beside] not in "\r\n"
