"""Trust policies of the kinds that AWS's pages show: none of them has an error."""

from __future__ import annotations

import pytest

from simulator.check.check import check
from simulator.diagnostic import Severity
from simulator.policy import kinds
from tests.unit.check.trust.told import (
    ALICE,
    AWAY,
    CLUSTER,
    GITHUB,
    HOME,
    ROLE,
    ROOT,
    SAML,
    WITH_TOKEN,
    Json,
    document_of,
    provider,
    statement,
)

ANYWHERE = {"Service": "rolesanywhere.amazonaws.com"}
OF_ANYWHERE = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]
ANCHOR = f"arn:aws:rolesanywhere:eu-west-1:{HOME}:trust-anchor/0a1b2c3d-0000-1111-2222-333344445555"
COGNITO = "cognito-identity.amazonaws.com"
POOL = "eu-west-1:0a1b2c3d-0000-1111-2222-333344445555"


def federated(principal: Json, equals: Json, **more: object) -> Json:
    return statement(principal, {"StringEquals": equals, **more}, Action=WITH_TOKEN)


PUBLISHED: dict[str, list[Json]] = {
    "EC2": [statement({"Service": "ec2.amazonaws.com"})],
    "Lambda": [statement({"Service": "lambda.amazonaws.com"})],
    "two services": [statement({"Service": ["ecs.amazonaws.com", "ecs-tasks.amazonaws.com"]})],
    "a third party": [
        statement(f"arn:aws:iam::{AWAY}:root", {"StringEquals": {"sts:ExternalId": "12345"}})
    ],
    "MFA": [statement(ROOT, {"Bool": {"aws:MultiFactorAuthPresent": "true"}})],
    "fresh MFA": [statement(ALICE, {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}})],
    "GitHub": [
        federated(
            provider(GITHUB),
            {
                f"{GITHUB}:aud": "sts.amazonaws.com",
                f"{GITHUB}:sub": "repo:octo/site:ref:refs/heads/main",
            },
        )
    ],
    "a service account": [
        federated(
            provider(CLUSTER),
            {f"{CLUSTER}:aud": "sts.amazonaws.com", f"{CLUSTER}:sub": "system:serviceaccount:w:s"},
        )
    ],
    "pods": [
        statement(
            {"Service": "pods.eks.amazonaws.com"},
            {"StringEquals": {"aws:RequestTag/kubernetes-namespace": "web"}},
            Action=["sts:AssumeRole", "sts:TagSession"],
        )
    ],
    "SAML": [
        statement(
            {"Federated": SAML},
            {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            Action="sts:AssumeRoleWithSAML",
        )
    ],
    "Cognito": [
        federated(
            {"Federated": COGNITO},
            {f"{COGNITO}:aud": POOL},
            **{"ForAnyValue:StringLike": {f"{COGNITO}:amr": "authenticated"}},
        )
    ],
    "Google": [federated({"Federated": "accounts.google.com"}, {"accounts.google.com:aud": "app"})],
    "a certificate": [
        statement(
            ANYWHERE,
            {
                "StringEquals": {
                    "aws:PrincipalTag/x509Subject/CN": "Alice",
                    "aws:PrincipalTag/x509Issuer/OU": "Site",
                }
            },
            Action=OF_ANYWHERE,
        )
    ],
    "a trust anchor": [
        statement(
            ANYWHERE,
            {
                "StringEquals": {"aws:PrincipalTag/x509Subject/OU": "Site"},
                "ArnEquals": {"aws:SourceArn": ANCHOR},
            },
            Action=OF_ANYWHERE,
        )
    ],
    "an organization": [statement("*", {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}})],
    "all but an organization denied": [
        statement("*"),
        statement(
            "*", {"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}, Effect="Deny"
        ),
    ],
    "a source": [
        statement(
            {"Service": "codebuild.amazonaws.com"},
            {
                "StringEquals": {"aws:SourceAccount": HOME},
                "ArnLike": {"aws:SourceArn": f"arn:aws:codebuild:eu-west-1:{HOME}:project/site"},
            },
        )
    ],
    "a source identity": [
        statement(
            ROOT,
            {"StringLike": {"sts:SourceIdentity": "*@example.com"}},
            Action=["sts:AssumeRole", "sts:SetSourceIdentity"],
        )
    ],
    "session tags": [
        statement(
            ROLE,
            {
                "StringEquals": {"aws:RequestTag/Project": "Site"},
                "ForAllValues:StringEquals": {"sts:TransitiveTagKeys": ["Project"]},
            },
            Action=["sts:AssumeRole", "sts:TagSession"],
        )
    ],
    "a name of the session": [
        statement(ROOT, {"StringLike": {"sts:RoleSessionName": "${aws:username}"}})
    ],
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_kind_of_trust_policy_has_no_error(name: str) -> None:
    made = check(document_of(*PUBLISHED[name]), kinds.TRUST)
    assert [each for each in made.diagnostics if each.severity is Severity.ERROR] == []
    assert made.stored
