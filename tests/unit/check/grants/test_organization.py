"""Calls that nothing denies, and what policies of organizations cannot limit or say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.diagnostic import Access, Severity
from simulator.policy import kinds
from tests.unit.check.grants.checking import Json, allow, deny, found, mended, seen, written

if TYPE_CHECKING:
    from simulator.policy.kinds import PolicyKind

LINKED = "arn:aws:iam::*:role/aws-service-role/*"


# --- IAM671


def test_a_call_that_cannot_be_denied() -> None:
    [finding] = found("IAM671", written(deny(["sts:GetCallerIdentity", "s3:*"])))
    assert (finding.severity, finding.access) == (Severity.WARNING, Access.UNCHANGED)
    assert seen(finding) == ['"sts:GetCallerIdentity"']
    assert mended(finding)["Statement"][0]["Action"] == ["s3:*"]


def test_a_statement_that_denies_nothing_else_can_go() -> None:
    text = written(allow("s3:*"), deny(["STS:getsessiontoken", "sts:GetCallerIdentity"]))
    [finding] = found("IAM671", text)
    assert len(finding.labels) == 2
    assert mended(finding)["Statement"] == [allow("s3:*")]
    [alone] = found("IAM671", written(deny("sts:GetSessionToken")))
    assert (alone.edits, alone.access) == ((), None)


@pytest.mark.parametrize(
    "statement",
    [
        allow("sts:GetCallerIdentity"),
        deny("sts:*"),
        deny("sts:AssumeRole"),
        {"Effect": "Deny", "NotAction": "sts:GetSessionToken", "Resource": "*"},
    ],
)
def test_nothing_that_cannot_be_denied_is_named(statement: Json) -> None:
    assert found("IAM671", written(statement)) == []


def test_of_organizations_less_is_known() -> None:
    for kind in (kinds.SCP, kinds.RCP):
        more = {"Principal": "*"} if kind == kinds.RCP else {}
        [finding] = found("IAM671", written(deny(["s3:*", "sts:GetSessionToken"], **more)), kind)
        assert (finding.severity, finding.edits) == (Severity.NOTE, ())
        [finding] = found("IAM671", written(deny("sts:GetCallerIdentity", **more)), kind)
        assert finding.severity is Severity.WARNING


def test_of_endpoints_nothing_is_known() -> None:
    for action in ("sts:GetSessionToken", "sts:GetCallerIdentity"):
        [finding] = found("IAM671", written(deny(action, Principal="*")), kinds.ENDPOINT)
        assert (finding.severity, finding.edits) == (Severity.NOTE, ())
        assert "probably" in finding.labels[0].text


# --- IAM672


@pytest.mark.parametrize(
    ("kind", "severity"),
    [(kinds.IDENTITY, Severity.WARNING), (kinds.SCP, Severity.WARNING), (kinds.RCP, None)],
)
def test_calls_of_those_who_have_no_credentials(
    kind: PolicyKind, severity: Severity | None
) -> None:
    more = {"Principal": "*"} if kind == kinds.RCP else {}
    findings = found("IAM672", written(deny("sts:AssumeRoleWithSAML", **more)), kind)
    assert [each.severity for each in findings] == [severity] * bool(severity)


def test_to_allow_such_a_call_is_only_needless() -> None:
    [finding] = found("IAM672", written(allow(["sts:AssumeRoleWithWebIdentity", "sts:*"])))
    assert finding.severity is Severity.NOTE
    assert "no identity-based policy bears on" in finding.message


# --- IAM673


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (allow("s3:*", Condition={"Bool": {"aws:SecureTransport": "true"}}), "Condition"),
        ({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}, "NotAction"),
        (allow("s3:*", "arn:aws:s3:::b"), "Resource"),
        ({"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::b"}, "NotResource"),
        (deny(["s3:*", "ec2:*Instances"]), "wildcard"),
    ],
)
def test_what_an_scp_could_not_have(statement: Json, what: str) -> None:
    [finding] = found("IAM673", written(statement), kinds.SCP)
    assert what in finding.message
    assert finding.severity is Severity.NOTE
    assert found("IAM673", written(statement)) == []


@pytest.mark.parametrize(
    "statement",
    [
        allow(["s3:*", "ec2:Describe*", "*"]),
        deny("s3:*", "arn:aws:s3:::b", Condition={"Bool": {"aws:SecureTransport": "true"}}),
        {"Effect": "Deny", "NotAction": "s3:Get*", "Resource": "*"},
    ],
)
def test_what_an_scp_could_always_have(statement: Json) -> None:
    assert found("IAM673", written(statement), kinds.SCP) == []


# --- IAM674


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow(["s3:*", "ec2:*"])], 1),
        ([allow("s3:*"), allow("sts:GetCallerIdentity"), deny("iam:*")], 1),
        ([allow("s3:*"), allow("sts:Assume*")], 0),
        ([allow("*"), deny("sts:AssumeRole")], 0),
        ([deny("s3:*")], 0),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], 0),
        ([{"Effect": "Allow", "NotAction": ["sts:*"], "Resource": "*"}], 1),
    ],
)
def test_an_scp_that_keeps_from_assuming_roles(statements: list[Json], expected: int) -> None:
    assert len(found("IAM674", written(*statements), kinds.SCP)) == expected


# --- IAM675


def about(*arns: str, operator: str = "ArnLike") -> Json:
    return {"Condition": {operator: {"aws:PrincipalArn": list(arns)}}}


@pytest.mark.parametrize(
    ("kind", "statement", "expected"),
    [
        (kinds.SCP, deny("*", **about(LINKED)), 1),
        (kinds.SCP, deny("*", **about(LINKED, operator="StringLike")), 1),
        (kinds.SCP, deny("*", **about(LINKED, "arn:aws:iam::*:role/x")), 0),
        (kinds.SCP, deny("*", **about(LINKED, operator="ArnNotLike")), 0),
        (kinds.SCP, deny("*", **about(LINKED, operator="ArnLikeIfExists")), 0),
        (kinds.SCP, deny("*", LINKED), 0),  # changing such a role is something else
        (kinds.RCP, deny("sts:AssumeRole", LINKED, Principal="*"), 1),
        (kinds.RCP, deny("sts:AssumeRole", ["*", LINKED], Principal="*"), 0),
        (kinds.IDENTITY, deny("*", **about(LINKED)), 0),
    ],
)
def test_service_linked_roles(kind: PolicyKind, statement: Json, expected: int) -> None:
    assert len(found("IAM675", written(statement), kind)) == expected
