"""Keys that requests for the actions of a statement do not have."""

from __future__ import annotations

import pytest

from simulator.check.conditions.carried import keys_never_carried
from simulator.policy import kinds
from tests.unit.check.conditions.asking import Json, allow, deny, found, told
from tests.unit.check.trust.told import ALICE, statement

LISTING = {"StringEquals": {"s3:prefix": "a"}}
TAGGED = {"StringEquals": {"aws:ResourceTag/team": "a"}}


@pytest.mark.parametrize(
    ("action", "condition", "severity"),
    [
        ("s3:GetObject", LISTING, "warning"),
        ("S3:GETOBJECT", {"StringLikeIfExists": {"S3:Prefix": "a"}}, "warning"),
        ("s3:GetObject*", LISTING, "warning"),
        (["s3:GetObject", "s3:PutObject"], {"Null": {"s3:prefix": "false"}}, "warning"),
        (["s3:GetObject", "s3:ListBucket"], LISTING, "warning"),
        (["s3:GetObject", "s3:ListBucket"], {"StringNotEquals": {"s3:prefix": "a"}}, "warning"),
        ("ec2:DescribeInstances", {"StringEquals": {"ec2:ResourceTag/team": "a"}}, "warning"),
        (["ec2:DescribeInstances", "ec2:StartInstances"], TAGGED, "note"),
        ("kms:CreateGrant", {"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}, "warning"),
    ],
)
def test_an_action_without_the_key(action: object, condition: Json, severity: str) -> None:
    ((tests,),) = (tuple(block) for block in condition.values())
    assert told(keys_never_carried, allow(condition, Action=action)) == [
        ("IAM630", severity, (f'"{tests}"',))
    ]


@pytest.mark.parametrize(
    ("action", "condition"),
    [
        ("s3:ListBucket", LISTING),
        ("s3:*", LISTING),
        ("s3:List*", LISTING),
        ("*", LISTING),
        ("s*:GetObject", LISTING),
        (["s3:GetObject", "*"], LISTING),
        # told as unknown
        ("s3:GetObjekt", LISTING),
        ("s3:GetObject", {"StringEquals": {"s3:Prefixx": "a"}}),
        ("nowhere:Get", LISTING),
        # with IfExists one knows that some have it and some do not
        (["s3:GetObject", "s3:ListBucket"], {"StringEqualsIfExists": {"s3:prefix": "a"}}),
        (["s3:GetObject", "s3:ListBucket"], {"Null": {"s3:prefix": "true"}}),
        ("s3:GetObject", {"Bool": {"aws:SecureTransport": "true"}}),
        ("s3:GetObject", TAGGED),
    ],
)
def test_an_action_that_may_have_it(action: object, condition: Json) -> None:
    assert told(keys_never_carried, allow(condition, Action=action)) == []


def test_a_deny_of_tagged_resources_stops_no_action_without_tags() -> None:
    actions = ["ec2:DescribeInstances", "ec2:StartInstances"]
    (finding,) = found(keys_never_carried, deny(TAGGED, Action=actions), kind=kinds.IDENTITY)
    assert str(finding.severity) == "warning"
    assert finding.message.startswith("AWS does not list `aws:ResourceTag/team` for `ec2:Describe")
    assert finding.message.endswith("so statement 1 denies none of them")


@pytest.mark.parametrize(
    ("action", "condition"),
    [
        ("sts:AssumeRoleWithSAML", {"StringEquals": {"sts:ExternalId": "x1"}}),
        ("sts:AssumeRole", {"NumericLessThan": {"sts:DurationSeconds": "900"}}),
        ("sts:AssumeRole", {"StringEquals": {"saml:mail": "x"}}),
        (
            ["sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"],
            {"StringEquals": {"sts:ExternalId": "x1"}},
        ),
    ],
)
def test_of_the_calls_that_assume_a_role_all_keys_are_known(
    action: object, condition: Json
) -> None:
    ((_, severity, _),) = told(
        keys_never_carried, statement(ALICE, condition, Action=action), kind=kinds.TRUST
    )
    assert severity == "error"


@pytest.mark.parametrize(
    ("action", "condition"),
    [
        # STS-56: what is asked beside the call sees all keys of the call
        (["sts:AssumeRole", "sts:TagSession"], {"StringEquals": {"sts:ExternalId": "x1"}}),
        ("sts:SetSourceIdentity", {"StringEquals": {"sts:RoleSessionName": "x1"}}),
        # told principal by principal
        ("sts:AssumeRoleWithSAML", {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        ("sts:AssumeRoleWithSAML", {"StringEquals": {"aws:PrincipalTag/team": "x"}}),
    ],
)
def test_what_is_not_said_of_trust_policies(action: object, condition: Json) -> None:
    policy = statement(ALICE, condition, Action=action)
    assert told(keys_never_carried, policy, kind=kinds.TRUST) == []


def about_others(make: Json, *actions: str) -> Json:
    made = {key: value for key, value in make.items() if key != "Action"}
    return {**made, "NotAction": list(actions)}


@pytest.mark.parametrize(("made", "severity"), [(allow(TAGGED), "note"), (deny(TAGGED), "warning")])
def test_tags_beside_not_action(made: Json, severity: str) -> None:
    assert told(keys_never_carried, about_others(made, "iam:*")) == [
        ("IAM647", severity, ('"aws:ResourceTag/team"',))
    ]


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEqualsIfExists": {"aws:ResourceTag/team": "a"}},
        {"StringNotEquals": {"aws:RequestTag/team": "a"}},
        {"StringEquals": {"aws:PrincipalTag/team": "a"}},
        {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    ],
)
def test_other_keys_beside_not_action(condition: Json) -> None:
    assert told(keys_never_carried, about_others(deny(condition), "iam:*")) == []


def test_a_document_of_many_patterns_comes_to_an_end() -> None:
    patterns = [f"ec2:*{letter}{number}*" for number in range(1_000) for letter in "ab"]
    assert told(keys_never_carried, allow(LISTING, Action=patterns)) == []
