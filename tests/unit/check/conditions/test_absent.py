"""Tests that come out otherwise than they seem where the key is absent."""

from __future__ import annotations

import pytest

from simulator.check.conditions.absent import absent_keys
from simulator.check.conditions.locked_out import locked_out_services
from simulator.policy import kinds
from tests.unit.check.conditions.asking import Json, allow, deny, edited, found, told

ORGANIZATION = "o-a1b2c3d4e5"


@pytest.mark.parametrize(
    ("condition", "severity", "mended"),
    [
        (
            {"StringEqualsIfExists": {"sts:ExternalId": "abc"}},
            "warning",
            {"StringEquals": {"sts:ExternalId": "abc"}},
        ),
        (
            {"StringEqualsIfExists": {"AWS:PrincipalOrgId": ORGANIZATION}},
            "warning",
            {"StringEquals": {"AWS:PrincipalOrgId": ORGANIZATION}},
        ),
        (
            {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
            "warning",
            {
                "NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"},
                "Null": {"aws:SourceIp": "false"},
            },
        ),
        (
            {"StringNotEquals": {"aws:PrincipalTag/team": "a"}},
            "note",
            {
                "StringNotEquals": {"aws:PrincipalTag/team": "a"},
                "Null": {"aws:PrincipalTag/team": "false"},
            },
        ),
    ],
)
def test_an_allow_of_those_without_the_key(condition: Json, severity: str, mended: Json) -> None:
    ((operator, _),) = condition.items()
    assert told(absent_keys, allow(condition)) == [("IAM635", severity, (f'"{operator}"',))]
    assert edited(absent_keys, allow(condition)) == ("narrowed", allow(mended))
    assert told(absent_keys, allow(mended)) == []


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"sts:ExternalId": "abc"}},
        {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
        {"StringEqualsIfExists": {"aws:PrincipalTag/team": "a"}},
        {
            "StringNotEquals": {"aws:SourceVpc": "vpc-1a2b3c4d"},
            "StringLike": {"aws:SourceVpc": "*"},
        },
        # a call has the one or the other
        {
            "IpAddressIfExists": {"aws:SourceIp": "203.0.113.0/24"},
            "StringEqualsIfExists": {"aws:SourceVpce": "vpce-1a2b3c4d"},
        },
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}},
        {"Null": {"aws:SourceIp": "true"}},
        {"StringNotEquals": {"aws:PrincipalOrgID": []}},
    ],
)
def test_an_allow_that_says_so_or_does_not(condition: Json) -> None:
    assert told(absent_keys, allow(condition)) == []


@pytest.mark.parametrize(
    ("condition", "mended"),
    [
        (
            {"StringEquals": {"aws:PrincipalTag/ready": "false"}},
            {"StringEqualsIfExists": {"aws:PrincipalTag/ready": "false"}},
        ),
        (
            {"StringEqualsIgnoreCase": {"aws:ResourceTag/ready": ["No", "false"]}},
            {"StringEqualsIgnoreCaseIfExists": {"aws:ResourceTag/ready": ["No", "false"]}},
        ),
    ],
)
def test_a_deny_that_those_without_the_key_escape(condition: Json, mended: Json) -> None:
    ((operator, _),) = condition.items()
    assert told(absent_keys, deny(condition)) == [("IAM636", "note", (f'"{operator}"',))]
    assert edited(absent_keys, deny(condition)) == ("narrowed", deny(mended))
    assert told(absent_keys, deny(mended)) == []


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalTag/team": "contractors"}},
        {"StringNotEquals": {"aws:PrincipalTag/ready": "true"}},
        {"StringEquals": {"aws:RequestedRegion": "none"}},
        {"StringEquals": {"aws:PrincipalTag/ready": []}},
    ],
)
def test_a_deny_that_reads_as_it_is(condition: Json) -> None:
    assert told(absent_keys, deny(condition)) == []


OUTSIDE = {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION}}
LOGS = {
    "Effect": "Allow",
    "Action": "s3:PutObject",
    "Resource": "*",
    "Principal": {"Service": "delivery.logs.amazonaws.com"},
}


def everyone(condition: Json, **more: object) -> Json:
    return deny(condition, **{"Principal": "*", "Action": "s3:*", **more})


@pytest.mark.parametrize(
    "condition",
    [
        OUTSIDE,
        {"StringNotEquals": {"aws:PrincipalAccount": "111111111111"}},
        {"ForAllValues:StringNotLike": {"aws:PrincipalOrgPaths": f"{ORGANIZATION}/*"}},
        {**OUTSIDE, "ArnNotLikeIfExists": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}},
    ],
)
def test_an_rcp_that_locks_services_out(condition: Json) -> None:
    (finding,) = found(locked_out_services, everyone(condition), kind=kinds.RCP)
    assert (finding.code, str(finding.severity)) == ("IAM644", "warning")
    assert str(finding.access) == "widened"


def test_a_bucket_that_locks_services_out() -> None:
    alone = told(locked_out_services, everyone(OUTSIDE), kind=kinds.RESOURCE)
    beside = told(locked_out_services, LOGS, everyone(OUTSIDE), kind=kinds.RESOURCE)
    assert [each.severity for each in (*alone, *beside)] == ["note", "warning"]


def test_a_deny_that_demands_another_key_may_be_about_calls_of_people() -> None:
    narrow = {**OUTSIDE, "StringLike": {"aws:RequestTag/team": "*"}}
    ((_, severity, _),) = told(locked_out_services, everyone(narrow), kind=kinds.RCP)
    assert severity == "note"


@pytest.mark.parametrize(
    "statement",
    [
        everyone({**OUTSIDE, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}),
        everyone({**OUTSIDE, "StringNotEquals": {"aws:PrincipalServiceName": "a.amazonaws.com"}}),
        everyone({**OUTSIDE, "StringNotEqualsIfExists": {"aws:SourceOrgID": ORGANIZATION}}),
        everyone({"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}),
        everyone({"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}),
    ],
)
def test_a_deny_that_services_are_exempt_from(statement: Json) -> None:
    assert told(locked_out_services, LOGS, statement, kind=kinds.RESOURCE) == []


def test_a_deny_of_somebody_is_not_one_of_services() -> None:
    statement = everyone(OUTSIDE, Principal={"AWS": "*"})
    assert told(locked_out_services, LOGS, statement, kind=kinds.RESOURCE) == []
