"""Keys of tokens that no token of the provider has."""

from __future__ import annotations

import pytest

from simulator.check.trust.claims import check_claims
from simulator.diagnostic import Access
from tests.unit.check.trust.told import (
    CLUSTER,
    GITHUB,
    HOME,
    WITH_TOKEN,
    found,
    mended,
    provider,
    statement,
    told,
)

OTHER = "oidc.eks.eu-west-1.amazonaws.com/id/OLD"


@pytest.mark.parametrize(
    "key", [f"{OTHER}:sub", f"{GITHUB}:sub", f"https://{CLUSTER}:sub", "eks.amazonaws.com:sub"]
)
def test_a_key_of_another_issuer(key: str) -> None:
    made = statement(provider(CLUSTER), {"StringEquals": {key: "x"}}, Action=WITH_TOKEN)
    (finding,) = found(check_claims, made)
    assert told([finding]) == [("IAM614", "error", key)]
    assert finding.access is Access.WIDENED
    assert mended(finding)["Condition"] == {"StringEquals": {f"{CLUSTER}:sub": "x"}}


def test_of_a_deny_the_right_key_takes_access_away() -> None:
    condition = {"StringEquals": {f"{OTHER}:sub": "x"}}
    (finding,) = found(check_claims, statement(provider(CLUSTER), condition, Effect="Deny"))
    assert (finding.access, len(finding.edits)) == (Access.NARROWED, 1)


def test_a_key_that_is_there_already_is_not_written_twice() -> None:
    tests = {f"{OTHER}:sub": "x", f"{CLUSTER}:SUB": "x"}
    (finding,) = found(check_claims, statement(provider(CLUSTER), {"StringEquals": tests}))
    assert (finding.code, finding.edits) == ("IAM614", ())


def test_a_key_of_one_of_two_issuers() -> None:
    both = {"Federated": [provider(CLUSTER)["Federated"], provider(GITHUB)["Federated"]]}
    made = found(check_claims, statement(both, {"StringEquals": {f"{CLUSTER}:sub": "x"}}))
    assert told(made) == [("IAM614", "warning", provider(GITHUB)["Federated"])]
    mixed = {**provider(GITHUB), "AWS": HOME}
    made = found(check_claims, statement(mixed, {"StringEquals": {f"{CLUSTER}:sub": "x"}}))
    assert told(made) == [("IAM614", "warning", provider(GITHUB)["Federated"])]


@pytest.mark.parametrize(
    ("operator", "never"),
    [("StringEquals", True), ("Null", True), ("StringEqualsIfExists", False),
     ("ForAllValues:StringLike", False), ("StringNotEquals", False)],
)  # fmt: skip
def test_a_claim_that_is_no_key(operator: str, *, never: bool) -> None:
    key = f"{CLUSTER}:groups"
    made = statement(provider(CLUSTER), {operator: {key: "false"}}, Action=WITH_TOKEN)
    (finding,) = found(check_claims, made)
    assert told([finding]) == [("IAM615", "warning", key)]
    assert ("never applies" in finding.message) is never


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {f"{CLUSTER}:sub": "x", f"{CLUSTER.upper()}:AUD": "x"}},
        {"StringEqualsIfExists": {f"{OTHER}:sub": "x"}},
        {"StringNotEquals": {f"{OTHER}:sub": "x"}},
        {"StringEquals": {"sts:RoleSessionName": "x", "aws:RequestTag/a.b": "x"}},
    ],
)
def test_keys_that_are_right_or_make_no_difference(condition: dict[str, object]) -> None:
    assert found(check_claims, statement(provider(CLUSTER), condition)) == ()


@pytest.mark.parametrize("claim", ["environment", "repository_id", "iss"])
def test_claims_of_known_issuers_are_told_elsewhere(claim: str) -> None:
    made = statement(provider(GITHUB), {"StringEquals": {f"{GITHUB}:{claim}": "x"}})
    assert found(check_claims, made) == ()  # or as IAM129
