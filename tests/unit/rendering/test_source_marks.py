"""A part of a document as a page shows it: lines, numbers, marks, and what is left out."""

from __future__ import annotations

import re

import pytest

from simulator.rendering.page.source import Mark, marked
from simulator.source import Range, Source, Span
from tests.pages import Parsed

TEXT = 'x\n    {\n      "a": "one",\r\n\t"b": ["two"]\n    }\ny'


def page(text: str, shown: str, *marks: tuple[str, bool | None]) -> str:
    """Return a part of a text with marks on words in it."""
    start = text.index(shown)
    ranges = [(text.index(word), len(word), holds) for word, holds in marks]
    found = [Mark(Range(at, at + length), holds) for at, length, holds in ranges]
    return str(marked(Span(Source("p", text), Range(start, start + len(shown))), found))


def lines(html: str) -> list[str]:
    return Parsed(html).text.splitlines()


def test_lines_have_the_numbers_of_the_file_and_lose_the_indent_of_the_first() -> None:
    shown = TEXT[TEXT.index("{") : TEXT.index("\ny")]
    html = page(TEXT, shown)
    assert lines(html) == ["{", '  "a": "one",', '"b": ["two"]', "}"]
    assert re.findall(r'data-line="(\d+)"', html) == ["2", "3", "4", "5"]


def test_marks_stand_on_their_words() -> None:
    html = page(TEXT, TEXT[:-2], ('"a"', True), ('"one"', False), ('"two"', None))
    assert re.findall(r'<mark class="(\w+)">(.*?)</mark>', html) == [
        ("matches", "&#34;a&#34;"),
        ("fails", "&#34;one&#34;"),
        ("unknown", "&#34;two&#34;"),
    ]


def test_a_mark_within_another_or_outside_is_left_out() -> None:
    html = page("ab cd ef", "ab cd", ("ab cd", True), ("cd", False), ("ef", False))
    assert re.findall(r"<mark.*?</mark>", html) == ['<mark class="matches">ab cd</mark>']


def test_a_mark_over_several_lines_is_on_each() -> None:
    html = page("a\nb\nc", "a\nb\nc", ("a\nb", True))
    assert html.count("<mark") == 2


@pytest.mark.parametrize("count", [3, 12, 13, 14, 5_000])
def test_many_lines_between_marks_are_left_out(count: int) -> None:
    text = "first\n" + "".join(f"{n}\n" for n in range(1, count)) + "last"
    shown = lines(page(text, text, ("first", True), ("last", True)))
    if count <= 12:
        assert len(shown) == count + 1
    else:
        assert shown[0] == "first"
        assert f"… {count - 12} lines …" in shown
        assert shown[-1] == "last"
        assert len(shown) == 14


def test_numbers_go_on_after_what_is_left_out() -> None:
    text = "".join(f"{n}\n" for n in range(1, 101)) + "last"
    assert re.findall(r'data-line="(\d+)"', page(text, text))[-1] == "101"


def test_a_long_line_is_cut_between_marks_and_the_marks_stay() -> None:
    text = f"{'a' * 9_000}here{'b' * 9_000}"
    html = page(text, text, ("here", False))
    assert '<mark class="fails">here</mark>' in html
    assert len(html) < 1_000


def test_a_secret_is_masked() -> None:
    secret = "AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # noqa: S105
    assert "wJalr" not in page(f'"{secret}"', f'"{secret}"')
