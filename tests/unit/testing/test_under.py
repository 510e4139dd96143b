"""What a test file may leave to an inventory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simulator.testing.run import Mark, Result, run
from tests.unit.testing.files import ALICE, AWAY, DEPLOY, HOME, policy, trusting

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

DUMP: dict[str, Any] = {
    "UserDetailList": [
        {
            "Path": "/",
            "UserName": "alice",
            "UserId": "AIDACKCEVSQ6C2EXAMPLE",
            "Arn": ALICE,
            "UserPolicyList": [{"PolicyName": "all", "PolicyDocument": policy()}],
            "GroupList": [],
            "AttachedManagedPolicies": [],
            "Tags": [],
        }
    ],
    "GroupDetailList": [],
    "RoleDetailList": [],
    "Policies": [],
    "IsTruncated": False,
}
ROLE: dict[str, Any] = {
    "Path": "/",
    "RoleName": "deploy",
    "RoleId": "AROADBQP57FF2AEXAMPLE",
    "Arn": DEPLOY,
    "AssumeRolePolicyDocument": trusting(),
    "RolePolicyList": [],
    "AttachedManagedPolicies": [],
    "InstanceProfileList": [],
    "Tags": [],
}
AWAY_DUMP = {**DUMP, "UserDetailList": [], "RoleDetailList": [ROLE]}


def _result(tmp_path: Path, case: dict[str, Any], **more: Any) -> Result:  # noqa: ANN401
    (tmp_path / "snapshots").mkdir(exist_ok=True)
    for account, dump in ((HOME, DUMP), (AWAY, AWAY_DUMP)):
        (tmp_path / "snapshots" / f"{account}.json").write_text(json.dumps(dump))
    test = {"name": "t", "caller": ALICE, "assume_role": DEPLOY, "expect": "allowed", **case}
    file = tmp_path / "t.iamtest.json"
    file.write_text(json.dumps({"inventory": ["snapshots/"], **more, "tests": [test]}))
    (found,) = run([(str(file), file.read_bytes())]).results
    return found


def test_dumps_tell_users_and_roles(tmp_path: Path) -> None:
    assert _result(tmp_path, {}).mark is Mark.PASSED


def test_what_the_file_writes_counts_more(tmp_path: Path) -> None:
    roles = {"deploy": {"trust_policy": trusting("999999999999")}}
    found = _result(tmp_path, {"expect": "implicitDeny"}, accounts={AWAY: {"roles": roles}})
    assert found.mark is Mark.PASSED


def test_what_the_file_does_not_write_stays(tmp_path: Path) -> None:
    roles = {"other": {"trust_policy": trusting("999999999999")}}
    assert _result(tmp_path, {}, accounts={AWAY: {"roles": roles}}).mark is Mark.PASSED


def test_only_what_the_file_writes_is_all_there_is(tmp_path: Path) -> None:
    condition = {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}
    statement = {**trusting()["Statement"][0], "Condition": condition}
    role = {"deploy": {"trust_policy": {"Version": "2012-10-17", "Statement": [statement]}}}
    case = {"expect": "denied"}
    assert _result(tmp_path, case, accounts={AWAY: {"roles": role}}).decision == "undecided"
    own = {AWAY: {"roles": role}, HOME: {"users": {"alice": {"policies": [policy()]}}}}
    assert _result(tmp_path, case, accounts=own, inventory=[]).mark is Mark.PASSED


def test_what_a_dump_cannot_tell_is_open(tmp_path: Path) -> None:
    found = _result(tmp_path, {"with": {"duration_seconds": 7200}, "because": "IAM903"})
    assert (found.mark, found.decision) == (Mark.FAILED, "undecided")
    assert [cause.code for cause in found.causes] == ["IAM903"]


def test_a_role_that_no_dump_has(tmp_path: Path) -> None:
    typo = f"{DEPLOY[:-1]}i"
    (error,) = _result(tmp_path, {"assume_role": typo}).errors
    assert error.message == f"this file defines no role `{typo}`: did you mean `{DEPLOY}`?"
    assert _result(tmp_path, {"assume_role": typo, "expect": "denied"}).mark is Mark.PASSED


def test_an_inventory_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (error,) = _result(tmp_path, {}, inventory=["nowhere"]).errors
    assert error.message == "cannot read the inventory `nowhere`: there is none"
    (error,) = _result(tmp_path, {}, inventory=["../.."]).errors
    assert "outside of the project" in error.message
