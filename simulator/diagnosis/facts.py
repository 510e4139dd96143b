"""Facts about a request in words: what must be so for the literals of a box to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnosis.differing import ANY_TAG
from simulator.diagnosis.search import AS_ASKED
from simulator.diagnosis.words import Related, related
from simulator.matcher.samples import fill_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simulator.diagnosis.model import Model
    from simulator.diagnosis.search import Box, Use

_UNKNOWN = "unknown"
# Relations of which those of two values are that of either.
_EITHER = frozenset({"=", "like", "in"})


def facts_of(model: Model, box: Box) -> Iterator[tuple[Related, ...]]:
    """Yield the sets of facts that say what is moved in a box, and to where."""
    sets: list[tuple[Related, ...]] = [()]
    for lever, mask in enumerate(box.masks):
        if box.moved >> lever & 1:
            alternatives = list(_of_lever(model, box, lever, mask))
            sets = [(*facts, *more) for facts in sets for more in alternatives]
    yield from sets


def _of_lever(model: Model, box: Box, lever: int, mask: int) -> Iterator[tuple[Related, ...]]:
    """Yield what must be so of a lever for its option to be one of those in a mask."""
    told = [
        (_fact(model, use, lever), satisfying)
        for use in box.uses
        if use.literal.atom in model.askings and model.atom(use.literal).own == lever
        # what was so of a lever until it was moved may be so no more
        if not mask & ~(satisfying := model.space.satisfying(use.literal, use.others))
    ]
    everything = (1 << model.space.sizes[lever]) - 1
    needed = _needed(told, everything)
    together = _all(needed, everything)
    facts = tuple(fact for fact, _ in needed)
    if needed and together == mask:
        yield facts
    elif together & _present(model, lever) == mask:
        yield (*facts, Related(model.levers[lever].keys[0], "present"))
    else:
        options = (option for option in range(mask.bit_length()) if mask >> option & 1)
        yield from (_values(model, lever, option) for option in options)


def _needed(told: Sequence[tuple[Related, int]], everything: int) -> list[tuple[Related, int]]:
    """Return facts without those that others imply, where they speak of the same key.

    Of several keys those are told as well that follow from others, but for what is so already.
    """
    needed = sorted(dict.fromkeys(told), key=lambda each: not each[0].values)
    for each in reversed(needed[:]):
        fact, satisfying = each
        others = [
            other
            for other in needed
            if other is not each and (other[0].key == fact.key or satisfying & AS_ASKED)
        ]
        if others and not _all(others, everything) & ~satisfying:
            needed.remove(each)
    return sorted(needed, key=told.index)


def _all(told: Iterable[tuple[Related, int]], everything: int) -> int:
    """Return the options with which all of some facts are so."""
    for _, satisfying in told:
        everything &= satisfying
    return everything


def _present(model: Model, lever: int) -> int:
    """Return the options of a lever, other than as it is asked, in which its key is there.

    None, if there is but one: then its value is told, unless that was made up.
    """
    key, found = model.levers[lever].keys[0].lower(), 0
    for option in range(1, model.space.sizes[lever]):
        found |= bool(model.values(lever, option, key)) << option
    is_one = found.bit_count() == 1
    made_up = is_one and model.values(lever, found.bit_length() - 1, key) == (ANY_TAG,)
    return 0 if is_one and not made_up else found


def _fact(model: Model, use: Use, lever: int) -> Related:
    test, variables, _ = model.askings[use.literal.atom]
    filled = fill_in(test, model.context(use.others), variables=variables)
    satisfying = model.space.satisfying(use.literal, use.others)
    key = test.key.lower()
    absent = [o for o in range(model.space.sizes[lever]) if not model.values(lever, o, key)]
    may_be_absent = None if not absent else bool(satisfying >> absent[0] & 1)
    return related(filled, holds=use.literal.wanted, absent=may_be_absent)


def _values(model: Model, lever: int, option: int) -> tuple[Related, ...]:
    """Return what the keys of a lever are with one of its options."""
    found = ((key, model.values(lever, option, key.lower())) for key in model.levers[lever].keys)
    return tuple(
        Related(key, _UNKNOWN if values is None else "=" if values else "absent", values or ())
        for key, values in found
    )


def as_it_is(model: Model, lever: int) -> Iterator[Related]:
    """Yield what the keys of a lever are, as it is asked, if anything about them is known."""
    yield from (fact for fact in _values(model, lever, 0) if fact.relation != _UNKNOWN)


def joined(sets: Iterable[tuple[Related, ...]]) -> list[tuple[Related, ...]]:
    """Return sets of facts, those made one that differ in the values of one fact alone."""
    found: list[tuple[Related, ...]] = []
    for facts in dict.fromkeys(sets):
        for place, other in enumerate(found):
            both = _either(facts, other)
            if both is not None:
                found[place] = both
                break
        else:
            found.append(facts)
    return found


def _either(some: tuple[Related, ...], others: tuple[Related, ...]) -> tuple[Related, ...] | None:
    if len(some) != len(others):
        return None
    different = [
        place for place, pair in enumerate(zip(some, others, strict=True)) if pair[0] != pair[1]
    ]
    if len(different) != 1:
        return None
    (place,) = different
    one, other = some[place], others[place]
    if one[:2] != other[:2] or one.relation not in _EITHER or one.more != other.more:
        return None
    values = tuple(dict.fromkeys((*other.values, *one.values)))
    return (*others[:place], other._replace(values=values), *others[place + 1 :])
