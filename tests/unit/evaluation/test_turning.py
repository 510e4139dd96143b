"""Which doubts an answer turns on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog.doubts import ALL_OPEN, DEFAULTS, Doubt
from simulator.decision.combine import Outcome
from simulator.evaluation.turning import turning

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.catalog.doubts import Doubts

ALLOWED, UNDECIDED = Outcome.ALLOWED, Outcome.UNDECIDED


def open_with(*needed: set[Doubt]) -> Callable[[Doubts], Outcome]:
    """Return what is decided by something that is open with any of some sets of doubts."""
    return lambda opened: UNDECIDED if any(each <= opened for each in needed) else ALLOWED


def test_none_where_the_answer_stands() -> None:
    assert turning(ALLOWED, open_with()) == ()


def test_each_that_changes_it_alone() -> None:
    decided = open_with({Doubt.VAR_WILD}, {Doubt.ARN_SHAPE})
    assert turning(ALLOWED, decided) == (Doubt.VAR_WILD, Doubt.ARN_SHAPE)


def test_a_fewest_set_where_none_does_alone() -> None:
    decided = open_with({Doubt.VAR_WILD, Doubt.ARN_SHAPE})
    assert set(turning(ALLOWED, decided)) == {Doubt.VAR_WILD, Doubt.ARN_SHAPE}


def test_what_is_open_anyway_turns_on_nothing() -> None:
    assert turning(UNDECIDED, open_with({Doubt.VAR_WILD})) == ()


def test_every_doubt_has_a_default() -> None:
    assert set(DEFAULTS) == set(Doubt) == ALL_OPEN
