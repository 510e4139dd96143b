"""The condition operators, one row each.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from functools import partial
from operator import eq, ge, gt, le, lt
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from simulator.matcher.glob import compile_globs, join_text
from simulator.matcher.values import compile_arns
from simulator.readings import (
    read_binary,
    read_date,
    read_network,
    read_number,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulator.matcher.glob import Glob
    from simulator.matcher.values import Test

Compile: TypeAlias = "Callable[[Sequence[Glob]], Test]"


class Operator(NamedTuple):
    """One row of the table: how texts of a policy become a test of one value of the request.

    `compile` makes the test whether a value fits one of several texts. A negated operator holds
    where the value fits none.
    """

    name: str
    compile: Compile
    negated: bool = False
    wildcards: bool = False
    variables: bool = False  # VAR-1


def _equals(texts: Sequence[Glob]) -> Test:
    if len(texts) == 1:
        return join_text(texts[0]).__eq__
    return frozenset(map(join_text, texts)).__contains__


def _equals_ignoring_case(texts: Sequence[Glob]) -> Test:
    wanted = frozenset(join_text(text).lower() for text in texts)
    return lambda value: value.lower() in wanted


def _bool(texts: Sequence[Glob]) -> Test:
    wanted = {join_text(text).lower() for text in texts} & {"true", "false"}  # MULTI-BOOL
    return lambda value: value.lower() in wanted  # CND-26, BOOL-CASE


def _read(read: Callable[[str], Any], test: Callable[[Any, Any], bool]) -> Compile:
    """Return how texts are compiled that are read once, as is each value of the request.

    What cannot be read on either side matches nothing.
    """  # CND-24

    def compile_texts(texts: Sequence[Glob]) -> Test:
        wanted = [w for w in (read(join_text(text)) for text in texts) if w is not None]

        def fits(value: str) -> bool:
            actual = read(value)
            if actual is None:
                return False
            for each in wanted:  # noqa: SIM110 - a generator would cost more than the tests
                if test(actual, each):
                    return True
            return False

        return fits

    return compile_texts


def _in_network(texts: Sequence[Glob]) -> Test:
    """Return whether an address or range lies within one of several ranges."""  # CND-28
    wanted = [w for w in (read_network(join_text(text)) for text in texts) if w is not None]

    def fits(value: str) -> bool:
        actual = read_network(value)
        if actual is None:
            return False
        version, first, below = actual
        for other, network, bits in wanted:  # no call for each: it would cost more
            if version == other and below <= bits and first >> (bits - below) == network:
                return True
        return False

    return fits


def _null(_texts: Sequence[Glob]) -> Test:
    return lambda _value: True  # presence is asked before any value is


_NUMERIC = partial(_read, read_number)
_INSTANT = partial(_read, read_date)

_EQUALS = Operator("StringEquals", _equals, variables=True)
_IGNORING_CASE = Operator("StringEqualsIgnoreCase", _equals_ignoring_case, variables=True)
_LIKE = Operator("StringLike", compile_globs, wildcards=True, variables=True)
_ARN = Operator("ArnLike", compile_arns, wildcards=True, variables=True)

_TABLE: Final = (
    _EQUALS,  # CND-20
    _EQUALS._replace(name="StringNotEquals", negated=True),  # CND-23
    _IGNORING_CASE,  # CND-21
    _IGNORING_CASE._replace(name="StringNotEqualsIgnoreCase", negated=True),
    _LIKE,  # CND-22
    _LIKE._replace(name="StringNotLike", negated=True),
    Operator("NumericEquals", _NUMERIC(eq)),  # CND-24
    Operator("NumericNotEquals", _NUMERIC(eq), negated=True),
    Operator("NumericLessThan", _NUMERIC(lt)),  # CND-17
    Operator("NumericLessThanEquals", _NUMERIC(le)),
    Operator("NumericGreaterThan", _NUMERIC(gt)),
    Operator("NumericGreaterThanEquals", _NUMERIC(ge)),
    Operator("DateEquals", _INSTANT(eq)),  # CND-25
    Operator("DateNotEquals", _INSTANT(eq), negated=True),
    Operator("DateLessThan", _INSTANT(lt)),
    Operator("DateLessThanEquals", _INSTANT(le)),
    Operator("DateGreaterThan", _INSTANT(gt)),
    Operator("DateGreaterThanEquals", _INSTANT(ge)),
    Operator("Bool", _bool, variables=True),  # CND-26
    Operator("BinaryEquals", _read(read_binary, eq)),  # CND-27
    Operator("IpAddress", _in_network),  # CND-28
    Operator("NotIpAddress", _in_network, negated=True),
    _ARN._replace(name="ArnEquals"),  # CND-30
    _ARN._replace(name="ArnNotEquals", negated=True),
    _ARN,
    _ARN._replace(name="ArnNotLike", negated=True),
    Operator("Null", _null),  # CND-13
)
OPERATORS: Final = {row.name: row for row in _TABLE}
