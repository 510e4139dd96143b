"""How a place in a text is shown, and untrusted text at all."""

from __future__ import annotations

import pytest

from simulator.diagnostic import DocumentError
from simulator.rendering.diagnostics import diagnostics_text
from simulator.rendering.excerpt import COLUMNS, excerpt, safe
from simulator.source import Range, Source, Span
from simulator.syntax import decode


def shown(text: str, underlined: str, label: str = "here") -> list[str]:
    start = text.index(underlined)
    return excerpt(
        Span(Source("p.json", text), Range(start, start + len(underlined))), label
    ).split("\n")


def test_the_shape() -> None:
    text = "{\n" * 8 + '  "Condition": {"Bool": "true"}\n'
    start = text.index('"Bool"')
    assert excerpt(
        Span(Source("trust.json", text), Range(start, start + 6)), "not in the request"
    ) == (
        " --> trust.json:9:17\n"
        "  |\n"
        '9 |   "Condition": {"Bool": "true"}\n'
        "  |                 ^^^^^^ not in the request"
    )


def test_the_margin_is_as_wide_as_the_number() -> None:
    assert shown("\n" * 99 + "x", "x")[0] == "   --> p.json:100:1"
    assert shown("\n" * 99 + "x", "x")[1] == "    |"


@pytest.mark.parametrize(
    ("text", "underlined"),
    [
        ("a\tb Q", "Q"),
        ("\x1b[31m Q", "Q"),
        ("\u202e Q", "Q"),
        ("\x9b\x00 Q", "Q"),
        ("日本 Q", "Q"),
        ("e\u0301 Q", "Q"),
        ("\u200b\u00a0Q", "Q"),
    ],
)
def test_the_caret_is_under_its_character(text: str, underlined: str) -> None:
    _, _, line, carets = shown(text, underlined)
    assert all(char.isprintable() for char in line)
    wide = sum(char in "日本" for char in line) - sum(char == "\u0301" for char in line)
    assert line.index(underlined) + wide == carets.index("^")


def test_an_invisible_character_is_underlined_as_it_is_shown() -> None:
    _, _, line, carets = shown("a \u202e b", "\u202e")
    assert line == r"1 | a \u202e b"
    assert carets == "  |   ^^^^^^ here"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    place, _, line, carets = shown(f"one{end}two{end}three", "two")
    assert (place, line, carets) == (" --> p.json:2:1", "2 | two", "  | ^^^ here")


def test_of_several_lines_the_first_is_marked_to_its_end() -> None:
    assert shown("a b\nc", "b\nc")[2:] == ["1 | a b", "  |   ^ here"]


@pytest.mark.parametrize("before", [0, 10, 70, 3_000_000])
@pytest.mark.parametrize("after", [0, 10, 70, 2_000_000])
def test_a_long_line_is_cut_around_the_place(before: int, after: int) -> None:
    _, _, line, carets = shown("a" * before + "X" + "b" * after, "X")
    assert len(line) <= len("1 | ") + COLUMNS + 2
    assert line.index("X") == carets.index("^")
    assert ("…a" in line) == (before > 0 and "a" * before not in line)
    assert ("b…" in line) == (after > 0 and "b" * after not in line)


def test_an_empty_place_has_a_caret() -> None:
    assert excerpt(Span(Source("p.json", ""), Range(0, 0))).split("\n")[2:] == ["1 |", "  | ^"]


def test_a_file_name_is_untrusted_too() -> None:
    assert excerpt(Span(Source("a\x1b\nb", "x"), Range(0, 1))).startswith(r" --> a\x1b\x0ab:1:1")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("plain é 日本", "plain é 日本"),
        ("\x1b[2J\r\n\t\x7f\x9b", r"\x1b[2J\x0d\x0a\x09\x7f\x9b"),
        ("\u202e\u2066\u200b\ufeff", r"\u202e\u2066\u200b\ufeff"),
        ("\u2800", r"\u2800"),
        ("\U00013430\U0001343f", r"\U00013430\U0001343f"),
        ("\U0001d173\U0001d17a", r"\U0001d173\U0001d17a"),
        ("\u27ff\u2801\U0001342f\U0001d172", "\u27ff\u2801\U0001342f\U0001d172"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_safe_text(text: str, result: str) -> None:
    assert safe(text) == result


@pytest.mark.parametrize("text", ["a" * 1000, "\x1b" * 1000, "a" * 401, "\x1b" * 200])
def test_safe_text_is_cut_in_the_middle(text: str) -> None:
    assert len(safe(text)) == 400
    assert "…" in safe(text)


def test_a_diagnostic_has_headline_excerpts_help_and_repair() -> None:
    with pytest.raises(DocumentError) as caught:
        decode(Source("trust.json", '{"Action": "sts:AssumeRole]}'))
    assert diagnostics_text(caught.value.diagnostics) == (
        "error[IAM002]: the string that starts at column 12 is never closed\n"
        " --> trust.json:1:12\n"
        "  |\n"
        '1 | {"Action": "sts:AssumeRole]}\n'
        '  |            ^^^^^^^^^^^^^^^^ no `"` ends this string\n'
        'help: the `]` was probably meant to be `"`\n'
        'repair: replace `]` by `"`\n'
        "  |\n"
        '1 | {"Action": "sts:AssumeRole"}'
    )
