"""Texts read as numbers, instants, truth values, bytes and networks; what is none is nothing."""

from __future__ import annotations

from decimal import Decimal
from ipaddress import ip_network
from itertools import product

import pytest

from simulator.matcher.glob import read_glob
from simulator.matcher.operators import OPERATORS
from simulator.readings import (
    Network,
    read_binary,
    read_bool,
    read_date,
    read_network,
    read_number,
)


@pytest.mark.parametrize(
    ("text", "seconds", "fraction"),
    [
        ("1970-01-01T00:00:00Z", 0, ""),
        ("1970-01-01T00:00:00.0120Z", 0, "012"),
        ("1970-01-01T01:30+01:30", 0, ""),
        ("1969-12-31T23:59:59.5Z", -1, "5"),
        ("1583020800", 1583020800, ""),
        ("0.25", 0, "25"),
        ("2000-02-29T23:59:59-0100", 951872399, ""),
    ],
)
def test_read_date(text: str, seconds: int, fraction: str) -> None:
    assert read_date(text) == (seconds, fraction)


@pytest.mark.parametrize(
    "text",
    ["", "-1", "1e9", "2020-1-1", "2020-13-01", "0000-01-01", "2020-01-01T24:00:00Z",
     "2020-01-01T00:60:00Z", "2020-01-01 00:00:00Z", "2020-01-01T00:00:00z", "9" * 21],
)  # fmt: skip
def test_no_date(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("007", 7), ("1.50", Decimal("1.5")), ("9" * 40, 10**40 - 1)]
)
def test_read_number(text: str, number: int | Decimal) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text", ["", ".5", "5.", "1,000", "0x10", "NaN", "Infinity", "1_000", "-", "1" * 41]
)
def test_no_number(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("10.0.0.0/8", Network(4, 10, 24)),
        ("10.1.2.3/8", Network(4, 10, 24)),
        ("0.0.0.1", Network(4, 1, 0)),
        ("0.0.0.0/0", Network(4, 0, 32)),
        ("2001:DB8::/32", Network(6, 0x2001_0DB8, 96)),
        ("::1", Network(6, 1, 0)),
    ],
)
def test_read_network(text: str, network: Network) -> None:
    assert read_network(text) == network


@pytest.mark.parametrize(
    "text",
    ["", "10", "10.0.0", "10.0.0.0/", "10.0.0.0/-1", "::g", "*", "1.0.0.0/33", "1.0.0.0/255.0.0.0"],
)
def test_no_network(text: str) -> None:
    assert read_network(text) is None


def within(narrow: str, wide: str) -> bool:
    """Whether a range lies within another one, as the operator has it."""
    return OPERATORS["IpAddress"].compile([read_glob(wide)])(narrow)


NETWORKS = ("0.0.0.0/0", "10.0.0.0/8", "10.128.0.0/9", "10.0.0.1", "11.0.0.0/8")


@pytest.mark.parametrize("networks", [NETWORKS, ("::/0", "::/8", "::1", "2001:db8::/32")])
def test_within(networks: tuple[str, ...]) -> None:
    for narrow, wide in product(networks, repeat=2):
        inside = ip_network(narrow).subnet_of(ip_network(wide))  # type: ignore[arg-type]
        assert within(narrow, wide) is inside


def test_no_network_is_within_one_of_the_other_version() -> None:
    assert not within("0.0.0.0/0", "::/0")
    assert not within("::/0", "0.0.0.0/0")
    assert not within("0.0.0.1", "::/0")


@pytest.mark.parametrize(
    ("text", "truth"),
    [("true", True), ("False", False), ("TRUE", True), ("yes", None), ("1", None), ("", None)],
)
def test_read_bool(text: str, *, truth: bool | None) -> None:
    assert read_bool(text) is truth


@pytest.mark.parametrize(
    ("text", "data"),
    [("QUJD", b"ABC"), ("QUI=", b"AB"), ("", b""), ("QUI", None), ("no base64!", None)],
)
def test_read_binary(text: str, data: bytes | None) -> None:
    assert read_binary(text) == data
