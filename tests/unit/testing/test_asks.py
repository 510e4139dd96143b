"""What a test asks: a call or a request, with the organization around it."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.testing.run import Mark
from tests.unit.testing import files
from tests.unit.testing.files import ALICE, AWAY, BUCKET, DEPLOY, HOME, MANAGEMENT, SESSION, policy

ADMIN = f"arn:aws:iam::{AWAY}:role/admin"
READ = {"action": "s3:GetObject", "resource": BUCKET, "resource_account": HOME}
SERVICE = {"caller": "lambda.amazonaws.com"}


def _organization(root: dict[str, Any] | None = None, **unit: Any) -> dict[str, Any]:  # noqa: ANN401
    prod = {"accounts": [HOME, AWAY], **unit}
    tree = {"units": {"prod": prod}, **(root or {})}
    return {"id": "o-example", "management_account": MANAGEMENT, "root": tree}


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ({"chain": []}, "there is no hop in this chain"),
        ({"chain": [{"assume_role": DEPLOY}], "with": {}}, "`with` belongs into the hops"),
        ({"chain": [{"assume_role": DEPLOY}], "assume_role": DEPLOY}, "a test asks one thing"),
        ({"chain": [{}]}, "a call asks one thing: give `assume_role`, or `call`"),
        ({"assume_role": "left out", "call": "AssumeRole"}, "there is no operation `AssumeRole`"),
        ({"web_identity": {"provider": "p"}}, "a token or an assertion says who calls"),
        ({"saml": {"provider": "p"}}, "a token or an assertion says who calls"),
        (
            {"saml": {"provider": "p"}, "caller": "left out"},
            "`p` is no ARN of a SAML provider",
        ),
        ({"assume_role": "left out"}, "a test asks one thing"),
        ({"assume_role": DEPLOY, "action": "s3:GetObject"}, "a test asks one thing"),
        ({"caller": "left out"}, "the key `caller` is missing: say who calls"),
        (
            {"action": "s3:GetObject", "with": {}},
            "`with` goes with `assume_role`, `call` or `chain`",
        ),
        ({"resource": DEPLOY}, "`resource` goes with `action`"),
        ({"resource_policy": {}}, "`resource_policy` goes with `action`"),
        ({"action": "s3:GetObject", "resource": "bucket"}, "`bucket` is not an ARN"),
        ({**READ, "resource_account": "12"}, "`12` is not an account id"),
        ({"context": {"SourceIp": "x"}}, "`SourceIp` is no condition key"),
        (
            {"context": {"aws:SourceVpc": "x", "aws:sourcevpc": "y"}},
            "`aws:sourcevpc` is given twice",
        ),
        ({"expect": "alowed"}, "nothing comes out as `alowed`: did you mean `allowed`?"),
        ({"expect": "Denied"}, "nothing comes out as `Denied`: did you mean `denied`?"),
        ({"expect": "error"}, "nothing comes out as `error`"),
        ({"because": "IAM999"}, "nothing has the cause `IAM999`"),
        ({"because": "trsut"}, "nothing has the cause `trsut`: did you mean `trust`?"),
    ],
)
def test_what_is_no_question(case: dict[str, Any], message: str) -> None:
    (told,) = files.told(files.result(case))
    assert told.startswith(message)


def test_the_text_of_a_denied_request() -> None:
    text = (
        f'User: {ALICE} is not authorized to perform: s3:GetObject on resource: "{BUCKET}" because'
        " no identity-based policy allows the s3:GetObject action"
    )
    plain = files.accounts(alice={"policies": []})
    case = {**READ, "expect": "denied", "message": text}
    assert files.result(case, accounts=plain).mark is Mark.PASSED
    wrong = files.result({**case, "message": "no"}, accounts=plain)
    assert wrong.mismatch == f"expected the text `no`, AWS would say `{text}`"


@pytest.mark.parametrize("expect", ["AccessDenied", "implicitDeny", "denied"])
def test_role_that_is_not_there(expect: str) -> None:
    result = files.result({"assume_role": ADMIN, "expect": expect, "because": "IAM501"})
    assert (result.mark, result.decision) == ("passed", "implicitDeny")


@pytest.mark.parametrize("expect", ["allowed", "explicitDeny", "undecided", "ValidationError"])
def test_role_that_should_be_there(expect: str) -> None:
    result = files.result({"assume_role": f"{DEPLOY}s", "expect": expect})
    assert files.told(result) == [
        f"this file defines no role `{DEPLOY}s`: did you mean `{DEPLOY}`?"
    ]


def test_arn_that_sts_refuses() -> None:
    result = files.result({"assume_role": "arn:aws:iam", "expect": "ValidationError"})
    assert (result.mark, result.decision) == ("passed", "error")


def test_role_without_trust_policy() -> None:
    accounts = files.accounts(deploy={})
    del accounts[AWAY]["roles"]["deploy"]["trust_policy"]
    (told,) = files.told(files.result(accounts=accounts))
    assert told == f"the role `{DEPLOY}` has no `trust_policy` in this file"
    assert files.decided({**READ, "caller": SESSION}, accounts=accounts) == "implicitDeny"


def test_parameters() -> None:
    keys = ["role_session_name", "external_id", "source_identity"]
    conditions = {
        **{f"sts:{k}": k for k in ("RoleSessionName", "ExternalId", "SourceIdentity")},
        "aws:RequestTag/a": "b",
    }
    trust = files.trusting(Condition={"StringEquals": conditions})
    given: dict[str, Any] = dict(zip(keys, list(conditions)[:3], strict=True))
    given = {key: value.removeprefix("sts:") for key, value in given.items()}
    given |= {"tags": {"a": "b"}, "transitive_tag_keys": ["a"], "duration_seconds": "900"}
    accounts = files.accounts(deploy={"trust_policy": trust})
    assert files.decided({"with": given}, accounts=accounts) == "allowed"
    assert files.decided({"with": {**given, "external_id": "xx"}}, accounts=accounts) != "allowed"


def test_maximum_duration() -> None:
    accounts = files.accounts(deploy={"max_session_duration": 7200})
    assert files.decided({"with": {"duration_seconds": 7200}}, accounts=accounts) == "allowed"
    assert files.decided({"with": {"duration_seconds": 7201}}, accounts=accounts) == "error"
    assert files.decided({"with": {"duration_seconds": 3601}}) == "error"


@pytest.mark.parametrize(
    ("operator", "wanted", "context", "decision"),
    [
        ("IpAddress", {"aws:SourceIp": "10.0.0.0/8"}, {}, "undecided"),
        ("IpAddress", {"aws:SourceIp": "10.0.0.0/8"}, {"AWS:sourceip": "10.1.1.1"}, "allowed"),
        ("IpAddress", {"aws:SourceIp": "10.0.0.0/8"}, {"aws:SourceIp": None}, "implicitDeny"),
        ("Null", {"aws:SourceIp": "true"}, {"aws:SourceIp": None}, "allowed"),
        ("StringEquals", {"aws:username": "bob"}, {"aws:username": "bob"}, "allowed"),
        ("StringEquals", {"aws:SourceVpc": "v"}, {}, "implicitDeny"),
        ("Bool", {"aws:SecureTransport": "true"}, {"aws:SecureTransport": False}, "implicitDeny"),
        ("ForAnyValue:StringEquals", {"aws:TagKeys": "a"}, {"aws:TagKeys": ["b", "a"]}, "allowed"),
        ("ForAnyValue:StringEquals", {"aws:TagKeys": "a"}, {"aws:TagKeys": "a"}, "allowed"),
    ],
)
def test_context(
    operator: str, wanted: dict[str, str], context: dict[str, Any], decision: str
) -> None:
    trust = files.trusting(Condition={operator: wanted})
    accounts = files.accounts(deploy={"trust_policy": trust})
    assert files.decided({"context": context}, accounts=accounts) == decision


def test_tags_are_those_of_the_role() -> None:
    condition = {"StringEquals": {"aws:ResourceTag/env": "prod", "iam:ResourceTag/env": "prod"}}
    deploy = {"trust_policy": files.trusting(Condition=condition), "tags": {"env": "prod"}}
    assert files.decided(accounts=files.accounts(deploy=deploy)) == "allowed"


def test_services_assume_roles() -> None:
    trust = files.trusting({"Service": "lambda.amazonaws.com"})
    accounts = files.accounts(deploy={"trust_policy": trust})
    assert files.decided(SERVICE, accounts=accounts) == "allowed"
    result = files.result({"caller": "ec2.amazonaws.com", "because": "trust"}, accounts=accounts)
    assert (result.decision, result.error_code) == ("implicitDeny", "AccessDenied")
    missing = files.result({**SERVICE, "assume_role": ADMIN, "expect": "denied"})
    assert missing.mark is Mark.PASSED  # ERR-19
    tagging = {**SERVICE, "with": {"tags": {"team": "red"}}}
    assert files.decided(tagging, accounts=accounts) == "allowed"  # by `sts:*`
    alone = policy(action="sts:AssumeRole", Principal={"Service": "lambda.amazonaws.com"})
    untagged = files.accounts(deploy={"trust_policy": alone})
    assert files.decided(tagging, accounts=untagged) == "implicitDeny"  # STS-50


def test_what_services_pass_is_in_the_request() -> None:
    wanted = {"StringEquals": {"sts:ExternalId": "abc", "sts:RoleSessionName": "s-1"}}
    trust = files.trusting({"Service": "lambda.amazonaws.com"}, Condition=wanted)
    accounts = files.accounts(deploy={"trust_policy": trust})
    passing = {**SERVICE, "with": {"external_id": "abc", "role_session_name": "s-1"}}
    assert files.decided(passing, accounts=accounts) == "allowed"
    assert files.decided(SERVICE, accounts=accounts) == "implicitDeny"


def test_request_for_a_role_is_decided_by_its_trust_policy() -> None:
    case = {"action": "sts:AssumeRole", "resource": DEPLOY}
    assert files.decided(case) == "allowed"
    closed = files.accounts(deploy={"trust_policy": files.trusting(AWAY)})
    assert files.decided(case, accounts=closed) == "implicitDeny"
    assert files.decided({**case, "resource_policy": files.trusting()}, accounts=closed) == (
        "allowed"
    )


def test_owner_policy_and_endpoint_of_a_request() -> None:
    assert files.decided(READ) == "allowed"
    away = {**READ, "resource_account": AWAY}
    assert files.decided(away) == "implicitDeny"
    assert files.decided({**away, "resource_policy": policy(Principal="*", Resource="*")}) == (
        "allowed"
    )
    endpoint = policy(action="s3:Put*", Principal="*", Resource="*")
    result = files.result({**READ, "endpoint_policies": [endpoint], "because": "endpoint"})
    assert result.decision == "implicitDeny"
    assert files.decided({"endpoint_policies": [endpoint]}) == "implicitDeny"


def test_request_without_a_resource() -> None:
    assert files.decided({"action": "s3:ListAllMyBuckets"}) == "allowed"


@pytest.mark.parametrize(
    ("unit", "decision"),
    [
        ({}, "allowed"),
        ({"scps": ["FullAWSAccess"], "rcps": ["RCPFullAWSAccess"]}, "allowed"),
        ({"scps": []}, "implicitDeny"),
        ({"scps": [policy("Deny", "sts:*")]}, "explicitDeny"),
        ({"rcps": [policy("Deny", "sts:*", Principal="*", Resource="*")]}, "explicitDeny"),
    ],
)
def test_policies_of_the_organization(unit: dict[str, Any], decision: str) -> None:
    assert files.decided(organization=_organization(**unit)) == decision


def test_every_level_must_allow() -> None:
    result = files.result(
        {"expect": "denied", "because": "scp"}, organization=_organization({"scps": []})
    )
    assert (result.mark, result.decision) == ("passed", "implicitDeny")


def test_management_account_and_others_are_under_nothing() -> None:
    deny = {
        "scps": [policy("Deny")],
        "rcps": [policy("Deny", Principal="*", Resource="*")],
    }
    organization = _organization(deny, accounts=[])
    assert files.decided(organization=organization) == "allowed"
    organization["management_account"] = HOME
    organization["root"]["units"]["prod"]["accounts"] = [HOME]
    assert files.decided(organization=organization) == "allowed"
    assert files.decided(READ, organization=organization) == "allowed"


@pytest.mark.parametrize(
    ("key", "organization", "decision"),
    [
        ("aws:PrincipalOrgID", _organization(), "allowed"),
        ("aws:ResourceOrgID", _organization(), "allowed"),
        ("aws:PrincipalOrgID", _organization(accounts=[AWAY]), "implicitDeny"),
        ("aws:ResourceOrgID", _organization(accounts=[HOME]), "implicitDeny"),
    ],
)
def test_organization_in_the_context(key: str, organization: dict[str, Any], decision: str) -> None:
    trust = files.trusting(Condition={"StringEquals": {key: "o-example"}})
    accounts = files.accounts(deploy={"trust_policy": trust})
    assert files.decided(accounts=accounts, organization=organization) == decision
    assert files.decided(accounts=accounts) == "implicitDeny"
    said = {"context": {key.lower(): "o-example"}}
    assert files.decided(said, accounts=accounts) == "allowed"


def test_paths_of_the_organization() -> None:
    condition = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-example/r-ab12/ou-*/"}}
    accounts = files.accounts(deploy={"trust_policy": files.trusting(Condition=condition)})
    assert files.decided(accounts=accounts) == "implicitDeny"
    (told,) = files.told(files.result(accounts=accounts, organization=_organization()))
    assert told.startswith("a policy asks for `aws:PrincipalOrgPaths`, and the ids of the units")
    known = _organization({"id": "r-ab12"}, id="ou-ab12-11111111")
    assert files.decided(accounts=accounts, organization=known) == "allowed"
    said = {"context": {"aws:PrincipalOrgPaths": ["o-example/r-ab12/ou-x/"]}}
    assert files.decided(said, accounts=accounts, organization=_organization()) == "allowed"


@pytest.mark.parametrize(
    ("organization", "message"),
    [
        ({"id": "o", "root": {"scp": []}}, "unknown key `scp`: did you mean `scps`?"),
        (
            _organization(accounts=[HOME, HOME]),
            f"the account `{HOME}` is in the organization twice",
        ),
        (_organization(scps=["none.json"]), "cannot read `none.json`: there is no such file"),
    ],
)
def test_organization_that_cannot_be_used(organization: dict[str, Any], message: str) -> None:
    result = files.result(organization=organization)
    assert (result.id, files.told(result)) == ("t.json", [message])


def test_a_closed_world_has_no_tags_and_no_organization() -> None:
    for key in ("aws:PrincipalTag/a", "aws:PrincipalOrgID", "aws:ResourceTag/a"):
        trust = files.trusting(Condition={"Null": {key: "true"}})
        assert files.decided(accounts=files.accounts(deploy={"trust_policy": trust})) == "allowed"


def test_other_partition() -> None:
    accounts = files.accounts(
        deploy={"trust_policy": files.trusting(ALICE.replace("aws", "aws-cn"))}
    )
    case = {
        "caller": ALICE.replace("aws", "aws-cn"),
        "assume_role": DEPLOY.replace("aws", "aws-cn"),
    }
    assert files.decided(case, accounts=accounts) == "allowed"


def test_a_long_chain_and_a_dead_hop() -> None:
    there_and_back = files.accounts(deploy={"trust_policy": files.trusting({"AWS": "*"})})
    there_and_back[AWAY]["roles"]["deploy"]["policies"] = [policy()]
    hops: list[dict[str, Any]] = [
        {"assume_role": DEPLOY, "with": {"role_session_name": "s1"}}
    ] * 100
    case = {"chain": hops, "assume_role": "left out"}
    assert files.decided(case, accounts=there_and_back) == "allowed"
    dead = {"chain": [*hops, {"assume_role": ADMIN}, *hops], "expect": "denied"}
    found = files.result(dead, accounts=there_and_back)
    assert (found.mark, found.decision) == (Mark.PASSED, "implicitDeny")
    assert found.notes == (f"hop 101 of 201 is AssumeRole by `{SESSION[:-1]}s1`",)


def test_a_role_that_the_issuer_does_not_let_a_token_be_used_for() -> None:
    issuer = "token.actions.githubusercontent.com"
    trust = files.trusting({"Federated": f"arn:aws:iam::{AWAY}:oidc-provider/{issuer}"})
    accounts = files.accounts(deploy={"trust_policy": trust})
    accounts[AWAY]["oidc_providers"] = {issuer: {"client_ids": ["sts.amazonaws.com"]}}
    claims = {"aud": "sts.amazonaws.com", "sub": "repo:acme/app:ref:refs/heads/main"}
    case: dict[str, Any] = {"caller": "left out", "expect": "InvalidIdentityToken"}
    token = {"provider": issuer, "claims": {**claims, "https://aws.amazon.com/roles": ADMIN}}
    refused = files.result({**case, "web_identity": token}, accounts=accounts)
    assert (refused.mark, [cause.code for cause in refused.causes]) == (Mark.PASSED, ["IAM714"])
    token["claims"] = {**claims, "https://aws.amazon.com/roles": [ADMIN, DEPLOY]}
    assert files.decided({**case, "web_identity": token}, accounts=accounts) == "allowed"


def test_managed_session_policies_whose_text_nobody_knows() -> None:
    accounts = files.accounts(deploy={"policies": [policy()]})
    accounts[AWAY]["roles"]["admin"] = {"trust_policy": files.trusting(AWAY)}
    hop = {
        "assume_role": DEPLOY,
        "with": {"policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]},
    }
    case = {"chain": [hop, {"assume_role": ADMIN}], "expect": "undecided", "because": "IAM902"}
    assert files.result(case, accounts=accounts).mark is Mark.PASSED


def test_every_hop_of_a_chain_takes_the_endpoint() -> None:
    accounts = files.accounts(deploy={"policies": [policy()]})
    accounts[AWAY]["roles"]["admin"] = {"trust_policy": files.trusting(AWAY)}
    hops = [{"assume_role": DEPLOY}, {"assume_role": ADMIN}]
    only = policy(Principal="*", Resource=DEPLOY)
    case = {"chain": hops, "endpoint_policies": [only]}
    found = files.result({**case, "expect": "denied", "because": "endpoint"}, accounts=accounts)
    assert found.mark is Mark.PASSED
    assert files.decided({"chain": hops}, accounts=accounts) == "allowed"
