"""Packed files: what comes out of whole, damaged and hostile ones."""

from __future__ import annotations

import gzip
import os
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.incident.model import IncidentError
from simulator.incident.stream import Limits, texts


def read(data: bytes, limits: Limits = Limits()) -> tuple[str, list[str]]:  # noqa: B008 - immutable
    """Return the text in some bytes, and what was wrong with them."""
    problems: list[str] = []
    return "".join(texts(BytesIO(data), "log", problems, limits)), problems


@given(st.text(max_size=200), st.integers(1, 3))
def test_what_was_packed_comes_out(text: str, members: int) -> None:
    text = text.removeprefix("\ufeff")
    data = text.encode(errors="replace")
    plain = data.decode()
    assert read(gzip.compress(data) * members) == (plain * members, []) or data[:2] == b"\x1f\x8b"


def test_padding_behind_a_member_is_none() -> None:
    assert read(gzip.compress(b"a") + b"\0" * 512) == ("a", [])


@pytest.mark.parametrize("cut", [1, 8, 9, 30])
def test_what_is_cut_off_is_read_and_told(cut: int) -> None:
    text = os.urandom(300_000).hex()
    whole = gzip.compress(text.encode())
    out, problems = read(whole[:-cut])
    assert text.startswith(out)
    assert len(out) > 400_000
    assert "before its end" in problems[0]


def test_a_wrong_checksum_is_told_with_its_place() -> None:
    data = bytearray(gzip.compress(b"abc"))
    data[-8] ^= 1
    out, problems = read(bytes(data))
    assert (out, len(problems)) == ("abc", 1) or (out == "" and "damaged" in problems[0])
    assert f"byte {len(data)}" in problems[0]


def test_the_limits_hold() -> None:
    with pytest.raises(IncidentError, match="more than 1,000 bytes"):
        read(gzip.compress(os.urandom(5000)), Limits(unpacked=1000))
    with pytest.raises(IncidentError, match="3 times as much"):
        read(gzip.compress(b"ab" * 2_000_000), Limits(ratio=3))
    assert read(gzip.compress(b"ab" * 100_000), Limits(ratio=3))[1] == []  # too little to tell


class Drops:
    """Bytes that come one by one, as they may from a pipe."""

    def __init__(self, data: bytes) -> None:
        self.data = BytesIO(data)

    def read(self, _: int, /) -> bytes:
        """Return the next byte."""
        return self.data.read(1)


@given(st.text(max_size=20), st.sampled_from(["utf-16-le", "utf-16-be", "utf-8"]))
def test_a_byte_order_mark_says_what_the_bytes_are(text: str, encoding: str) -> None:
    data = f"\ufeff{text}".encode(encoding, "replace")
    plain = text.encode(encoding, "replace").decode(encoding)
    assert read(data)[0] == plain
    assert "".join(texts(Drops(data), "log", [])) == plain


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert read(b"a\xffb")[0] == "a\ufffdb"
