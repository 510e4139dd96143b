"""What the rules about conditions say is so: held to the matcher, test by test and edit by edit."""

from __future__ import annotations

import json
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.check.check import check
from simulator.check.conditions import (
    absent,
    behalf,
    constant,
    contradictory,
    empty,
    opposite,
    redundant,
)
from simulator.diagnostic import Access, Severity
from simulator.matcher.truth import all_of
from simulator.policy import kinds
from simulator.policy.model import Document
from simulator.readings import read_date, read_network, read_number
from simulator.request.context import RequestContext, Several
from simulator.source import Source
from simulator.syntax import apply_edits, decode
from simulator.testing import pools
from tests import worlds
from tests.strategies import listed, policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.diagnostic import Diagnostic
    from simulator.matcher.truth import Truth
    from simulator.request.context import Value
    from tests.strategies import World

ROWS: tuple[pools.Row, ...] = (
    *(*pools.COMMON_KEYS, *pools.OTHER_KEYS),
    ("s3:max-keys", pools.NUMERIC, pools.NUMBERS),
    *[("aws:PrincipalTag/ready", pools.STRING, ("false", "no"))] * 2,
)
VERSIONS = ("2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17")
#: Whether a text can be a value of a key, by the operators that suit the key.
READABLE: tuple[tuple[tuple[str, ...], Callable[[str], object]], ...] = (
    (pools.NUMERIC, read_number),
    (pools.DATE, read_date),
    (pools.IP, read_network),
)
#: Values that some lists are made of, one of which often takes in another one.
WIDE = {
    "String": ("*", "ali*", "a*", "*e", "a?ice", "alice", "red", "r*"),
    "Arn": ("arn:aws:iam::*:*", "arn:aws:iam::111111111111:user/*", "arn:*:*:*:*:*"),
    "Ip": ("0.0.0.0/0", "::/0", "203.0.0.0/16", "203.0.113.0/24", "203.0.113.9/25"),
    "Numeric": ("0", "10", "10.0", "300", "3600"),
}


class Found(NamedTuple):
    """A policy, and a finding about it."""

    document: World
    finding: Diagnostic

    def test(self) -> tuple[str, str]:
        """Return the operator and the key of the test that is found."""
        source, (start, _) = self.finding.labels[0].span
        condition = self.document["Statement"][0]["Condition"]
        texts = [
            (source.text.index(json.dumps(operator)), operator, key)
            for operator, block in condition.items()
            for key in block
        ]
        _, operator, key = max(each for each in texts if each[0] <= start)
        return operator, key


def findings(document: World) -> list[Diagnostic]:
    """Return what is said about an identity-based policy."""
    source = Source("policy.json", json.dumps(document, indent=1))
    return list(check(Document(source, (), decode(source)), kinds.IDENTITY).diagnostics)


def truths(document: World, context: RequestContext) -> list[Truth]:
    """Return for each statement whether its condition holds."""
    compiled = worlds.compiled(document, kinds.IDENTITY)
    return [all_of(test(context) for test in each.tests()) for each in compiled.statements]


# --- Policies, drawn beforehand so that there are enough of those in which something is found


def made_test(dice: Random, row: pools.Row) -> tuple[str, str, Any]:
    """Return one test of a key: the operator as written, the key, its values."""
    key, suited, pool = row
    written = dice.choice((key, key, key.lower()))
    if dice.randrange(6) == 0:
        quantifier = dice.choice(("", "", "", "ForAllValues:", "ForAnyValue:"))
        return f"{quantifier}Null", written, dice.choice(("true", "false"))
    operator = dice.choice(suited if dice.randrange(8) else pools.STRING)
    family = next((name for name in WIDE if operator.removeprefix("Not").startswith(name)), "")
    if dice.randrange(3) == 0:
        pool = (*pool, *WIDE.get(family, ()))
    several = key in pools.LISTS
    quantifier = dice.choice(("ForAllValues:", "ForAnyValue:", *([""] * (1 if several else 8))))
    values = [str(dice.choice(pool)).lower() if operator == "Bool" else str(dice.choice(pool))]
    if operator != "Bool":
        values += [str(dice.choice(pool)) for _ in range(dice.choice((0, 0, 0, 1, 1, 3)))]
    suffix = dice.choice(("", "", "", "IfExists"))
    return f"{quantifier}{operator}{suffix}", written, values[0] if len(values) == 1 else values


def made_statement(dice: Random) -> World:
    """Return a statement with a few tests, most of them of the same key."""
    row = dice.choice(ROWS)
    condition: World = {}
    for _ in range(dice.choice((1, 2, 2, 2, 3))):
        operator, key, values = made_test(dice, row if dice.randrange(6) else dice.choice(ROWS))
        block = condition.setdefault(operator, {})
        if key.lower() not in map(str.lower, block):
            block[key] = values
    if dice.randrange(20) == 0:
        condition["StringEquals"] = condition.get("StringEquals", {})
    effect = dice.choice(("Allow", "Deny"))
    return {"Effect": effect, "Action": "*", "Resource": "*", "Condition": condition}


def made_policy(dice: Random) -> World:
    """Return a policy of one statement, or of two that are about the same key."""
    found = [made_statement(dice)]
    if dice.randrange(4) == 0:
        row = dice.choice(ROWS)
        operator = dice.choice([name for name in row[1] if "Not" in name] or ["StringNotEquals"])
        for _ in range(2):
            condition = {operator: {row[0]: str(dice.choice(row[2]))}}
            found.append({**found[0], "Condition": condition})
        found = found[1:]
    return policy(*found, version=dice.choice(VERSIONS))


@cache
def pool() -> tuple[Found, ...]:
    """Return the findings of many policies, the same on every run."""
    dice = Random(4000)  # noqa: S311 - no secret
    made = (made_policy(dice) for _ in range(4000))
    return tuple(Found(document, finding) for document in made for finding in findings(document))


@cache
def of_code(*codes: str) -> st.SearchStrategy[Found]:
    """Return the findings of some codes, the plainest first."""
    found = [each for each in pool() if each.finding.code in codes]
    assert len(found) > 10, codes
    return st.sampled_from(sorted(found, key=lambda each: len(json.dumps(each.document))))


# --- Requests


def values_of(document: World) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each key that a policy tests, with values that it may have."""
    for statement in document["Statement"]:
        for block in statement["Condition"].values():
            for key, wanted in block.items():
                row = next(row for row in ROWS if row[0].lower() == key.lower())
                yield row[0], tuple(filter(_of(row), (*_near(wanted), *map(str, row[2]))))


def _near(wanted: Any) -> Iterator[str]:  # noqa: ANN401 - one value or a list
    for value in listed(wanted):
        text = str(value).replace("*", "").replace("?", "x")
        yield from (text, f"{text}x", text.upper(), str(value))
    yield from ("", "alice", "bob")


def _of(row: pools.Row) -> Callable[[str], object]:
    """Return whether a text can be a value of a key."""
    readers = [read for operators, read in READABLE if set(row[1]) <= {*operators, *pools.DATE}]
    if "Bool" in row[1]:
        return {"true", "false"}.__contains__
    return (lambda text: readers[0](text) is not None) if readers else (lambda _text: True)


def _held(some: st.SearchStrategy[str]) -> st.SearchStrategy[Several]:
    return st.lists(some, max_size=3).map(Several)


@st.composite
def contexts(draw: st.DrawFn, document: World) -> RequestContext:
    """Return a context in which each key is absent, or has a value that it can have."""
    made: dict[str, Value] = {
        "aws:username": draw(st.sampled_from(("alice", "*", "", None))),
        "aws:PrincipalTag/team": draw(st.sampled_from(("red", "", None))),
    }
    for key, values in values_of(document):
        some = st.sampled_from(values)
        if draw(st.booleans()):
            made[key] = draw(some)
            if key in pools.LISTS:
                made[key] = draw(_held(some))
    return RequestContext(made)


@st.composite
def asked(draw: st.DrawFn, *codes: str) -> tuple[Found, RequestContext]:
    """Return a finding of some codes, and the context of a request."""
    found = draw(of_code(*codes))
    return found, draw(contexts(found.document))


# --- What is claimed


@given(asked(contradictory.CODE))
def test_contradictory_tests_never_hold_together(drawn: tuple[Found, RequestContext]) -> None:
    found, context = drawn
    assert found.finding.severity is Severity.ERROR
    number = found.finding.message.partition("statement ")[2][0]
    assert truths(found.document, context)[int(number) - 1] is not True


@given(asked(constant.CODE))
def test_a_constant_test_always_holds(drawn: tuple[Found, RequestContext]) -> None:
    found, context = drawn
    operator, key = found.test()
    only = found.document["Statement"][0]["Condition"][operator][key]
    statement = {**found.document["Statement"][0], "Condition": {operator: {key: only}}}
    assert truths({**found.document, "Statement": [statement]}, context) == [True]


@given(asked(opposite.CODE))
def test_of_opposite_statements_one_holds(drawn: tuple[Found, RequestContext]) -> None:
    found, context = drawn
    assert True in truths(found.document, context)


#: Those of the rules about conditions, and those that every command tells of conditions.
EDITED = (
    *("IAM125", "IAM128", "IAM131", "IAM133"),
    *(constant.CODE, absent.ADMITS, absent.ESCAPES, behalf.CODE, redundant.CODE, empty.CODE),
)


@pytest.mark.parametrize("code", EDITED)
@given(st.data())
def test_edits_do_to_access_what_they_say(code: str, data: st.DataObject) -> None:
    found, context = data.draw(asked(code))
    document, (_, finding) = found.document, found
    if not finding.edits or finding.access is None:
        return
    text = apply_edits(finding.edits[0].source.text, finding.edits)
    edited = json.loads(text)
    assert edited != document
    edited["Statement"] = [{"Condition": {}, **each} for each in edited["Statement"]]
    before, after = truths(document, context), truths(edited, context)
    for statement, was, will_be in zip(document["Statement"], before, after, strict=True):
        narrowed = [was, will_be] if statement["Effect"] == "Allow" else [will_be, was]
        match finding.access:
            case Access.UNCHANGED:
                assert was is will_be
            case Access.NARROWED:
                assert narrowed != [False, True]
            case Access.WIDENED:
                assert narrowed != [True, False]


def test_each_effect_is_among_the_edits() -> None:
    said = {(each.finding.code, each.finding.access) for each in pool() if each.finding.edits}
    assert {("IAM128", Access.UNCHANGED), (redundant.CODE, Access.UNCHANGED)} <= said
    assert {access for code, access in said if code == "IAM131"} >= set(Access)
    assert {access for code, access in said if code == "IAM133"} >= {
        Access.NARROWED,
        Access.WIDENED,
    }
