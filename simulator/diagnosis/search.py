"""The smallest changes with which a formula over facts comes true, the fewest facts first.

A *lever* is something that can be otherwise; it has options, of which the first is how it is. An
*atom* is a question whose answer depends on the options of some levers; a *literal* wants one of
the two answers; a formula says which literals must hold. A *box* is a set of options for each
lever that was moved, where all others are left as they are.

Boxes are searched by what stands in the way of them: a part of the formula that does not hold in
all of a box is made to, in each way there is, by moving one more lever or by fewer options of one.
So every smallest set of levers is found, and none is tried that nothing asks for.
"""

from __future__ import annotations

import heapq
from itertools import combinations, count, product
from math import prod
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from simulator.matcher.truth import Truth, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

#: The number of the option with which a lever is left as it is, as a mask.
AS_ASKED = 1
_MOST_UNKNOWN = 3  # levers that are tried without
_MOST_WAYS = 1024  # combinations of options that one atom is looked at for


class Choice(NamedTuple):
    """One option of one lever."""

    lever: int
    option: int


class Atom(NamedTuple):
    """A question about the options of levers: of its `own`, if it has one, and of `others`.

    `answer` is whether it is so, for one option of each.
    """

    own: int | None
    others: tuple[int, ...]
    answer: Callable[[tuple[Choice, ...]], Truth]


class Literal(NamedTuple):
    """That an atom is surely so, or surely not so; `opposite` is that this cannot be said."""

    atom: int
    wanted: bool
    opposite: bool = False


class Every(NamedTuple):
    """All parts must hold."""

    parts: tuple[Formula, ...]


class Some(NamedTuple):
    """One part must hold."""

    parts: tuple[Formula, ...]


Formula: TypeAlias = Literal | Every | Some


def opposite(formula: Formula) -> Formula:
    """Return the formula that holds where another does not."""
    if isinstance(formula, Literal):
        return formula._replace(opposite=not formula.opposite)
    parts = tuple(map(opposite, formula.parts))
    return Some(parts) if isinstance(formula, Every) else Every(parts)


class Use(NamedTuple):
    """A literal that a box was made for, with options of the other levers of its atom."""

    literal: Literal
    others: tuple[Choice, ...]


class Box(NamedTuple):
    """For each lever a mask of its options, and which levers were moved, as a mask.

    `uses` are the literals for which that was done.
    """

    masks: tuple[int, ...]
    moved: int = 0
    uses: tuple[Use, ...] = ()

    def options(self, lever: int) -> Iterator[int]:
        """Yield the options of a lever that are in the box."""
        return _bits(self.masks[lever])

    def samples(self) -> Iterator[tuple[Choice, ...]]:
        """Yield combinations of options of the moved levers in which each option is once."""
        levers = tuple(_bits(self.moved))
        options = [tuple(self.options(lever)) for lever in levers]
        for turn in range(max(map(len, options), default=1)):
            taken = (each[turn % len(each)] for each in options)
            yield tuple(map(Choice, levers, taken))


class Spent(Exception):  # noqa: N818 - no error: the search is cut short
    """The search has cost what it may cost."""


class Space:
    """Levers and atoms, and what was already asked of them; `budget` is how much may be asked."""

    def __init__(self, sizes: Sequence[int], atoms: Sequence[Atom], budget: int) -> None:
        self.sizes = sizes
        self.atoms = atoms
        self.complete = True
        self._budget = budget
        self._answers: dict[tuple[int, tuple[Choice, ...]], tuple[int, int]] = {}
        self._classes: dict[int, tuple[tuple[int, ...], ...]] = {}

    def spend(self, cost: int = 1) -> None:
        """Count work.

        Raises:
            Spent: there was too much of it.
        """
        self._budget -= cost
        if self.is_spent:
            self.complete = False
            raise Spent

    @property
    def is_spent(self) -> bool:
        """Whether more was asked than may be."""
        return self._budget < 0

    def satisfying(self, literal: Literal, others: tuple[Choice, ...]) -> int:
        """Return the options of an atom's own lever with which a literal holds, as a mask.

        An atom without a lever of its own has one option.
        """
        yes, no = self._masks(literal.atom, others)
        found = yes if literal.wanted else no
        if not literal.opposite:
            return found
        own = self.atoms[literal.atom].own
        return ~found & ((1 << (1 if own is None else self.sizes[own])) - 1)

    def _masks(self, number: int, others: tuple[Choice, ...]) -> tuple[int, int]:
        known = self._answers.get((number, others))
        if known is None:
            atom, yes, no = self.atoms[number], 0, 0
            for option in range(1 if atom.own is None else self.sizes[atom.own]):
                own = () if atom.own is None else (Choice(atom.own, option),)
                self.spend()
                truth = atom.answer((*own, *others))
                yes |= (truth is True) << option
                no |= (truth is False) << option
            known = self._answers[number, others] = yes, no
        return known

    def holds(self, formula: Formula, box: Box) -> Truth:
        """Return whether a formula holds in all of a box, nowhere in it, or in a part."""
        self.spend()
        if isinstance(formula, Literal):
            return self._literal_holds(formula, box)
        truths = (self.holds(part, box) for part in formula.parts)
        return all_of(truths) if isinstance(formula, Every) else any_of(truths)

    def _literal_holds(self, literal: Literal, box: Box) -> Truth:
        atom = self.atoms[literal.atom]
        inside = 1 if atom.own is None else box.masks[atom.own]
        everywhere, nowhere = True, True
        for kinds in self._kinds(literal.atom, [box.masks[lever] for lever in atom.others]):
            found = self.satisfying(literal, _first(atom, kinds))
            everywhere = everywhere and not inside & ~found
            nowhere = nowhere and not inside & found
            if not everywhere and not nowhere:
                return None
        return everywhere

    def _kinds(self, number: int, masks: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """Yield the options of an atom's other levers, those together that are alike to it."""
        parts = [
            [kind & mask for kind in kinds if kind & mask]
            for kinds, mask in zip(self._alike(number), masks, strict=True)
        ]
        yield from product(*parts)

    def _alike(self, number: int) -> tuple[tuple[int, ...], ...]:
        """Return for each other lever of an atom masks of options between which it is the same."""
        known = self._classes.get(number)
        if known is None:
            atom = self.atoms[number]
            sizes = [self.sizes[lever] for lever in atom.others]
            if prod(sizes) > _MOST_WAYS:
                self.spend(self._budget + 1)
            found: list[dict[int, list[object]]] = [{} for _ in sizes]
            for options in product(*map(range, sizes)):
                masks = self._masks(number, tuple(map(Choice, atom.others, options)))
                for place, option in enumerate(options):
                    found[place].setdefault(option, []).append(masks)
            known = self._classes[number] = tuple(map(_grouped, found))
        return known

    def ways(self, formula: Formula, box: Box) -> Iterator[Box]:
        """Yield boxes that hold whatever can become of a box with a formula that holds.

        Of several parts that must hold only the first that does not is seen to, but for literals.
        """
        if isinstance(formula, Literal):
            yield from self._restricted(formula, box)
        elif isinstance(formula, Some):
            for part in formula.parts:
                yield from self.ways(part, box)
        elif all(isinstance(part, Literal) for part in formula.parts):
            literals = tuple(part for part in formula.parts if isinstance(part, Literal))
            yield from self._together(literals, box)
        else:
            missing = (part for part in formula.parts if self.holds(part, box) is not True)
            yield from self.ways(next(missing, Every(())), box)

    def _together(self, literals: Sequence[Literal], box: Box) -> Iterator[Box]:
        """Yield boxes in all of which literals hold; moving a lever for one may undo another."""
        waiting = [box]
        while waiting:
            after = waiting.pop()
            failing = (each for each in literals if self.holds(each, after) is not True)
            literal = next(failing, None)
            if literal is None:
                uses = (Use(each, self._others_in(each, after)) for each in literals)
                yield after._replace(uses=tuple(dict.fromkeys((*box.uses, *uses))))
            else:
                waiting += self._restricted(literal, after)

    def _others_in(self, literal: Literal, box: Box) -> tuple[Choice, ...]:
        """Return an option of each other lever of an atom that is in a box."""
        atom = self.atoms[literal.atom]
        return _first(atom, [box.masks[lever] for lever in atom.others])

    def _restricted(self, literal: Literal, box: Box) -> Iterator[Box]:
        atom = self.atoms[literal.atom]
        masks = [
            box.masks[lever] if box.moved >> lever & 1 else (1 << self.sizes[lever]) - 1
            for lever in atom.others
        ]
        for kinds in self._kinds(literal.atom, masks):
            self.spend()
            others = _first(atom, kinds)
            after: Box | None = box
            for lever, kind in zip(atom.others, kinds, strict=True):
                after = after and _moved(after, lever, kind)
            after = after and _moved(after, atom.own, self.satisfying(literal, others))
            if after is not None:
                yield after._replace(uses=(*after.uses, Use(literal, others)))


def _first(atom: Atom, kinds: Sequence[int]) -> tuple[Choice, ...]:
    """Return one option for each other lever of an atom, of options that are alike."""
    return tuple(map(Choice, atom.others, (next(_bits(kind)) for kind in kinds)))


def _grouped(found: Mapping[int, list[object]]) -> tuple[int, ...]:
    groups: dict[tuple[object, ...], int] = {}
    for option, answers in found.items():
        key = tuple(answers)
        groups[key] = groups.get(key, 0) | 1 << option
    return tuple(groups.values())


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _moved(box: Box, lever: int | None, found: int) -> Box | None:
    """Return a box with only some options of a lever, which is moved where it has to be."""
    if lever is None:
        return box if found & 1 else None
    mask = box.masks[lever] & found
    if mask or box.moved >> lever & 1:
        return box._replace(masks=_with(box.masks, lever, mask)) if mask else None
    found &= ~AS_ASKED
    if not found:
        return None
    return box._replace(masks=_with(box.masks, lever, found), moved=box.moved | 1 << lever)


def _with(masks: tuple[int, ...], lever: int, mask: int) -> tuple[int, ...]:
    return (*masks[:lever], mask, *masks[lever + 1 :])


def smallest(
    space: Space,
    goals: Sequence[Formula],
    confirmed: Callable[[Box], bool],
    unknown: int = 0,
) -> Iterator[Box]:
    """Yield the boxes in which all goals hold and as few levers are moved as can be.

    No box is told that moves all the levers of another found before, and more. `confirmed` has
    the last word on each. Of the levers of the mask `unknown` nobody said how they are: what holds
    however they are need not move them. Where the budget does not last, a box is
    not confirmed, or there are too many such levers to try without, `space.complete` is false
    afterwards.
    """
    found: list[int] = []
    try:
        for box in _by_size(space, goals, found):
            each = next(filter(confirmed, _unmoved(box, unknown)), None)
            if each is None or (box.moved & ~each.moved).bit_count() == _MOST_UNKNOWN:
                space.complete = False  # a part of it may do, or more of them may not matter
            if each is not None and not _is_more(each.moved, found):
                found.append(each.moved)
                yield each
    except Spent:
        return


def _unmoved(box: Box, unknown: int) -> Iterator[Box]:
    """Yield a box with levers left as they are that may not matter, the most of them first."""
    levers = tuple(_bits(box.moved & unknown))
    for size in range(min(len(levers), _MOST_UNKNOWN), -1, -1):
        for left in combinations(levers, size):
            after = box
            for lever in left:
                masks = _with(after.masks, lever, AS_ASKED)
                after = after._replace(masks=masks, moved=after.moved & ~(1 << lever))
            yield after


def _by_size(space: Space, goals: Sequence[Formula], found: list[int]) -> Iterator[Box]:
    """Yield the boxes in which the goals hold, those first in which fewest levers are moved."""
    start = Box((AS_ASKED,) * len(space.sizes))
    find_missing = _missing(space, goals, start)
    order = count()
    waiting = [(0, next(order), start)]
    seen = {start.masks}
    while waiting:
        _, _, box = heapq.heappop(waiting)
        if _is_more(box.moved, found):
            continue
        goal = find_missing(box)
        if goal is None:
            yield box
            continue
        for after in space.ways(goal, box):
            if after.masks not in seen and not _is_more(after.moved, found):
                seen.add(after.masks)
                heapq.heappush(waiting, (after.moved.bit_count(), next(order), after))


def _is_more(moved: int, found: Iterable[int]) -> bool:
    return any(other & moved == other and other != moved for other in found)


def _missing(space: Space, goals: Sequence[Formula], start: Box) -> Callable[[Box], Formula | None]:
    """Return what finds a goal that does not hold in a box: only some are worth looking at."""
    first = [goal for goal in goals if space.holds(goal, start) is not True]
    touched: dict[int, list[Formula]] = {}
    for goal in goals:
        for lever in _levers(space, goal):
            touched.setdefault(lever, []).append(goal)

    def find(box: Box) -> Formula | None:
        others = (goal for lever in _bits(box.moved) for goal in touched.get(lever, ()))
        for goal in (*first, *others):
            if space.holds(goal, box) is not True:
                return goal
        return None

    return find


def _levers(space: Space, formula: Formula) -> frozenset[int]:
    if isinstance(formula, Literal):
        own, others, _ = space.atoms[formula.atom]
        return frozenset(others if own is None else (own, *others))
    return frozenset().union(*(_levers(space, part) for part in formula.parts))
