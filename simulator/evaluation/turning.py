"""The doubts about AWS's rules on which an answer turns.

An answer turns on a doubt if it is another one, or none, once the doubt is left open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog.doubts import ALL_OPEN, Doubt
from simulator.decision.combine import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.catalog.doubts import Doubts


def turning(outcome: Outcome, decided: Callable[[Doubts], Outcome]) -> tuple[Doubt, ...]:
    """Return doubts without which the outcome would stand: each alone, or else a fewest set.

    `decided` is what comes out with some doubts left open.
    """
    if outcome is Outcome.UNDECIDED or decided(ALL_OPEN) is outcome:
        return ()
    alone = tuple(_alone(outcome, decided, tuple(Doubt)))
    return alone or _together(outcome, decided)


def _alone(
    outcome: Outcome, decided: Callable[[Doubts], Outcome], doubts: tuple[Doubt, ...]
) -> Iterator[Doubt]:
    """Yield those of some doubts that change the outcome alone.

    What stands with all of them open stands with each, so that halves are looked at first.
    """
    if decided(frozenset(doubts)) is outcome:
        return
    if len(doubts) == 1:
        yield doubts[0]
        return
    half = len(doubts) // 2
    yield from _alone(outcome, decided, doubts[:half])
    yield from _alone(outcome, decided, doubts[half:])


def _together(outcome: Outcome, decided: Callable[[Doubts], Outcome]) -> tuple[Doubt, ...]:
    """Return a set of doubts that changes the outcome only as a whole."""
    needed = set(Doubt)
    for doubt in Doubt:
        if decided(frozenset(needed - {doubt})) is not outcome:
            needed.remove(doubt)
    return tuple(doubt for doubt in Doubt if doubt in needed)
