"""Values that tell the branches of a condition test apart: one on each side of each of its borders.

They serve to find out whether an answer hangs on a value that nobody said, and which value would
change it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog.keys import MFA_PRESENT, is_multivalued
from simulator.matcher.glob import join_text
from simulator.matcher.values import Unknown, fill
from simulator.policy.variables import Variable, read_template
from simulator.readings import read_date, read_network, read_number
from simulator.request.context import Several

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.policy.model import ConditionTest
    from simulator.request.context import RequestContext, Value

#: Of a longer list of a test only the first values are looked at.
MOST_VALUES = 20
_JUST = "0.000001"  # how far beside a border a number is tried
_OTHER = "any-value"
_PRESENT = {MFA_PRESENT: "true"}  # what a key is when it is there, if it is not just any value


def samples(test: ConditionTest, context: RequestContext, *, variables: bool) -> list[str]:
    """Return values of a test's key, such that each outcome the test can have is among them.

    That is so where `is_exhaustive` says it: patterns with wildcards overlap in more ways, and of a
    long list only the beginning is looked at.
    """
    if test.operator == "Null":
        return [_PRESENT.get(test.key.lower(), _OTHER)]
    found: list[str] = []
    for text in instances(test, context, variables=variables):
        found += family_of(test)(text)
    return list(dict.fromkeys((*found, *(() if found else (_OTHER,)))))


def family_of(test: ConditionTest) -> Callable[[str], Iterator[str]]:
    """Return how the values are found that tell apart the branches of an operator's tests.

    Tests of two families read one value in two ways, which no value shows alone.
    """
    operator = test.operator.removeprefix("Not")
    return next(family for prefix, family in _FAMILIES if operator.startswith(prefix))


def instances(test: ConditionTest, context: RequestContext, *, variables: bool) -> list[str]:
    """Return the values a test names, `*` taken for nothing and variables for their values.

    Of a long list the first ones do. `Null` names none: its value is no value of the key.
    """
    if test.operator == "Null":
        return []
    few = test._replace(values=test.values._replace(items=test.values.items[:MOST_VALUES]))
    filled = fill_in(few, context, variables=variables).values.items
    return [_shortest(text) for text in filled] if _has_wildcards(test) else list(filled)


def is_exhaustive(test: ConditionTest, context: RequestContext, *, variables: bool) -> bool:
    """Whether the samples of a test show every way in which it can come out."""
    texts = test.values.items
    wild = any("*" in text or "?" in text for text in texts)
    if len(texts) > MOST_VALUES or (wild and _has_wildcards(test)):
        return False
    return not any(has_unknown(text, context) for text in texts if variables)


def has_unknown(text: str, context: RequestContext) -> bool:
    """Whether a text has a variable that stands for a fact nobody gave."""
    parts = read_template(text, wildcards=False, variables=True)
    return any(isinstance(p, Variable) and context.values(p.key) is None for p in parts)


def _has_wildcards(test: ConditionTest) -> bool:
    return test.operator.endswith("Like") or test.operator.startswith("Arn")


def as_value(test: ConditionTest, sample: str) -> Value:
    """Return a sample as the value of a test's key."""
    return Several((sample,)) if is_multivalued(test.key.lower()) else sample


def fill_in(test: ConditionTest, context: RequestContext, *, variables: bool) -> ConditionTest:
    """Return a test with the variables of its values replaced where the request has them."""
    items = tuple(_shown(text, context, variables=variables) for text in test.values.items)
    return test._replace(values=test.values._replace(items=items))


def _shown(text: str, context: RequestContext, *, variables: bool) -> str:
    template = read_template(text, wildcards=False, variables=variables)
    try:
        parts = fill(template, context)
    except Unknown:
        parts = None
    return text if parts is None else join_text(parts)


def _shortest(pattern: str) -> str:
    text = pattern.replace("*", "").replace("?", "x")
    # `acme-` would fit `acme-*`, but nobody would call anything so.
    return text if text[-1:].isalnum() or not pattern.endswith("*") else f"{text}any"


def _texts(text: str) -> Iterator[str]:
    yield from (text, text.swapcase(), f"{text}x", _OTHER)


def _numbers(text: str) -> Iterator[str]:
    number = read_number(text)
    if number is not None:
        step = read_number(_JUST)
        yield from (text, f"{number + step:f}")
        if number > 0:
            yield f"{max(number - step, number * 0):f}"


def _instants(text: str) -> Iterator[str]:
    instant = read_date(text)
    if instant is not None:
        seconds, fraction = instant
        yield from (text, f"{seconds}.{fraction:0<6}1")
        if seconds > 0:
            yield f"{seconds - 1 if not fraction else seconds}.{'999999' if not fraction else '0'}"


def _addresses(text: str) -> Iterator[str]:
    if read_network(text) is None:
        return
    from ipaddress import ip_network  # noqa: PLC0415 - many policies hold no address

    network = ip_network(text, strict=False)
    first, last = network.network_address, network.broadcast_address
    yield from (str(first), str(last))
    if int(first) > 0:
        yield str(first - 1)
    if int(last) < 2**network.max_prefixlen - 1:
        yield str(last + 1)
    yield "2001:db8::1" if network.version == 4 else "192.0.2.1"


def _truths(_text: str) -> Iterator[str]:
    yield from ("true", "false")


_FAMILIES: tuple[tuple[str, Callable[[str], Iterator[str]]], ...] = (
    ("Numeric", _numbers),
    ("Date", _instants),
    ("Ip", _addresses),
    ("Bool", _truths),
    ("", _texts),
)
