"""The search for smallest changes, against trying all of small spaces."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from simulator.diagnosis.search import (
    Atom,
    Box,
    Choice,
    Every,
    Formula,
    Literal,
    Some,
    Space,
    opposite,
    smallest,
)

if TYPE_CHECKING:
    from simulator.matcher.truth import Truth

SIZES = (3, 2, 4)
ENOUGH = 100_000
#: Which of the levers an atom asks, its own first.
ASKED = ((0,), (1,), (2,), (0, 1), (2, 0), (None, 1, 2))


def atom(asked: tuple[int | None, ...], answers: list[Truth]) -> Atom:
    """Return an atom with an answer for each combination of options."""
    own, *others = asked
    levers = [lever for lever in asked if lever is not None]
    table = dict(zip(product(*(range(SIZES[n]) for n in levers)), answers, strict=False))

    def answer(choices: tuple[Choice, ...]) -> Truth:
        return table[tuple(choice.option for choice in choices)]

    return Atom(own, tuple(n for n in others if n is not None), answer)


@st.composite
def spaces(draw: st.DrawFn) -> tuple[list[Atom], Formula]:
    """Return some atoms, and a formula over them."""
    asked = draw(st.lists(st.sampled_from(ASKED), min_size=1, max_size=5))
    truths = st.sampled_from((True, False, None))
    atoms = [atom(each, draw(st.lists(truths, min_size=12, max_size=12))) for each in asked]
    literals = st.builds(Literal, st.integers(0, len(atoms) - 1), st.booleans())
    formulas: st.SearchStrategy[Formula] = st.recursive(
        literals,
        lambda inner: (
            st.builds(Every, st.lists(inner, max_size=3).map(tuple))
            | st.builds(Some, st.lists(inner, max_size=3).map(tuple))
        ),
        max_leaves=8,
    )
    formula = draw(formulas)
    return atoms, opposite(formula) if draw(st.booleans()) else formula


def holds(atoms: list[Atom], formula: Formula, options: tuple[int, ...]) -> bool:
    """Return whether a formula holds for one option of each lever."""
    if isinstance(formula, Literal):
        own, others, answer = atoms[formula.atom]
        levers = others if own is None else (own, *others)
        truth = answer(tuple(Choice(lever, options[lever]) for lever in levers))
        return (truth is formula.wanted) is not formula.opposite
    every = [holds(atoms, part, options) for part in formula.parts]
    return all(every) if isinstance(formula, Every) else any(every)


def moved(options: tuple[int, ...]) -> int:
    """Return the levers that are not as they are, as a mask."""
    return sum(1 << lever for lever, option in enumerate(options) if option)


def inside(box: Box) -> set[tuple[int, ...]]:
    """Return the combinations of options in a box."""
    return set(product(*(tuple(box.options(lever)) for lever in range(len(SIZES)))))


@given(spaces())
def test_the_boxes_are_all_there_is_with_fewest_levers(drawn: tuple[list[Atom], Formula]) -> None:
    atoms, formula = drawn
    space = Space(SIZES, atoms, ENOUGH)
    found = list(smallest(space, (formula,), lambda _: True))
    good = {o for o in product(*map(range, SIZES)) if holds(atoms, formula, o)}
    masks = {moved(options) for options in good}
    fewest = {mask for mask in masks if not any(o & mask == o != mask for o in masks)}
    assert {box.moved for box in found} == fewest
    assert set().union(*map(inside, found)) == {o for o in good if moved(o) in fewest}
    assert space.complete


@given(spaces(), st.integers(0, 200))
def test_what_is_found_before_the_budget_is_spent_is_right(
    drawn: tuple[list[Atom], Formula], budget: int
) -> None:
    atoms, formula = drawn
    space = Space(SIZES, atoms, budget)
    for box in smallest(space, (formula,), lambda _: True):
        assert all(holds(atoms, formula, options) for options in inside(box))
    assert space.complete is not space.is_spent


@given(spaces())
def test_an_opposite_holds_where_the_formula_does_not(
    drawn: tuple[list[Atom], Formula],
) -> None:
    atoms, formula = drawn
    for options in product(*map(range, SIZES)):
        assert holds(atoms, opposite(formula), options) is not holds(atoms, formula, options)


def test_work_is_counted_and_not_only_time() -> None:
    sizes = (2,) * 40
    asks_one = [
        Atom(lever, (), lambda choices: choices[0].option == 1) for lever in range(len(sizes))
    ]
    goals = tuple(
        Some((Literal(lever, wanted=True), Literal(lever + 1, wanted=True)))
        for lever in range(0, len(sizes), 2)
    )
    space = Space(sizes, asks_one, 5_000)
    assert list(smallest(space, goals, lambda _: True)) == []
    assert not space.complete


def test_a_lever_of_which_nobody_knows_is_left_alone_where_it_does_not_matter() -> None:
    unknown = [Atom(0, (), lambda choices: (None, True, False)[choices[0].option])]
    either = (Some((Literal(0, wanted=True), Literal(0, wanted=False))),)
    space = Space((3,), unknown, ENOUGH)
    assert [box.moved for box in smallest(space, either, lambda _: True)] == [1, 1]
    assert [box.moved for box in smallest(space, either, lambda _: True, unknown=1)] == [0]


def test_each_option_is_in_the_samples_of_a_box() -> None:
    samples = list(Box((1, 0b110, 0b11010), 0b110).samples())
    assert samples == [
        (Choice(1, 1), Choice(2, 1)),
        (Choice(1, 2), Choice(2, 3)),
        (Choice(1, 1), Choice(2, 4)),
    ]
    assert list(Box((1,)).samples()) == [()]
