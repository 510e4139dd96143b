"""Ranges of addresses that no caller has, or all have, and services that call for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.check.conditions.addresses import odd_addresses
from simulator.check.conditions.behalf import services_on_behalf
from simulator.check.conditions.unpaired import unpaired_keys
from simulator.policy import kinds
from tests.unit.check.conditions.asking import Json, allow, deny, edited, found, told

if TYPE_CHECKING:
    from collections.abc import Callable

PUBLIC, PUBLIC6 = "203.0.113.0/24", "2001:db8::/32"


def from_(operator: str, *ranges: str, key: str = "aws:SourceIp") -> Json:
    return {operator: {key: list(ranges)}}


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        (allow(from_("IpAddress", "10.0.0.0/8")), "statement 1 allows nothing"),
        (deny(from_("IpAddress", "192.168.1.1", "172.16.0.0/12")), "statement 1 denies nothing"),
        (deny(from_("NotIpAddress", "fd00::/8")), "the test holds for every call"),
        (allow(from_("IpAddressIfExists", "127.0.0.1")), "only for calls without the key"),
        (allow(from_("IpAddress", "100.64.0.0/10", key="AWS:sourceip")), "allows nothing"),
    ],
)
def test_private_addresses(statement: Json, outcome: str) -> None:
    (finding,) = found(odd_addresses, statement, kind=kinds.IDENTITY)
    assert (finding.code, str(finding.severity)) == ("IAM637", "error")
    assert outcome in finding.message


@pytest.mark.parametrize("operator", ["IpAddress", "NotIpAddress"])
def test_private_addresses_among_public_ones(operator: str) -> None:
    ranges = [PUBLIC, "10.0.0.0/8", PUBLIC6, "192.168.0.0/16"]
    assert told(odd_addresses, allow(from_(operator, *ranges))) == [
        ("IAM637", "note", ('"10.0.0.0/8"', '"192.168.0.0/16"'))
    ]


@pytest.mark.parametrize(
    "condition",
    [
        from_("IpAddress", PUBLIC),
        from_("IpAddress", "10.0.0.0/7", PUBLIC6),
        from_("NotIpAddress", PUBLIC, PUBLIC6),
        from_("IpAddress", "10.0.0.0/8", key="aws:VpcSourceIp"),
        from_("IpAddress", "10.0.0.0/8", key="app:Ip"),
        from_("IpAddress", "\ufdd0"),
        from_("StringEquals", "10.0.0.1"),
    ],
)
def test_addresses_that_callers_have(condition: Json) -> None:
    assert told(odd_addresses, allow(condition)) == []


@pytest.mark.parametrize(
    ("statement", "severity"),
    [
        (allow(from_("IpAddress", PUBLIC, "0.0.0.0/0")), "warning"),
        (allow(from_("IpAddressIfExists", "0.0.0.0/0")), "warning"),
        (deny(from_("NotIpAddress", "0.0.0.0/0")), "warning"),
        (deny(from_("IpAddress", "0.0.0.0/0")), "note"),
        (allow(from_("NotIpAddress", "0.0.0.0/0")), "note"),
    ],
)
def test_the_addresses_of_all(statement: Json, severity: str) -> None:
    ((code, said, _),) = told(odd_addresses, statement)
    assert (code, said) == ("IAM639", severity)


@pytest.mark.parametrize(
    ("make", "severity", "says"),
    [
        (deny, "note", "denies every call from an IPv6 address"),
        (allow, "warning", "allows every call from an IPv6 address"),
    ],
)
def test_ranges_without_ipv6(make: Callable[..., Json], severity: str, says: str) -> None:
    (finding,) = found(odd_addresses, make(from_("NotIpAddress", PUBLIC)), kind=kinds.IDENTITY)
    assert (finding.code, str(finding.severity)) == ("IAM638", severity)
    assert finding.message.endswith(says)


AWAY = {"StringNotEquals": {"aws:sourceVpce": "vpce-1a2b3c4d"}}


@pytest.mark.parametrize(
    "condition",
    [
        AWAY,
        {"StringNotEqualsIfExists": {"aws:SourceVpc": "vpc-1a2b3c4d"}},
        {"NotIpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}},
    ],
)
def test_a_deny_by_the_vpc_stops_services(condition: Json) -> None:
    ((code, severity, _),) = told(services_on_behalf, deny(condition))
    assert (code, severity) == ("IAM640", "note")
    access, mended = edited(services_on_behalf, deny(condition))
    assert access == "widened"
    assert mended == deny({**condition, "Bool": {"aws:ViaAWSService": "false"}})


@pytest.mark.parametrize(
    "statement",
    [
        allow(AWAY),
        deny({"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}),
        # it has the public address of the caller
        deny(from_("NotIpAddress", PUBLIC)),
        deny({**AWAY, "Bool": {"aws:viaAWSservice": "false"}}),
        deny({**AWAY, "ForAllValues:StringNotEquals": {"aws:CalledVia": "athena.amazonaws.com"}}),
        deny({**AWAY, "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}),
    ],
)
def test_a_deny_that_exempts_them(statement: Json) -> None:
    assert told(services_on_behalf, statement) == []


INSIDE = from_("IpAddress", "10.0.0.0/8", key="aws:VpcSourceIp")
OUTSIDE = from_("NotIpAddress", "10.0.0.0/8", key="aws:VpcSourceIp")
FROM_BUCKET = {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::example-bucket"}}
OF_S3 = {"Principal": {"Service": "s3.amazonaws.com"}}


@pytest.mark.parametrize("statement", [allow(INSIDE), deny(OUTSIDE)])
def test_a_private_address_without_its_vpc(statement: Json) -> None:
    ((code, severity, _),) = told(unpaired_keys, statement)
    assert (code, severity) == ("IAM645", "warning")


@pytest.mark.parametrize(
    "statement",
    [
        deny(INSIDE),
        allow(OUTSIDE),
        allow({**INSIDE, "StringEquals": {"aws:sourcevpc": "vpc-1a2b3c4d"}}),
        allow({**INSIDE, "StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}),
        allow(from_("IpAddress", PUBLIC)),
    ],
)
def test_a_private_address_that_lets_nobody_in(statement: Json) -> None:
    assert told(unpaired_keys, statement) == []


def test_the_bucket_of_a_service_without_its_account() -> None:
    assert told(unpaired_keys, allow(FROM_BUCKET, **OF_S3), kind=kinds.RESOURCE) == [
        ("IAM645", "warning", ('"aws:SourceArn"',))
    ]


@pytest.mark.parametrize(
    "statement",
    [
        allow({**FROM_BUCKET, "StringEquals": {"aws:SourceAccount": "111111111111"}}, **OF_S3),
        allow(FROM_BUCKET, Principal={"AWS": "111111111111"}),
        deny(FROM_BUCKET, **OF_S3),
        allow({"ArnLike": {"aws:SourceArn": "arn:aws:sns:eu-west-1:111111111111:t"}}, **OF_S3),
        allow({"ArnNotLike": FROM_BUCKET["ArnLike"]}, **OF_S3),
    ],
)
def test_a_source_that_is_somebodys(statement: Json) -> None:
    assert told(unpaired_keys, statement, kind=kinds.RESOURCE) == []
