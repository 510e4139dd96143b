"""The values that a condition test lists, as what they fit: texts, numbers, instants, addresses.

What is said here of two of them is certain: where it does not show that they have nothing in
common they may have something, and where it does not show that one covers another it does not.
"""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from simulator.matcher.glob import join_text
from simulator.matcher.inclusion import covers_arn, covers_text
from simulator.matcher.meeting import arns_can_meet, can_meet
from simulator.matcher.operators import OPERATORS
from simulator.matcher.values import is_filled, without_variables
from simulator.policy.variables import Wildcard, read_template
from simulator.readings import Network, read_bool, read_date, read_network, read_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.policy.model import ConditionTest
    from simulator.policy.variables import Template

_LONGEST: Final = 1_000_000  # what the lengths of two patterns may come to, multiplied


class How(StrEnum):
    """How a text is compared; the values are the operators that do so."""

    EXACTLY = "StringEquals"
    IGNORING_CASE = "StringEqualsIgnoreCase"
    LIKE = "StringLike"
    AS_ARN = "ArnLike"


class Text(NamedTuple):
    """A text that values are compared with, as it is written, and its parts."""

    how: How
    written: str
    template: Template
    variables: bool

    @property
    def is_literal(self) -> bool:
        """Whether nothing fits it but this very text."""
        return self.how is How.EXACTLY and not is_filled(self.template)

    def fits(self, value: str) -> bool:
        """Whether a value fits it, if it has no variables."""
        return OPERATORS[self.how].compile([without_variables(self.template)])(value)


class Interval(NamedTuple):
    """Numbers or instants between two borders, nothing where there is none.

    A border is a value, and 1 or -1 where only what is above or below it belongs to the interval.
    """

    unit: str
    low: tuple[Any, int] | None
    high: tuple[Any, int] | None


Item: TypeAlias = "Text | Interval | Network | bool"


def read_item(test: ConditionTest, written: str, *, variables: bool) -> Item | None:
    """Return what a value of a test fits, or nothing where that cannot be said."""
    read = _READERS.get(test.operator.replace("Not", ""))
    return read(written, variables) if read is not None else None


def _text(how: How, written: str, variables: bool) -> Text | None:  # noqa: FBT001 - as it is called
    row = OPERATORS[how]
    template = read_template(written, wildcards=row.wildcards, variables=variables)
    if how is How.AS_ARN and written.count(":") < 5 and not is_filled(template):
        return None  # ARN-SHAPE
    is_wild = any(isinstance(part, Wildcard) for part in template)
    if row.wildcards and not is_wild and not (how is How.AS_ARN and is_filled(template)):
        how = How.EXACTLY
    return Text(how, written, template, variables)


_BORDERS: Final[dict[str, Callable[[Any], tuple[Any, Any]]]] = {
    "Equals": lambda value: ((value, 0), (value, 0)),
    "LessThan": lambda value: (None, (value, -1)),
    "LessThanEquals": lambda value: (None, (value, 0)),
    "GreaterThan": lambda value: ((value, 1), None),
    "GreaterThanEquals": lambda value: ((value, 0), None),
}
_UNITS: Final[dict[str, Callable[[str], Any]]] = {"Numeric": read_number, "Date": read_date}


def _interval(unit: str, name: str, written: str, _variables: bool) -> Interval | None:  # noqa: FBT001
    value = _UNITS[unit](written)
    return None if value is None else Interval(unit, *_BORDERS[name](value))


_READERS: Final[dict[str, Callable[[str, bool], Item | None]]] = {
    **{how.value: partial(_text, how) for how in How},
    "ArnEquals": partial(_text, How.AS_ARN),
    **{f"{unit}{name}": partial(_interval, unit, name) for unit in _UNITS for name in _BORDERS},
    "Bool": lambda written, _variables: read_bool(written),
    "IpAddress": lambda written, _variables: read_network(written),
}


# --- Two of them


def meet(some: Item, other: Item) -> bool:
    """Whether a value could fit both."""
    match some, other:
        case Text(), Text():
            return _texts_meet(some, other)
        case Interval(), Interval() if some.unit == other.unit:
            low = max(filter(None, (some.low, other.low)), default=None)
            high = min(filter(None, (some.high, other.high)), default=None)
            return low is None or high is None or low <= high
        case Network(), Network():
            return covers(some, other) or covers(other, some)
        case bool(), bool():
            return some is other
        case _:
            return True  # one value can be read in both ways


def _texts_meet(some: Text, other: Text) -> bool:
    if len(some.written) * len(other.written) > _LONGEST:
        return True
    if How.IGNORING_CASE in {some.how, other.how}:
        if not (some.written + other.written).isascii():
            return True  # CASEFOLD
        return can_meet(_lowered(some.template), _lowered(other.template))
    if some.how is other.how is How.AS_ARN:
        return arns_can_meet(some.template, other.template)
    return can_meet(some.template, other.template)


def _lowered(template: Template) -> Template:
    return tuple(part.lower() if isinstance(part, str) else part for part in template)


def covers(wide: Item, narrow: Item) -> bool:
    """Whether every value that fits the narrower one fits the wider one."""
    match wide, narrow:
        case Text(), Text():
            return _text_covers(wide, narrow)
        case Interval(), Interval() if wide.unit == narrow.unit:
            below = wide.low is None or (narrow.low is not None and wide.low <= narrow.low)
            return below and (
                wide.high is None or (narrow.high is not None and narrow.high <= wide.high)
            )
        case Network(), Network():
            bits = wide.host_bits - narrow.host_bits
            return (
                wide.version == narrow.version and bits >= 0 and narrow.first >> bits == wide.first
            )
        case bool(), bool():
            return wide is narrow
        case _:
            return False


def _text_covers(wide: Text, narrow: Text) -> bool:
    if wide[:2] == narrow[:2]:
        return True
    if wide.how is narrow.how is How.IGNORING_CASE:
        filled = is_filled(wide.template) or is_filled(narrow.template)
        return not filled and _lowered(wide.template) == _lowered(narrow.template)
    if narrow.is_literal and not is_filled(wide.template):
        return wide.fits(join_text(without_variables(narrow.template)))
    if narrow.how is How.IGNORING_CASE or len(wide.written) * len(narrow.written) > _LONGEST:
        return False
    if wide.how is How.LIKE:
        return covers_text(wide.written, narrow.written, variables=wide.variables)
    if wide.how is narrow.how is How.AS_ARN:
        return covers_arn(wide.written, narrow.written, variables=wide.variables)
    return False
