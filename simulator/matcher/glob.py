"""Texts with `*` and `?`, matched in linear time whatever the pattern.

A pattern is cut at its `*` into pieces. The first and the last piece stand at the ends of the
text; each one between is taken at the first place where it fits, which is never worse than a later
place. So there is nothing to go back to, and a hostile pattern costs no more than a tame one.
"""

from __future__ import annotations

from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from simulator.policy.variables import Wildcard, read_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

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


@lru_cache(maxsize=1024)  # the fields of ARNs are mostly the same few
def compile_glob(glob: Glob) -> Callable[[str], bool]:
    """Return the test whether a whole text fits a pattern; letter case counts."""
    if Wildcard.ONE not in glob and glob.count(Wildcard.ANY) <= 1:
        return _simple(glob)
    if Wildcard.ONE not in glob and glob.count(Wildcard.ANY) == 2:
        return _around(glob)
    head = glob[0] if isinstance(glob[0], str) else ""
    shortest = sum(len(part) if isinstance(part, str) else part is Wildcard.ONE for part in glob)
    # Most texts fail the tests that cost nothing, so the rest waits for the first that does not.
    # None that is shorter than the pattern gets there: no text, no matter how long the pattern.
    general = cache(partial(_general, glob))
    return lambda text: len(text) >= shortest and text.startswith(head) and general()(text)


def compile_globs(
    globs: Sequence[Glob], others: Iterable[Callable[[str], bool]] = ()
) -> Callable[[str], bool]:
    """Return the test whether a text fits one of several patterns or passes one of other tests.

    Patterns without wildcards are looked up at once, those that end in their only `*` are asked
    together, however many they are.
    """
    tests = [compile_glob(glob) for glob in globs if _is_wild(glob) and not _is_prefix(glob)]
    tests += others
    exact = frozenset(join_text(glob) for glob in globs if not _is_wild(glob))
    prefixes = tuple(_text(glob) for glob in globs if _is_prefix(glob))
    if exact:
        tests.insert(0, exact.__contains__)
    if prefixes:
        tests.insert(0, lambda text: text.startswith(prefixes))
    return any_test(tests)


def any_test(tests: Sequence[Callable[[str], bool]]) -> Callable[[str], bool]:
    """Return the test whether a text passes one of some tests."""
    if len(tests) == 1:
        return tests[0]
    several = tuple(tests)

    def fits(text: str) -> bool:
        for test in several:  # noqa: SIM110 - a generator would cost more than the tests
            if test(text):
                return True
        return False

    return fits


def _is_prefix(glob: Glob) -> bool:
    return glob[-1] is Wildcard.ANY and not _is_wild(glob[:-1])


def _is_wild(glob: Glob) -> bool:
    return Wildcard.ANY in glob or Wildcard.ONE in glob


def join_text(parts: Iterable[str | Wildcard]) -> str:
    """Return parts as one text, wildcards as the characters they are."""
    return "".join([part if isinstance(part, str) else part.value for part in parts])


def _simple(glob: Glob) -> Callable[[str], bool]:
    if Wildcard.ANY not in glob:
        return _text(glob).__eq__
    star = glob.index(Wildcard.ANY)
    prefix, suffix = _text(glob[:star]), _text(glob[star + 1 :])
    shortest = len(prefix) + len(suffix)
    if not suffix:
        return lambda text: text.startswith(prefix)
    return lambda text: len(text) >= shortest and text.startswith(prefix) and text.endswith(suffix)


def _around(glob: Glob) -> Callable[[str], bool]:
    """Return the test for a pattern with two `*`, as most have that have more than one."""
    first = glob.index(Wildcard.ANY)
    second = glob.index(Wildcard.ANY, first + 1)
    prefix, word, suffix = _text(glob[:first]), _text(glob[first:second]), _text(glob[second:])
    begin, end = len(prefix), len(suffix)

    def fits(text: str) -> bool:
        if not text.startswith(prefix) or not text.endswith(suffix):
            return False
        return text.find(word, begin, len(text) - end) >= 0

    return fits


def _text(parts: Glob) -> str:
    return "".join([part for part in parts if isinstance(part, str)])


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


def _general(glob: Glob) -> Callable[[str], bool]:
    """Return the test of a text that is as long as the pattern at least."""
    pieces = _pieces(glob)
    first, last = pieces[0], pieces[-1]
    between = [_search(piece) for piece in pieces[1:-1] if piece]
    if len(pieces) == 1:
        return lambda text: len(text) == len(first) and _stands(first, text, 0)

    def fits(text: str) -> bool:
        if not _stands(first, text, 0):
            return False
        place, end = len(first), len(text) - len(last)
        for search in between:
            found = search.find(text, place, end)
            if found < 0:
                return False
            place = found + search.length
        return _stands(last, text, end)

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
    places: dict[str | None, list[int]] = {}
    for index, wanted in enumerate(piece):
        places.setdefault(wanted, []).append(index)
    anything = _bits(places.pop(None))
    fitting = {wanted: anything | _bits(found) for wanted, found in places.items()}
    whole = 1 << (len(piece) - 1)

    def find(text: str, start: int, end: int) -> int:
        begun = 0
        for place in range(start, end):
            begun = (begun << 1 | 1) & fitting.get(text[place], anything)
            if begun & whole:
                return place - len(piece) + 1
        return -1

    return find


def _bits(places: list[int]) -> int:
    """Return the number in which these bits are set; the last place is the highest."""
    data = bytearray(places[-1] // 8 + 1)  # adding up powers would copy the number for each
    for place in places:
        data[place // 8] |= 1 << place % 8
    return int.from_bytes(data, "little")
