"""Tests that hold for every request, and conditions without a test."""

from __future__ import annotations

import pytest

from simulator.check.conditions.constant import constant_tests
from simulator.check.conditions.empty import empty_conditions
from simulator.policy import kinds
from tests.unit.check.conditions.asking import Json, allow, edited, found, told

BOTH = ["0.0.0.0/0", "::/0"]


@pytest.mark.parametrize(
    "test",
    [
        {"StringLikeIfExists": {"aws:username": "*"}},
        {"StringLikeIfExists": {"aws:username": ["a", "**"]}},
        {"ForAllValues:StringLike": {"aws:TagKeys": "*"}},
        {"ForAllValues:StringLike": {"app:Anything": "*"}},
        {"IpAddressIfExists": {"aws:SourceIp": BOTH}},
        {"NumericGreaterThanEqualsIfExists": {"aws:MultiFactorAuthAge": "0"}},
    ],
)
def test_a_test_that_always_holds(test: Json) -> None:
    ((operator, block),) = test.items()
    ((_, severity, _),) = told(constant_tests, allow(test))
    assert severity == "warning"
    beside = {"Bool": {"aws:SecureTransport": "true"}}
    assert edited(constant_tests, allow({**beside, **test})) == ("unchanged", allow(beside))
    more = {operator: {**block, "aws:userid": "x"}}
    assert edited(constant_tests, allow(more))[1] == allow({operator: {"aws:userid": "x"}})


def test_a_condition_with_nothing_else_goes_with_it() -> None:
    statement = allow({"StringLikeIfExists": {"aws:username": "*"}})
    access, left = edited(constant_tests, statement)
    assert (access, left) == (
        "unchanged",
        {key: value for key, value in statement.items() if key != "Condition"},
    )


@pytest.mark.parametrize(
    "test",
    [
        {"StringLike": {"aws:username": "*"}},
        {"StringLikeIfExists": {"aws:username": "?*"}},
        {"StringEqualsIfExists": {"aws:username": "*"}},
        {"StringLikeIfExists": {"aws:username": "${aws:userid}"}},
        {"StringNotLikeIfExists": {"aws:username": "*"}},
        {"ArnLikeIfExists": {"aws:PrincipalArn": "arn:*:*:*:*:*"}},
        {"IpAddressIfExists": {"aws:SourceIp": "0.0.0.0/0"}},
        {"NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": "0"}},
        {"DateGreaterThanEqualsIfExists": {"aws:CurrentTime": "0"}},
        # a plain test of a list never holds, and these may be lists
        {"StringLikeIfExists": {"aws:TagKeys": "*"}},
        {"StringLikeIfExists": {"app:Anything": "*"}},
        {"ForAnyValue:StringLikeIfExists": {"aws:TagKeys": "*"}},
    ],
)
def test_a_test_that_does_not_always_hold(test: Json) -> None:
    assert told(constant_tests, allow(test)) == []


def without(statement: Json) -> Json:
    return {key: value for key, value in statement.items() if key != "Condition"}


@pytest.mark.parametrize("condition", [{}, {"StringEquals": {}}, {"Bool": {}, "Null": {}}])
def test_a_condition_without_tests(condition: Json) -> None:
    statement = allow(condition)
    assert told(empty_conditions, statement) == [("IAM642", "note", ('"Condition"',))]
    assert edited(empty_conditions, statement) == ("unchanged", without(statement))


def test_an_operator_without_keys_beside_another_one() -> None:
    left = {"Bool": {"aws:SecureTransport": "true"}}
    statement = allow({"StringEquals": {}, **left})
    assert told(empty_conditions, statement) == [("IAM642", "note", ('"StringEquals"',))]
    assert edited(empty_conditions, statement) == ("unchanged", allow(left))


def test_no_condition_is_not_an_empty_one() -> None:
    assert found(empty_conditions, without(allow({})), kind=kinds.IDENTITY) == ()
