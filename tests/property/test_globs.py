"""Laws of patterns: what `*` and `?` match, and that matching takes linear work."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.matcher.glob import compile_glob, read_glob

patterns = st.text("ab*?.[\n", max_size=8)
texts = st.text("ab.[\n", max_size=8)


def fits(pattern: str, text: str) -> bool:
    return compile_glob(read_glob(pattern))(text)


def regex(pattern: str) -> re.Pattern[str]:
    """Return the naive meaning of a pattern."""
    parts = [{"*": ".*", "?": "."}.get(c) or re.escape(c) for c in pattern]
    return re.compile("".join(parts), re.DOTALL)


@given(patterns, texts, st.data())
def test_a16_a_wildcard_in_place_of_text_only_adds(
    pattern: str, text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(pattern)))
    end = data.draw(st.integers(start, len(pattern)))
    with_star = pattern[:start] + "*" + pattern[end:]
    with_mark = re.sub(r"[^*?]", "?", pattern, count=1)
    if fits(pattern, text):
        assert fits(with_star, text)
        assert fits(with_mark, text)


@given(patterns, texts)
def test_a16_a_text_fits_itself_with_any_part_cut_out(pattern: str, text: str) -> None:
    for place in range(len(text) + 1):
        assert fits(f"{text[:place]}*{text[place:]}", text)
        assert fits(f"{text[:place]}*", text)
        assert fits(f"*{text[place:]}", text)
    assert fits("?" * len(text), text)
    assert fits(f"*{pattern}*", text) or not fits(pattern, text)


@given(patterns, patterns, texts)
def test_a17_stars_are_one_and_change_places_with_marks(left: str, right: str, text: str) -> None:
    assert fits(f"{left}**{right}", text) == fits(f"{left}*{right}", text)
    assert fits(f"{left}*?{right}", text) == fits(f"{left}?*{right}", text)


@given(patterns, texts)
def test_a18_a_glob_is_an_anchored_regex(pattern: str, text: str) -> None:
    assert fits(pattern, text) == (regex(pattern).fullmatch(text) is not None)


@given(st.lists(st.sampled_from(["a", "b", "ab", "?", "*", "a?b", "*a", "?a*"]), max_size=9), texts)
def test_a18_of_patterns_of_pieces(pieces: list[str], text: str) -> None:
    pattern = "".join(pieces)
    assert fits(pattern, text) == (regex(pattern).fullmatch(text) is not None)


# A matcher that goes back over its choices does not come to the end of these.
@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*a" * 2_000, True),
        ("*a" * 2_000 + "b", False),
        ("*a*b" * 2_000, False),
        ("a*" * 2_000 + "?", True),
        ("*a?" * 2_000, True),
        ("*a?" * 2_000 + "b", False),
        ("*?a" * 2_000 + "*b*", False),
        ("*" + "?" * 5_000 + "b*", False),
        ("*" * 10_000 + "b", False),
        ("?" * 10_000, True),
        ("*aaaaaaaaab" * 500, False),
    ],
)
def test_hostile_patterns_come_to_an_end(pattern: str, *, expected: bool) -> None:
    assert fits(pattern, "a" * 10_000) is expected
