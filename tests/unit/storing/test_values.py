"""The values of conditions that AWS reads when it stores a policy."""

from __future__ import annotations

import pytest

from simulator.storing.values import is_address, is_arn, is_base64, is_instant, is_number

INSTANTS = {
    "2026",
    "2026-1",
    "2026-01-31",
    "2024-02-29",
    "-4-02-29",
    "2026-366",
    "2026-W01",
    "2026-w53-7",
    "2026T",
    "07T",
    "2026-01-31T5",
    "2026-01-31T05:30",
    "2026-01-31t05:30:00.123456789Z",
    "2026-01-31T05:30:00,5+05",
    "2026-01-31T05:30+0530",
    "2026-01-31T05:30-05:30",
    "T05:30Z",
    "1767225600",
    "-9223372036854775808",
    "9223372036854775807",
    "+2026",
}
NO_INSTANTS = {
    "",
    "soon",
    "2026-13",
    "2026-02-30",
    "2026-02-00",
    "2023-02-29",
    "2026-367",
    "2026-W54",
    "2026-W01-8",
    "2026/01/31",
    "2026-01-31 05:30",
    "2026-01-31Z",
    "2026-01-31T24:00",
    "2026-01-31T05:60",
    "2026-01-31T05:30:60",
    "2026-01-31T05:30:00.1234567890Z",
    "2026-01-31T05:30+5",
    "2026-01-31T05:30+24:00",
    "9223372036854775808",
    "-9223372036854775809",
    "300000000-01-01",
    "12345678901234567890123",
    "Sat, 31 Jan 2026 05:30:00 GMT",
    "\uff12026",
}


@pytest.mark.parametrize("text", sorted(INSTANTS | NO_INSTANTS))
def test_instants(text: str) -> None:
    assert is_instant(text) is (text in INSTANTS)


@pytest.mark.parametrize("text", ["7", "7.", ".5", "-7.5", "+7", "7e3", "7E-3", "0" * 9_999])
def test_numbers(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["", ".", "seven", " 7", "7 ", "0x7", "7e", "7,5", "${aws:x}"])
def test_no_numbers(text: str) -> None:
    assert not is_number(text)


@pytest.mark.parametrize("text", ["10.0.0.1", "10.0.0.5/8", "::/0", "2001:db8::1"])
def test_addresses(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["", "10.0.0", "10.0.0.0/33", "10.0.0.1 ", "a.example", "1" * 99])
def test_no_addresses(text: str) -> None:
    assert not is_address(text)


@pytest.mark.parametrize("text", ["*", "arn:aws:s3:::x", "arn:*:*:*:*:*", "arn:aws:sns:a:b:c:d"])
def test_arns(text: str) -> None:
    assert is_arn(text)


@pytest.mark.parametrize("text", ["", "arn", "arn:aws:s3:x", "${aws:PrincipalArn}"])
def test_no_arns(text: str) -> None:
    assert not is_arn(text)


@pytest.mark.parametrize(
    ("text", "is_one"), [("", True), ("YWI=", True), ("YWI", False), ("!!!!", False)]
)
def test_bytes(text: str, is_one: bool) -> None:  # noqa: FBT001 - a row of the table
    assert is_base64(text) is is_one
