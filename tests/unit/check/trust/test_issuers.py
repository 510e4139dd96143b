"""Whose tokens a role takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.check.trust.issuers import check_issuers
from simulator.check.trust.subjects import check_forms, check_values, meant_subject
from simulator.diagnostic import Access
from simulator.matcher.glob import compile_glob, read_glob
from simulator.policy.model import UNKNOWN
from tests.unit.check.trust.told import (
    ASSUME,
    CLUSTER,
    GITHUB,
    HOME,
    WITH_TOKEN,
    codes,
    found,
    mended,
    provider,
    statement,
    told,
)

if TYPE_CHECKING:
    from simulator.diagnostic import Diagnostic
    from tests.unit.check.trust.told import Json

SUB, AUD = f"{GITHUB}:sub", f"{GITHUB}:aud"
OURS = "login.example.com"
MAIN = "repo:octo/site:ref:refs/heads/main"
#: Subjects as GitHub makes them, with and without ids.
SUBJECTS = (
    MAIN,
    "repo:octo/site:ref:refs/tags/v1",
    "repo:octo/site:environment:prod",
    "repo:octo/site:pull_request",
    "repo:octo@1/site@2:ref:refs/heads/main",
    "repo:octo/main:environment:main",
    "repository_owner:octo",
    "repository:octo/site:ref:refs/heads/main",
    "job_workflow_ref:octo/ci/.github/workflows/deploy.yml@refs/heads/main",
)


def trusting(principal: Json, condition: Json | None = None, **more: object) -> Json:
    return statement(principal, condition, **{"Action": WITH_TOKEN, **more})


def of_github(*values: str, operator: str = "StringLike", **more: object) -> Json:
    return trusting(provider(GITHUB), {operator: {SUB: list(values)}}, **more)


@pytest.mark.parametrize(
    ("issuer", "condition"),
    [
        (GITHUB, None),
        (GITHUB, {"StringEquals": {AUD: "sts.amazonaws.com"}}),
        (GITHUB, {"StringNotEquals": {SUB: "repo:octo/other"}}),
        (GITHUB, {"Null": {SUB: "false"}}),
        (GITHUB, {"StringEquals": {f"{GITHUB}:ref": "refs/heads/main"}}),
        (GITHUB, {"StringLike": {f"{GITHUB}:repository_owner_id": "*"}}),
        ("GitLab.com", {"StringEquals": {"gitlab.com:aud": "https://gitlab.com"}}),
        ("app.terraform.io", None),
        ("oidc.vercel.com", {"StringEquals": {"oidc.vercel.com:sub": "x"}}),
        ("sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d", None),
    ],
)
def test_tokens_of_everybody(issuer: str, condition: Json | None) -> None:
    made = found(check_issuers, trusting(provider(issuer), condition))
    arn = f"arn:aws:iam::{HOME}:oidc-provider/{issuer}"
    assert told(made) == [("IAM609", "error", arn)]
    assert "lets everybody in" in made[0].message


@pytest.mark.parametrize("name", ["accounts.google.com", "graph.facebook.com", "www.amazon.com"])
def test_tokens_of_everybody_whom_all_accounts_know(name: str) -> None:
    made = found(check_issuers, trusting({"Federated": name}))
    assert told(made) == [("IAM609", "error", name)]
    claim = "aud" if "google" in name else "app_id"
    mine = {"StringEquals": {f"{name}:{claim}": "mine"}}
    assert found(check_issuers, trusting({"Federated": name}, mine)) == ()


def test_cognito_is_asked_for_the_pool() -> None:
    name = "cognito-identity.amazonaws.com"
    assert codes(found(check_issuers, trusting({"Federated": name}))) == ["IAM609 error"]
    pool = {"StringEquals": {f"{name}:aud": "eu-west-1:1"}}
    assert found(check_issuers, trusting({"Federated": name}, pool)) == ()


def test_what_limits_and_does_not_count_for_aws() -> None:
    condition = {"StringEquals": {f"{GITHUB}:repository_owner_id": "12", AUD: "sts.amazonaws.com"}}
    (finding,) = found(check_issuers, trusting(provider(GITHUB), condition))
    assert (finding.code, finding.severity) == ("IAM609", "error")
    assert finding.message.startswith("AWS refuses to store")


@pytest.mark.parametrize(
    ("issuer", "claims"),
    [
        (GITHUB, {"sub": MAIN}),
        (GITHUB, {"job_workflow_ref": "octo/ci/.github/workflows/x.yml@refs/heads/main"}),
        ("oidc.vercel.com", {"aud": "https://vercel.com/octo"}),
        ("sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d", {"aud": "x"}),
    ],
)
def test_tokens_of_one_tenant(issuer: str, claims: dict[str, str]) -> None:
    keys = {f"{issuer}:{claim}": value for claim, value in claims.items()}
    tests = {**keys, f"{issuer}:aud": claims.get("aud", "x"), "sts:RoleSessionName": "workspace"}
    assert found(check_issuers, trusting(provider(issuer), {"StringEquals": tests})) == ()


@pytest.mark.parametrize(
    ("issuer", "claim", "expected"),
    [
        (OURS, None, ["IAM610 warning"]),
        (OURS, "aud", ["IAM610 note"]),
        (OURS, "sub", ["IAM616 note"]),
        (OURS, "email", ["IAM616 note"]),
        (CLUSTER, None, ["IAM610 warning"]),
        (CLUSTER, "aud", ["IAM610 warning"]),
        ("oidc-eks.eu-west-1.api.aws/id/ABC", "aud", ["IAM610 warning"]),
        ("token.actions.githubusercontent.com/octo", None, ["IAM610 warning"]),
        (GITHUB, "sub", ["IAM616 note"]),
    ],
)
def test_tokens_of_an_issuer_of_ones_own(
    issuer: str, claim: str | None, expected: list[str]
) -> None:
    condition = {"StringEquals": {f"{issuer}:{claim}": "x"}} if claim else None
    assert codes(found(check_issuers, trusting(provider(issuer), condition))) == expected


@pytest.mark.parametrize(
    "made",
    [
        trusting(provider(GITHUB), Action=ASSUME),  # told as IAM608
        trusting(provider(GITHUB), Effect="Deny"),
        trusting(provider(GITHUB), {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        trusting(provider(GITHUB), {"StringEquals": {f"{OURS}:sub": "x"}}),  # told as IAM614
        trusting(provider(GITHUB), {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
    ],
)
def test_tokens_that_do_not_get_in(made: Json) -> None:
    assert found(check_issuers, made) == ()


def of_values(*values: str, operator: str = "StringLike") -> tuple[Diagnostic, ...]:
    return found(check_values, of_github(*values, operator=operator))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("*", "IAM611 error"),
        ("**", "IAM611 error"),
        ("repo:*", "IAM611 error"),
        ("repo:*/*", "IAM611 error"),
        ("repo:*/site:ref:refs/heads/main", "IAM611 error"),  # anybody can name one so
        ("*:ref:refs/heads/main", "IAM611 error"),
        ("repo:octo*", "IAM611 warning"),
        ("repo:oct?/site:*", "IAM611 warning"),
        ("*octo/site:*", "IAM611 warning"),
        ("repo:octo/*", "IAM612 warning"),
        ("repo:octo/site:*", "IAM612 note"),
        ("repo:octo/si*:ref:refs/heads/main", "IAM612 note"),
        ("repo:octo/site:ref:refs/heads/*", "IAM612 note"),
        ("repo:*@12/*@34:ref:refs/heads/main", "IAM612 note"),  # ids are nobody else's
        ("repo:*@12/*", "IAM612 warning"),
    ],
)
def test_wide_values(value: str, expected: str) -> None:
    made = of_values(value)
    assert codes(made) == [expected]
    assert told(made)[0].place == value


def test_one_wide_value_is_enough() -> None:
    made = of_values(MAIN, "repo:octo/*", "*")
    assert [(f.code, f.labels[0].span.text) for f in made] == [
        ("IAM612", '"repo:octo/*"'),
        ("IAM611", '"*"'),
    ]
    assert "looks at the first one only" in str(made[1].help)
    assert "AWS refuses to store this" in str(of_values("*", MAIN)[0].help)


@pytest.mark.parametrize(
    ("issuer", "claim", "value", "expected"),
    [
        ("gitlab.com", "sub", "project_path:*:ref_type:branch:ref:main", ["IAM611 error"]),
        ("gitlab.com", "sub", "project_path:octo/*", ["IAM612 warning"]),
        ("app.terraform.io", "sub", "organization:*:project:p:*", ["IAM611 error"]),
        ("app.terraform.io", "sub", "organization:octo:project:p:*", ["IAM612 note"]),
        ("oidc.vercel.com", "aud", "https://vercel.com/*", ["IAM611 error"]),
        ("oidc.vercel.com", "aud", "https://vercel.com/octo*", ["IAM611 warning"]),
        (CLUSTER, "sub", "system:serviceaccount:*:*", ["IAM612 warning"]),
        (CLUSTER, "sub", "*", ["IAM612 warning"]),
        (CLUSTER, "sub", "system:serviceaccount:web:*", []),
        (OURS, "sub", "team-*", []),
    ],
)
def test_wide_values_of_others(issuer: str, claim: str, value: str, expected: list[str]) -> None:
    condition = {"StringLike": {f"{issuer}:{claim}": value}}
    assert codes(found(check_values, trusting(provider(issuer), condition))) == expected


def test_a_wildcard_in_a_pool_of_cognito_is_everybodys() -> None:
    name = "cognito-identity.amazonaws.com"
    condition = {"StringLike": {f"{name}:aud": "eu-west-1:*"}}
    assert codes(found(check_values, trusting({"Federated": name}, condition))) == ["IAM611 error"]


@pytest.mark.parametrize(
    "condition",
    [
        {"StringLike": {SUB: "repo:*"}, "StringEquals": {f"{GITHUB}:repository_owner_id": "12"}},
        {"StringLike": {SUB: "repo:*"}, "StringEquals": {SUB: MAIN}},
        {"StringEquals": {SUB: "repo:*"}},  # text, which IAM133 tells
        {"StringLike": {SUB: MAIN}},
        {"StringLike": {SUB: "repo:${aws:PrincipalTag/x}*"}},
        {"StringNotLike": {SUB: "repo:*"}},
    ],
)
def test_values_that_are_not_wide(condition: Json) -> None:
    assert found(check_values, trusting(provider(GITHUB), condition)) == ()


def test_a_value_that_a_template_leaves_open_is_not_judged() -> None:
    place = ("Statement", 0, "Condition", "StringLike", SUB, 0)
    made = of_github(f"repo:{UNKNOWN}*")
    assert found(check_values, made, unknown=[place]) == ()
    assert found(check_forms, of_github(f"octo/{UNKNOWN}"), unknown=[place]) == ()


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("octo/site:ref:refs/heads/main", MAIN),
        ("octo/site:*", "repo:octo/site:*"),
        ("repo:https://github.com/octo/site:ref:refs/heads/main", MAIN),
        ("Repo:octo/site:*", "repo:octo/site:*"),
        ("repo:octo/site:refs/heads/main", MAIN),
        ("repo:octo/site:ref:heads/main", MAIN),
        ("repo:octo/site:ref:main", MAIN),
        ("repo:octo/site:branch:main", MAIN),
        ("repo:octo/site:tag:v1", "repo:octo/site:ref:refs/tags/v1"),
        ("repo:octo/site:main", MAIN),
    ],
)
def test_a_subject_that_github_does_not_make(value: str, meant: str) -> None:
    (finding,) = found(check_forms, of_github(value))
    assert told([finding]) == [("IAM613", "warning", value)]
    assert finding.access is Access.WIDENED
    assert mended(finding)["Condition"] == {"StringLike": {SUB: [meant]}}
    assert not any(map(compile_glob(read_glob(value)), SUBJECTS))


@pytest.mark.parametrize(
    "value", [*SUBJECTS, "*", "repo:octo/*", "repo:octo/site:ref:*", "repo:o*"]
)
def test_a_subject_that_github_makes(value: str) -> None:
    assert meant_subject(value) is None


def test_subjects_of_others_are_not_githubs() -> None:
    condition = {"StringEquals": {f"{CLUSTER}:sub": "octo/site:ref:refs/heads/main"}}
    assert found(check_forms, trusting(provider(CLUSTER), condition)) == ()


OFFICE = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
NOT_OURS = {"StringNotLike": {SUB: "repo:octo/*"}}
#: What limits who comes in, as a condition beside the test of the subject or as a Deny.
LIMITED: tuple[tuple[Json, tuple[Json, ...]], ...] = (
    (OFFICE, ()),
    ({}, (trusting(provider(GITHUB), NOT_OURS, Effect="Deny"),)),
    ({}, (trusting(provider(GITHUB), {"NotIpAddress": OFFICE["IpAddress"]}, Effect="Deny"),)),
)


@pytest.mark.parametrize(("beside", "others"), LIMITED)
def test_a_wide_value_beside_another_limit(beside: Json, others: tuple[Json, ...]) -> None:
    wide = trusting(provider(GITHUB), {"StringLike": {SUB: "repo:*"}, **beside})
    (finding,) = found(check_values, wide, *others)
    assert told([finding]) == [("IAM611", "warning", "repo:*")]
    assert "lets everybody in" not in finding.message


@pytest.mark.parametrize(("beside", "others"), LIMITED)
def test_no_test_of_the_tenant_beside_another_limit(beside: Json, others: tuple[Json, ...]) -> None:
    made = trusting(provider(GITHUB), {"StringEquals": {AUD: "sts.amazonaws.com"}, **beside})
    (finding,) = found(check_issuers, made, *others)
    assert (finding.code, finding.severity) == ("IAM609", "error")
    assert finding.message.startswith("AWS refuses to store")


@pytest.mark.parametrize(
    "claim", ["actor_id", "repository_id", "repository_owner_id", "enterprise_id"]
)
def test_a_wide_value_beside_an_id(claim: str) -> None:
    condition = {"StringLike": {SUB: "repo:*"}, "StringEquals": {f"{GITHUB}:{claim}": "12"}}
    assert found(check_values, trusting(provider(GITHUB), condition)) == ()


def test_a_wide_value_beside_a_workflow_of_ones_own() -> None:
    workflow = {f"{GITHUB}:job_workflow_ref": "octo/ci/.github/workflows/x.yml@*"}
    made = trusting(provider(GITHUB), {"StringLike": {SUB: "repo:*", **workflow}})
    assert "IAM611 error" not in codes(found(check_values, made))


@pytest.mark.parametrize(
    ("beside", "others"),
    [
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, ()),
        ({"StringEquals": {f"{GITHUB}:ref": "refs/heads/main"}}, ()),
        ({}, (trusting(provider(GITHUB), {"StringNotEquals": {AUD: "x"}}, Effect="Deny"),)),
        ({}, (trusting(provider(OURS), {"StringNotLike": {f"{OURS}:sub": "x"}}, Effect="Deny"),)),
        ({}, (trusting(provider(GITHUB), NOT_OURS, Effect="Deny", Action=ASSUME),)),
    ],
)
def test_a_wide_value_beside_what_limits_nobody(beside: Json, others: tuple[Json, ...]) -> None:
    wide = trusting(provider(GITHUB), {"StringLike": {SUB: "repo:*"}, **beside})
    assert codes(found(check_values, wide, *others)) == ["IAM611 error"]


def test_an_issuer_is_told_of_once() -> None:
    two = {"Federated": [provider(GITHUB)["Federated"], provider(GITHUB.upper())["Federated"]]}
    assert codes(found(check_issuers, trusting(two))) == ["IAM609 error"]
    wide = trusting(two, {"StringLike": {SUB: "repo:*"}})
    assert codes(found(check_values, wide)) == ["IAM611 error"]
