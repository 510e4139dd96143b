"""The ways in which a string may be closed and brackets be balanced, the likeliest first."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from simulator.source import Range
from simulator.syntax.problem import Change, range_of
from simulator.syntax.tokens import (
    CLOSER_OF,
    STRUCTURE,
    TEXT_OF,
    Splice,
    before,
    lex,
    made,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lark import Token

WAYS: Final = 12
"""How many ways there are at most to repair one place."""

_FAR: Final = 20_000  # characters in which the end of a string is looked for
_TRAILING: Final = re.compile(r"[\s,\]}]*\Z")
_PUNCTUATION: Final = re.compile(r"\s*[,:\]}]")
_LINE_END: Final = re.compile(r"[\r\n]")
_SMART_QUOTE: Final = re.compile(r"[\u2018-\u201f\u2032\u2033\uff02]")


def unclosed(text: str, tokens: Sequence[Token], index: int) -> int | None:
    """Return the index past the string that is never closed on the line of a suspicious one.

    A quote too few makes the lexer take what is between two strings for a string; the line then
    ends in an unclosed one, but the one to be closed is the first that nothing sensible follows.
    """
    token = tokens[index]
    if token.type == "UNCLOSED":
        return index + 1
    if token.type != "STRING" or index + 1 >= len(tokens) or tokens[index + 1].type in STRUCTURE:
        return None
    line_end = _line_end(text, range_of(token).end)
    for later in range(index + 1, len(tokens)):
        if range_of(tokens[later]).start >= line_end:
            return None
        if tokens[later].type == "UNCLOSED":
            return later + 1
    return None


def _line_end(text: str, start: int) -> int:
    found = _LINE_END.search(text, start)
    return found.start() if found else len(text)


def closings(text: str, tokens: Sequence[Token], index: int, past: int) -> Iterator[Splice]:
    """Return the ways to close a string on a line that has a quote too few."""
    token = tokens[index]
    start, line_end = range_of(token).start, range_of(tokens[past - 1]).end
    closed = token.type == "STRING"
    inside = str(token[:-1]) if closed else token.rstrip()
    for at in dict.fromkeys(islice(_places(inside, start), WAYS - 3)):
        yield _closed(text, start, at, line_end, past - index)
    if line_end - start > _FAR:
        return
    if closed:
        yield keep(token)
    else:
        yield from _across_lines(text, tokens, index)
    yield _without_quote(text, tokens[index:past])


def _without_quote(text: str, line: Sequence[Token]) -> Splice:
    """Return the way that leaves out the last quote of a line."""
    quote, end = range_of(line[-1])
    rest = lex(text, quote + 1, end)
    return Splice(len(line), [*line[:-1], *rest], Change(Range(quote, quote + 1), ""))


def _places(line: str, start: int) -> Iterator[Range]:
    """Return where the closing quote may have to go, and what it replaces."""
    if len(line) > _FAR:
        yield Range(start + len(line), start + len(line))
        return
    tail = _TRAILING.search(line, 1)
    tail_start = tail.start() if tail else len(line)
    for at in range(tail_start, len(line)):
        if line[at] in "]}":
            yield Range(start + at, start + at + 1)
            break
    yield Range(start + tail_start, start + tail_start)
    for mark in _SMART_QUOTE.finditer(line, 1):
        yield Range(start + mark.start(), start + mark.end())
    if tail_start < len(line):
        yield Range(start + len(line), start + len(line))
    for sign in _PUNCTUATION.finditer(line, 1):
        yield Range(start + sign.start(), start + sign.start())


def _closed(text: str, start: int, at: Range, line_end: int, length: int) -> Splice:
    string = made("STRING", f'{text[start : at.start]}"', start, at.end)
    return Splice(length, [string, *lex(text, at.end, line_end)], Change(at, '"'))


def _across_lines(text: str, tokens: Sequence[Token], index: int) -> Iterator[Splice]:
    """Return the string that goes on to the next quote, over the ends of lines."""
    start, line_end = range_of(tokens[index])
    quote = text.find('"', line_end, line_end + _FAR)
    if quote < 0:
        return
    rest_end = _line_end(text, quote)
    later = range(index + 1, len(tokens))
    stop = next((i for i in later if range_of(tokens[i]).start >= rest_end), len(tokens) - 1)
    string = made("STRING", text[start : quote + 1], start, quote + 1)
    rest = lex(text, quote + 1, rest_end)
    yield Splice(stop - index, [string, *rest], Change(Range(quote, quote), ""))


def keep(token: Token) -> Splice:
    """Return the way that changes nothing."""
    start = range_of(token).start
    return Splice(1, [token], Change(Range(start, start), ""))


def close_before(opener: Token, token: Token, after: int) -> Splice:
    """Return the way that closes a bracket before a token."""
    closer = CLOSER_OF[opener.type]
    return Splice(0, [before(closer, token)], Change(Range(after, after), TEXT_OF[closer]))


def balancings(opened: Sequence[Token], token: Token, after: int) -> list[Splice]:
    """Return the ways to deal with a closing bracket that does not close the last one opened."""
    place = range_of(token)
    due = CLOSER_OF[opened[-1].type]
    ways = [Splice(1, [made(due, TEXT_OF[due], *place)], Change(place, TEXT_OF[due]))]
    missing = _missing(opened, token)
    if missing:
        inserted = Change(Range(after, after), "".join(TEXT_OF[kind] for kind in missing))
        ways.insert(0, Splice(0, [before(kind, token) for kind in missing], inserted))
    return [*ways, Splice(1, [], Change(place, ""))]


def _missing(opened: Sequence[Token], token: Token) -> list[str]:
    """Return the closing brackets that must come first, if the token closes an outer bracket."""
    missing: list[str] = []
    for opener in reversed(opened):
        closer = CLOSER_OF[opener.type]
        if closer == token.type:
            return missing
        missing.append(closer)
    return []


def completion(opened: Sequence[Token]) -> str:
    """Return the brackets that close everything that is open."""
    return "".join(TEXT_OF[CLOSER_OF[opener.type]] for opener in reversed(opened))
