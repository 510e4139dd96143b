"""Policies in templates: what is known is judged, what is open is neither wrong nor compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import run

ACCOUNT = {"Ref": "AWS::AccountId"}
GITHUB = "token.actions.githubusercontent.com"


def template(*statements: dict[str, Any]) -> None:
    """Write a template with one role that trusts as the statements say."""
    trust = {"Version": "2012-10-17", "Statement": list(statements)}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}
    Path("t.json").write_text(json.dumps({"Resources": {"R": role}}, indent=1), encoding="utf-8")


def codes() -> list[str]:
    """Return the codes of what is found in the template."""
    return json.loads(run("check", "t.json", "--query", "documents[].findings[].code").out) or []


def let_in(principal: Any, action: str, **condition: Any) -> dict[str, Any]:  # noqa: ANN401
    found = {"Effect": "Allow", "Principal": principal, "Action": action}
    return found | ({"Condition": condition} if condition else {})


def test_an_account_that_is_open_does_not_hide_whom_a_provider_lets_in() -> None:
    provider = {"Fn::Sub": f"arn:aws:iam::${{AWS::AccountId}}:oidc-provider/{GITHUB}"}
    every = {"StringLike": {f"{GITHUB}:sub": "*"}}
    template(let_in({"Federated": provider}, "sts:AssumeRoleWithWebIdentity", **every))
    assert "IAM611" in codes()


def test_a_principal_that_is_open_does_not_hide_a_lax_condition() -> None:
    who = {"AWS": {"Fn::Join": ["", ["arn:aws:iam::", ACCOUNT, ":root"]]}}
    template(let_in(who, "sts:AssumeRole", BoolIfExists={"aws:MultiFactorAuthPresent": "true"}))
    assert codes() == ["IAM601"]


@pytest.mark.parametrize(
    "statement",
    [
        let_in({"AWS": {"Fn::GetAtt": ["Other", "Arn"]}}, "sts:AssumeRole"),
        let_in({"Ref": "Whoever"}, "sts:AssumeRole"),
        let_in({"Service": {"Fn::Sub": "ec2.${AWS::URLSuffix}"}}, "sts:AssumeRole"),
        let_in(
            {"Federated": {"Ref": "Provider"}},
            "sts:AssumeRoleWithWebIdentity",
            StringEquals={f"{GITHUB}:sub": "repo:acme/app:ref:refs/heads/main"},
        ),
        let_in(
            {"AWS": "arn:aws:iam::111111111111:role/ci"},
            "sts:AssumeRole",
            Bool={"aws:MultiFactorAuthPresent": {"Ref": "Wanted"}},
            StringEquals={"sts:ExternalId": "{{resolve:ssm:external-id}}"},
        ),
    ],
)
def test_what_is_open_is_not_wrong(statement: dict[str, Any]) -> None:
    template(statement)
    assert codes() == []


def test_a_reference_to_a_parameter_is_open() -> None:
    text = {"Fn::Sub": "arn:aws:s3:::{{resolve:ssm:bucket}}/*"}
    statement = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": ["{{resolve:ssm:a}}", text],
    }
    policy = {"PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
    resource = {"Type": "AWS::IAM::ManagedPolicy", "Properties": policy}
    Path("t.json").write_text(json.dumps({"Resources": {"P": resource}}), encoding="utf-8")
    assert codes() == []
