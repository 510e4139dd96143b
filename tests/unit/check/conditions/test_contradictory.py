"""Tests of one key that exclude each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from simulator.check.conditions.contradictory import contradictory_tests
from simulator.policy import kinds
from tests.unit.check.conditions.asking import Json, allow, deny, found, told
from tests.unit.check.counting import calls
from tests.unit.check.trust.told import document_of

if TYPE_CHECKING:
    from collections.abc import Callable

ALICE, BOB = "arn:aws:iam::111111111111:user/alice", "arn:aws:iam::111111111111:user/bob"


@pytest.mark.parametrize(
    ("key", "some", "other"),
    [
        ("aws:username", {"StringEquals": "a"}, {"StringNotEquals": "a"}),
        ("aws:username", {"StringEquals": ["a", "b"]}, {"StringNotEquals": ["b", "a", "c"]}),
        ("aws:username", {"StringEquals": ["a", "b"]}, {"StringLike": "c*"}),
        ("aws:username", {"StringLike": "a*"}, {"StringNotLike": "*"}),
        ("aws:username", {"StringLike": ["a*", "ab"]}, {"StringNotLike": ["a*"]}),
        ("aws:username", {"StringLike": "a*"}, {"StringLikeIfExists": "b*"}),
        ("aws:username", {"StringEqualsIgnoreCase": "ALICE"}, {"StringEquals": "bob"}),
        ("aws:username", {"StringEqualsIgnoreCase": "A"}, {"StringNotEqualsIgnoreCase": "a"}),
        ("aws:username", {"StringEquals": "${aws:userid}"}, {"StringNotEquals": "${aws:userid}"}),
        ("aws:username", {"StringEquals": "a-${aws:userid}"}, {"StringLike": "b*"}),
        ("aws:username", {"Null": "true"}, {"StringEquals": "a"}),
        ("aws:username", {"Null": "true"}, {"ForAnyValue:StringLike": "*"}),
        ("aws:PrincipalArn", {"ArnLike": "arn:*:iam::*:user/a"}, {"ArnEquals": BOB}),
        ("aws:PrincipalArn", {"ArnLike": "arn:aws:*:*:*:*"}, {"ArnEquals": "arn:aws-cn:*:*:*:*"}),
        ("aws:PrincipalArn", {"ArnEquals": ALICE}, {"ArnNotLike": "arn:aws:iam::*:user/*"}),
        ("aws:PrincipalArn", {"StringLike": "*:root"}, {"ArnLike": "arn:aws:iam::*:user/a*b"}),
        ("aws:SecureTransport", {"Bool": "true"}, {"BoolIfExists": "false"}),
        ("aws:SecureTransport", {"Bool": "true"}, {"StringEquals": "false"}),
        ("s3:max-keys", {"NumericLessThan": "5"}, {"NumericGreaterThan": "5.0001"}),
        ("s3:max-keys", {"NumericLessThan": "5"}, {"NumericGreaterThan": "5"}),
        ("s3:max-keys", {"NumericLessThanEquals": "5"}, {"NumericGreaterThan": "5"}),
        ("s3:max-keys", {"NumericEquals": ["5", "6"]}, {"NumericNotEquals": ["6.0", "5.00"]}),
        (
            "aws:CurrentTime",
            {"DateGreaterThan": "2026-06-01T00:00:00Z"},
            {"DateLessThan": "2026-06-01T00:00:00+01:00"},
        ),
        ("aws:SourceIp", {"IpAddress": "203.0.113.0/24"}, {"IpAddressIfExists": "2001:db8::/32"}),
        ("aws:SourceIp", {"IpAddress": "203.0.113.0/24"}, {"NotIpAddress": "203.0.0.0/16"}),
        ("aws:TagKeys", {"ForAnyValue:StringEquals": "a"}, {"ForAllValues:StringEquals": "b"}),
        ("aws:TagKeys", {"ForAnyValue:StringEquals": "a"}, {"ForAllValues:StringNotLike": "*"}),
        ("aws:TagKeys", {"ForAnyValue:StringEquals": "a"}, {"Null": "true"}),
    ],
)
def test_no_request_meets_both(key: str, some: Json, other: Json) -> None:
    tests = [next(iter(test.items())) for test in (some, other)]
    condition = {operator: {key: value} for operator, value in tests}
    places = {json.dumps(value) for _, value in tests}
    for statement in (allow(condition), deny(condition)):
        ((code, severity, seen),) = told(contradictory_tests, statement)
        assert (code, severity, set(seen)) == ("IAM631", "error", places)


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:username": "a"}, "StringLike": {"aws:username": "a*"}},
        {"StringEquals": {"aws:username": "a"}, "StringNotEquals": {"aws:username": "b"}},
        {"StringEquals": {"aws:username": "a"}, "StringNotEquals": {"aws:userid": "a"}},
        {"StringLike": {"aws:username": "a*"}, "StringNotLike": {"aws:username": "ab*"}},
        {"StringLike": {"aws:username": "a*"}, "StringNotEquals": {"aws:username": "a*"}},
        {"StringLike": {"aws:username": "a*b"}, "StringLikeIfExists": {"aws:username": "*c*"}},
        # both hold where the key is absent
        {"StringNotEquals": {"aws:username": "a"}, "StringEqualsIfExists": {"aws:username": "a"}},
        {"StringEqualsIfExists": {"aws:username": "a"}, "Null": {"aws:username": "true"}},
        {"StringEquals": {"aws:username": "a"}, "Null": {"aws:username": "false"}},
        {"StringEquals": {"aws:username": "a"}, "Null": {"aws:username": ["true", "false"]}},
        # `ForAllValues` holds for an empty text
        {"StringEquals": {"aws:username": ""}, "ForAllValues:StringEquals": {"aws:username": "a"}},
        # one value can meet the one, another value the other
        {
            "ForAnyValue:StringEquals": {"aws:TagKeys": "a"},
            "ForAnyValue:StringLike": {"aws:TagKeys": "b"},
        },
        {
            "ForAllValues:StringEquals": {"aws:TagKeys": "a"},
            "ForAllValues:StringLike": {"aws:TagKeys": "b"},
        },
        # nobody knows whether this is a list
        {
            "ForAnyValue:StringEquals": {"app:Key": "a"},
            "ForAnyValue:StringLike": {"app:Key": "b"},
        },
        # the value may be either
        {"StringEquals": {"aws:username": "${aws:userid}"}, "StringLike": {"aws:username": "a*"}},
        {
            "StringEquals": {"aws:username": "a"},
            "StringNotEquals": {"aws:username": "${aws:userid}"},
        },
        {"NumericLessThan": {"s3:max-keys": "6"}, "NumericGreaterThan": {"s3:max-keys": "5"}},
        {"NumericLessThan": {"s3:max-keys": "6"}, "StringEquals": {"s3:max-keys": "5.0"}},
        {
            "NumericLessThanEquals": {"s3:max-keys": "5"},
            "NumericGreaterThanEquals": {"s3:max-keys": "5"},
        },
        {
            "IpAddress": {"aws:SourceIp": "203.0.0.0/16"},
            "NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"},
        },
        # what cannot be read is told as that
        {"NumericEquals": {"s3:max-keys": "ten"}, "NumericNotEquals": {"s3:max-keys": "ten"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws"}, "ArnNotLike": {"aws:PrincipalArn": "arn:aws"}},
        {"StringEquals": {"aws:username": []}, "StringNotEquals": {"aws:username": "a"}},
    ],
)  # fmt: skip
def test_a_request_can_meet_both(condition: Json) -> None:
    assert told(contradictory_tests, allow(condition)) == []


def test_a_third_test_that_needs_the_key_is_shown() -> None:
    condition = {
        "StringEqualsIfExists": {"aws:username": "a"},
        "StringNotEquals": {"aws:username": "a"},
        "Null": {"AWS:Username": "false"},
    }
    (finding,) = told(contradictory_tests, allow(condition))
    assert finding.places == ('"a"', '"a"', '"false"')


def test_tests_that_only_all_together_leave_nothing() -> None:
    condition = {
        "StringEquals": {"aws:username": ["a", "b"]},
        "StringNotEquals": {"aws:username": "a"},
        "StringNotLike": {"aws:username": "b*"},
    }
    (finding,) = told(contradictory_tests, allow(condition))
    assert len(finding.places) == 3


def test_in_the_language_of_2008_a_variable_is_text() -> None:
    condition = {
        "StringEquals": {"aws:username": "${aws:userid}"},
        "StringLike": {"aws:username": "a*"},
    }
    assert len(told(contradictory_tests, allow(condition), version="2008-10-17")) == 1


def test_what_a_template_leaves_open_excludes_nothing() -> None:
    condition = {
        "StringEquals": {"aws:username": "\ufdd0"},
        "StringNotEquals": {"aws:username": ["\ufdd0", "b"]},
    }
    assert told(contradictory_tests, allow(condition)) == []


@pytest.mark.parametrize(("make", "says"), [(allow, "allows nothing"), (deny, "denies nothing")])
def test_it_says_what_that_comes_to(make: Callable[..., Json], says: str) -> None:
    condition = {"Null": {"aws:username": "true"}, "StringEquals": {"aws:username": "a"}}
    (finding,) = found(contradictory_tests, make(condition, Sid="S"), kind=kinds.IDENTITY)
    assert finding.message.endswith(f"statement `S` {says}")


def test_long_lists_come_to_an_end() -> None:
    many = [f"{number}*" for number in range(2_000)]
    condition = {
        "StringLike": {"aws:username": many},
        "StringNotLike": {"aws:username": many},
        "StringEquals": {"aws:username": [f"x{number}" for number in range(5_000)]},
    }
    (finding,) = told(contradictory_tests, allow(condition))
    assert finding.code == "IAM631"


def test_many_keys_with_two_tests_each_cost_as_much_as_their_tests() -> None:
    def work(size: int) -> int:
        keys = [f"aws:PrincipalTag/{number}" for number in range(size)]
        tests = {
            "StringLike": dict.fromkeys(keys, "a*"),
            "StringNotEquals": dict.fromkeys(keys, "b"),
        }
        return calls(contradictory_tests, document_of(allow(tests)), kinds.IDENTITY)

    assert work(800) < 5 * work(200)
