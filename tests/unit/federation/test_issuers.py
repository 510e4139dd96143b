"""The issuers and their keys: as AWS lists them, and all of them on the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulator.catalog.key_tables import CLAIMS, listed_under
from simulator.federation.codes import TITLES, Code
from simulator.federation.issuers import (
    ANY,
    BUILT_IN,
    DEFAULT_KEYS,
    ISSUERS,
    Issuer,
    issuer_of,
)
from simulator.federation.saml_names import NAMES

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "federation.md").read_text("utf-8")
LINES = PAGE.splitlines()


def example(issuer: Issuer) -> str:
    return issuer.pattern.replace("*", "octo")


@pytest.mark.parametrize("issuer", ISSUERS, ids=lambda issuer: issuer.pattern)
def test_each_issuer_is_found_by_its_name(issuer: Issuer) -> None:
    assert issuer_of(example(issuer)) is issuer
    assert issuer_of(example(issuer).upper()) is issuer


@pytest.mark.parametrize("issuer", ISSUERS, ids=lambda issuer: issuer.pattern)
def test_keys_are_those_of_the_service_authorization_reference(issuer: Issuer) -> None:
    listed = {key.lower() for key in listed_under(example(issuer))}
    ours = {row.key for row in issuer.keys}
    assert listed - set(CLAIMS) == ours - set(CLAIMS)
    assert listed & ours or issuer.keys is DEFAULT_KEYS


@pytest.mark.parametrize(
    "name",
    [
        "example.com",
        "gitlab.example.com",
        "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_aB3",
        "oidc.eks.eu-west-1.amazonaws.com/id/ABC",
        "octo.auth0.com/",
        "token.actions.githubusercontent.com.example.com",
        "x.token.actions.githubusercontent.com",
    ],
)
def test_other_issuers_have_the_default_keys(name: str) -> None:
    assert issuer_of(name) is ANY
    assert issuer_of(name).tenancy == ()


def test_built_in_issuers() -> None:  # PRN-4
    assert {
        "cognito-identity.amazonaws.com",
        "accounts.google.com",
        "graph.facebook.com",
        "www.amazon.com",
    } == BUILT_IN


def test_tenancy() -> None:  # TRU-7
    assert issuer_of("gitlab.com").tenancy == ("sub",)
    assert issuer_of("oidc.vercel.com").tenancy == ("aud",)
    sentinel = "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d"
    assert issuer_of(sentinel).tenancy == ("sts:RoleSessionName",)


@pytest.mark.parametrize("issuer", ISSUERS, ids=lambda issuer: issuer.pattern)
def test_each_issuer_is_on_the_page(issuer: Issuer) -> None:
    (line,) = [line for line in LINES if line.startswith(f"| {issuer.name} | `{issuer.pattern}` |")]
    for claim in issuer.tenancy:
        assert f"`{claim}`" in line.split("|")[5]
    own = [row for row in issuer.keys if row not in DEFAULT_KEYS]
    for row in own:
        assert f"`{row.key}`" in PAGE
        assert row.since in line
    assert issuer.source.partition("#")[0] in PAGE


def test_default_keys_are_on_the_page() -> None:
    for row in DEFAULT_KEYS:
        claims = ", else ".join(f"`{claim}`" for claim in row.claims)
        (line,) = [line for line in LINES if line.startswith(f"| `{row.key}` | {claims}")]
        assert line.endswith(" yes |" if row.lasts else " no |")
        assert row.since in line


def test_attributes_are_on_the_page() -> None:
    for name, key in NAMES.items():
        assert f"| `{name}` | `saml:{key}` |" in LINES


def test_codes_are_on_the_page() -> None:
    assert set(TITLES) == set(Code)
    assert re.findall(r"^\| (IAM\d{3}) \|", PAGE, re.MULTILINE) == sorted(Code)
