"""Who calls in a test: ARNs, services and nobody, with credentials, tags and policies."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.testing import files
from tests.unit.testing.files import ALICE, AWAY, BUCKET, DEPLOY, HOME, SESSION, policy, trusting

MFA = trusting(Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})


def _on(key: str, value: str, operator: str = "StringEquals") -> dict[str, Any]:
    return files.accounts(deploy={"trust_policy": trusting(Condition={operator: {key: value}})})


@pytest.mark.parametrize(
    ("caller", "message"),
    [
        ("alice", "`alice` is not an ARN, nor a service such as `lambda.amazonaws.com`"),
        (f"{ALICE}x", f"this file defines no user `{ALICE}x`: did you mean `{ALICE}`?"),
        (
            f"arn:aws:iam::{HOME}:user/team/alice",
            f"this file defines no user `arn:aws:iam::{HOME}:user/team/alice`",
        ),
        (
            f"arn:aws:sts::{AWAY}:assumed-role/deplyo/s",
            f"this file defines no role `deplyo` in {AWAY}: did you mean `deploy`?",
        ),
        (DEPLOY, f"`{DEPLOY}` is a role, and a role calls through a session: give `{SESSION[:-1]}"),
        (f"arn:aws:iam::{HOME}:group/dev", "is a group, and groups cannot call"),
        ("arn:aws:iam::1111:user/alice", "`1111` is not an account id: expected 12 digits"),
    ],
)
def test_who_cannot_call(caller: str, message: str) -> None:
    for written in (caller, {"arn": caller}):
        (told,) = files.told(files.result({"caller": written}))
        assert message in told


def test_user_with_a_path() -> None:
    accounts = files.accounts({"path": "/team/"})
    assert files.decided({"caller": f"arn:aws:iam::{HOME}:user/team/alice"}, accounts=accounts) == (
        "allowed"
    )
    (told,) = files.told(files.result({"caller": ALICE}, accounts=accounts))
    assert "did you mean" in told


def test_role_session_has_the_path_and_the_policies_of_its_role() -> None:
    put = policy(
        action="s3:PutObject", Condition={"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:role/a/*"}}
    )
    accounts = files.accounts(deploy={"path": "/a/", "policies": [put]})
    case = {"caller": SESSION, "resource": BUCKET, "resource_account": AWAY}
    assert files.decided({**case, "action": "s3:PutObject"}, accounts=accounts) == "allowed"
    assert files.decided({**case, "action": "s3:GetObject"}, accounts=accounts) == "implicitDeny"


def test_root_federated_users_services_and_nobody_need_no_definition() -> None:
    case = {"action": "s3:GetObject", "resource": BUCKET, "resource_account": HOME}
    everyone = {**case, "resource_policy": policy(Principal="*", Resource="*")}
    root, federated = f"arn:aws:iam::{HOME}:root", f"arn:aws:sts::{HOME}:federated-user/bob"
    assert files.decided({**case, "caller": root}) == "allowed"
    assert files.decided({**case, "caller": federated}) == "implicitDeny"
    for caller in (federated, "lambda.amazonaws.com", "anonymous"):
        assert files.decided({**everyone, "caller": caller}) == "allowed"


def test_policies_of_groups_and_the_boundary() -> None:
    accounts = files.accounts({"policies": [], "groups": ["developers"]})
    accounts[HOME]["groups"] = {"developers": {"policies": [policy()]}}
    assert files.decided(accounts=accounts) == "allowed"
    accounts[HOME]["users"]["alice"]["permissions_boundary"] = policy(action="s3:*")
    result = files.result({"expect": "denied", "because": "boundary"}, accounts=accounts)
    assert result.mark == "passed"
    accounts[HOME]["users"]["alice"]["groups"] = ["develpoers"]
    assert files.told(files.result(accounts=accounts)) == [
        "this account has no group `develpoers`: did you mean `developers`?"
    ]


@pytest.mark.parametrize(
    ("credentials", "decision"),
    [
        ("long_term", "implicitDeny"),
        ("session_token", "implicitDeny"),
        ("session_token_with_mfa", "allowed"),
    ],
)
def test_credentials(credentials: str, decision: str) -> None:
    accounts = files.accounts(deploy={"trust_policy": MFA})
    caller = {"arn": ALICE, "credentials": credentials}
    assert files.decided({"caller": caller}, accounts=accounts) == decision


@pytest.mark.parametrize(
    ("caller", "message"),
    [
        ({"arn": ALICE, "credentials": "role_session"}, "this caller has no credentials"),
        ({"arn": SESSION, "credentials": "long_term"}, "expected `role_session`"),
        ({"arn": ALICE, "mfa_age_seconds": 5}, "only credentials `session_token_with_mfa`"),
        ({"arn": ALICE, "session_policies": [{}]}, "session policies are for sessions"),
    ],
)
def test_what_a_caller_cannot_have(caller: dict[str, Any], message: str) -> None:
    (told,) = files.told(files.result({"caller": caller}))
    assert message in told


def test_age_of_mfa_is_a_fact_unless_it_is_said() -> None:
    accounts = _on("aws:MultiFactorAuthAge", "100", "NumericLessThan")
    caller = {"arn": ALICE, "credentials": "session_token_with_mfa"}
    assert files.decided({"caller": caller}, accounts=accounts) == "undecided"
    caller = {**caller, "mfa_age_seconds": "60"}
    assert files.decided({"caller": caller}, accounts=accounts) == "allowed"


def test_session_policies_limit_a_session() -> None:
    accounts = files.accounts(deploy={"policies": [policy()]})
    caller = {"arn": SESSION, "session_policies": [policy(action="s3:Get*")]}
    case = {"caller": caller, "resource": BUCKET, "resource_account": AWAY}
    assert files.decided({**case, "action": "s3:GetObject"}, accounts=accounts) == "allowed"
    result = files.result(
        {**case, "action": "s3:PutObject", "because": "session"} | {"expect": "denied"},
        accounts=accounts,
    )
    assert result.mark == "passed"


def test_session_tags_replace_those_of_the_role() -> None:
    tagged = policy(Condition={"StringEquals": {"aws:PrincipalTag/Team": "blue"}})
    accounts = files.accounts(deploy={"policies": [tagged], "tags": {"team": "red"}})
    case: dict[str, Any] = {"action": "s3:ListAllMyBuckets", "caller": SESSION}
    assert files.decided(case, accounts=accounts) == "implicitDeny"
    case["caller"] = {"arn": SESSION, "tags": {"Team": "blue"}}
    assert files.decided(case, accounts=accounts) == "allowed"


def test_transitive_tags_and_source_identity_ask_for_more() -> None:
    only = {"trust_policy": trusting() | {}}
    only["trust_policy"]["Statement"][0]["Action"] = "sts:AssumeRole"
    accounts = files.accounts(deploy=only)
    assert files.decided({"caller": {"arn": ALICE}}, accounts=accounts) == "allowed"
    for more in ({"source_identity": "alice"}, {"tags": {"a": "b"}, "transitive_tag_keys": ["a"]}):
        result = files.result({"caller": {"arn": ALICE, **more}}, accounts=accounts)
        assert result.decision == "implicitDeny"


def test_unique_ids() -> None:
    accounts = files.accounts(deploy={"trust_policy": trusting("AIDAEXAMPLEALICE0001")})
    assert files.decided(accounts=accounts) == "implicitDeny"
    accounts[HOME]["users"]["alice"]["unique_id"] = "AIDAEXAMPLEALICE0001"
    assert files.decided(accounts=accounts) == "allowed"


@pytest.mark.parametrize(
    ("serial", "decision"),
    [("alice", "allowed"), ("bob", "error")],
)
def test_devices(serial: str, decision: str) -> None:
    devices = [f"arn:aws:iam::{HOME}:mfa/alice"]
    accounts = files.accounts({"mfa_devices": devices}, {"trust_policy": MFA})
    given = {"serial_number": f"arn:aws:iam::{HOME}:mfa/{serial}", "token_code": "012345"}
    result = files.result({"with": given}, accounts=accounts)
    assert result.decision == decision
    assert decision == "allowed" or result.causes[0].code == "IAM705"


def test_any_device_of_the_account_where_none_are_listed() -> None:
    given = {"serial_number": f"arn:aws:iam::{HOME}:mfa/bob", "token_code": "012345"}
    accounts = files.accounts(deploy={"trust_policy": MFA})
    assert files.decided({"with": given}, accounts=accounts) == "allowed"


def test_a_bad_device_comes_after_bad_parameters() -> None:
    accounts = files.accounts({"mfa_devices": []})
    given = {"serial_number": f"arn:aws:iam::{HOME}:mfa/bob", "token_code": "1"}
    result = files.result({"with": given, "expect": "ValidationError"}, accounts=accounts)
    assert result.mark == "passed"
    assert {cause.code for cause in result.causes} == {"IAM701", "IAM705"}


def test_accounts_and_paths_are_checked() -> None:
    accounts: dict[str, Any] = {"1234": {}, HOME: {"users": {"alice": {"path": "team"}}}}
    (result,) = files.results({}, accounts=accounts)
    assert files.told(result) == [
        "`1234` is not an account id: expected 12 digits",
        "`team` is not a path: expected `/` or `/team/`",
    ]
    assert result.id == "t.json"


def test_tags_and_maxima_are_checked() -> None:
    users = {"alice": {"tags": {"Team": "red", "team": "blue"}}}
    roles = {
        name: {"max_session_duration": seconds}
        for name, seconds in (("short", 3599), ("least", 3600), ("most", 43_200), ("long", 43_201))
    }
    (result,) = files.results({}, accounts={HOME: {"users": users, "roles": roles}})
    assert files.told(result) == [
        "the tags `Team` and `team` have one key: their letter case does not count",
        "`3599` is no maximum: expected 3600 to 43200 seconds",
        "`43201` is no maximum: expected 3600 to 43200 seconds",
    ]
