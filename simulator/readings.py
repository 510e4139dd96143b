"""Texts of policies and requests read as what they say: numbers, instants, addresses, bytes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

_YEAR_10000 = 253_402_300_800  # in seconds since 1970
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_LONGEST_NUMBER = 40  # no value of AWS's comes near
_LONGEST_EPOCH = 20
_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d))?)?)?",
    re.ASCII,
)
_NETWORK = re.compile(r"[0-9a-fA-F.:]+(?:/[0-9]{1,3})?", re.ASCII)


class Network(NamedTuple):
    """A range of addresses as numbers: version 4 or 6, first address, and bits below the mask."""

    version: int
    first: int
    host_bits: int


def read_number(text: str) -> Any:  # noqa: ANN401 - decimal is imported where it is used
    """Return a number as int or decimal, or nothing where the text is none."""
    if len(text) > _LONGEST_NUMBER:
        return None
    if text.isdigit() and text.isascii():
        return int(text)
    if not _NUMBER.fullmatch(text):
        return None
    from decimal import Decimal  # noqa: PLC0415 - most policies hold no number

    return Decimal(text)


@lru_cache(maxsize=256)  # the statements of a policy ask the same instant one after the other
def read_date(text: str) -> tuple[int, str] | None:
    """Return an instant as whole seconds and the digits of the fraction, or nothing.

    Years, months, days and times with a zone as ISO 8601 writes them; other numbers are seconds
    since 1970.
    """  # CND-25
    found = _DATE.fullmatch(text)
    if found is None:
        whole, _, fraction = text.partition(".")
        return (int(whole), fraction.rstrip("0")) if _is_epoch(text) else None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415 - most policies hold no date

    try:
        local = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=UTC,
        )
    except ValueError:
        return None
    offset = _offset_minutes(zone or "Z")
    seconds = (local - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    return seconds - 60 * offset, (fraction or "").rstrip("0")


def iso(seconds: int) -> str:
    """Return an instant, in seconds since 1970, as AWS writes it, if its year has four digits."""
    from datetime import UTC, datetime  # noqa: PLC0415 - few answers tell an instant

    if not 0 <= seconds < _YEAR_10000:
        return f"{seconds} seconds since 1970"
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_epoch(text: str) -> bool:
    return len(text) <= _LONGEST_EPOCH and _NUMBER.fullmatch(text) is not None


def _offset_minutes(zone: str) -> int:
    if zone == "Z":
        return 0
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return -minutes if zone[0] == "-" else minutes


def read_bool(text: str) -> bool | None:
    """Return the truth value a text says, in any letter case, or nothing."""  # CND-26
    return {"true": True, "false": False}.get(text.lower())


def read_binary(text: str) -> bytes | None:
    """Return the bytes of a base64 text, or nothing."""  # CND-27
    from base64 import b64decode  # noqa: PLC0415 - hardly any policy holds bytes

    try:
        return b64decode(text, validate=True)
    except ValueError:
        return None


@lru_cache(maxsize=256)  # likewise, and reading one costs more than all else about a test
def read_network(text: str) -> Network | None:
    """Return the network of a CIDR or single address, host bits ignored, or nothing."""
    from ipaddress import ip_network  # noqa: PLC0415 - many policies hold no address

    if not _NETWORK.fullmatch(text):  # a netmask is no CIDR
        return None
    try:
        network = ip_network(text, strict=False)  # CND-28
    except ValueError:
        return None
    host_bits = network.max_prefixlen - network.prefixlen
    return Network(network.version, int(network.network_address) >> host_bits, host_bits)
