"""The values of each key that make a difference to the tests of policies.

They are those that tests name and their neighbours (`matcher/samples.py`), what variables would
have to stand for, and texts that fit several patterns at once. Where some way in which the tests of
a key can come out together may be missing among them, that is said, and never passed over.
"""

from __future__ import annotations

from itertools import chain, combinations, islice, product
from math import comb
from typing import TYPE_CHECKING, NamedTuple

from simulator.catalog.keys import is_multivalued
from simulator.diagnosis.variables import is_solvable, solved, variables_of
from simulator.matcher.conditions import compile_test
from simulator.matcher.inclusion import covers_arn, covers_text
from simulator.matcher.meeting import arns_can_meet, can_meet, common_text
from simulator.matcher.samples import MOST_VALUES, as_value, family_of, instances, samples
from simulator.policy.model import Quantifier
from simulator.policy.variables import read_template
from simulator.request.context import RequestContext, Several

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simulator.policy.model import ConditionTest
    from simulator.policy.variables import Template, Variable
    from simulator.request.context import Value

#: Stands for any value of a tag of which only the key matters, and for any tag.
ANY_TAG = "any"
#: The keys that list the tags of a call, and what the key of each of these begins with.
TAG_KEYS, TRANSITIVE, REQUEST_TAG = "aws:tagkeys", "sts:transitivetagkeys", "aws:requesttag/"
_ANY = "any-value"
_ZERO = "0"  # another text that no pattern is likely to have
_MOST_TEXTS = 100  # values of one key
_MOST_PAIRS = 20  # pairs of patterns for which a text is sought that fits both
_LONGEST = 100  # characters of such a pattern
_MOST_PATTERNS = 6  # of one key, for which all ways to fit some of them are gone through
_MOST_TESTS = 32  # of one key, that are tried on each of its values
_MOST_LISTS = 256  # lists of values of a key that can have several


class Asking(NamedTuple):
    """A condition test, whether `${…}` in it is a variable, and whether it is to hold."""

    test: ConditionTest
    variables: bool
    wanted: bool = True

    @property
    def key(self) -> str:
        """The key that it asks for, in lower case."""
        return self.test.key.lower()


class Named(NamedTuple):
    """A pattern with variables of a statement's resources, and the resource asked for."""

    pattern: str
    resource: str


class Differing(NamedTuple):
    """The values that make a difference, by their keys in lower case.

    `names` are the keys as policies write them. They are `complete` unless some may be missing.
    """

    names: dict[str, str]
    values: dict[str, tuple[Value, ...]]
    complete: bool


def differing(
    context: RequestContext, askings: Sequence[Asking], named: Sequence[Named]
) -> Differing:
    """Return the values of each key of some tests and resources that make a difference."""
    texts = _texts(context, askings, named)
    complete = texts.complete
    values: dict[str, tuple[Value, ...]] = {}
    by_key = _by_key(askings)
    for key, found in texts.items():
        tests = by_key.get(key, ())
        complete = complete and _tells_all(key, tests, tuple(found))
        if is_multivalued(key):
            lists = tuple(_lists(tests, tuple(found)))
            complete = complete and len(lists) <= _MOST_LISTS
            values[key] = lists[:_MOST_LISTS]
        else:
            values[key] = tuple(found)
    return Differing(_names(context, askings, named), values, complete)


def _names(
    context: RequestContext, askings: Sequence[Asking], named: Sequence[Named]
) -> dict[str, str]:
    """Return the keys that are asked for, in lower case, as they are first written."""
    found: dict[str, str] = {}
    for asking in askings:
        found.setdefault(asking.key, asking.test.key)
        for tag in _tags(asking, context):
            found.setdefault(f"{REQUEST_TAG}{tag.lower()}", f"aws:RequestTag/{tag}")
        for variable in _variables(asking):
            found.setdefault(variable.key, variable.written)
    for pattern, _ in named:
        for variable in variables_of(pattern):
            found.setdefault(variable.key, variable.written)
    return found


def _tags(asking: Asking, context: RequestContext) -> Iterator[str]:
    """Yield the tags that a test on the keys of all tags asks for.

    Another one stands for any where such a one is asked for: by no name, or for none of some names.
    """
    if asking.key not in (TAG_KEYS, TRANSITIVE):
        return
    test = asking.test
    tags = instances(test, context, variables=False)
    yield from tags
    one_is_enough = (test.quantifier is Quantifier.ALL) is not asking.wanted
    if not tags or (one_is_enough and ("Not" in test.operator) is asking.wanted):
        yield ANY_TAG


class _Texts(dict[str, dict[str, None]]):
    """The texts that make a difference to each key, in the order in which they were found.

    They are `complete` unless there were too many.
    """

    complete = True

    def add(self, key: str, values: Iterable[str], *, variables: bool = True) -> None:
        """Keep some values of a key; a variable that nothing stands for is none."""
        known = self.setdefault(key, {})
        for value in values:
            if len(known) >= _MOST_TEXTS and value not in known:
                self.complete = False
                return
            if not variables or "${" not in value:
                known.setdefault(value)

    def solve(self, text: str, value: str) -> None:
        """Add what the variables of a text would have to be for it to fit a value."""
        self.complete = self.complete and is_solvable(text, value)
        for variable, meant in solved(text, value):
            self.add(variable.key, (meant,))


def _texts(context: RequestContext, askings: Sequence[Asking], named: Sequence[Named]) -> _Texts:
    """Return the texts of each key that make a difference; those a policy names come first."""
    found = _Texts()
    for test, variables, _ in askings:
        texts = instances(test, context, variables=variables)
        found.add(test.key.lower(), texts, variables=variables)
    for pattern, resource in named:
        found.solve(pattern, resource)
    linked = [asking for asking in askings if _variables(asking)]
    for asking in linked:
        _solve(found, asking.test, (*(context.values(asking.key) or ()), *found[asking.key]))
    for test, variables, _ in askings:
        texts = samples(test, context, variables=variables)
        found.add(test.key.lower(), texts, variables=variables)
    for asking in linked:
        _fill(found, asking, context)
    for key, tests in _by_key(askings).items():
        if not _shows_all(tests, tuple(found[key])):
            found.add(key, _together(tests))
    return found


def _variables(asking: Asking) -> tuple[Variable, ...]:
    if not asking.variables:
        return ()
    return tuple(v for text in asking.test.values.items for v in variables_of(text))


def _solve(found: _Texts, test: ConditionTest, values: Sequence[str]) -> None:
    """Add what the variables of a test would have to be for its key to have some values."""
    texts = [text for text in test.values.items if "${" in text]
    if max(len(texts), len(values)) > MOST_VALUES:
        found.complete = False
    for value, text in product(values[:MOST_VALUES], texts[:MOST_VALUES]):
        found.solve(text, value)


def _fill(found: _Texts, asking: Asking, context: RequestContext) -> None:
    """Add what the key of a test would have to be for its variables to have some values."""
    keys = tuple(dict.fromkeys(variable.key for variable in _variables(asking)))
    unknown = [key for key in keys if not context.values(key)]
    if len(unknown) > 1:
        found.complete = False  # not all of their values are tried beside each other
    for key in keys:
        found.add(key, (_ANY,))
        others = dict.fromkeys(unknown, _ANY)
        for value in tuple(found[key]):
            supposed = context.having({**others, key: value})
            found.add(asking.key, instances(asking.test, supposed, variables=True))


def _by_key(askings: Sequence[Asking]) -> dict[str, tuple[Asking, ...]]:
    """Return the tests of the values of each key, of those that are alike one."""
    found: dict[str, dict[object, Asking]] = {}
    for asking in askings:
        test = asking.test
        if test.operator != "Null":
            alike = (test.operator, test.quantifier, test.values.items, asking.variables)
            found.setdefault(asking.key, {}).setdefault(alike, asking)
    return {key: tuple(tests.values()) for key, tests in found.items()}


# --- Whether the values of one key show all ways in which its tests can come out together


class _Pattern(NamedTuple):
    """What one value of a test fits, where that is more than one text."""

    operator: str
    text: str

    @property
    def is_arn(self) -> bool:
        """Whether it is compared field by field."""
        return self.operator.startswith("Arn")

    @property
    def folded(self) -> str:
        """The text, in lower case where that does not matter."""
        return self.text.lower()

    @property
    def ignores_case(self) -> bool:
        """Whether upper and lower case are the same to it."""
        return self.operator.endswith("IgnoreCase")

    def surely_misses(self, other: _Pattern) -> bool:
        """Whether surely no text fits both."""
        if self.ignores_case or other.ignores_case:
            return not can_meet(self._read(self.folded), other._read(other.folded))
        meet = arns_can_meet if self.is_arn and other.is_arn else can_meet
        return not meet(self._read(self.text), other._read(other.text))

    def surely_covers(self, other: _Pattern) -> bool:
        """Whether surely each text fits this that fits the other."""
        if self.ignores_case or other.ignores_case:
            return self == other
        if self.is_arn:
            return other.is_arn and covers_arn(self.text, other.text, variables=False)
        return covers_text(self.text, other.text, variables=False)

    def common(self, other: _Pattern) -> str | None:
        """Return a text that fits both, if one is found."""
        one, two = self._read(self.text), self._read(other.text)
        if max(len(self.text), len(other.text)) <= _LONGEST:
            return common_text(one, two)
        return self.text.replace("*", "") + other.text.replace("*", "")

    def _read(self, text: str) -> Template:
        wildcards = not self.ignores_case and ("Like" in self.operator or self.is_arn)
        return read_template(text, wildcards=wildcards, variables=False)


def _patterns(test: ConditionTest) -> tuple[_Pattern, ...]:
    """Return the values of a test that more than one text fits."""
    operator = test.operator.replace("Not", "")
    if operator.endswith("IgnoreCase"):
        return tuple(_Pattern(operator, text) for text in test.values.items)
    if operator != "StringLike" and not operator.startswith("Arn"):
        return ()
    return tuple(_Pattern(operator, t) for t in test.values.items if "*" in t or "?" in t)


def _tells_all(key: str, tests: Sequence[Asking], texts: tuple[str, ...]) -> bool:
    """Whether some values of a key show all that can come of its tests."""
    long = any(len(asking.test.values.items) > MOST_VALUES for asking in tests)
    # One value of a list is as good as another, unless STS refuses some of them as parameters.
    is_alone = len(tests) <= 1 and key != TAG_KEYS and not key.startswith("sts:")
    if long and not is_alone:
        return False
    wild = any(map(_patterns, (asking.test for asking in tests)))
    if wild and key in (TAG_KEYS, TRANSITIVE) and len(tests) > 1:
        return False  # of the tags that fit a pattern only one is tried
    if len({family_of(asking.test) for asking in tests}) > 1:
        return False
    return _shows_all(tests, texts)


def _shows_all(tests: Sequence[Asking], texts: tuple[str, ...]) -> bool:
    """Whether each way in which patterns of tests can be fitted together is among some values.

    Of values that no pattern is, each is among them.
    """
    patterns = tuple(dict.fromkeys(p for asking in tests for p in _patterns(asking.test)))
    if not patterns:
        return True
    if any(map(_variables, tests)):
        return len(tests) == 1
    if len(tests) == 1 and len(patterns) > _MOST_PATTERNS:
        return not {(True,), (False,)} - set(_outcomes(tests, texts).values())
    if len(tests) > _MOST_TESTS or len(patterns) > _MOST_PATTERNS:
        return False
    shown = set(_outcomes(tests, texts).values())
    own = [frozenset(_patterns(asking.test)) for asking in tests]
    for signs in product((True, False), repeat=len(patterns)):
        fitted = frozenset(p for p, sign in zip(patterns, signs, strict=True) if sign)
        outcome = tuple(bool(fitted & each) for each in own)
        if outcome not in shown and not _cannot_be(fitted, frozenset(patterns) - fitted):
            return False
    return True


def _cannot_be(fitted: frozenset[_Pattern], missed: frozenset[_Pattern]) -> bool:
    """Whether surely no text fits all of some patterns and none of others."""
    if any(not other.text.strip("*") and not other.ignores_case for other in missed):
        return True
    if any(one.surely_misses(two) for one, two in combinations(fitted, 2)):
        return True
    return any(other.surely_covers(one) for one, other in product(fitted, missed))


def _outcomes(tests: Sequence[Asking], texts: Iterable[str]) -> dict[str, tuple[bool, ...]]:
    """Return for each value of a key which tests name it, whatever they say of those they name."""
    asks = [compile_test(_positive(test), variables=False) for test, _, _ in tests]
    found: dict[str, tuple[bool, ...]] = {}
    for test, _, _ in tests[:1]:
        for text in texts:
            context = RequestContext({test.key: as_value(test, text)})
            found[text] = tuple(ask(context) is True for ask in asks)
    return found


def _positive(test: ConditionTest) -> ConditionTest:
    """Return the test of whether one value is among those that another names."""
    return test._replace(operator=test.operator.replace("Not", ""), quantifier=Quantifier.ANY)


def _together(tests: Sequence[Asking]) -> Iterator[str]:
    """Yield further values: such as fit two patterns at once, and such as hardly fit another."""
    patterns = tuple(dict.fromkeys(p for asking in tests for p in _patterns(asking.test)))
    for one, two in islice(combinations(patterns, 2), _MOST_PAIRS):
        text = one.common(two)
        if text is not None:
            yield text
    for pattern in patterns[:_MOST_PAIRS]:
        if pattern.ignores_case:
            yield from (pattern.text.lower(), pattern.text.upper())
        else:
            yield pattern.text.replace("*", _ZERO).replace("?", _ZERO)
    yield _ZERO


# --- Keys that can have several values


def _lists(tests: Sequence[Asking], texts: tuple[str, ...]) -> Iterator[Several]:
    """Yield lists of values such that each way in which tests can come out is among them.

    Of a list each test needs one value at most for its outcome, and of values that all tests take
    for the same one is enough. So lists as long as there are tests do.
    """
    if tests and len(tests) <= _MOST_TESTS and not any(map(_variables, tests)):
        alike = {outcome: text for text, outcome in reversed(_outcomes(tests, texts).items())}
        texts = tuple(text for text in texts if text in alike.values())
    most = min(max(len(tests), 1), len(texts))
    lists = chain.from_iterable(combinations(texts, size) for size in range(1, most + 1))
    if sum(comb(len(texts), size) for size in range(1, most + 1)) > _MOST_LISTS:
        firsts = (asking.test.values.items[:1] for asking in tests)
        whole = tuple(dict.fromkeys(chain.from_iterable(firsts)))
        lists = chain((whole, texts), lists)
    yield from map(Several, islice(lists, _MOST_LISTS + 1))
