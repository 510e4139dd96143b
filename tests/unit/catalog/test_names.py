"""Letter case and wildcards of names."""

from __future__ import annotations

import re
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from simulator.catalog.names import best, closeness, fold, glob

NAMES = ["".join(word) for n in range(6) for word in product("ab", repeat=n)]


def test_all_small_patterns() -> None:
    for pattern in ("".join(word) for n in range(6) for word in product("ab*?", repeat=n)):
        test = glob(pattern)
        meaning = re.compile("".join({"*": ".*", "?": "."}.get(c, c) for c in pattern))
        for name in NAMES:
            assert test(name) is bool(meaning.fullmatch(name)), (pattern, name)


def test_all_else_is_literal() -> None:
    assert glob("a.(b)[c]+")("a.(b)[c]+")
    assert not glob("a.")("ab")
    assert glob("?")("\n")


def test_no_name_is_as_long_as_this() -> None:
    assert not glob("a" * 1000)("a" * 1000)
    assert glob("*" * 1000)("a")


@given(st.text())
def test_fold_changes_ascii_only(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert all(
        a == b or (a.isascii() and a.lower() == b) for a, b in zip(text, folded, strict=True)
    )
    assert fold(folded) == folded


def test_words_count_as_well_as_letters() -> None:
    assert closeness("MFAPresent", "MultiFactorAuthPresent") == 1
    assert closeness("PrincipalOrganizationId", "PrincipalOrgID") == 1
    assert closeness("ListBuckets", "BucketList") == 1
    assert closeness("", "abc") == 0
    assert closeness("abc", "xyz") == 0


def test_best_leaves_out_what_is_far_behind() -> None:
    scored = [(0.7, "far"), (0.9, "b"), (0.9, "a"), (1.0, "first"), (0.95, "first")]
    assert best(scored, 5) == ("first", "a", "b")
    assert best(scored, 2) == ("first", "a")
    assert best([], 3) == ()
