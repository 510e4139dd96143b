"""Places as other programs count them."""

from __future__ import annotations

import pytest

from simulator.rendering.location import location, utf16_location
from simulator.source import Range, Source, Span
from simulator.syntax import unescape


def span(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(Source("p.json", text), Range(start, start + len(part)))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("QQ", (1, 1, 1, 3)),
        ("a\nb QQ", (2, 3, 2, 5)),
        ("a\r\n\rQQ", (3, 1, 3, 3)),
        ("ä日QQ", (1, 3, 1, 5)),
        ("😀QQ", (1, 2, 1, 4)),
        ("😀\nQQ", (2, 1, 2, 3)),
    ],
)
def test_columns_are_characters(text: str, place: tuple[int, ...]) -> None:
    assert location(span(text, "QQ")) == ("p.json", *place)


@pytest.mark.parametrize(
    ("text", "part", "place"),
    [
        ("a\nb QQ", "QQ", (2, 3, 2, 5)),
        ("ä日QQ", "QQ", (1, 3, 1, 5)),
        ("😀QQ", "QQ", (1, 3, 1, 5)),
        ("😀😀 Q😀Q", "Q😀Q", (1, 6, 1, 10)),
        ("😀\n😀QQ", "QQ", (2, 3, 2, 5)),
        ("😀\nQQ", "QQ", (2, 1, 2, 3)),
        ("😀Q\n😀Q", "Q\n😀Q", (1, 3, 2, 4)),
        ("QQ😀", "QQ", (1, 1, 1, 3)),
        ("QQ😀", "QQ😀", (1, 1, 1, 5)),
    ],
)
def test_or_utf16_units(text: str, part: str, place: tuple[int, ...]) -> None:
    assert utf16_location(span(text, part)) == ("p.json", *place)


def test_utf16_units_are_those_of_the_codec() -> None:
    text = "".join(f"😀{'ab日'[: n % 4]}{chr(0x10FFFF - n)}" for n in range(50)) + "Q"
    units = len(text[:-1].encode("utf-16-le")) // 2
    assert utf16_location(span(text, "Q"))[2] == units + 1


def test_a_decoded_text_is_placed_in_its_file() -> None:
    outer = Source("t.json", '😀 "{\\n \\"QQ\\"}"')
    inner = unescape(outer, Range(2, len(outer.text)))
    start = inner.text.index("QQ")
    found = Span(inner, Range(start, start + 2))
    assert location(found)[1:3] == (1, outer.text.index("QQ") + 1)
    assert utf16_location(found)[1:3] == (1, outer.text.index("QQ") + 2)
