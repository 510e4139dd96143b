"""The values of conditions that AWS reads when it stores a policy.

Deduced from what AWS was seen to store and to refuse. Instants are read as Joda-Time's lenient
parser of ISO 8601 reads them: a year of any length, one digit for a month or an hour, no seconds,
no zone, up to nine digits of a fraction; whole numbers of 64 bits are seconds since 1970.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from typing import TYPE_CHECKING, Final

from simulator.readings import read_binary, read_network
from simulator.storing.shape import OPERATORS, is_scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.storing.submitted import Object, Submitted
    from simulator.syntax import JsonValue, Path

    Reads = Callable[[str], bool]

_LONG: Final = 1 << 63
_LONGEST_INTEGER: Final = 20
_LONGEST_ADDRESS: Final = 64
_LAST_YEAR: Final = 292_278_993
_INTEGER: Final = re.compile(r"-?[0-9]+", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_TIME: Final = (
    r"(?:(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{1,2})(?::(?P<second>[0-9]{1,2}))?)?"
    r"(?:[.,][0-9]{1,9})?)?"
)
_ZONE: Final = r"(?:[Zz]|[+-](?P<zone>[0-9]{2})(?::?(?P<zone_minute>[0-9]{2}))?)?"
_DATE: Final = re.compile(
    r"(?:(?P<year>[+-]?[0-9]{1,9})"
    r"(?:-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}))?|-(?P<ordinal>[0-9]{3})"
    r"|-[Ww](?P<week>[0-9]{1,2})(?:-(?P<weekday>[0-9]))?)?)?"
    rf"(?:[Tt]{_TIME}{_ZONE})?",
    re.ASCII,
)
_DAY: Final = ("year", "month", "day")
_BOUNDS: Final = {
    "year": (-_LAST_YEAR, _LAST_YEAR),
    "month": (1, 12),
    "ordinal": (1, 366),
    "week": (1, 53),
    "weekday": (1, 7),
    "hour": (0, 23),
    "minute": (0, 59),
    "second": (0, 59),
    "zone": (0, 23),
    "zone_minute": (0, 59),
}


def is_instant(text: str) -> bool:
    """Whether AWS takes a text for a date or a time."""
    if len(text) <= _LONGEST_INTEGER and _INTEGER.fullmatch(text):
        return -_LONG <= int(text) < _LONG
    found = _DATE.fullmatch(text) if text else None
    if found is None:
        return False
    parts = {name: int(digits) for name, digits in found.groupdict().items() if digits is not None}
    within = all(low <= parts.get(part, low) <= high for part, (low, high) in _BOUNDS.items())
    return within and ("day" not in parts or _is_day(**{p: parts[p] for p in _DAY}))


def _is_day(*, year: int, month: int, day: int) -> bool:
    return 1 <= day <= monthrange(2000 if isleap(year) else 2001, month)[1]


def is_number(text: str) -> bool:
    """Whether AWS takes a text for a number."""
    return _NUMBER.fullmatch(text) is not None


def is_address(text: str) -> bool:
    """Whether AWS takes a text for an address or a range of addresses."""
    return len(text) <= _LONGEST_ADDRESS and read_network(text) is not None


def is_arn(text: str) -> bool:
    """Whether AWS takes a text for an ARN, which may have wildcards."""
    return text == "*" or text.count(":") >= 5


def is_base64(text: str) -> bool:
    """Whether AWS takes a text for bytes."""
    return len(text) % 4 == 0 and read_binary(text) is not None


_READS: Final[tuple[tuple[str, Reads], ...]] = (
    ("Date", is_instant),
    ("Numeric", is_number),
    ("Ip", is_address),
    ("NotIp", is_address),
    ("Arn", is_arn),
)
READS: Final = {
    name: reads
    for name in OPERATORS.values()
    for family, reads in _READS
    if name.startswith(family)
}
"""What the values of an operator must be, by its base name; others take any text."""


def tests(path: Path, statement: Object) -> Iterator[tuple[Path, str, str, JsonValue]]:
    """Yield each test of a statement's condition: its path, base operator, key and values."""
    condition = statement.get("Condition")
    for written, block in condition.items() if isinstance(condition, dict) else ():
        name = OPERATORS.get(written.lower())
        if name is None or not isinstance(block, dict):
            continue
        for key, value in block.items():
            yield (*path, "Condition", written, key), name, key, value


def words(submitted: Submitted, path: Path, value: JsonValue) -> Iterator[tuple[Path, str]]:
    """Yield the values of a test as texts, each with its path, unless it is open."""
    listed = isinstance(value, list)
    for index, item in enumerate(value if isinstance(value, list) else (value,)):
        if is_scalar(item) and not submitted.is_open(item):
            yield ((*path, index) if listed else path), _word(item)


def _word(value: JsonValue) -> str:
    return str(value) if isinstance(value, str) else str(value).lower()


def unreadable(
    submitted: Submitted, path: Path, statement: Object, reads: dict[str, Reads]
) -> Path | None:
    """Find a value that its operator cannot read."""
    for place, name, _, value in tests(path, statement):
        if name in reads:
            for where, text in words(submitted, place, value):
                if not reads[name](text):
                    return where
    return None


BINARY: Final[dict[str, Reads]] = {"BinaryEquals": is_base64}
