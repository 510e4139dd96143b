"""The patterns of one list, looked up so that long lists cost little more than short ones."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, Final

from simulator.policy.model import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simulator.matcher.inclusion import Language

_STEPS: Final = 10_000
_FEW: Final = 50
_WORD: Final = 512
"""The characters of a pattern that take no longer to compare than its being one of a list."""


class Budget:
    """The comparisons that are left for one document, so that no document takes long."""

    def __init__(self, steps: int = _STEPS) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> bool:
        """Whether one more comparison may be made, which counts as some steps."""
        self.left -= steps
        return self.left >= 0

    @property
    def is_spent(self) -> bool:
        """Whether a comparison was not made."""
        return self.left < 0


class Listing:
    """The patterns of an `Action` or `Resource` list by what they begin with."""

    def __init__(self, language: Language, texts: Sequence[str]) -> None:
        self.language = language
        self._texts = texts
        self._keys = [*map(language.key, texts)]
        self._first: dict[str, int] = {}
        self._wild: dict[str, list[int]] = {}
        for index, key in enumerate(self._keys):
            if key in self._first or UNKNOWN in key:
                continue
            self._first[key] = index
            prefix = language.prefix(key)
            if prefix is not None:
                self._wild.setdefault(prefix, []).append(index)
        # Of a few prefixes it is soonest seen that a text begins with none of them.
        self._prefixes = tuple(self._wild) if len(self._wild) < _FEW else ("",)
        self._lengths = sorted({*map(len, self._wild)})

    def covers_all(self, texts: Iterable[str], budget: Budget) -> bool:
        """Whether each of some patterns is covered by one of the list."""
        return all(self._covers(text, budget) for text in texts)

    def _covers(self, text: str, budget: Budget) -> bool:
        if UNKNOWN in text:
            return False
        if self.language.key(text) in self._first:
            return True
        return any(self._takes_in(n, text, budget) for n in self._candidates(text, budget))

    def is_apart(self, texts: Iterable[str]) -> bool:
        """Whether surely nothing matches a pattern of the list and one of some others as well.

        Surely, since each begins differently from all of the others.
        """
        if any(UNKNOWN in text for text in self._texts):
            return False
        return all(UNKNOWN not in text and not self._meets(text) for text in texts)

    def _meets(self, text: str) -> bool:
        begin, (ordered, starts) = self.language.start(text), self._starts
        place = bisect_left(ordered, begin)
        begins_one = place < len(ordered) and ordered[place].startswith(begin)
        return begins_one or any(begin[:length] in starts for length in range(len(begin)))

    @cached_property
    def _starts(self) -> tuple[list[str], frozenset[str]]:
        starts = frozenset(map(self.language.start, self._texts))
        return sorted(starts), starts

    def needless(self, budget: Budget) -> Iterator[tuple[int, int]]:
        """Yield the places of patterns that another one of the list covers, each with its place.

        Of several that match the same the first is not needless.
        """
        for index, key in enumerate(self._keys):
            first = self._first.get(key)
            if first is None:
                continue  # left open
            other = first if first != index else self._other(index, self._texts[index], budget)
            if other is not None:
                yield index, other

    def are_same(self, index: int, other: int) -> bool:
        """Whether two patterns of the list match the same."""
        return self._keys[index] == self._keys[other]

    def _other(self, index: int, text: str, budget: Budget) -> int | None:
        for other in self._candidates(text, budget):
            if other != index and self._takes_in(other, text, budget):
                both = self._takes_in(index, self._texts[other], budget)
                if other < index or not both:
                    return other
        return None

    def _takes_in(self, index: int, text: str, budget: Budget) -> bool:
        wide = self._texts[index]
        steps = 1 + len(text) * (1 + len(wide) // _WORD) // _WORD
        return budget.spend(steps) and self.language.covers(wide, text)

    def _candidates(self, text: str, budget: Budget) -> Iterator[int]:
        if not self._prefixes or not self.language.key(text).startswith(self._prefixes):
            return
        begin = self.language.prefix(text)
        if begin is None:
            begin = self.language.key(text)
        for length in self._lengths:
            if length > len(begin):
                return
            for index in self._wild.get(begin[:length], ()):
                if budget.is_spent:
                    return
                yield index
