"""Laws of conditions, for requests of any kind: what tests in all statements do to the decision.

Each test begins with the id of its law.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from simulator.testing.pools import COMMON_KEYS
from tests import questions, strategies
from tests.strategies import NEGATION
from tests.transformations import each_statement, statements_into

if TYPE_CHECKING:
    from random import Random

    from tests.questions import Ask
    from tests.strategies import World

KEY, LIST = "app:Key", "app:Several"
ROWS = tuple(row for row in COMMON_KEYS if row[0] not in strategies.LISTS)


class Drawn(NamedTuple):
    """A test of a key that no document speaks of, and what the request has for it."""

    operator: str
    wanted: list[str]
    actual: str | None
    several: list[str]

    def test(self, operator: str = "", key: str = KEY, wanted: Any = None) -> World:  # noqa: ANN401
        """Return the test as a condition block, by another operator or with other values."""
        values = self.wanted if wanted is None else wanted
        return {operator or self.operator: {key: values}}

    def known(self, ask: Ask) -> Ask:
        """Return a world in which the request has the key."""
        return ask.knowing(**{KEY: self.actual, LIST: self.several})


def _drawn(operators: tuple[str, ...]) -> strategies.Make:
    def make(dice: Random) -> tuple[str, list[str], str | None, list[str]]:
        _, suited, pool = dice.choice([r for r in ROWS if {*r[1]} & {*operators}])
        operator = dice.choice([name for name in suited if name in operators])
        texts = [str(value) for value in pool if "$" not in str(value)]
        seen = [text for text in texts if text] or ["alice"]
        wanted = dice.choices(texts, k=dice.randint(1, 3))
        return (
            operator,
            wanted,
            dice.choice((*seen, None)),
            dice.choices(seen, k=dice.randint(1, 3)),
        )

    return make


def drawn(operators: tuple[str, ...]) -> st.SearchStrategy[Drawn]:
    """Return tests by some operators."""
    return strategies.bag(_drawn(operators), 1500).map(lambda row: Drawn(*row))


PAIRS = drawn(tuple(NEGATION))
POSITIVE = drawn(
    tuple(name for name in strategies.POSITIVE if name not in ("Bool", "BinaryEquals"))
)
NEGATED = drawn(strategies.NEGATED)


def with_tests(statement: World, *tests: World) -> World:
    """Return a statement with more condition tests."""
    block = dict(statement.get("Condition", {}))
    for test in tests:
        for operator, keys in test.items():
            block[operator] = {**block.get(operator, {}), **keys}
    return {**statement, "Condition": block}


def alternatives(ask: Ask, *tests: World) -> Ask:
    """Return a world in which each statement is there once with each of some tests."""
    return ask.mapped(statements_into(lambda s: [with_tests(s, test) for test in tests]))


def together(ask: Ask, *tests: World) -> Ask:
    """Return a world in which each statement has all of some tests."""
    return ask.mapped(each_statement(lambda s: with_tests(s, *tests)))


@given(questions.known_asks(), POSITIVE)
def test_b01_order_and_repetition_of_values_are_irrelevant(ask: Ask, test: Drawn) -> None:
    asked = test.known(ask)
    other = [*test.wanted[::-1], *test.wanted]
    said = together(asked, test.test()).said
    assert together(asked, test.test(wanted=other)).said == said


@given(questions.known_asks(), POSITIVE | NEGATED)
def test_b02_a_condition_more_narrows_the_effect(ask: Ask, test: Drawn) -> None:
    asked = test.known(ask)

    def of(effect: str) -> Ask:
        def change(statement: World) -> World:
            more = statement["Effect"] == effect
            return with_tests(statement, test.test()) if more else statement

        return asked.mapped(each_statement(change))

    assert of("Allow").outcome != "allowed" or asked.outcome == "allowed"
    assert asked.outcome != "allowed" or of("Deny").outcome == "allowed"


@given(questions.known_asks(), PAIRS)
def test_b03_a_test_or_its_negation_is_no_test(ask: Ask, test: Drawn) -> None:
    asked = test.known(ask)
    both = alternatives(asked, test.test(), test.test(NEGATION[test.operator]))
    assert both.said == asked.said


@given(questions.known_asks(), PAIRS)
def test_b04_all_values_differ_or_any_value_fits(ask: Ask, test: Drawn) -> None:
    asked = test.known(ask)
    differ = test.test(f"ForAllValues:{NEGATION[test.operator]}", LIST)
    assert (
        alternatives(asked, differ, test.test(f"ForAnyValue:{test.operator}", LIST)).said
        == asked.said
    )


@given(questions.known_asks(), PAIRS)
def test_b05_all_values_fit_or_any_value_differs(ask: Ask, test: Drawn) -> None:
    asked = test.known(ask)
    differs = test.test(f"ForAnyValue:{NEGATION[test.operator]}", LIST)
    assert (
        alternatives(asked, differs, test.test(f"ForAllValues:{test.operator}", LIST)).said
        == asked.said
    )


@given(questions.known_asks(), POSITIVE | NEGATED)
def test_b08_if_exists_is_absent_or_holds(ask: Ask, test: Drawn) -> None:
    asked = test.known(ask)
    either = alternatives(asked, {"Null": {KEY: "true"}}, test.test())
    assert together(asked, test.test(f"{test.operator}IfExists")).said == either.said


@given(questions.known_asks(), NEGATED)
def test_b09_a_negated_operator_needs_no_if_exists(ask: Ask, test: Drawn) -> None:
    asked = test.known(ask)
    assert (
        together(asked, test.test(f"{test.operator}IfExists")).said
        == together(asked, test.test()).said
    )


@given(questions.known_asks(), POSITIVE)
def test_b10_a_key_is_absent_or_present(ask: Ask, test: Drawn) -> None:
    asked = test.known(ask)
    either = alternatives(asked, {"Null": {KEY: "true"}}, {"Null": {KEY: False}})
    assert either.said == asked.said


@given(questions.known_asks(), st.sampled_from(("app:Unheard", "aws:SourceArn")))
def test_b14_a_key_that_nobody_asks_for_is_irrelevant(ask: Ask, key: str) -> None:
    assert ask.knowing(**{key: "arn:aws:s3:::bucket"}).said == ask.said


@given(questions.known_asks(), st.sampled_from(("alice", "Alice", "red")))
def test_b15_a_variable_is_its_value(ask: Ask, value: str) -> None:
    known = ask.knowing(**{"aws:PrincipalTag/team": value})
    dated = known.mapped(lambda document: {**document, "Version": "2012-10-17"})

    def change(inner: Any) -> Any:  # noqa: ANN401 - any JSON value
        if isinstance(inner, dict):
            return {key: change(one) for key, one in inner.items()}
        if isinstance(inner, list):
            return [change(one) for one in inner]
        return inner.replace("${aws:PrincipalTag/team}", value) if isinstance(inner, str) else inner

    assert dated.mapped(change).said == dated.said


@given(questions.known_asks(), POSITIVE)
def test_b17_values_are_alternatives(ask: Ask, test: Drawn) -> None:
    asked = test.known(ask)
    apart = [test.test(wanted=[value]) for value in test.wanted]
    assert alternatives(asked, *apart).said == together(asked, test.test()).said


@given(questions.known_asks(), POSITIVE, NEGATED)
def test_b18_all_tests_must_hold(ask: Ask, one: Drawn, other: Drawn) -> None:
    asked = one.known(ask)
    tests = [one.test(), other.test()]
    inert = [test for test in tests if holds(asked, test)]
    assert (
        together(asked, *tests).said == together(asked, *(t for t in tests if t not in inert)).said
    )
    if len(inert) < len(tests):
        assert not holds(asked, {**tests[0], **tests[1]})


def holds(ask: Ask, test: World) -> bool:
    """Whether a condition holds for a request: whether it alone lets a policy allow."""
    allow = with_tests({"Effect": "Allow", "Action": "*", "Resource": "*"}, test)
    anybody = {"caller": {"arn": f"arn:aws:iam::{strategies.HOME}:user/bob"}}
    world = {**anybody, "identity": [strategies.policy(allow)]}
    request = {"action": "s3:ListAllMyBuckets", "resource": "*"}
    return questions.Ask(world, request, ask.context).outcome == "allowed"


@given(questions.known_asks(), POSITIVE)
def test_b19_all_values_admit_a_request_without_the_key(ask: Ask, test: Drawn) -> None:
    lacking = ask.knowing(**{KEY: None})
    assert together(lacking, test.test(f"ForAllValues:{test.operator}")).said == lacking.said


@given(questions.known_asks())
def test_b23_variables_are_plain_text_in_the_language_of_2008(ask: Ask) -> None:
    def escaped(inner: Any) -> Any:  # noqa: ANN401 - any JSON value
        if isinstance(inner, dict):
            return {key: escaped(one) for key, one in inner.items()}
        if isinstance(inner, list):
            return [escaped(one) for one in inner]
        return inner.replace("${", "${$}{") if isinstance(inner, str) else inner

    old = ask.mapped(lambda document: {**document, "Version": "2008-10-17"})
    new = ask.mapped(lambda document: {**escaped(document), "Version": "2012-10-17"})
    assert old.said == new.said


@given(questions.asks())
def test_b25_what_is_decided_is_so_for_every_value_of_the_open_facts(ask: Ask) -> None:
    outcome = ask.outcome
    if outcome != "undecided":
        for known in ask.known_worlds():
            assert known.outcome in strategies.CONSISTENT[outcome], known.dump(outcome)


@given(questions.asks(), st.randoms(use_true_random=False))
def test_b26_what_is_decided_stays_so_when_more_is_known(ask: Ask, dice: Random) -> None:
    facts = ask.open_facts()
    for key in ("aws:EpochTime", "aws:ResourceAccount"):  # these follow from others
        facts.pop(key, None)
    steps = [ask]
    for key, values in facts.items():
        steps.append(steps[-1].knowing(**{key: dice.choice(values)}))
    for before, after in pairwise([step.outcome for step in steps]):
        assert before == "undecided" or after in strategies.CONSISTENT[before]


@given(questions.asks(), st.sampled_from((strategies.HOME, strategies.NEAR, strategies.AWAY)))
def test_b26_what_is_decided_stays_so_when_the_owner_is_known(ask: Ask, owner: str) -> None:
    known = ask if ask.owner else ask.asking(resource_account=owner)
    assert ask.outcome == "undecided" or known.outcome in strategies.CONSISTENT[ask.outcome]
