"""Statements of which one always applies, and keys that say nothing in a kind of policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.check.conditions.irrelevant import irrelevant_keys
from simulator.check.conditions.opposite import opposite_statements
from simulator.policy import kinds
from tests.unit.check.conditions.asking import Json, allow, deny, found, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.policy.kinds import PolicyKind


def but(operator: str, value: object, key: str = "aws:SourceVpce") -> Json:
    return {operator: {key: value}}


@pytest.mark.parametrize(
    ("some", "other"),
    [
        (but("StringNotEquals", "vpce-1"), but("StringNotEquals", "vpce-2")),
        (but("StringNotEquals", ["vpce-1", "vpce-3"]), but("StringNotLikeIfExists", "vpce-2*")),
        (but("StringNotLike", "a*"), but("StringNotEquals", "b", "AWS:sourcevpce")),
        (
            but("ArnNotLike", "arn:aws:iam::111111111111:role/*", "aws:PrincipalArn"),
            but("ArnNotEquals", "arn:aws:iam::111111111111:user/*", "aws:PrincipalArn"),
        ),
        (
            but("NotIpAddress", "203.0.113.0/24", "aws:SourceIp"),
            but("NotIpAddress", "198.51.100.0/24", "aws:SourceIp"),
        ),
    ],
)
@pytest.mark.parametrize(("make", "severity"), [(deny, "error"), (allow, "warning")])
def test_two_statements_that_exempt_each_others(
    make: Callable[..., Json], severity: str, some: Json, other: Json
) -> None:
    ((code, said, places),) = told(opposite_statements, make(some), make(other))
    assert (code, said, len(places)) == ("IAM643", severity, 2)


@pytest.mark.parametrize(
    "other",
    [
        deny(but("StringNotEquals", ["vpce-1", "vpce-2"])),
        deny(but("StringNotLike", "vpce-*")),
        deny(but("StringEquals", "vpce-2")),
        deny(but("StringNotEquals", "vpc-2", "aws:SourceVpc")),
        deny({**but("StringNotEquals", "vpce-2"), "Bool": {"aws:ViaAWSService": "false"}}),
        deny(but("StringNotEquals", "vpce-2"), Action="s3:*"),
        deny(but("StringNotEquals", "vpce-2"), Resource="arn:aws:s3:::b"),
        allow(but("StringNotEquals", "vpce-2")),
        deny(but("StringNotEquals", "${aws:PrincipalTag/vpce}")),
        deny(but("StringNotEquals", "\ufdd0")),
        deny(but("ForAnyValue:StringNotEquals", "vpce-2")),
    ],
)
def test_two_statements_that_leave_somebody_out(other: Json) -> None:
    assert told(opposite_statements, deny(but("StringNotEquals", "vpce-1")), other) == []


def test_of_a_list_none_may_apply() -> None:
    key = "aws:TagKeys"
    tests = [deny(but("StringNotEquals", value, key)) for value in ("a", "b")]
    assert told(opposite_statements, *tests) == []


def test_callers_count() -> None:
    named = [
        deny(but("StringNotEquals", value), Principal={"AWS": account})
        for value, account in (("vpce-1", "111111111111"), ("vpce-2", "222222222222"))
    ]
    assert told(opposite_statements, *named, kind=kinds.RESOURCE) == []


def test_many_statements_come_to_an_end() -> None:
    statements = [deny(but("StringNotEquals", f"vpce-{number}")) for number in range(4_000)]
    assert len(told(opposite_statements, *statements)) == 19


@pytest.mark.parametrize("kind", [kinds.IDENTITY, kinds.BOUNDARY, kinds.SESSION, kinds.SCP])
@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::b"}}, "allows nothing"),
        ({"StringNotEquals": {"aws:PrincipalServiceName": "a.b"}}, "this limits nothing"),
    ],
)
def test_keys_of_services_in_policies_of_callers(
    kind: PolicyKind, condition: Json, says: str
) -> None:
    (finding,) = found(irrelevant_keys, allow(condition), kind=kind)
    assert (finding.code, str(finding.severity)) == ("IAM646", "warning")
    assert finding.message.endswith(says)


OWN = {"StringEquals": {"aws:ResourceAccount": "111111111111"}}


def test_the_owner_of_the_resource_in_its_own_policy() -> None:
    statement = allow(OWN, Principal={"AWS": "111111111111"})
    assert told(irrelevant_keys, statement, kind=kinds.RESOURCE) == [
        ("IAM646", "note", ('"aws:ResourceAccount"',))
    ]


@pytest.mark.parametrize(
    ("kind", "condition"),
    [
        (kinds.RESOURCE, {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}),
        (kinds.RESOURCE, {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::b"}}),
        (kinds.RESOURCE, {"StringEquals": {"aws:ResourceTag/a": "b"}}),
        (kinds.ENDPOINT, OWN),
        (kinds.ENDPOINT, {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::b"}}),
    ],
)
def test_keys_that_say_something(kind: PolicyKind, condition: Json) -> None:
    statement = allow(condition, Principal={"AWS": "111111111111"})
    assert told(irrelevant_keys, statement, kind=kind) == []


def test_the_owner_in_policies_of_callers_says_something() -> None:
    assert told(irrelevant_keys, allow(OWN)) == []
