"""Texts with `*` and `?`, matched in linear time whatever the pattern.

A pattern is cut at its `*` into pieces. The first and the last piece stand at the ends of the
text; each one between is taken at the first place where it fits, which is never worse than a later
place. So there is nothing to go back to, and a hostile pattern costs no more than a tame one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from simulator.policy.variables import Wildcard, read_template

if TYPE_CHECKING:
    from collections.abc import Callable

Glob: TypeAlias = "tuple[str | Wildcard, ...]"
Piece: TypeAlias = "tuple[str | None, ...]"  # nothing stands for `?`


class _Search(NamedTuple):
    length: int
    find: Callable[[str, int, int], int]


def read_glob(text: str) -> Glob:
    """Return the parts of a text in which `*` and `?` are wildcards and nothing is a variable."""
    return tuple(
        part
        for part in read_template(text, wildcards=True, variables=False)
        if isinstance(part, (str, Wildcard))
    )


def compile_glob(glob: Glob) -> Callable[[str], bool]:
    """Return the test whether a whole text fits a pattern; letter case counts."""
    pieces = _pieces(glob)
    texts = ["".join(c or "?" for c in piece) for piece in pieces]
    if any(None in piece for piece in pieces) or len(pieces) > 2:
        return _general(pieces)
    if len(pieces) == 1:
        return texts[0].__eq__
    prefix, suffix = texts
    shortest = len(prefix) + len(suffix)
    if not suffix:
        return lambda text: text.startswith(prefix)
    return lambda text: len(text) >= shortest and text.startswith(prefix) and text.endswith(suffix)


def _pieces(glob: Glob) -> list[Piece]:
    pieces: list[list[str | None]] = [[]]
    for part in glob:
        if part is Wildcard.ANY:
            pieces.append([])
        elif part is Wildcard.ONE:
            pieces[-1].append(None)
        elif isinstance(part, str):
            pieces[-1].extend(part)
    return [tuple(piece) for piece in pieces]


def _general(pieces: list[Piece]) -> Callable[[str], bool]:
    first, last = pieces[0], pieces[-1]
    between = [_search(piece) for piece in pieces[1:-1] if piece]
    shortest = sum(map(len, pieces))
    open_ended = len(pieces) > 1

    def fits(text: str) -> bool:
        size = len(text)
        if size < shortest or (size > shortest and not open_ended) or not _stands(first, text, 0):
            return False
        place, end = len(first), size - len(last)
        for search in between:
            found = search.find(text, place, end)
            if found < 0:
                return False
            place = found + search.length
        return not open_ended or _stands(last, text, end)

    return fits


def _stands(piece: Piece, text: str, at: int) -> bool:
    return all(wanted is None or wanted == text[at + index] for index, wanted in enumerate(piece))


def _search(piece: Piece) -> _Search:
    if None not in piece:
        word = "".join(c for c in piece if c is not None)
        return _Search(len(word), lambda text, start, end: text.find(word, start, end))
    return _Search(len(piece), _shift_and(piece))


def _shift_and(piece: Piece) -> Callable[[str, int, int], int]:
    """Return a search that keeps every beginning of the piece that fits so far as one bit."""
    anything = sum(1 << i for i, wanted in enumerate(piece) if wanted is None)
    fitting: dict[str, int] = {}
    for index, wanted in enumerate(piece):
        if wanted is not None:
            fitting[wanted] = fitting.get(wanted, anything) | 1 << index
    whole = 1 << (len(piece) - 1)

    def find(text: str, start: int, end: int) -> int:
        begun = 0
        for place in range(start, end):
            begun = (begun << 1 | 1) & fitting.get(text[place], anything)
            if begun & whole:
                return place - len(piece) + 1
        return -1

    return find
