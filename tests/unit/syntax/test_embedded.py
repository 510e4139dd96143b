"""Parts of a text, and texts in which others stand: where everything was, and edits of it."""

from __future__ import annotations

import pytest

from simulator.diagnostic import Edit
from simulator.source import Range, Source, Span
from simulator.syntax import UNKNOWN, Change, apply_edits, changed, part

TEXT = 'x{"a": F(1), "b": [G, "c"]}y'
CHANGED = changed(
    Source("t", TEXT),
    Range(1, 27),
    [
        Change(Range(7, 11), f'"u{UNKNOWN}"'),
        Change(Range(19, 20), '"known"'),
        Change(Range(20, 25), ""),
    ],
)


def test_a_part_is_a_text_of_its_own() -> None:
    inner = part(Source("t", "ab\ncde"), Range(3, 5))
    assert inner.text == "cd"
    assert Span(inner, Range(1, 2)).place == (2, 2)
    assert Edit(inner, Range(1, 1), "x").in_file() == Edit(Source("t", "ab\ncde"), Range(4, 4), "x")


def test_other_texts_stand_in_the_place_of_some() -> None:
    assert CHANGED.text == f'{{"a": "u{UNKNOWN}", "b": ["known"]}}'
    for inner, outer in {f'"u{UNKNOWN}"': "F(1)", '"known"': 'G, "c"', '"b"': '"b"'}.items():
        start = CHANGED.text.index(inner)
        span = Span(CHANGED, Range(start, start + len(inner))).in_file()
        assert span.text.startswith(outer[:4])


@pytest.mark.parametrize(
    ("old", "new", "result"),
    [
        ('"a"', '"z"', 'x{"z": F(1), "b": [G, "c"]}y'),
        ('"known"', '"other"', 'x{"a": F(1), "b": ["other"]}y'),
        ("know", "K", 'x{"a": F(1), "b": ["Kn"]}y'),  # the whole of what it stands for
        ("now", "K", 'x{"a": F(1), "b": ["kKn"]}y'),
        ('"b": ["kno', '"b": ["n', 'x{"a": F(1), "b": ["nwn"]}y'),
        (f'"u{UNKNOWN}", "b"', '"b"', 'x{"a": "b": [G, "c"]}y'),
        (f'u{UNKNOWN}"', 'u"', 'x{"a": "u", "b": [G, "c"]}y'),
        ('"u', '"v', TEXT),  # nobody can write what is unknown
        ("}", f', "c": "{UNKNOWN}"}}', TEXT),
    ],
)
def test_an_edit_lands_where_its_text_came_from(old: str, new: str, result: str) -> None:
    start = CHANGED.text.index(old)
    edit = Edit(CHANGED, Range(start, start + len(old)), new).in_file()
    assert edit.source.text == TEXT
    assert apply_edits(TEXT, [edit]) == result
