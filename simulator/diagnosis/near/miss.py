"""A near-miss: how what is named is not what is asked about, and which of several is least."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_Pair = TypeVar("_Pair")


class Miss(NamedTuple, Generic[_Pair]):
    """A way in which what is named is not what is asked about, and what to say of it, if anything.

    Where it is `near`, the one was probably meant to be the other. Where it is `barred`, there can
    be no such thing beside what is asked about, so that nobody loses by a correction.
    """

    why: str | None
    fits: Callable[[_Pair], bool]
    near: bool = True
    barred: bool = False


class Least(NamedTuple, Generic[_Pair]):
    """The pair that misses by the least: which of all it is, the pair, and how it misses."""

    place: int
    pair: _Pair
    miss: Miss[_Pair]

    @property
    def why(self) -> str | None:
        """What to say of it."""
        return self.miss.why and self.miss.why.format(self.pair)


def least(
    pairs: Iterable[_Pair], misses: tuple[Miss[_Pair], ...], likeness: Callable[[_Pair], float]
) -> Least[_Pair] | None:
    """Return the pair that misses by the least, by the order of the ways; of equal ones the likest.

    The last of the ways has to fit every pair.
    """
    ranked = [
        (next(rank for rank, miss in enumerate(misses) if miss.fits(pair)), place, pair)
        for place, pair in enumerate(pairs)
    ]
    if not ranked:
        return None
    first = min(rank for rank, _, _ in ranked)
    equal = [(place, pair) for rank, place, pair in ranked if rank == first]
    place, pair = max(equal, key=lambda each: likeness(each[1])) if len(equal) > 1 else equal[0]
    return Least(place, pair, misses[first])
