"""The condition operators, one row each.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from functools import partial
from operator import eq, ge, gt, le, lt
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from simulator.matcher.glob import compile_glob
from simulator.matcher.values import (
    ValueTest,
    compile_arn,
    compile_literal,
    compile_literal_ignoring_case,
    compile_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Compile: TypeAlias = "Callable[[str, bool], ValueTest]"


class Operator(NamedTuple):
    """One row of the table: how a policy's text becomes a test of one value of the request.

    A negated operator holds where the test fails for every text of the policy.
    """

    name: str
    compile: Compile
    negated: bool = False


def _text(
    compile_parts: Callable[..., Callable[[str], bool]], *, wildcards: bool = False
) -> Compile:
    def compile_operand(text: str, variables: bool) -> ValueTest:  # noqa: FBT001 - a row's shape
        return compile_text(text, compile_parts, wildcards=wildcards, variables=variables)

    return compile_operand


def _read(read: Callable[[str], Any], test: Callable[[Any, Any], bool]) -> Compile:
    """Return how an operand is compiled that is read once, as is each value of the request.

    What cannot be read on either side matches nothing.
    """  # CND-24

    def compile_operand(text: str, _variables: bool) -> ValueTest:  # noqa: FBT001
        wanted = read(text)
        if wanted is None:
            return lambda _value, _context: False

        def fits(value: str, _context: object) -> bool:
            actual = read(value)
            return actual is not None and test(actual, wanted)

        return fits

    return compile_operand


_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_LONGEST_NUMBER = 40  # no value of AWS's comes near
_NETWORK = re.compile(r"[0-9a-fA-F.:]+(?:/[0-9]{1,3})?", re.ASCII)
_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d))?)?)?",
    re.ASCII,
)


def read_number(text: str) -> Any:  # noqa: ANN401 - decimal is imported where it is used
    """Return a decimal number, or nothing where the text is none."""
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return None
    from decimal import Decimal  # noqa: PLC0415 - most policies hold no number

    return Decimal(text)


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


def _is_epoch(text: str) -> bool:
    return len(text) <= 20 and _NUMBER.fullmatch(text) is not None


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


def read_network(text: str) -> Any:  # noqa: ANN401 - ipaddress is imported where it is used
    """Return the network of a CIDR or single address, host bits ignored, or nothing."""
    from ipaddress import ip_network  # noqa: PLC0415 - many policies hold no address

    if not _NETWORK.fullmatch(text):  # a netmask is no CIDR
        return None
    try:
        return ip_network(text, strict=False)  # CND-28
    except ValueError:
        return None


def _within(actual: Any, wanted: Any) -> bool:  # noqa: ANN401
    return bool(actual.version == wanted.version and actual.subnet_of(wanted))


def _bool(parts: tuple[Any, ...]) -> Callable[[str], bool]:
    wanted = read_bool("".join(map(str, parts)))  # VAR-1: variables are read here too
    return lambda value: wanted is not None and read_bool(value) is wanted


def _null(_text: str, _variables: bool) -> ValueTest:  # noqa: FBT001
    return lambda _value, _context: True  # presence is asked before any value is


_NUMERIC = partial(_read, read_number)
_INSTANT = partial(_read, read_date)
_EQUALS = _text(compile_literal)
_IGNORING_CASE = _text(compile_literal_ignoring_case)
_LIKE = _text(compile_glob, wildcards=True)
_ARN = _text(compile_arn, wildcards=True)
_IN_NETWORK = _read(read_network, _within)

_TABLE: Final = (
    Operator("StringEquals", _EQUALS),  # CND-20
    Operator("StringNotEquals", _EQUALS, negated=True),  # CND-23
    Operator("StringEqualsIgnoreCase", _IGNORING_CASE),  # CND-21
    Operator("StringNotEqualsIgnoreCase", _IGNORING_CASE, negated=True),
    Operator("StringLike", _LIKE),  # CND-22
    Operator("StringNotLike", _LIKE, negated=True),
    Operator("NumericEquals", _NUMERIC(eq)),  # CND-24
    Operator("NumericNotEquals", _NUMERIC(eq), negated=True),
    Operator("NumericLessThan", _NUMERIC(lt)),
    Operator("NumericLessThanEquals", _NUMERIC(le)),
    Operator("NumericGreaterThan", _NUMERIC(gt)),
    Operator("NumericGreaterThanEquals", _NUMERIC(ge)),
    Operator("DateEquals", _INSTANT(eq)),  # CND-25
    Operator("DateNotEquals", _INSTANT(eq), negated=True),
    Operator("DateLessThan", _INSTANT(lt)),
    Operator("DateLessThanEquals", _INSTANT(le)),
    Operator("DateGreaterThan", _INSTANT(gt)),
    Operator("DateGreaterThanEquals", _INSTANT(ge)),
    Operator("Bool", _text(_bool)),  # CND-26
    Operator("BinaryEquals", _read(read_binary, eq)),  # CND-27
    Operator("IpAddress", _IN_NETWORK),  # CND-28
    Operator("NotIpAddress", _IN_NETWORK, negated=True),
    Operator("ArnEquals", _ARN),  # CND-30
    Operator("ArnNotEquals", _ARN, negated=True),
    Operator("ArnLike", _ARN),
    Operator("ArnNotLike", _ARN, negated=True),
    Operator("Null", _null),  # CND-13
)
OPERATORS: Final = {row.name: row for row in _TABLE}
