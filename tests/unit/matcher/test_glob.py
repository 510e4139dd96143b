"""Wildcards: on all small patterns as the definition says, and on large ones at all."""

from __future__ import annotations

from itertools import product
from unittest.mock import Mock

import pytest

from simulator.matcher import glob
from simulator.matcher.glob import compile_glob, read_glob


def fits(pattern: str, text: str) -> bool:
    """Return what the matcher says."""
    return compile_glob(read_glob(pattern))(text)


def defined(pattern: str, text: str) -> bool:
    """Return whether a text fits a pattern, by the definition."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(defined(pattern[1:], text[start:]) for start in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and defined(pattern[1:], text[1:])


def words(letters: str, longest: int) -> list[str]:
    """Return all words of some letters up to a length."""
    return ["".join(word) for n in range(longest + 1) for word in product(letters, repeat=n)]


def test_all_small_patterns() -> None:
    for pattern in words("ab*?", 4):
        test = compile_glob(read_glob(pattern))
        for text in words("ab", 4):
            assert test(text) is defined(pattern, text), (pattern, text)


@pytest.mark.parametrize("pattern", ["*ab?b*a", "a*?b*", "*?*?*a", "?*ab*?b", "*aab*ab"])
def test_some_longer_patterns(pattern: str) -> None:
    test = compile_glob(read_glob(pattern))
    for text in words("ab", 8):
        assert test(text) is defined(pattern, text), text


@pytest.mark.parametrize("literal", ".+()[]{}^$|\\#- \t\n\u00e9\U0001f600")
def test_everything_else_is_literal(literal: str) -> None:
    assert fits(literal, literal)
    assert not fits(literal, "x")
    assert fits(f"*{literal}?", f"a{literal}b")
    assert fits("?", literal)


def test_case_counts() -> None:
    assert not fits("A*", "a")


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*a" * 10 + "*b", "a" * 100_000, False),
        ("*a" * 1024 + "b", "a" * 100_000, False),
        ("*?a" * 500 + "b", "a" * 20_000, False),
        ("*" * 2048, "a" * 100_000, True),
        ("?" * 2048, "a" * 2048, True),
        ("?" * 2048, "a" * 2047, False),
        ("?" * 2048 + "*", "a" * 100_000, True),
        ("*" + "a" * 1000 + "b*", "a" * 100_000, False),
        ("*" + "?" * 1000 + "b*", "a" * 50_000, False),
        ("a*" * 2000, "a" * 2000, True),
        ("a*" * 2001, "a" * 2000, False),
    ],
)
def test_the_worst_cases_end(pattern: str, text: str, *, expected: bool) -> None:
    assert fits(pattern, text) is expected


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("*" + "?" * 9 + "*", "a" * 8),
        ("*" + "?a" * 9 + "*", "a" * 17),
        ("???", "aa"),
        ("a?*b", "bab"),
        ("a*b*c", "b" * 9),
    ],
)
def test_a_text_that_is_too_short_or_begins_otherwise_costs_nothing(
    pattern: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compile_glob.cache_clear()
    monkeypatch.setattr(glob, "_pieces", None)  # it would not even be cut
    test = compile_glob(read_glob(pattern))
    assert not test(text)


def test_a_pattern_is_cut_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compile_glob.cache_clear()
    pieces = Mock(wraps=glob._pieces)  # noqa: SLF001 - counted
    monkeypatch.setattr(glob, "_pieces", pieces)
    test = compile_glob(read_glob("*?b*"))
    assert [test(text) for text in ("ab", "bb", "ba", "")] == [True, True, False, False]
    assert pieces.call_count == 1


@pytest.mark.parametrize("places", [[0], [7], [8], [0, 3, 64], [*range(0, 1000, 7)]])
def test_bits(places: list[int]) -> None:
    assert glob._bits(places) == sum(1 << place for place in places)  # noqa: SLF001


def test_the_bits_of_a_piece_are_set_in_place() -> None:
    places = [*range(0, 4_000_000, 2)]  # added up one by one, 500 GB would be copied
    assert glob._bits(places).bit_count() == len(places)  # noqa: SLF001


def test_the_same_pattern_is_compiled_once() -> None:
    assert compile_glob(read_glob("a*?b")) is compile_glob(read_glob("a*?b"))
    assert compile_glob.cache_info().maxsize == 1024  # what is forgotten costs time, never memory
