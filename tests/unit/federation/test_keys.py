"""What tokens put into the request context, and how trust policies call their issuers."""

from __future__ import annotations

import re

import pytest

from simulator.federation.assertion import assertion_of
from simulator.federation.claims import ClaimError, claims_identity
from simulator.federation.keys import (
    audience,
    not_condition_keys,
    principal_of,
    role_authorized,
    surviving_keys,
    web_identity_keys,
)
from tests.unit.federation.texts import CORP, GITHUB

ACCOUNT = "111111111111"
TAG = "https://aws.amazon.com/tags/principal_tags/"


@pytest.mark.parametrize(
    ("provider", "claims", "keys"),
    [
        (
            GITHUB,
            {"sub": "repo:a/b:pull_request", "repository_id": "7", "repository_owner": "a"},
            {"sub": "repo:a/b:pull_request", "repository_id": "7"},
        ),
        (f"{GITHUB}/octo", {"environment": "prod"}, {"environment": "prod"}),
        ("token.actions.octo.ghe.com", {"ref": "refs/heads/main"}, {"ref": "refs/heads/main"}),
        ("github.com/enterprises/octo", {"actor": "mona"}, {"actor": "mona"}),
        (
            "gitlab.com",
            {"sub": "project_path:a/b:ref_type:branch:ref:main", "project_path": "a/b"},
            {"sub": "project_path:a/b:ref_type:branch:ref:main"},
        ),
        ("gitlab.com", {"ref_protected": "true"}, {"ref_protected": "true"}),
        ("gitlab.example.com", {"sub": "s", "ref_protected": "true"}, {"sub": "s"}),
        ("agent.buildkite.com", {"pipeline_slug": "p"}, {"pipeline_slug": "p"}),
        ("agent.octo.buildkite.dev", {"cluster_id": "c"}, {"cluster_id": "c"}),
        ("agent.octo.buildkite.site", {"build_branch": "b"}, {"build_branch": "b"}),
        (
            "oidc.circleci.com/org/o",
            {"oidc.circleci.com/project-id": "p", "oidc.circleci.com/context-ids": ["c"]},
            {"oidc.circleci.com/project-id": "p"},
        ),
        ("idcs-1.identity.oraclecloud.com", {"rpst_id": "r"}, {"rpst_id": "r"}),
        (
            "cognito-identity.amazonaws.com",
            {"aud": "eu-west-1:pool", "sub": "eu-west-1:u", "amr": ["authenticated", "x"]},
            {
                "aud": "eu-west-1:pool",
                "oaud": "eu-west-1:pool",
                "sub": "eu-west-1:u",
                "amr": ("authenticated", "x"),
            },
        ),
        (
            "www.amazon.com",
            {"app_id": "a", "user_id": "u", "sub": "s"},
            {"app_id": "a", "user_id": "u"},
        ),
        ("graph.facebook.com", {"app_id": "a", "id": "i"}, {"app_id": "a", "id": "i"}),
        (
            "accounts.google.com",
            {"aud": "a", "sub": "1", "google/organization_number": "9", "email": "e"},
            {"aud": "a", "oaud": "a", "sub": "1", "google/organization_number": "9", "email": "e"},
        ),
        ("example.auth0.com/", {"sub": "auth0|1", "permissions": ["p"]}, {"sub": "auth0|1"}),
        (
            "oidc.eks.eu-west-1.amazonaws.com/id/ABC",
            {"aud": ["sts.amazonaws.com"], "sub": "system:serviceaccount:n:s"},
            {
                "aud": "sts.amazonaws.com",
                "oaud": "sts.amazonaws.com",
                "sub": "system:serviceaccount:n:s",
            },
        ),
    ],
)
def test_keys_of_each_issuer(
    provider: str, claims: dict[str, str | list[str]], keys: dict[str, str | tuple[str, ...]]
) -> None:  # CTX-40
    found = web_identity_keys(claims_identity(provider, claims))
    assert found == {f"{provider}:{key}": value for key, value in keys.items()}


@pytest.mark.parametrize("provider", ["accounts.google.com", "login.example.com"])
def test_azp_is_the_audience(provider: str) -> None:  # STS-62
    identity = claims_identity(provider, {"azp": "web", "aud": "app"})
    assert web_identity_keys(identity) == {f"{provider}:aud": "web", f"{provider}:oaud": "app"}
    assert audience(identity) == ("web",)


def test_audience_without_azp() -> None:  # STS-61
    assert audience(claims_identity("a.example", {"aud": "x", "azp": ""})) == ("x",)
    assert audience(claims_identity("a.example", {"aud": ["x", "y"]})) == ("x", "y")
    assert audience(claims_identity("a.example", {})) == ()


def test_amr_is_a_list_even_of_one() -> None:  # CND-40
    keys = web_identity_keys(claims_identity("a.example", {"amr": "pwd", "sub": ["s"]}))
    assert keys == {"a.example:amr": ("pwd",), "a.example:sub": "s"}


def test_claims_that_are_no_keys() -> None:  # SUR-45
    identity = claims_identity(
        GITHUB, {"sub": "s", "aud": "a", "repository_owner": "o", "event_name": "push"}
    )
    assert not_condition_keys(identity) == (f"{GITHUB}:repository_owner", f"{GITHUB}:event_name")


def test_what_lasts() -> None:  # STS-63
    identity = claims_identity(
        GITHUB, {"sub": "s", "aud": "a", "amr": ["m"], "email": "e", "actor": "x"}
    )
    assert surviving_keys(identity) == {
        f"{GITHUB}:amr": ("m",),
        f"{GITHUB}:aud": "a",
        f"{GITHUB}:sub": "s",
    }
    amazon = claims_identity("www.amazon.com", {"app_id": "a", "user_id": "u"})
    assert surviving_keys(amazon) == web_identity_keys(amazon)


def test_what_lasts_of_an_assertion() -> None:  # STS-63
    asserted = assertion_of(CORP, {"saml:sub": "s", "saml:sub_type": "persistent", "saml:iss": "i"})
    assert list(surviving_keys(asserted)) == ["saml:namequalifier", "saml:sub", "saml:sub_type"]
    assert surviving_keys(assertion_of(CORP, {"saml:sub": "s"})) == {"saml:sub": "s"}


def test_principal() -> None:  # PRN-4
    github = claims_identity(GITHUB, {})
    assert principal_of(github, ACCOUNT) == f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
    china = principal_of(github, ACCOUNT, "aws-cn")
    assert china == f"arn:aws-cn:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
    assert (
        principal_of(claims_identity("accounts.google.com", {}), ACCOUNT) == "accounts.google.com"
    )
    slash = principal_of(claims_identity("https://octo.auth0.com/", {}), ACCOUNT)
    assert slash.endswith(":oidc-provider/octo.auth0.com/")


@pytest.mark.parametrize(
    "provider",
    [GITHUB, f"https://{GITHUB}", f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"],
)
def test_providers_are_called_in_three_ways(provider: str) -> None:
    assert claims_identity(provider, {}).issuer == GITHUB


def test_what_aws_reads_for_itself() -> None:  # STS-64
    identity = claims_identity(
        "a.example",
        {
            "sub": "s",
            f"{TAG}Project": "red",
            f"{TAG}a/b": ["c"],
            "https://aws.amazon.com/tags/transitive_tag_keys": ["Project"],
            "https://aws.amazon.com/source_identity": "alice",
            "https://aws.amazon.com/roles": f"arn:aws:iam::{ACCOUNT}:role/R",
            "exp": "1767225600.5",
        },
    )
    assert identity.tags == (("Project", "red"), ("a/b", "c"))
    assert identity.transitive_tag_keys == ("Project",)
    assert identity.source_identity == "alice"
    assert identity.expires == 1767225600
    assert dict(identity.claims) == {"sub": "s", "exp": "1767225600.5"}
    assert role_authorized(identity, f"arn:aws:iam::{ACCOUNT}:role/R") is True
    assert role_authorized(identity, f"arn:aws:iam::{ACCOUNT}:role/S") is False
    assert role_authorized(claims_identity("a.example", {}), "R") is None


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ({f"{TAG}P": ["a", "b"]}, f"the claim `{TAG}P` has 2 values, and one is wanted"),
        ({f"{TAG}P": []}, f"the claim `{TAG}P` has 0 values, and one is wanted"),
        ({"https://aws.amazon.com/tags": "x"}, "is no JSON object"),
        ({"https://aws.amazon.com/tags/principal_tags": "x"}, "is no JSON object"),
        ({"https://aws.amazon.com/source_identity": ["a", "b"]}, "has 2 values"),
        ({"exp": "tomorrow"}, "the claim `exp` is no number of seconds since 1970"),
        ({"exp": ["1"]}, "the claim `exp` is no number of seconds since 1970"),
    ],
)
def test_claims_that_cannot_be_used(claims: dict[str, str | list[str]], message: str) -> None:
    with pytest.raises(ClaimError, match=re.escape(message)):
        claims_identity("a.example", claims)
