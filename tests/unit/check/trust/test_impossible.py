"""Conditions that the principals of their statement can never meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.check.trust.impossible import (
    check_contradictions,
    check_keys_of_others,
    check_mfa_of_others,
)
from simulator.policy import kinds
from simulator.policy.model import UNKNOWN
from tests.unit.check.trust.told import (
    ALICE,
    AWAY,
    GITHUB,
    HOME,
    ROLE,
    ROOT,
    SAML,
    SESSION,
    found,
    provider,
    statement,
    told,
)

if TYPE_CHECKING:
    from tests.unit.check.trust.told import Json

PRESENT = "aws:MultiFactorAuthPresent"
MFA = {"Bool": {PRESENT: "true"}}
EC2 = {"Service": "ec2.amazonaws.com"}
OF_CERTIFICATE = {"StringEquals": {"aws:PrincipalTag/x509Subject/CN": "Alice"}}


@pytest.mark.parametrize(
    ("principal", "severity"),
    [
        (EC2, "error"),
        ({"Federated": SAML}, "error"),
        (provider(GITHUB), "error"),
        ({"Federated": "accounts.google.com"}, "error"),
        (ROLE, "warning"),  # SESSION-MFA
        (SESSION, "warning"),
        ([ROLE, f"arn:aws:iam::{AWAY}:role/x"], "warning"),
        ({**EC2, "AWS": ROLE}, "warning"),
    ],
)
def test_mfa_of_callers_who_have_none(principal: object, severity: str) -> None:
    made = found(check_mfa_of_others, statement(principal, MFA))
    assert told(made) == [("IAM604", severity, PRESENT)]


def test_mfa_of_some_callers_who_have_none() -> None:
    made = found(check_mfa_of_others, statement({"AWS": [ALICE, ROLE], **EC2}, MFA))
    assert told(made) == [("IAM604", "warning", ROLE), ("IAM604", "warning", EC2["Service"])]


@pytest.mark.parametrize(
    ("principal", "condition"),
    [
        (ROOT, MFA),
        (HOME, MFA),
        (ALICE, MFA),
        ("*", MFA),
        (ROLE, {"Null": {PRESENT: "false"}}),  # sessions have the key
        (ROLE, {"BoolIfExists": {PRESENT: "false"}}),
        (EC2, {"BoolIfExists": {PRESENT: "true"}}),  # without the key it holds
        (UNKNOWN, MFA),
    ],
)
def test_mfa_that_somebody_can_have(principal: object, condition: Json) -> None:
    unknown = [("Statement", 0, "Principal", "AWS")] if principal == UNKNOWN else []
    made = statement(principal, condition)
    assert found(check_mfa_of_others, made, kind=kinds.TRUST, unknown=unknown) == ()


def test_sessions_have_no_age_of_mfa() -> None:
    fresh = {"NumericLessThan": {"aws:MultiFactorAuthAge": "60"}}
    assert len(found(check_mfa_of_others, statement(ROLE, fresh))) == 1


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}},
        {"Null": {"aws:username": "false"}},
    ],
)
def test_keys_of_users_and_roles_asked_of_others(condition: Json) -> None:
    ((tests,),) = (condition.values(),)
    (key,) = tests
    for principal in (EC2, {"Federated": SAML}, provider(GITHUB)):
        made = found(check_keys_of_others, statement(principal, condition))
        assert told(made) == [("IAM624", "error", key)]
    mixed = found(check_keys_of_others, statement({"AWS": HOME, **EC2}, condition))
    assert told(mixed) == [("IAM624", "warning", EC2["Service"])]
    assert found(check_keys_of_others, statement(HOME, condition)) == ()


@pytest.mark.parametrize("principal", [{"Federated": SAML}, provider(GITHUB)])
def test_tags_of_principals_asked_of_tokens(principal: Json) -> None:
    made = found(check_keys_of_others, statement(principal, OF_CERTIFICATE))
    assert told(made) == [("IAM624", "error", "aws:PrincipalTag/x509Subject/CN")]


def test_services_may_bring_tags_as_roles_anywhere_does() -> None:
    anywhere = {"Service": "rolesanywhere.amazonaws.com"}
    assert found(check_keys_of_others, statement(anywhere, OF_CERTIFICATE)) == ()
    assert found(check_keys_of_others, statement({**anywhere, "AWS": HOME}, OF_CERTIFICATE)) == ()


@pytest.mark.parametrize("principal", [HOME, ALICE, ROLE, SESSION, {"Federated": SAML}])
def test_keys_of_services_asked_of_others(principal: object) -> None:
    condition = {"StringEquals": {"aws:SourceAccount": HOME}}
    made = found(check_keys_of_others, statement(principal, condition))
    assert told(made) == [("IAM624", "error", "aws:SourceAccount")]
    mixed = statement({"AWS": ROLE, **EC2}, condition)
    assert told(found(check_keys_of_others, mixed)) == [("IAM624", "warning", ROLE)]
    for other in ("*", EC2):
        assert found(check_keys_of_others, statement(other, condition)) == ()
    queue = statement(HOME, condition, Action="sqs:SendMessage", Resource="*")
    assert found(check_keys_of_others, queue, kind=kinds.RESOURCE) == ()


@pytest.mark.parametrize("key", ["sts:ExternalId", "aws:PrincipalArn"])
def test_what_is_in_no_call_with_a_token(key: str) -> None:
    condition = {"StringLike": {key: "x*"}}
    for principal in ({"Federated": SAML}, provider(GITHUB)):
        made = found(check_keys_of_others, statement(principal, condition))
        assert told(made) == [("IAM624", "error", key)]
    for principal in (EC2, {"AWS": HOME}):  # some services pass an external id
        assert found(check_keys_of_others, statement(principal, condition)) == ()


@pytest.mark.parametrize(
    ("principal", "key"), [({"Federated": SAML}, f"{GITHUB}:sub"), (provider(GITHUB), "SAML:aud")]
)
def test_keys_of_tokens_asked_of_assertions_and_the_reverse(principal: object, key: str) -> None:
    made = found(check_keys_of_others, statement(principal, {"StringEquals": {key: "x"}}))
    assert told(made) == [("IAM624", "error", key)]
    for other in (HOME, {"Service": "ec2.amazonaws.com"}):  # sessions keep some of these keys
        assert found(check_keys_of_others, statement(other, {"StringEquals": {key: "x"}})) == ()
    lax = statement(principal, {"StringEqualsIfExists": {key: "x"}})
    assert found(check_keys_of_others, lax) == ()


@pytest.mark.parametrize("operator", ["StringNotEquals", "StringEqualsIfExists"])
def test_keys_that_others_need_not_have(operator: str) -> None:
    made = statement(EC2, {operator: {"aws:PrincipalOrgID": "o-1"}})
    assert found(check_keys_of_others, made) == ()


@pytest.mark.parametrize(
    ("key", "help_"), [("PrincipalOrgID", "SourceOrgID"), ("PrincipalOrgPaths", "SourceOrgPaths")]
)
def test_of_services_there_is_another_key(key: str, help_: str) -> None:
    test = {"ForAnyValue:StringEquals": {f"aws:{key}": "o-1"}}
    (finding,) = found(check_keys_of_others, statement(EC2, test))
    assert finding.help is not None
    assert f"`aws:{help_}`" in finding.help


@pytest.mark.parametrize(
    ("principal", "condition"),
    [
        (ROOT, {"StringEquals": {"aws:PrincipalAccount": AWAY}}),
        (HOME, {"StringNotEquals": {"aws:PrincipalAccount": HOME}}),
        (ROOT, {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{AWAY}:role/*"}}),
        (ROLE, {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{HOME}:role/deploy"}}),
        (ROLE, {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{HOME}:role/*"}}),
        (SESSION, {"StringLike": {"aws:PrincipalArn": f"arn:aws:iam::{AWAY}:role/deploy"}}),
        (ALICE, {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{HOME}:role/*"}}),
        (ALICE, {"StringEquals": {"aws:username": "bob"}}),
        (ROLE, {"StringLike": {"aws:username": "*"}}),
        (ROLE, {"StringLike": {"sts:RoleSessionName": "${aws:username}"}}),
        (SESSION, {"StringEquals": {"sts:ExternalId": ["${AWS:UserName}", "x${aws:username}"]}}),
        (EC2, {"StringLike": {"sts:RoleSessionName": "${aws:username}"}}),
    ],
)  # fmt: skip
def test_conditions_that_contradict_the_principals(principal: object, condition: Json) -> None:
    ((tests,),) = (condition.values(),)
    (key,) = tests
    made = found(check_contradictions, statement(principal, condition))
    assert told(made) == [("IAM627", "error", key)]


@pytest.mark.parametrize(
    ("principal", "condition"),
    [
        (ROOT, {"StringEquals": {"aws:PrincipalAccount": [AWAY, HOME]}}),
        (ROOT, {"StringLike": {"aws:PrincipalAccount": "1*"}}),
        ("*", {"StringEquals": {"aws:PrincipalAccount": AWAY}}),
        (ROOT, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}),
        (ROOT, {"StringLike": {"aws:PrincipalArn": "*role/x"}}),
        (ROOT, {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{AWAY}:role/x"}}),
        (ROOT, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalTag/a}:role/x"}}),
        (ROOT, {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{UNKNOWN}:role/x"}}),
        (ROLE, {"ArnEquals": {"aws:PrincipalArn": ROLE}}),
        (SESSION, {"ArnLike": {"aws:PrincipalArn": ROLE}}),  # the path is not in its ARN
        (ALICE, {"StringEquals": {"aws:username": "alice"}}),
        (ALICE, {"StringLike": {"sts:RoleSessionName": "${aws:username}"}}),
        (ROLE, {"StringLike": {"sts:RoleSessionName": ["${aws:username}", "ci"]}}),
        (ROLE, {"StringLike": {"sts:RoleSessionName": "${aws:username, 'ci'}"}}),
        (ROLE, {"StringNotLike": {"sts:RoleSessionName": "${aws:username}"}}),
        (ROLE, {"StringLikeIfExists": {"sts:ExternalId": "${aws:username}"}}),
        (EC2, {"StringEquals": {"aws:PrincipalAccount": AWAY}}),
        (ROLE, {"StringEqualsIfExists": {"aws:username": "alice"}}),
    ],
)
def test_conditions_that_somebody_meets(principal: object, condition: Json) -> None:
    assert found(check_contradictions, statement(principal, condition)) == ()


def test_a_condition_that_some_principals_contradict() -> None:
    condition = {"StringEquals": {"aws:PrincipalAccount": HOME}}
    made = found(check_contradictions, statement([ALICE, AWAY], condition))
    assert told(made) == [("IAM627", "warning", AWAY)]


def test_in_the_language_of_2008_a_variable_is_text() -> None:
    test = {"StringLike": {"sts:RoleSessionName": "${aws:username}"}}
    assert found(check_contradictions, statement(ROLE, test)) != ()
    assert found(check_contradictions, statement(ROLE, test), version="2008-10-17") == ()


def test_a_long_list_is_not_compared_with_a_long_list() -> None:
    names = [f"arn:aws:iam::{HOME}:user/u{number}" for number in range(400)]
    condition = {"StringEquals": {"aws:PrincipalArn": [f"{name}x" for name in names]}}
    assert found(check_contradictions, statement(names, condition)) == ()
    assert len(found(check_contradictions, statement(names[:100], condition))) == 1
