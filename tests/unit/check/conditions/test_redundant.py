"""Values that say nothing beside others of their list."""

from __future__ import annotations

import pytest

from simulator.check.conditions.redundant import needless_values
from simulator.policy import kinds
from tests.unit.check.conditions.asking import allow, edited, found, told


@pytest.mark.parametrize(
    ("operator", "values", "left"),
    [
        ("StringEquals", ["a", "b", "a"], ["a", "b"]),
        ("StringNotEquals", ["a", "a"], ["a"]),
        ("StringEqualsIgnoreCase", ["a", "A", "b"], ["a", "b"]),
        ("StringLike", ["abc", "a*", "b", "a?"], ["a*", "b"]),
        ("StringNotLikeIfExists", ["*", "${aws:username}"], ["*"]),
        ("ForAnyValue:StringLike", ["a*", "a*"], ["a*"]),
        ("ArnLike", ["arn:aws:iam::1:user/a", "arn:aws:iam::*:user/*"], ["arn:aws:iam::*:user/*"]),
        ("NumericLessThan", ["2700", "3600"], ["3600"]),
        ("NumericGreaterThanEquals", ["5", "3", "4"], ["3"]),
        ("NumericEquals", ["5", "5.0", "6"], ["5", "6"]),
        ("NumericNotEquals", ["5", "5.0"], ["5"]),
        ("DateLessThan", ["2026-01-01", "2027-01-01T00:00:00Z"], ["2027-01-01T00:00:00Z"]),
        ("IpAddress", ["203.0.113.7", "203.0.113.0/24", "::/8"], ["203.0.113.0/24", "::/8"]),
        ("NotIpAddress", ["203.0.113.9/24", "203.0.113.0/24"], ["203.0.113.9/24"]),
    ],
)  # fmt: skip
def test_a_value_that_adds_nothing(operator: str, values: list[str], left: list[str]) -> None:
    key = "aws:TagKeys" if operator.startswith("For") else "aws:username"
    statement = allow({operator: {key: values}})
    ((code, severity, _),) = told(needless_values, statement)
    assert (code, severity) == ("IAM641", "note")
    assert edited(needless_values, statement) == ("unchanged", allow({operator: {key: left}}))


@pytest.mark.parametrize(
    ("operator", "values"),
    [
        ("StringEquals", ["a", "A", "a*"]),
        ("StringLike", ["a*", "*a", "b?", "b"]),
        ("StringLike", ["a?", "a*b"]),
        ("StringLike", ["${aws:username}*", "${aws:userid}x"]),
        ("ArnLike", ["arn:aws:iam::1:*", "arn:aws:iam:*:user/a:x"]),
        ("NumericEquals", ["5", "6"]),
        ("NumericLessThan", ["5", "five"]),
        ("IpAddress", ["203.0.113.0/25", "203.0.113.128/25", "::/0"]),
        ("Bool", ["true", "false"]),
        ("StringEquals", ["\ufdd0", "\ufdd0"]),
        ("IpAddress", ["\ufdd0", "0.0.0.0/0"]),
    ],
)
def test_values_that_all_count(operator: str, values: list[str]) -> None:
    assert told(needless_values, allow({operator: {"aws:username": values}})) == []


def test_each_of_several_is_shown_beside_what_takes_it_in() -> None:
    (finding,) = found(
        needless_values,
        allow({"StringLike": {"aws:username": ["ab", "a*", "ac", "a*"]}}),
        kind=kinds.IDENTITY,
    )
    assert [(label.span.text, label.text) for label in finding.labels] == [
        ('"ab"', "`a*` takes this in"),
        ('"ac"', "`a*` takes this in"),
        ('"a*"', "value 2 of the list says the same"),
    ]
    assert finding.message.startswith("3 values of `aws:username` add nothing")


def test_long_lists_come_to_an_end() -> None:
    networks = [f"10.{number // 256}.{number % 256}.0/24" for number in range(10_000)]
    condition = {
        "IpAddress": {"aws:SourceIp": networks},
        "StringLike": {"aws:username": [f"*{number}*" for number in range(5_000)]},
        "StringEquals": {"aws:userid": [str(number % 29_999) for number in range(30_000)]},
    }
    assert told(needless_values, allow(condition)) == [("IAM641", "note", ('"0"',))]
