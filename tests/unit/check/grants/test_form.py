"""Empty names, and policies that only deny."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from simulator.diagnostic import Access, Severity
from simulator.policy import kinds
from simulator.policy.model import UNKNOWN
from tests.unit.check.grants.checking import allow, deny, found, mended, read, seen, written

if TYPE_CHECKING:
    from simulator.policy.kinds import PolicyKind
    from tests.unit.check.grants.checking import Json


def test_an_empty_sid_can_be_left_out() -> None:
    text = written(allow("s3:*", Sid=""), {"Sid": "", **deny("iam:*")}, allow("sqs:*", Sid="A"))
    first, second = found("IAM690", text)
    assert (first.severity, first.access) == (Severity.NOTE, Access.UNCHANGED)
    assert seen(first) == ['""']
    assert mended(first)["Statement"][0] == allow("s3:*")
    assert mended(second)["Statement"][1] == deny("iam:*")


def test_of_a_bare_statement_too() -> None:
    document = {"Version": "2012-10-17", "Statement": allow("s3:*", Sid="")}
    [finding] = found("IAM690", json.dumps(document))
    assert mended(finding)["Statement"] == allow("s3:*")


def test_another_empty_text_is_no_sid() -> None:
    condition = {"StringEquals": {"aws:PrincipalTag/team": ""}}
    assert found("IAM690", written(allow("s3:*", Condition=condition))) == []


@pytest.mark.parametrize(
    ("kind", "more", "severity"),
    [
        (kinds.IDENTITY, {}, Severity.NOTE),
        (kinds.BOUNDARY, {}, Severity.WARNING),
        (kinds.SESSION, {}, Severity.WARNING),
        (kinds.ENDPOINT, {"Principal": "*"}, Severity.WARNING),
        (kinds.SCP, {}, None),
        (kinds.RCP, {"Principal": "*"}, None),
        (kinds.RESOURCE, {"Principal": "*"}, None),
    ],
)
def test_only_denying(kind: PolicyKind, more: Json, severity: Severity | None) -> None:
    denying = written(deny("s3:*", **more), deny("sqs:*", **more))
    assert [each.severity for each in found("IAM691", denying, kind)] == [severity] * bool(severity)
    if severity and not kind.only_deny:
        assert found("IAM691", written(deny("s3:*", **more), allow("*", **more)), kind) == []


def test_a_trust_policy_that_only_denies() -> None:
    statement = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    [finding] = found("IAM691", written(statement), kinds.TRUST)
    assert finding.severity is Severity.WARNING
    assert "admits nobody" in finding.message


NAMED = "arn:aws:s3:::b/${aws:username}"


@pytest.mark.parametrize(
    ("version", "resource", "access"),
    [
        (None, "*", Access.UNCHANGED),
        (None, NAMED, Access.WIDENED),
        ("2008-10-17", "*", Access.UNCHANGED),
        ("2008-10-17", NAMED, Access.WIDENED),
    ],
)
def test_the_language_of_2012(version: str | None, resource: str, access: Access) -> None:
    said = {"Version": version} if version else {}
    document = {**said, "Statement": [allow("s3:GetObject", resource)]}
    for text in (json.dumps(document), json.dumps(document).replace("$", "\\u0024")):
        [finding] = found("IAM120", text)
        assert finding.access is access
        assert mended(finding) == {**document, "Version": "2012-10-17"}


def test_in_a_trust_policy_it_is_said_what_variables_would_be() -> None:
    condition = {"StringLike": {"sts:RoleSessionName": "${aws:username}"}}
    trust = {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole"}
    text = json.dumps({"Version": "2008-10-17", "Statement": {**trust, "Condition": condition}})
    [finding] = found("IAM120", text, kinds.TRUST)
    assert "each `${…}` is a variable" in str(finding.help)
    assert (
        found("IAM120", json.dumps({"Version": "2008-10-17", "Statement": trust}), kinds.TRUST)
        == []
    )


def test_what_a_template_leaves_open_may_have_variables() -> None:
    text = json.dumps({"Statement": [allow("s3:GetObject", UNKNOWN)]})
    document = read(text, frozenset({("Statement", 0, "Resource")}))
    [finding] = found("IAM120", document)
    assert finding.access is Access.WIDENED
