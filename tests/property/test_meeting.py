"""Laws of what two patterns have in common: a no is true, and of short patterns a yes as well."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.matcher.glob import compile_glob, read_glob
from simulator.matcher.meeting import arns_can_meet, can_meet
from simulator.matcher.values import compile_arns, fill
from simulator.policy.variables import read_template
from simulator.request.context import RequestContext
from tests.counting import lines

SHORT = ["".join(letters) for length in range(5) for letters in product("ab*?", repeat=length)]
TEXTS = ["".join(letters) for length in range(7) for letters in product("ab", repeat=length)]
#: Which short texts a short pattern fits.
FITTING = {pattern: frozenset(filter(compile_glob(read_glob(pattern)), TEXTS)) for pattern in SHORT}

globs = st.text("ab*?:", max_size=8)
arns = st.lists(st.sampled_from(("", "a", "*", "?", "a*", "b")), min_size=6, max_size=7).map(
    ":".join
)


@given(st.sampled_from(SHORT), st.sampled_from(SHORT))
def test_of_short_patterns_it_is_exact(some: str, other: str) -> None:
    expected = not FITTING[some].isdisjoint(FITTING[other])
    assert can_meet(read_glob(some), read_glob(other)) is expected


@given(globs, globs, st.text("ab:", max_size=10))
def test_what_fits_both_is_in_both(some: str, other: str, text: str) -> None:
    if all(compile_glob(read_glob(pattern))(text) for pattern in (some, other)):
        assert can_meet(read_glob(some), read_glob(other))
    assert can_meet(read_glob(some), read_glob(other)) is can_meet(
        read_glob(other), read_glob(some)
    )


@given(arns, arns, st.lists(st.text("ab", max_size=2), min_size=6, max_size=7).map(":".join))
def test_an_arn_that_fits_both_is_in_both(some: str, other: str, text: str) -> None:
    if all(compile_arns([read_glob(pattern)])(text) for pattern in (some, other)):
        assert arns_can_meet(read_glob(some), read_glob(other))


VARIABLES = ("${aws:username}", "a${aws:username}", "${aws:username}*b", "b", "a*", "*")


@given(st.sampled_from(VARIABLES), st.sampled_from(VARIABLES), st.text("ab", max_size=3))
def test_a_variable_may_stand_for_anything(some: str, other: str, value: str) -> None:
    context = RequestContext({"aws:username": value})
    templates = [read_template(t, wildcards=True, variables=True) for t in (some, other)]
    filled = [fill(template, context) or () for template in templates]
    for text in TEXTS[:100]:
        if all(compile_glob(glob)(text) for glob in filled):
            assert can_meet(*templates)


@pytest.mark.parametrize(
    ("some", "other"),
    [("*a" * 5_000, "*ab" * 4_000), ("?" * 9_999 + "*", "*" + "?a" * 5_000), ("a" * 9_999, "*b")],
)
def test_hostile_patterns_come_to_an_end(some: str, other: str) -> None:
    size = len(some) + len(other)
    assert lines(lambda: can_meet(read_glob(some), read_glob(other))) < 40 * size
