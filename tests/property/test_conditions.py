"""Laws of conditions: operators, quantifiers, absent keys, variables, unknown facts.

Each test begins with the id of its law.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.matcher.truth import all_of
from simulator.policy import kinds
from simulator.request.context import RequestContext, Several
from tests import strategies, worlds
from tests.strategies import policy, statements_of

if TYPE_CHECKING:
    from random import Random

    from simulator.matcher.truth import Truth
    from simulator.request.context import Value
    from tests.strategies import Case, World

Values = list[Any]
Actual = str | list[str] | None

#: Keys of one value, by the family of operators that suit them.
SINGLE = tuple(row for row in strategies.KEYS if row[0] not in strategies.LISTS)


class OneTest(NamedTuple):
    """One test, and what the request has for its key: a text, a list, or nothing."""

    operator: str
    key: str
    wanted: Values
    actual: Actual

    def truth(self, quantifier: str = "", operator: str = "", suffix: str = "") -> Truth:
        """Return the test's truth, with another operator, a quantifier or a suffix."""
        written = f"{quantifier}{operator or self.operator}{suffix}"
        return truth({written: {self.key: self.wanted}}, {self.key: self.actual, **FURTHER})

    @property
    def is_absent(self) -> bool:
        """Whether the request does not have the key."""
        return self.actual is None  # EMPTY-LIST: a key with an empty list is there

    @property
    def is_empty(self) -> bool:
        """Whether the key is there with nothing but empty texts."""
        return not self.is_absent and not any(strategies.listed(self.actual))


#: Keys that variables name.
FURTHER: World = {"app:Name": "alice", "app:None": None}


def truth(block: World, context: World, version: str | None = "2012-10-17") -> Truth:
    """Return whether a condition block holds in a context that is known in full."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": block}
    compiled = worlds.compiled(policy(statement, version=version), kinds.IDENTITY)
    (only,) = compiled.statements
    found = RequestContext({key: held(value) for key, value in context.items()})
    return all_of(test(found) for test in only.tests())


def held(value: Actual) -> Value:
    """Return what a key has, as the context holds it."""
    return Several(value) if isinstance(value, list) else value


def _drawn(operators: tuple[str, ...], *, several: bool) -> strategies.Make:
    def make(dice: Random) -> tuple[str, str, Values, Actual]:
        _, suited, pool = dice.choice(SINGLE)
        fitting = [name for name in suited if name in operators]
        operator = dice.choice(fitting or operators)
        wanted = [str(value) for value in dice.choices(pool, k=dice.randint(1, 3))]
        seen = [str(value) for value in pool if "/" not in str(value)] or ["alice"]
        if several:
            return (
                operator,
                "app:List",
                wanted,
                dice.choices((*seen, "alice"), k=dice.randint(0, 3)),
            )
        return operator, "app:Key", wanted, dice.choice((*seen, None))

    return make


def drawn_tests(operators: tuple[str, ...], *, several: bool = False) -> st.SearchStrategy[OneTest]:
    """Return tests by some operators, on a key of one value or of several."""
    return strategies.bag(_drawn(operators, several=several), 3000).map(lambda row: OneTest(*row))


pairs = drawn_tests(tuple(strategies.NEGATION))
set_pairs = drawn_tests(tuple(strategies.NEGATION), several=True)
anything = drawn_tests(strategies.OPERATORS)
sets = drawn_tests(strategies.OPERATORS, several=True)
positive = drawn_tests(strategies.POSITIVE)
positive_sets = drawn_tests(strategies.POSITIVE, several=True)
negated = drawn_tests(strategies.NEGATED)
QUANTIFIERS = ("ForAllValues:", "ForAnyValue:")


@given(anything, st.permutations(range(3)))
def test_b01_order_and_repetition_of_values_are_irrelevant(test: OneTest, order: list[int]) -> None:
    assume(test.operator != "Bool")
    wanted = test.wanted
    shuffled = [wanted[place % len(wanted)] for place in (*order, *range(len(wanted)))]
    for quantifier in ("", *QUANTIFIERS):
        assert test._replace(wanted=shuffled).truth(quantifier) == test.truth(quantifier)


def with_test(document: World, effect: str, test: tuple[str, str, Any]) -> World:
    """Return a document with one more condition test in the statements of an effect."""
    operator, key, wanted = test

    def change(statement: World) -> World:
        block = statement.get("Condition", {})
        if statement["Effect"] != effect or operator in block:
            return statement
        return {**statement, "Condition": {**block, operator: {key: wanted}}}

    return {**document, "Statement": [change(s) for s in statements_of(document)]}


@given(strategies.known_cases(), strategies.tests)
def test_b02_a_condition_more_narrows_the_effect(case: Case, test: tuple[str, str, Any]) -> None:
    if case.mapped(lambda d: with_test(d, "Allow", test)).outcome == "allowed":
        assert case.outcome == "allowed"
    if case.outcome == "allowed":
        assert case.mapped(lambda d: with_test(d, "Deny", test)).outcome == "allowed"


@given(pairs)
def test_b03_an_operator_and_its_negation_are_complementary(test: OneTest) -> None:
    assert test.truth() is not test.truth(operator=strategies.NEGATION[test.operator])


@given(set_pairs)
def test_b04_all_values_differ_unless_any_value_fits(test: OneTest) -> None:
    assume(not test.is_empty)
    all_differ = test.truth("ForAllValues:", strategies.NEGATION[test.operator])
    assert all_differ is not test.truth("ForAnyValue:")


@given(set_pairs)
def test_b05_all_values_fit_unless_any_value_differs(test: OneTest) -> None:
    assume(not test.is_absent and not test.is_empty)
    any_differs = test.truth("ForAnyValue:", strategies.NEGATION[test.operator])
    assert test.truth("ForAllValues:") is not any_differs


@given(anything)
def test_b06_of_one_value_the_quantifiers_say_the_same(test: OneTest) -> None:
    assume(test.actual)
    assert test.truth() == test.truth("ForAllValues:") == test.truth("ForAnyValue:")


@given(positive_sets, st.integers(0, 2))
def test_b07_sets_are_monotone(test: OneTest, place: int) -> None:
    assume(isinstance(test.actual, list) and len(test.actual) > 1)
    fewer_actual = test._replace(actual=[*(test.actual or ())][:place] or test.actual)
    fewer_wanted = test._replace(wanted=test.wanted[:place] or test.wanted)
    if test.truth("ForAllValues:"):
        assert fewer_actual.truth("ForAllValues:")
    if fewer_wanted.truth("ForAllValues:"):
        assert test.truth("ForAllValues:")
    for fewer in (fewer_actual, fewer_wanted):
        if fewer.truth("ForAnyValue:"):
            assert test.truth("ForAnyValue:")


@given(anything, st.sampled_from(("", "ForAllValues:")))
def test_b08_if_exists_is_absent_or_holds(test: OneTest, quantifier: str) -> None:
    absent = truth({"Null": {test.key: "true"}}, {test.key: test.actual})
    assert test.truth(quantifier, suffix="IfExists") == (absent or test.truth(quantifier))


@given(sets)
def test_b08_any_value_if_exists_is_absent_or_holds(test: OneTest) -> None:
    expected = test.is_absent or test.truth("ForAnyValue:")  # CND-16
    assert test.truth("ForAnyValue:", suffix="IfExists") == expected


@given(negated)
def test_b09_a_negated_operator_needs_no_if_exists(test: OneTest) -> None:
    assert test.truth(suffix="IfExists") == test.truth()


@given(anything)
def test_b10_a_key_is_absent_or_present(test: OneTest) -> None:
    context = {test.key: test.actual}
    said = [truth({"Null": {test.key: word}}, context) for word in ("true", "false")]
    assert said == [test.is_absent, not test.is_absent]


@given(drawn_tests(("StringEquals", "ArnEquals")))
def test_b11_like_without_wildcards_is_equals(test: OneTest) -> None:
    assume(not any(c in text for text in test.wanted for c in "*?$"))
    if test.operator == "StringEquals":
        assert test.truth(operator="StringLike") == test.truth()
    if test.truth(operator="StringEquals"):
        assert test.truth(operator="StringEqualsIgnoreCase")


@given(drawn_tests(("ArnEquals", "ArnLike")))
def test_b11_arn_operators_are_one_and_narrower_than_string_like(test: OneTest) -> None:
    arn = test.truth(operator="ArnEquals")
    assert arn == test.truth(operator="ArnLike")
    if arn:
        assert test.truth(operator="StringLike")


numbers = st.decimals(0, 100, places=2).map(str)
instants = st.sampled_from(
    (
        *("2026-11-24T00:00:00Z", "2026-11-24T01:00:00+01:00", "1795478400", "2026-11-24"),
        *("2027-01-01T00:00:00.5Z", "1795478401", "2026", "2027-01-01T00:00:00Z"),
    )
)


@given(
    st.tuples(st.just("Numeric"), numbers, numbers) | st.tuples(st.just("Date"), instants, instants)
)
def test_b12_order_operators_are_an_order(drawn: tuple[str, str, str]) -> None:
    family, actual, wanted = drawn
    test = OneTest("", "app:Key", [wanted], actual)
    less, more, same = (
        test.truth(operator=f"{family}{name}") for name in ("LessThan", "GreaterThan", "Equals")
    )
    assert [less, more, same].count(True) == 1
    assert test.truth(operator=f"{family}LessThanEquals") == (less or same)
    assert test.truth(operator=f"{family}GreaterThanEquals") == (more or same)
    turned = OneTest("", "app:Key", [actual], wanted)
    assert turned.truth(operator=f"{family}GreaterThan") == less


addresses = st.ip_addresses(v=4) | st.ip_addresses(v=6)


@given(addresses, addresses, st.integers(0, 128), st.integers(0, 128))
def test_b13_a_wider_network_has_what_a_narrower_has(
    base: Any,  # noqa: ANN401 - an address of either version
    address: Any,  # noqa: ANN401
    one: int,
    other: int,
) -> None:
    narrow, wide = (min(bits, base.max_prefixlen) for bits in (max(one, other), min(one, other)))
    for seen in (str(base), str(address)):
        inside, wider = (
            truth({"IpAddress": {"app:Ip": f"{base}/{bits}"}}, {"app:Ip": seen})
            for bits in (narrow, wide)
        )
        assert wider or not inside
    assert truth({"IpAddress": {"app:Ip": f"{base}/{narrow}"}}, {"app:Ip": str(base)})


@given(strategies.cases())
def test_b14_an_unrelated_key_is_irrelevant(case: Case) -> None:
    assert case.knowing(**{"app:Unrelated": "alice"}).said == case.said


plain_texts = st.text("ab:/-", max_size=4)
TEXT_OPERATORS = (*strategies.STRING, *strategies.ARN)


@given(st.sampled_from(TEXT_OPERATORS), plain_texts, plain_texts, plain_texts, plain_texts)
def test_b15_a_variable_is_its_value(
    operator: str, head: str, tail: str, value: str, other: str
) -> None:
    head = f"arn:aws:iam::1:{head}" if operator.startswith("Arn") else head
    for seen in (f"{head}{value}{tail}", f"{head}{other}", other):
        context = {"app:Key": seen, "app:Value": value}
        filled = truth({operator: {"app:Key": f"{head}${{app:VALUE}}{tail}"}}, context)
        assert filled == truth({operator: {"app:Key": f"{head}{value}{tail}"}}, context)


@given(st.sampled_from(strategies.STRING), plain_texts, plain_texts, plain_texts)
def test_b16_a_default_counts_only_without_a_value(
    operator: str, default: str, value: str, other: str
) -> None:
    block = {operator: {"app:Key": f"a${{app:Value, '{default}'}}"}}
    for seen in (f"a{default}", f"a{value}", other):
        context = {"app:Key": seen, "app:Value": value}
        assert truth(block, context) == truth({operator: {"app:Key": "a${app:Value}"}}, context)
        plain = {operator: {"app:Key": f"a{default}"}}
        assert truth(block, {"app:Key": seen}) == truth(plain, {"app:Key": seen})


@given(positive)
def test_b17_values_are_alternatives(test: OneTest) -> None:
    apart = [test._replace(wanted=[value]).truth() for value in test.wanted]
    assert test.truth() == any(apart)


@given(strategies.tests, strategies.tests, strategies.contexts)
def test_b18_all_tests_of_a_block_must_hold(
    one: tuple[str, str, Any], other: tuple[str, str, Any], context: World
) -> None:
    block = strategies.block([one, other])
    assume(sum(map(len, block.values())) == 2)
    each = [truth({operator: {key: wanted}}, context) for operator, key, wanted in (one, other)]
    assert truth(block, context) == all(each)


@given(anything)
def test_b19_all_values_admit_a_request_without_the_key(test: OneTest) -> None:
    without = test._replace(actual=None)
    assert without.truth("ForAllValues:") is True
    demanding = {f"ForAllValues:{test.operator}": {test.key: test.wanted}}
    assert truth({**demanding, "Null": {test.key: "false"}}, {}) is False


@given(st.sampled_from(("true", "false", "True", "FALSE")))
def test_b20_a_flag_is_true_or_false(value: str) -> None:
    said = [truth({"Bool": {"app:Flag": word}}, {"app:Flag": value}) for word in ("true", "false")]
    assert sorted(map(str, said)) == ["False", "True"]


@given(st.integers(0, 10**9), numbers)
def test_b21_a_number_has_many_spellings(number: int, actual: str) -> None:
    spellings: list[Any] = [number, str(number), f"{number}.0", f"{number}.00"]
    for operator in strategies.NUMERIC:
        for seen in (actual, str(number), f"{number}.0"):
            context = {"app:Count": seen}
            said = [truth({operator: {"app:Count": text}}, context) for text in spellings]
            assert len(set(said)) == 1


@given(st.integers(2 * 365 * 86400, 4_000_000_000), st.integers(-720, 720), instants)
def test_b21_an_instant_has_many_spellings(epoch: int, minutes: int, actual: str) -> None:
    moment = datetime.fromtimestamp(epoch, UTC)
    zone = timezone(timedelta(minutes=minutes))
    utc = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    spellings = (utc, moment.astimezone(zone).isoformat(), str(epoch), f"{utc[:-1]}.000Z")
    for operator in strategies.DATE:
        for seen in (actual, utc, str(epoch)):
            said = [truth({operator: {"app:At": text}}, {"app:At": seen}) for text in spellings]
            assert len(set(said)) == 1


@given(st.ip_addresses(v=4), addresses)
def test_b22_an_address_is_a_network_of_one(wanted: Any, actual: Any) -> None:  # noqa: ANN401
    for seen in (str(actual), str(wanted)):
        context = {"app:Ip": seen}
        bare = truth({"IpAddress": {"app:Ip": str(wanted)}}, context)
        assert (
            bare
            == truth({"IpAddress": {"app:Ip": f"{wanted}/32"}}, context)
            == (seen == str(wanted))
        )
        assert truth({"NotIpAddress": {"app:Ip": str(wanted)}}, context) is not bare


@given(
    st.sampled_from(TEXT_OPERATORS),
    st.sampled_from(("${aws:username}", "a${app:Name}*", "${app:None, 'x'}", "arn:a:b:c:d:${x:y}")),
    st.sampled_from(("alice", "${aws:username}", "a${app:Name}b", "arn:a:b:c:d:${x:y}", None)),
)
def test_b23_variables_are_plain_text_in_the_language_of_2008(
    operator: str, wanted: str, actual: str | None
) -> None:
    context = {"app:Key": actual, "aws:username": "alice", **FURTHER}
    escaped = truth({operator: {"app:Key": wanted.replace("${", "${$}{")}}, context)
    for version in ("2008-10-17", None):
        assert truth({operator: {"app:Key": wanted}}, context, version) == escaped


@given(st.text("ab*?", max_size=5), st.sampled_from(["", "a", "ab"]), plain_texts)
def test_b24_a_value_that_a_sibling_covers_adds_nothing(pattern: str, star: str, seen: str) -> None:
    covered = pattern.replace("*", star).replace("?", "b")
    assert truth({"StringLike": {"app:Key": pattern}}, {"app:Key": covered})
    alone, both = (
        truth({"StringLike": {"app:Key": wanted}}, {"app:Key": seen})
        for wanted in ([pattern], [pattern, covered])
    )
    assert alone == both


@given(strategies.cases())
def test_b25_what_is_decided_is_so_for_every_value_of_the_open_facts(case: Case) -> None:
    outcome = case.outcome
    if outcome != "undecided":
        for known in case.known_worlds():
            assert known.outcome in strategies.CONSISTENT[outcome], known.dump(outcome)


@given(strategies.cases(), st.randoms(use_true_random=False))
def test_b26_what_is_decided_stays_so_when_more_is_known(case: Case, dice: Random) -> None:
    facts = case.open_facts()
    facts.pop("aws:EpochTime", None)
    learned = {key: dice.choice(facts[key]) for key in facts}
    steps = [case]
    for key, value in learned.items():
        steps.append(steps[-1].knowing(**{key: value}))
    for before, after in pairwise([step.outcome for step in steps]):
        assert before == "undecided" or after in strategies.CONSISTENT[before]
