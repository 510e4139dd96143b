"""Kleene's tables."""

from __future__ import annotations

from itertools import product

from simulator.matcher.truth import Truth, all_of, any_of, negate

TRUTHS: tuple[Truth, ...] = (False, None, True)


def test_all_of_is_the_least_and_any_of_the_greatest() -> None:
    for size in range(4):
        for truths in product(TRUTHS, repeat=size):
            ranks = [TRUTHS.index(truth) for truth in truths]
            assert all_of(truths) is TRUTHS[min(ranks, default=2)]
            assert any_of(truths) is TRUTHS[max(ranks, default=0)]


def test_negate() -> None:
    assert [negate(truth) for truth in TRUTHS] == [True, None, False]
