"""Names of actions and keys: letter case, wildcards, and which known name a wrong one is like."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from difflib import SequenceMatcher

ALIKE: Final = 0.6
"""How much two names must be alike, 1 being equal, for one to be taken for the other."""

_LONGEST: Final = 100  # AWS has no name of an action as long as that
_CAPITAL: Final = re.compile(r"[A-Z]+")
_STARS: Final = re.compile(r"\*+")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

# What people write, and the words that AWS has for it.
_WORDS: Final = {
    "mfa": ("multi", "factor", "auth"),
    "authentication": ("auth",),
    "authenticated": ("auth",),
    "organization": ("org",),
    "organisation": ("org",),
    "identifier": ("id",),
    "principle": ("principal",),
    "address": (),
}


def fold(name: str) -> str:
    """Return a name in lower case; letters that are not ASCII stay as they are."""
    return name.lower() if name.isascii() else _CAPITAL.sub(lambda m: m[0].lower(), name)


def glob(pattern: str) -> Callable[[str], bool]:
    """Return the test whether a whole name fits a pattern with `*` and `?`; letter case counts."""
    if len(pattern) - pattern.count("*") > _LONGEST:
        return lambda _: False
    # Cut at each `*`: the earliest place for a piece is as good as any, so nothing is tried twice.
    first, *between = [_piece(piece) for piece in _STARS.split(pattern)]
    if not between:
        return lambda name: first.fullmatch(name) is not None
    last = between.pop()
    width = len(pattern.rpartition("*")[2])

    def fits(name: str) -> bool:
        found = first.match(name)
        for piece in between:
            found = found and piece.search(name, found.end())
        start = len(name) - width
        return found is not None and found.end() <= start and bool(last.match(name, start))

    return fits


def _piece(text: str) -> re.Pattern[str]:
    return re.compile(".".join(map(re.escape, text.split("?"))), re.DOTALL)


def likeness(
    wanted: str, names: Iterable[str], enough: float = ALIKE
) -> Iterable[tuple[float, str]]:
    """Yield each name that is like the wanted one, with how much it is."""
    # difflib costs 4 ms to import, and a right name never asks.
    from difflib import SequenceMatcher  # noqa: PLC0415

    wanted = wanted[:_LONGEST]
    matcher, words = SequenceMatcher(b=fold(wanted), autojunk=False), _words(wanted)
    for name in names:
        matcher.set_seq1(fold(name))
        score = max(_ratio(matcher, enough), _shared(words, _words(name)))
        if score >= enough:
            yield score, name


def closeness(some: str, other: str) -> float:
    """Return how much two names are alike, 1 being equal."""
    return next((score for score, _ in likeness(some, [other], 0)), 0.0)


def best(scored: Iterable[tuple[float, str]], most: int) -> tuple[str, ...]:
    """Return the names with the highest scores, each once, as far as none is far behind."""
    ordered = sorted(scored, key=lambda pair: (-pair[0], pair[1]))
    near = (name for score, name in ordered if score > 0.8 * ordered[0][0])
    return tuple(dict.fromkeys(near))[:most]


def _ratio(matcher: SequenceMatcher[str], enough: float) -> float:
    # The first two are cheap, and never less than the third.
    if matcher.real_quick_ratio() < enough or matcher.quick_ratio() < enough:
        return 0
    return matcher.ratio()


def _shared(some: frozenset[str], others: frozenset[str]) -> float:
    return 2 * len(some & others) / (len(some) + len(others) or 1)


@lru_cache(maxsize=4096)
def _words(name: str) -> frozenset[str]:
    words = [word.lower() for word in _WORD.findall(name)]
    return frozenset(part for word in words for part in _WORDS.get(word, (_singular(word),)))


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > len("dns") else word
