"""The doubts about AWS's rules on which an answer turns.

An answer turns on a doubt if it is another one, or none, once the doubt is left open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog.doubts import ALL_OPEN, DEFAULTS, Doubt
from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from simulator.catalog.doubts import Doubts
    from simulator.evaluation.policies import Policies

# In larger policies nobody looks for open questions unasked: it takes too long.
_MOST_TEXTS = 5_000
_MOST_CHARACTERS = 200_000
_TOO_LARGE = (
    "these policies are too large to look unasked for open questions about AWS's rules on which the"
    " answer turns: `--strict` does"
)


def doubts_to_tell(
    policies: Policies, look: Callable[[], tuple[Doubt, ...]], *, strict: bool
) -> tuple[tuple[Doubt, ...], tuple[str, ...]]:
    """Return the doubts on which an answer turns, and what is to be noted about them."""
    if not strict and _are_large(policies):
        return (), (_TOO_LARGE,)
    doubts = look()
    return doubts, () if strict else tuple(_notes_on_doubts(doubts))


def _are_large(policies: Policies) -> bool:
    documents = (c.policy.document for layer in Layer for c in policies.documents(layer))
    characters = sum(len(document.source.text) for document in documents)
    return policies.size > _MOST_TEXTS or characters > _MOST_CHARACTERS


def _notes_on_doubts(doubts: Iterable[Doubt]) -> Iterator[str]:
    """Yield what was taken to be so although AWS's documentation leaves it open."""
    for doubt in doubts:
        yield (
            f"the answer turns on {doubt}, which AWS's documentation leaves open;"
            f" taken to be so: {DEFAULTS[doubt]} (`--strict` leaves it open)"
        )


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
