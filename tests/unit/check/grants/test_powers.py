"""Statements that grant more than somebody chose: all but some, every role, every right."""

from __future__ import annotations

import pytest

from simulator.diagnostic import Severity
from simulator.policy import kinds
from tests.unit.check.grants.checking import Json, allow, deny, found, seen, written

ROLES = "arn:aws:iam::111111111111:role/*"
ROLE = "arn:aws:iam::111111111111:role/deploy"
ALL_ROLES = "arn:aws:iam::*:role/*"
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def all_but(*actions: str, resource: object = "*") -> Json:
    return {"Effect": "Allow", "NotAction": list(actions), "Resource": resource}


# --- IAM665, IAM669


@pytest.mark.parametrize(
    ("statement", "label", "said"),
    [
        (all_but("iam:*"), '"NotAction"', "also `sts:AssumeRole`"),
        (all_but("sts:*", "iam:Create*"), '"NotAction"', "also `iam:PassRole`"),
        (all_but("iam:*", "sts:*"), '"NotAction"', "not listed"),
        (all_but("iam:*", resource=["arn:aws:s3:::b", "arn:aws:*:*:*:*"]), '"NotAction"', "also"),
        (all_but("iam:*", resource="arn:aws"), '"NotAction"', "also"),
        (
            {"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::b"},
            '"NotAction"',
            "also",
        ),
        (
            {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::b"},
            '"NotResource"',
            "all that is not listed",
        ),
    ],
)
def test_all_but_some(statement: Json, label: str, said: str) -> None:
    [finding] = found("IAM665", written(statement))
    assert finding.severity is Severity.WARNING
    assert seen(finding)[0] == label
    assert said in finding.message


@pytest.mark.parametrize(
    "statement",
    [
        {**all_but("iam:*"), "Effect": "Deny"},
        all_but("s3:DeleteBucket", resource="arn:aws:s3:::b*"),
        all_but(),
        {"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::b"},
        allow("*"),
    ],
)
def test_not_all_but_some(statement: Json) -> None:
    assert found("IAM665", written(statement)) == []


def test_limits_may_be_written_by_exclusion() -> None:
    for kind in (kinds.BOUNDARY, kinds.SCP, kinds.SESSION):
        assert found("IAM665", written(all_but("iam:*")), kind) == []
        assert found("IAM669", written(allow("*")), kind) == []


@pytest.mark.parametrize("actions", ["*", ["s3:*", "*"], "*:*"])
def test_everything(actions: object) -> None:
    [finding] = found("IAM669", written(allow(actions)))
    assert finding.severity is Severity.NOTE
    assert seen(finding) == [f'"{actions if isinstance(actions, str) else actions[-1]}"']  # type: ignore[index]
    assert "administrator" in finding.labels[0].text
    [finding] = found("IAM669", written(allow(actions, Condition=MFA)))
    assert "conditions" in finding.labels[0].text


@pytest.mark.parametrize("statement", [allow("s3:*"), allow("*", "arn:aws:s3:::b"), deny("*")])
def test_not_everything(statement: Json) -> None:
    assert found("IAM669", written(statement)) == []


# --- IAM666, IAM667, IAM668


@pytest.mark.parametrize(
    ("code", "action"),
    [
        ("IAM666", "sts:AssumeRole"),
        ("IAM667", "iam:PassRole"),
        ("IAM668", "iam:CreateServiceLinkedRole"),
    ],
)
@pytest.mark.parametrize("resource", ["*", ALL_ROLES, ["arn:aws:s3:::b", "arn:aws:iam::*:*"]])
def test_every_role(code: str, action: str, resource: object) -> None:
    service = action.partition(":")[0]
    for pattern in (action, action.upper(), f"{service}:*", action[:-2] + "*"):
        [finding] = found(code, written(allow(["s3:GetObject", pattern], resource)))
        assert seen(finding)[0] == f'"{pattern}"'
        assert action in finding.message
    excluded = {"Effect": "Allow", "Action": action, "NotResource": ROLE}
    [finding] = found(code, written(excluded))
    assert "all roles but some" in finding.message


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("IAM666", allow("sts:AssumeRole", ROLE)),
        ("IAM666", allow("sts:AssumeRole", ROLES)),  # of this account: its owner wrote their trust
        ("IAM666", allow("sts:AssumeRole", "arn:aws:iam::*:role/audit")),
        ("IAM666", allow("sts:AssumeRoleWithSAML")),
        ("IAM666", deny("sts:AssumeRole")),
        ("IAM666", allow("*")),
        (
            "IAM666",
            allow("sts:AssumeRole", Condition={"StringEquals": {"aws:ResourceOrgID": "o-1"}}),
        ),
        ("IAM667", allow("iam:PassRole", "arn:aws:iam::111111111111:role/app-*")),
        (
            "IAM667",
            allow("iam:PassRole", Condition={"StringLike": {"iam:PassedToService": "ec2.*"}}),
        ),
        ("IAM667", allow("iam:GetRole")),
        (
            "IAM668",
            allow(
                "iam:CreateServiceLinkedRole",
                "arn:aws:iam::*:role/aws-service-role/ec2.amazonaws.com/*",
            ),
        ),
        (
            "IAM668",
            allow(
                "iam:CreateServiceLinkedRole",
                Condition={"StringEquals": {"iam:AWSServiceName": "ec2.amazonaws.com"}},
            ),
        ),
    ],
)
def test_roles_that_were_chosen(code: str, statement: Json) -> None:
    assert found(code, written(statement)) == []


def test_every_role_of_one_account_can_be_passed() -> None:
    assert len(found("IAM667", written(allow("iam:PassRole", ROLES)))) == 1
    links = allow("iam:CreateServiceLinkedRole", "arn:aws:iam::*:role/aws-service-role/*")
    assert [each.severity for each in found("IAM668", written(links))] == [Severity.NOTE]


def test_conditions_about_the_caller_do_not_limit_the_roles() -> None:
    assert len(found("IAM666", written(allow("sts:AssumeRole", Condition=MFA)))) == 1


# --- IAM670


@pytest.mark.parametrize(
    ("actions", "resource", "places"),
    [
        ("iam:PutUserPolicy", "*", 1),
        ("iam:UpdateAssumeRolePolicy", ALL_ROLES, 1),
        (["iam:AttachRolePolicy", "iam:Get*", "iam:PutRolePolicy"], ROLES, 2),
        ("iam:Put*", "*", 1),
        ("iam:*", "*", 1),
        ("iam:CreateAccessKey", "arn:aws:iam::111111111111:user/*", 1),
    ],
)
def test_powers(actions: object, resource: str, places: int) -> None:
    [finding] = found("IAM670", written(allow(actions, resource)))
    assert finding.severity is Severity.NOTE
    assert len(finding.labels) == places


@pytest.mark.parametrize(
    "statement",
    [
        allow("iam:PutUserPolicy", Condition={"StringEquals": {"iam:PermissionsBoundary": "x"}}),
        allow("iam:PutUserPolicy", "arn:aws:iam::111111111111:user/app/*"),
        allow("iam:PutUserPolicy", ROLES),
        allow(["iam:Get*", "iam:List*"]),
        allow("*"),
        deny("iam:*"),
    ],
)
def test_no_powers(statement: Json) -> None:
    assert found("IAM670", written(statement)) == []
