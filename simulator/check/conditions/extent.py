"""For which states of its key a condition test holds, and which tests exclude each other.

What is said here is certain, whatever a request has: where the texts of two tests do not show that
they exclude each other, they do not.
"""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.catalog.keys import is_multivalued
from simulator.check.conditions.holding import holds_without, is_known, is_negated
from simulator.check.conditions.items import Interval, Item, Text, covers, meet, read_item
from simulator.matcher.glob import join_text
from simulator.matcher.operators import OPERATORS
from simulator.matcher.values import is_filled, without_variables
from simulator.policy.lint.keys import is_of_one_value
from simulator.policy.model import Quantifier
from simulator.policy.variables import Wildcard, read_template
from simulator.readings import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from simulator.policy.model import ConditionTest

_MOST_VALUES: Final = 5_000
_MOST_PAIRS: Final = 10_000
_EVERY_ADDRESS: Final = {Network(4, 0, 32), Network(6, 0, 128)}


class Extent(NamedTuple):
    """What a test holds for: requests without its key, and values that fit its items, or do not.

    The items are unknown where one cannot be read; `Null` has none. A test that `wants_none` holds
    for no value at all.
    """

    test: ConditionTest
    absent: bool
    items: tuple[Item, ...] | None
    negated: bool
    variables: bool
    wants_none: bool = False

    @property
    def of_all(self) -> bool:
        """Whether the test is one of `ForAllValues`, which holds for an empty text too."""
        return self.test.quantifier is Quantifier.ALL  # CND-14, CND-32

    def literals(self) -> tuple[str, ...] | None:
        """Return the only values for which it holds, or nothing where they are not all known."""
        if self.negated or self.items is None:
            return None
        if not all(isinstance(item, Text) and item.is_literal for item in self.items):
            return None
        texts = (
            join_text(without_variables(i.template)) for i in self.items if isinstance(i, Text)
        )
        return (*texts, *([""] if self.of_all else []))

    def accepting(self) -> Callable[[str], bool] | None:
        """Return the test of one value, or nothing where it hangs on variables."""
        row = OPERATORS[self.test.operator]
        texts = [
            read_template(t, wildcards=row.wildcards, variables=self.variables and row.variables)
            for t in self.test.values.items
        ]
        if self.items is None or any(map(is_filled, texts)):
            return None
        fits = row.compile([without_variables(text) for text in texts])
        return lambda value: fits(value) is not row.negated or (self.of_all and not value)


def extent_of(test: ConditionTest, *, variables: bool) -> Extent:
    """Return what a test holds for; `variables` is whether `${…}` is one in its policy."""
    absent = holds_without(test)
    if test.operator == "Null":
        wanted = {text.lower() for text in test.values.items}
        return Extent(test, absent, None, False, variables, wanted == {"true"})  # noqa: FBT003
    few = len(test.values.items) <= _MOST_VALUES
    listed = test.values.items if few and is_known(test) else ()
    read = [read_item(test, text, variables=variables) for text in listed]
    items = tuple(item for item in read if item is not None)
    is_read = bool(items) and len(items) == len(read)
    return Extent(test, absent, items if is_read else None, is_negated(test), variables)


def is_everything(extent: Extent) -> bool:
    """Whether a test holds for every request: without its key, and with any value it can have."""
    if not extent.absent or extent.negated or extent.items is None:
        return False
    if not (extent.of_all or is_of_one_value(extent.test.key)):
        return False  # CND-41, EMPTY-LIST
    return _EVERY_ADDRESS.issubset(extent.items) or any(map(_fits_everything, extent.items))


def _fits_everything(item: Item) -> bool:
    match item:
        case Text():
            return all(part is Wildcard.ANY for part in item.template)
        case Interval():
            return item.unit == "Numeric" and item.high is None and item.low == (0, 0)
        case _:
            return False


class Contradiction(NamedTuple):
    """Tests of one key of which no request meets all.

    `needs` is the one that wants the key to be there, where that is none of the others.
    """

    extents: tuple[Extent, ...]
    needs: Extent | None = None


def contradiction(tests: Sequence[ConditionTest], *, variables: bool) -> Contradiction | None:
    """Return the tests of one key that exclude each other, if it is certain that some do."""
    several = is_multivalued(tests[0].key.lower())
    extents = [extent_of(test, variables=variables) for test in tests if _is_of_use(test, several)]
    needs = next((extent for extent in extents if not extent.absent), None)
    if needs is None:
        return None  # all hold without the key
    for extent in extents:
        if extent.wants_none:
            return Contradiction((needs, extent))  # CND-13
    single = is_of_one_value(tests[0].key)
    for pair in combinations(extents, 2):
        if _exclude(*pair, single=single):
            return _contradiction(pair, needs)
    left = _exhausted([e for e in extents if single or e.test.quantifier is None])
    return _contradiction(left, needs) if left else None


def _contradiction(extents: tuple[Extent, ...], needs: Extent) -> Contradiction:
    return Contradiction(extents, needs if all(extent.absent for extent in extents) else None)


def _is_of_use(test: ConditionTest, several: bool) -> bool:  # noqa: FBT001 - what the key is
    if test.operator == "Null":
        return test.quantifier is None  # CND-33
    # CND-41: a plain test of several values never holds, and is told as that.
    return bool(test.values.items) and (test.quantifier is not None or not several)


def _exclude(some: Extent, other: Extent, *, single: bool) -> bool:
    """Whether no value, or list of values, of a request meets both of two tests."""
    if some.items is None or other.items is None:
        return False
    # A plain test holds for one value only, and of a list one value can meet the one test, another
    # value the other, unless the other is about all of them.
    quantifiers = {some.test.quantifier, other.test.quantifier}
    if not single and None not in quantifiers and quantifiers != set(Quantifier):
        return False
    if some.of_all or other.of_all:
        return _exclude_values(some, other) and not (_takes_nothing(some) and _takes_nothing(other))
    return _exclude_values(some, other)


def _takes_nothing(extent: Extent) -> bool:
    """Whether a test may hold for an empty text."""
    accepts = extent.accepting()
    return accepts is None or accepts("")


def _exclude_values(some: Extent, other: Extent) -> bool:
    for one, another in ((some, other), (other, some)):
        literals, accepts = one.literals(), another.accepting()
        if literals is not None and accepts is not None:
            return not any(map(accepts, literals))
    if some.negated:
        some, other = other, some
    listed, others = some.items or (), other.items or ()
    if some.negated or not other.negated:
        return not some.negated and _are_apart(listed, others)
    few = len(listed) * len(others) <= _MOST_PAIRS
    return few and all(_is_covered(item, others) for item in listed)


def _are_apart(some: Sequence[Item], other: Sequence[Item]) -> bool:
    """Whether no value fits an item of each of two lists."""
    if len(some) * len(other) > _MOST_PAIRS:
        return False
    return not any(meet(*pair) for pair in product(some, other))


def _is_covered(item: Item, others: Iterable[Item]) -> bool:
    return any(covers(other, item) for other in others)


def _exhausted(extents: Sequence[Extent]) -> tuple[Extent, ...]:
    """Return the tests of which each leaves some of a few values, and all together none."""
    first = next((extent for extent in extents if extent.literals() is not None), None)
    left = list(first.literals() or ()) if first is not None else []
    used = []
    for extent in extents:
        accepts = extent.accepting() if extent is not first else None
        if accepts is not None and left:
            kept = list(filter(accepts, left))
            used += [extent] * (len(kept) < len(left))
            left = kept
    return (first, *used) if first is not None and used and not left else ()


def leave_none_out(some: ConditionTest, other: ConditionTest, *, variables: bool) -> bool:
    """Whether each request meets one of two negated tests of a key at least.

    What the one excludes and what the other excludes have nothing in common.
    """
    if not is_of_one_value(some.key):
        return False  # CND-41
    pair = [extent_of(test, variables=variables) for test in (some, other)]
    if not all(extent.negated and extent.items for extent in pair):
        return False
    return _are_apart(*(extent.items or () for extent in pair))
