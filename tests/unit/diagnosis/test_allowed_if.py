"""The facts that are told of particular requests and calls, as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.decision.combine import Outcome
from simulator.diagnosis.allowed_if import Facts, allowed_if, hangs_on
from simulator.simulate import simulate
from simulator.sts.answer import answer_to
from tests import worlds
from tests.strategies import policy

if TYPE_CHECKING:
    from tests.worlds import World

HOME = "111111111111"
ALICE = {"arn": f"arn:aws:iam::{HOME}:user/alice"}
SESSION = {"arn": f"arn:aws:sts::{HOME}:assumed-role/R/s"}
LIST = {"action": "s3:ListBucket", "resource": "arn:aws:s3:::b", "resource_account": HOME}
ALLOW: World = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DENY = {**ALLOW, "Effect": "Deny"}
TEAM, IP, MFA = "aws:PrincipalTag/team", "aws:SourceIp", "aws:MultiFactorAuthPresent"
OFFICE = "203.0.113.0/24"


def if_(statement: World, **tests: World) -> World:
    return {**statement, "Condition": tests}


def of_request(
    *statements: World, context: World | None = None, caller: World | None = None
) -> Facts:
    """Return what is told of a request under some statements."""
    world = {"caller": caller or ALICE, "identity": [policy(*statements)]}
    question = worlds.question(world, LIST, context)
    evaluation = simulate(question)
    is_yes = evaluation.decision.outcome is Outcome.ALLOWED
    return (hangs_on if is_yes else allowed_if)(question, (evaluation,))


def of_call(parameters: World, caller: World | None, tests: World) -> Facts:
    """Return what is told of a call of which the trust policy asks something."""
    trust = {"Effect": "Allow", "Principal": {"AWS": HOME}, "Action": "sts:*", "Condition": tests}
    world = {
        "caller": caller or ALICE,
        "role": {"arn": f"arn:aws:iam::{HOME}:role/deploy"},
        "identity": [policy(ALLOW)],
        "trust": policy(trust),
    }
    call = worlds.call(world, parameters)
    answer = answer_to(call)
    is_yes = answer.outcome is Outcome.ALLOWED
    return (hangs_on if is_yes else allowed_if)(call, answer.evaluations)


@pytest.mark.parametrize(
    ("statements", "context", "expected"),
    [
        # a comparison of two keys: the other way round, and where neither is there
        ([if_(ALLOW, StringEquals={TEAM: "${aws:RequestedRegion}"})], {"aws:RequestedRegion": "r"},
            [(f"{TEAM} = r",)]),
        ([if_(ALLOW, StringEquals={TEAM: "${aws:PrincipalTag/b}"})], {},
            [(f"{TEAM} = any-value", "aws:PrincipalTag/b = any-value")]),
        # an open fact that matters, and one that does not, whatever it is
        ([if_(ALLOW, IpAddress={IP: OFFICE})], {}, [(f"{IP} in {OFFICE}",)]),
        ([if_(ALLOW, IpAddress={IP: OFFICE}, StringEquals={TEAM: "x"}),
          if_(ALLOW, NotIpAddress={IP: OFFICE}, StringEquals={TEAM: "x"})], {}, [(f"{TEAM} = x",)]),
        # from two sides
        ([if_(ALLOW, DateGreaterThan={"aws:CurrentTime": "2026-01-01"},
              DateLessThan={"aws:CurrentTime": "2026-02-01"})], {"aws:CurrentTime": "2027-01-01"},
            [("aws:CurrentTime > 2026-01-01", "aws:CurrentTime < 2026-02-01")]),
        # one value that fits two patterns of two statements
        ([if_(ALLOW, StringLike={"s3:prefix": "a*"}), if_(DENY, StringNotLike={"s3:prefix": "*b"})],
            {}, [("s3:prefix like a*", "s3:prefix like *b")]),
        # either of two statements
        ([if_(ALLOW, StringEquals={TEAM: "x"}), if_(ALLOW, StringEquals={TEAM: "y"})], {},
            [(f"{TEAM} = x or y",)]),
        ([if_(ALLOW, StringEquals={TEAM: "x"}), if_(ALLOW, IpAddress={IP: OFFICE})],
            {IP: "192.0.2.1"}, [(f"{TEAM} = x",), (f"{IP} in {OFFICE}",)]),
        # the organization of both, since they are in one account
        ([if_(ALLOW, StringEquals={"aws:PrincipalOrgID": "o-1"}),
          if_(DENY, StringNotEquals={"aws:ResourceOrgID": "o-1"})], {},
            [("aws:PrincipalOrgID = o-1",)]),
        ([if_(ALLOW, StringEqualsIgnoreCase={TEAM: "x"})], {},
            [(f"{TEAM} = x in any letter case",)]),
        ([ALLOW, if_(DENY, StringEqualsIfExists={TEAM: "x"})], {}, [(f"{TEAM} != x and present",)]),
        ([if_(ALLOW, StringEqualsIfExists={TEAM: "x"})], {TEAM: "y"}, [(f"{TEAM} = x or absent",)]),
        # what nobody can change, and what no such request has
        ([if_(ALLOW, StringEquals={"aws:username": "bob"})], {}, []),
        ([if_(ALLOW, Bool={"aws:ViaAWSService": "true"})], {}, []),
        ([if_(ALLOW, StringEquals={"s3:x-amz-acl": "private"})], {}, []),
        # of a yes: both, either, and what does not matter
        ([if_(ALLOW, StringEquals={TEAM: "x"}, IpAddress={IP: OFFICE})],
            {TEAM: "x", IP: "203.0.113.7"}, [(f"{TEAM} = x", f"{IP} = 203.0.113.7")]),
        ([if_(ALLOW, StringEquals={TEAM: "x"}), if_(ALLOW, IpAddress={IP: OFFICE})],
            {TEAM: "x", IP: "203.0.113.7"}, [(f"{TEAM} = x",), (f"{IP} = 203.0.113.7",)]),
        ([ALLOW, if_(ALLOW, StringEquals={TEAM: "x"})], {TEAM: "x"}, []),
        ([ALLOW, if_(DENY, StringEquals={TEAM: "x"})], {}, [(f"{TEAM} absent",)]),
    ],
)  # fmt: skip
def test_facts_of_requests(
    statements: list[World], context: World, expected: list[tuple[str, ...]]
) -> None:
    assert of_request(*statements, context=context) == Facts(tuple(expected))


@pytest.mark.parametrize(
    ("parameters", "caller", "tests", "expected"),
    [
        ({"tags": {"x": "y"}}, None, {"StringEquals": {"aws:RequestTag/team": "red"},
            "ForAllValues:StringEquals": {"aws:TagKeys": ["team", "env"]}},
            [("aws:RequestTag/x absent", "aws:RequestTag/team = red")]),
        ({}, None, {"Null": {"aws:TagKeys": "false"}}, [("aws:RequestTag/any present",)]),
        # only a tag that is passed can be handed on
        ({}, None, {"ForAnyValue:StringEquals": {"sts:TransitiveTagKeys": "team"}},
            [("one of sts:TransitiveTagKeys = team", "aws:RequestTag/team present")]),
        # a source identity stays what it is
        ({}, {**SESSION, "source_identity": "al"},
            {"StringEquals": {"sts:SourceIdentity": "bob"}}, []),
        ({}, None, {"StringEquals": {"sts:ExternalId": "x"}}, []),  # STS refuses one this short
        ({}, None, {"StringEquals": {"sts:ExternalId": "x1"}}, [("sts:ExternalId = x1",)]),
        ({}, None, {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}},
            [("sts:RoleSessionName = alice",)]),
        ({}, None, {"Bool": {MFA: "true"}}, [(f"{MFA} = true",)]),
        ({}, SESSION, {"Bool": {MFA: "true"}}, []),  # no role session has it
        ({"serial_number": f"arn:aws:iam::{HOME}:mfa/alice", "token_code": "123456"}, None,
            {"Bool": {MFA: "true"}}, [(f"{MFA} = true",)]),
    ],
)  # fmt: skip
def test_facts_of_calls(
    parameters: World, caller: World | None, tests: World, expected: list[tuple[str, ...]]
) -> None:
    assert of_call(parameters, caller, tests) == Facts(tuple(expected))


def test_what_was_not_looked_at_is_not_said_to_be_all() -> None:
    many = [f"x{number}" for number in range(300)]
    one = if_(ALLOW, StringEquals={TEAM: many})
    assert of_request(one).complete
    assert not of_request(one, if_(DENY, StringLike={TEAM: "x1*"})).complete
    each = [if_(ALLOW, StringEquals={f"aws:PrincipalTag/k{number}": "x"}) for number in range(20)]
    assert len(of_request(*each).sets) == 16
    assert not of_request(*each).complete
    tags = {f"aws:PrincipalTag/k{number}": "x" for number in range(60)}
    pairs = [
        if_(DENY, StringNotEquals=dict(list(tags.items())[n : n + 2])) for n in range(0, 60, 2)
    ]
    assert of_request(ALLOW, *pairs) == Facts((), complete=False)


CALLED, PATHS, PREFIX = "aws:CalledVia", "aws:PrincipalOrgPaths", "s3:prefix"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        # a list with a value for each of three tests, and of each but one that must not be there
        ([if_(ALLOW, **{"ForAnyValue:StringEquals": {PATHS: "o-1/a/"},
              "ForAnyValue:StringLike": {PATHS: "o-1/b/*"},
              "ForAnyValue:StringEqualsIgnoreCase": {PATHS: "O-1/C/"}})],
            [(f"one of {PATHS} = o-1/a/", f"one of {PATHS} like o-1/b/*",
              f"one of {PATHS} = O-1/C/ in any letter case")]),
        ([if_(ALLOW, **{"ForAnyValue:StringEquals": {PATHS: "a"}}),
          if_(DENY, **{"ForAllValues:StringEquals": {PATHS: ["a", "b"]}}),
          if_(DENY, **{"ForAnyValue:StringEquals": {PATHS: "c"}})],
            [(f"one of {PATHS} = a", f"one of {PATHS} != a or b", f"every {PATHS} != c")]),
        # a value that hardly a text misses, and one of a pattern that another one nearly covers
        ([ALLOW, if_(DENY, StringLikeIfExists={PREFIX: ["*-*", "*n*"]})],
            [(f"{PREFIX} not like *-* or *n* and present",)]),
        ([if_(ALLOW, StringLike={PREFIX: "a*"}), if_(DENY, StringLike={PREFIX: ["*y", "*x"]})],
            [(f"{PREFIX} like a*", f"{PREFIX} not like *y or *x")]),
        # long patterns that are met together
        ([if_(ALLOW, StringLike={PREFIX: "q" * 101 + "*"}, StringLikeIfExists={PREFIX: "*s"})],
            [(f"{PREFIX} like {'q' * 101}*", f"{PREFIX} like *s or absent")]),
    ],
)  # fmt: skip
def test_values_that_several_tests_ask_for_at_once(
    statements: list[World], expected: list[tuple[str, ...]]
) -> None:
    assert of_request(*statements, context={PATHS: ["z"], PREFIX: "-"}) == Facts(tuple(expected))


@pytest.mark.parametrize(
    "tests",
    [
        # more tests of a list than lists are tried for
        {"ForAnyValue:StringEquals": {PATHS: "a"}, "ForAnyValue:StringLike": {PATHS: "b*"},
         "ForAnyValue:StringEqualsIgnoreCase": {PATHS: "c"},
         "ForAllValues:StringNotEquals": {PATHS: [f"x{n}" for n in range(30)]}},
        # patterns that three tests may or may not fit together
        {"StringLike": {PREFIX: "a*"}, "StringNotLike": {PREFIX: ["a?*", "a"]}},
        {"StringLike": {PREFIX: [f"a{n}*" for n in range(9)]}, "StringNotLike": {PREFIX: "*b"}},
        {"StringLike": {PREFIX: "*" + "a" * 101}, "StringLikeIfExists": {PREFIX: "a*b*a"}},
        # one value that is read in two ways
        {"StringLike": {PREFIX: "1*"}, "NumericLessThan": {PREFIX: "5"}},
        # a variable for which nothing is solved
        {"StringEquals": {PREFIX: "${aws:PrincipalTag/a}${aws:PrincipalTag/b}" * 2}},
    ],
)  # fmt: skip
def test_where_values_may_be_missing_that_is_said(tests: World) -> None:
    assert not of_request(if_(ALLOW, **tests)).complete


def test_another_tag_stands_for_any_that_is_asked_for() -> None:
    other = [("aws:RequestTag/any present",)]
    every = {"ForAllValues:StringEquals": {"aws:TagKeys": "team"}}
    assert of_call({}, None, {"ForAnyValue:StringNotEquals": {"aws:TagKeys": "team"}}) == Facts(
        tuple(other)
    )
    assert of_call({"tags": {"x": "y"}}, None, every) == Facts((("aws:RequestTag/x absent",),))
