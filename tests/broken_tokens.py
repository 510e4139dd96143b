"""Allowed calls with a token or by a service, and ways to break one thing in the trust policy.

A break is what the trust policy has instead, with the code and the words that have to come first.
"""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple, TypeAlias

from hypothesis import strategies as st

World: TypeAlias = dict[str, Any]
Way: TypeAlias = tuple[str | int, ...]

HOME, AWAY = "123456789012", "210987654321"
ROLE = f"arn:aws:iam::{HOME}:role/deploy"
GITHUB = "token.actions.githubusercontent.com"
EKS = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633"
_FEDERATED = "sts:AssumeRoleWithWebIdentity"


class Kind(NamedTuple):
    """Who is let in, and how a test file says it."""

    principal: World
    conditions: World
    action: str
    asked: World
    providers: World


class Break(NamedTuple):
    """What stands at a place of the statement instead; the words are a part of the help."""

    kind: str
    way: Way
    value: object
    code: str
    words: str


def _token(issuer: str, aud: str, sub: str) -> Kind:
    return Kind(
        {"Federated": f"arn:aws:iam::{HOME}:oidc-provider/{issuer}"},
        {"StringEquals": {f"{issuer}:aud": aud, f"{issuer}:sub": sub}},
        _FEDERATED,
        {"web_identity": {"provider": issuer, "claims": {"aud": aud, "sub": sub}}},
        {issuer: {"client_ids": [aud]}},
    )


def _service(name: str) -> Kind:
    of = {"StringEquals": {"aws:SourceAccount": HOME}}
    asked = {"caller": name, "context": {"aws:SourceAccount": HOME}}
    return Kind({"Service": name}, of, "sts:AssumeRole", asked, {})


MAIN = "repo:acme/app:ref:refs/heads/main"
JOB = "repo:acme/app:environment:prod"
KINDS: Final = {
    "branch": _token(GITHUB, "sts.amazonaws.com", MAIN),
    "environment": _token(GITHUB, "sts.amazonaws.com", JOB),
    "pull request": _token(GITHUB, "sts.amazonaws.com", "repo:acme/app:pull_request"),
    "tag": _token(GITHUB, "sts.amazonaws.com", "repo:acme/app:ref:refs/tags/v1"),
    "ids": _token(GITHUB, "sts.amazonaws.com", "repo:acme@12/app@34:ref:refs/heads/main"),
    "pod": _token(EKS, "sts.amazonaws.com", "system:serviceaccount:shop:cart"),
    "service": _service("ecs-tasks.amazonaws.com"),
    "old service": _service("ec2.amazonaws.com.cn"),
}

_PROVIDER: Final = ("Principal", "Federated")
_SERVICE: Final = ("Principal", "Service")
_ARN: Final = f"arn:aws:iam::{HOME}:oidc-provider/{GITHUB}"
_SUB: Final = ("Condition", "StringEquals", f"{GITHUB}:sub")
_AUD: Final = ("Condition", "StringEquals", f"{GITHUB}:aud")
_POD: Final = ("Condition", "StringEquals", f"{EKS}:sub")
_SOURCE: Final = ("Condition", "StringEquals", "aws:SourceAccount")

BREAKS: Final = (
    Break("branch", _PROVIDER, _ARN.replace(GITHUB, f"https://{GITHUB}"), "IAM311", "`https://`"),
    Break("branch", _PROVIDER, f"{_ARN}/", "IAM311", "a slash at the end"),
    Break("branch", _PROVIDER, _ARN.replace(HOME, AWAY), "IAM311", "of the account"),
    Break("branch", _PROVIDER, _ARN.replace(GITHUB, GITHUB.title()), "IAM311", "upper and lower"),
    Break("branch", _PROVIDER, _ARN.replace("actions", "action"), "IAM311", "letter by letter"),
    Break("branch", _PROVIDER, _ARN.replace(":aws:", ":aws-cn:"), "IAM311", "partitions"),
    Break("pod", _PROVIDER, _ARN.replace(GITHUB, f"{EKS}9"), "IAM311", "of the same host"),
    Break("branch", ("Action",), "sts:AssumeRole", "IAM303", "AssumeRoleWithWebIdentity"),
    Break("branch", ("Action",), "sts:AssumeRoleWithSAML", "IAM303", "AssumeRoleWithWebIdentity"),
    Break("environment", _SUB, MAIN, "IAM310", "`environment`"),
    Break("pull request", _SUB, MAIN, "IAM310", "`pull_request`"),
    Break("tag", _SUB, MAIN, "IAM310", "refs/tags/TAG"),
    Break("ids", _SUB, MAIN, "IAM310", "ids of owner and repository"),
    Break("branch", _SUB, MAIN.replace("acme", "Acme"), "IAM310", "upper and lower case"),
    Break("branch", _SUB, MAIN.replace("acme", "amce"), "IAM310", "swapped"),
    Break("branch", _SUB, MAIN.removeprefix("repo:"), "IAM310", "begins with `repo:`"),
    Break("branch", _SUB, "repo:acme/app:ref:main", "IAM310", "the whole ref"),
    Break("branch", _SUB, "repo:acme/app:main", "IAM310", "the whole ref"),
    Break("branch", _SUB, "repo:acme/app:*", "IAM310", "`StringLike`"),
    Break("branch", _SUB, "repo:acme/app", "IAM310", "goes on"),
    Break("branch", _SUB, MAIN.replace("main", "next"), "IAM310", "another branch"),
    Break("branch", _SUB, MAIN.replace("app", "website"), "IAM310", "another repository"),
    Break("branch", _AUD, "https://github.com/acme", "IAM310", "that was asked for"),
    Break("pod", _POD, "system:serviceaccount:cart:shop", "IAM310", "swapped"),
    Break("pod", _POD, "shop:cart", "IAM310", "begins with `system:serviceaccount:`"),
    Break("pod", _POD, "system:serviceaccount:default:cart", "IAM310", "another namespace"),
    Break("pod", _POD, "system:serviceaccount:shop:checkout", "IAM310", "another one"),
    Break("service", _SERVICE, "ecs-tasks.amazonaws.com.cn", "IAM308", "calls by the other"),
    Break("service", _SERVICE, "ecs-tasks.eu-west-1.amazonaws.com", "IAM308", "all regions"),
    Break("service", _SERVICE, "ecs-tasks.amazon.com", "IAM308", "nobody calls by that name"),
    Break("service", _SERVICE, "ecs-task.amazonaws.com", "IAM308", "nearly alike"),
    Break("old service", _SERVICE, "ec2.amazonaws.com", "IAM308", "calls by the other"),
    Break("service", _SOURCE, AWAY, "IAM310", ""),
    Break("service", _SOURCE, f"{HOME} ", "IAM310", "a blank"),
)
_OTHERS: Final = (
    {"Effect": "Allow", "Principal": {"AWS": AWAY}, "Action": "sts:AssumeRole"},
    {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    },
    {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{HOME}:saml-provider/Corp"},
        "Action": "sts:AssumeRoleWithSAML",
    },
)


@st.composite
def statements(draw: st.DrawFn, kind: Kind) -> tuple[World, int]:
    """Return a trust policy that lets somebody in, among others, and which statement does."""
    lets = {
        "Effect": "Allow",
        "Principal": kind.principal,
        "Action": kind.action,
        "Condition": kind.conditions,
    }
    others = draw(st.lists(st.sampled_from(_OTHERS), max_size=3, unique_by=repr))
    number = draw(st.integers(0, len(others)))
    found = [*others[:number], lets, *others[number:]]
    return json.loads(json.dumps({"Version": "2012-10-17", "Statement": found})), number


def changed(policy: World, way: Way, value: object) -> World:
    """Return a policy with something else at a place."""
    copy = json.loads(json.dumps(policy))
    holder = copy
    for step in way[:-1]:
        holder = holder[step]
    holder[way[-1]] = value
    return dict(copy)


def file_of(kind: Kind, policy: World) -> World:
    """Return a test file in which somebody assumes the role of a trust policy."""
    account = {"roles": {"deploy": {"trust_policy": policy}}, "oidc_providers": kind.providers}
    test = {"name": "t", "assume_role": ROLE, "expect": "allowed", **kind.asked}
    return {"accounts": {HOME: account}, "tests": [test]}
