"""Who comes in from one's own accounts and from those of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.check.subject import NOBODYS, Setting
from simulator.check.trust.advice import advise
from simulator.check.trust.everyone import check_everyone
from simulator.check.trust.organizations import check_organizations
from simulator.check.trust.third_parties import check_third_parties
from simulator.policy import kinds
from simulator.policy.model import UNKNOWN
from tests.unit.check.trust.told import (
    ALICE,
    AWAY,
    HOME,
    ROLE,
    ROOT,
    SESSION,
    codes,
    found,
    provider,
    statement,
    told,
)

if TYPE_CHECKING:
    from tests.unit.check.trust.told import Json

OURS, OTHERS = Setting(frozenset({HOME})), Setting(frozenset({AWAY}))
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
EXTERNAL = {"StringEquals": {"sts:ExternalId": "Ext-42"}}


@pytest.mark.parametrize("principal", [HOME, ROOT, ALICE, ROLE, SESSION])
def test_somebody_elses_account(principal: str) -> None:
    made = found(check_third_parties, statement(principal), setting=OTHERS)
    assert told(made) == [("IAM619", "warning", principal)]
    assert found(check_third_parties, statement(principal), setting=OURS) == ()
    assert found(check_third_parties, statement(principal, EXTERNAL), setting=OTHERS) == ()
    assert found(check_third_parties, statement(principal, Effect="Deny"), setting=OTHERS) == ()


@pytest.mark.parametrize(
    ("principal", "told_of"), [(HOME, True), (ROOT, True), (ALICE, False), (ROLE, False)]
)
def test_an_account_of_which_nobody_said_whose_it_is(principal: str, *, told_of: bool) -> None:
    made = codes(found(check_third_parties, statement(principal)))
    assert made == (["IAM619 note"] if told_of else [])
    assert found(check_third_parties, statement(principal, MFA)) == ()
    narrowed = {"ArnLike": {"aws:PrincipalArn": ROLE}}
    assert found(check_third_parties, statement(principal, narrowed)) == ()


@pytest.mark.parametrize(
    ("condition", "is_enough"),
    [
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, True),
        ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}}, True),
        ({"StringLike": {"sts:ExternalId": "*"}}, False),
        ({"StringEqualsIfExists": {"sts:ExternalId": "Ext-42"}}, False),
        (MFA, False),
    ],
)
def test_what_proves_who_sent_somebody(condition: Json, *, is_enough: bool) -> None:
    made = found(check_third_parties, statement(ROOT, condition), setting=OTHERS)
    assert (made == ()) is is_enough


def test_services_and_tokens_are_no_third_parties() -> None:
    for principal in ({"Service": "ec2.amazonaws.com"}, provider("login.example.com"), "*"):
        assert found(check_third_parties, statement(principal), setting=OTHERS) == ()
    assert found(check_third_parties, statement(ROOT, Action="sts:TagSession")) == ()


NARROW = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{HOME}:user/ops/*"}}


@pytest.mark.parametrize(
    ("principal", "condition", "expected"),
    [
        (ALICE, None, ["IAM605 note"]),
        (ROOT, None, ["IAM605 note"]),
        ([ALICE, ROOT], None, ["IAM605 note"]),
        (ALICE, MFA, []),
        (ROOT, MFA, ["IAM606 note"]),
        (ROOT, MFA | NARROW, ["IAM607 note"]),
        (ROOT, MFA | NARROW | {"StringLike": {"sts:SourceIdentity": "a*"}}, []),
        (ROOT, MFA | NARROW | {"StringLike": {"sts:RoleSessionName": "${aws:username}"}}, []),
        (ROOT, {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{HOME}:role/*"}}, []),
        (ROOT, EXTERNAL, []),
        (ROLE, None, []),
        (f"arn:aws:iam::{AWAY}:root", None, []),  # told as IAM619
        ({"Service": "ec2.amazonaws.com"}, None, []),
    ],
)
def test_advice_of_which_one_is_given(
    principal: object, condition: Json | None, expected: list[str]
) -> None:
    assert codes(found(advise, statement(principal, condition), setting=OURS)) == expected


def test_advice_where_nobody_said_whose_the_accounts_are() -> None:
    assert codes(found(advise, statement(ALICE))) == ["IAM605 note"]
    assert codes(found(advise, statement(ROOT))) == []  # told as IAM619
    assert codes(found(advise, statement(ROOT, MFA))) == ["IAM606 note"]
    assert codes(found(advise, statement(ALICE, Effect="Deny"))) == []


LIMITS: tuple[Json, ...] = (
    {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
    {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}},
    {"StringEquals": {"aws:PrincipalAccount": HOME}},
    {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{HOME}:role/*"}},
    {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
    {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::bucket"}},
    {"StringEquals": {"AWS:SourceOwner": HOME}},
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"StringEquals": {"aws:PrincipalOrgID": UNKNOWN}},
)
NO_LIMITS: tuple[Json, ...] = (
    {"StringEquals": {"sts:ExternalId": "x"}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}},
    {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}},
    {"StringLike": {"aws:PrincipalOrgID": ["o-1", "*"]}},
    {"Null": {"aws:PrincipalOrgID": "false"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}},
    {"StringLike": {"aws:PrincipalArn": "*role/deploy"}},
    {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/0"]}},
)


@pytest.mark.parametrize("condition", LIMITS)
def test_everyone_within_limits(condition: Json) -> None:
    assert found(check_everyone, statement("*", condition)) == ()
    of_queue = statement({"AWS": "*"}, condition, Action="sqs:*", Resource="*")
    assert found(check_everyone, of_queue, kind=kinds.RESOURCE) == ()


@pytest.mark.parametrize("condition", NO_LIMITS)
def test_everyone_whatever_is_asked(condition: Json) -> None:
    made = found(check_everyone, statement([ALICE, "*"], condition))
    assert told(made) == [("IAM620", "warning", "*")]


def test_everyone_without_a_condition() -> None:
    assert told(found(check_everyone, statement("*"))) == [("IAM620", "error", "*")]
    public = statement(None, Action="s3:GetObject", Resource="*") | {"Principal": "*"}
    made = found(check_everyone, public, kind=kinds.RESOURCE)
    assert told(made) == [("IAM620", "warning", "*")]
    assert found(check_everyone, public | {"Effect": "Deny"}, kind=kinds.RESOURCE) == ()
    assert found(check_everyone, statement("*", Action="sts:TagSession")) == ()


OURS_ONLY = {"StringNotEquals": {"aws:PrincipalOrgID": "o-ours"}}


@pytest.mark.parametrize(
    "denied",
    [
        statement("*", OURS_ONLY, Effect="Deny"),
        statement("*", {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, Effect="Deny"),
    ],
)
def test_everyone_but_those_whom_a_deny_shuts_out(denied: Json) -> None:
    assert found(check_everyone, statement("*"), denied) == ()


@pytest.mark.parametrize(
    ("denied", "severity"),
    [
        (statement("*", {"Bool": {"aws:SecureTransport": "false"}}, Effect="Deny"), "error"),
        (statement("*", {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, Effect="Deny"), "warning"),
        (statement(ALICE, OURS_ONLY, Effect="Deny"), "warning"),
        (statement("*", OURS_ONLY, Effect="Deny", Action="sts:TagSession"), "warning"),
        (statement("*", {"StringNotLike": {"aws:PrincipalArn": "*"}}, Effect="Deny"), "warning"),
    ],
)
def test_everyone_beside_a_deny_that_shuts_few_out(denied: Json, severity: str) -> None:
    made = found(check_everyone, statement("*"), denied)
    assert told(made) == [("IAM620", severity, "*")]


def test_another_organization() -> None:
    setting = Setting(organization="o-ours")
    condition = {
        "StringEquals": {"aws:PrincipalOrgID": ["o-ours", "o-else"]},
        "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-ours/r-1/*", "o-third/*"]},
    }
    made = found(check_organizations, statement("*", condition), setting=setting)
    assert told(made) == [("IAM621", "warning", "o-else"), ("IAM621", "warning", "o-third/*")]
    assert found(check_organizations, statement("*", condition)) == ()
    denied = statement("*", condition, Effect="Deny")
    assert found(check_organizations, denied, setting=setting) == ()


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalOrgID": "o-ours"}},
        {"StringNotEquals": {"aws:PrincipalOrgID": "o-else"}},
        {"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}},
        {"StringEquals": {"aws:PrincipalOrgID": UNKNOWN}},
        {"StringLike": {"aws:PrincipalOrgID": "*"}},  # told as IAM620
    ],
)
def test_no_other_organization(condition: Json) -> None:
    setting = Setting(organization="o-ours")
    assert found(check_organizations, statement("*", condition), setting=setting) == ()


def test_another_account_of_everyones() -> None:
    condition = {"StringEquals": {"aws:PrincipalAccount": [HOME, AWAY]}}
    made = found(check_organizations, statement("*", condition), setting=OURS)
    assert told(made) == [("IAM621", "warning", AWAY)]
    assert found(check_organizations, statement(HOME, condition), setting=OURS) == ()
    assert found(check_organizations, statement("*", condition), setting=NOBODYS) == ()
