"""From bytes to text."""

from __future__ import annotations

import pytest

from simulator.diagnostic import DocumentError, Severity
from simulator.syntax import SIZE_LIMIT, Code, decode_text


@pytest.mark.parametrize(
    ("data", "code", "part"),
    [
        (b"", Code.EMPTY, "empty"),
        (b" \r\n\t", Code.EMPTY, "empty"),
        (b"\xef\xbb\xbf", Code.EMPTY, "empty"),
        (b"\xef\xbb\xbf \n", Code.EMPTY, "empty"),
        (b'{"\xff": 1}', Code.NOT_UTF8, "byte 0xff at offset 2"),
        (b'"\xc3"', Code.NOT_UTF8, "at offset 1"),
        (b'"\xc0\xaf"', Code.NOT_UTF8, "at offset 1"),
        (b'"\xed\xa0\x80"', Code.NOT_UTF8, "at offset 1"),
        ("{}".encode("utf-16"), Code.NOT_UTF8, "at offset 0"),
        (b" " * (SIZE_LIMIT + 1), Code.TOO_LARGE, "larger than 1,048,576 bytes"),
    ],
)
def test_bytes_that_are_no_document(data: bytes, code: Code, part: str) -> None:
    with pytest.raises(DocumentError, match=part) as caught:
        decode_text("policy.json", data)
    (error,) = caught.value.diagnostics
    assert error.code == code
    label = error.labels[0].span
    assert 0 <= label.range.start <= label.range.end <= len(label.source.text)


def test_utf_16_is_named() -> None:
    with pytest.raises(DocumentError) as caught:
        decode_text("policy.json", "{}".encode("utf-16"))
    assert caught.value.diagnostics[0].help == "this is UTF-16: save as UTF-8"


def test_the_place_of_a_wrong_byte_counts_characters() -> None:
    with pytest.raises(DocumentError) as caught:
        decode_text("policy.json", '{\n"é'.encode() + b"\xff")
    assert caught.value.diagnostics[0].labels[0].span.place == (2, 3)


def test_a_byte_order_mark_is_left_out_with_a_warning() -> None:
    source, (warning,) = decode_text("policy.json", b'\xef\xbb\xbf{"a": 1}')
    assert source.text == '{"a": 1}'
    assert (warning.code, warning.severity) == (Code.BYTE_ORDER_MARK, Severity.WARNING)


def test_a_clean_text_has_no_warnings() -> None:
    assert decode_text("-", b"{}")[1] == ()
