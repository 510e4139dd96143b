"""Questions about what an inventory holds: a policy test file, here, as `--inventory`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.command import ALICE, CI, DEPLOY, allowing, denying, run, trusting

if TYPE_CHECKING:
    from pathlib import Path

S3 = ("--action", "s3:GetObject", "--resource", "arn:aws:s3:::b/k")
OWN = (*S3, "--resource-account", "111111111111")


def _ask(folder: Path, verb: str, *options: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the answer to a question about alice, who may do all, and a role that trusts her."""
    alice = {"policies": [allowing("*", "*")], "tags": {"team": "red"}, **more.pop("alice", {})}
    trust = trusting("111111111111", Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}})
    world = {
        "accounts": {
            "111111111111": {"users": {"alice": alice}, "groups": {}},
            "222222222222": {"roles": {"deploy": {"trust_policy": trust}}},
        },
        "tests": [{"name": "t", "caller": ALICE, "assume_role": DEPLOY, "expect": "allowed"}],
        **more,
    }
    (folder / "world.iamtest.json").write_text(json.dumps(world))
    inventory = ("--inventory", str(folder / "world.iamtest.json"))
    found = run(verb, *inventory, "--as", ALICE, *options, "--format", "json")
    assert found.out, found.err
    value: dict[str, Any] = json.loads(found.out)
    return value


def test_assume(tmp_path: Path) -> None:
    found = _ask(tmp_path, "assume", "--role-arn", DEPLOY)
    assert found["decision"] == "allowed"


def test_files_count_beside_it(tmp_path: Path) -> None:
    (tmp_path / "deny.json").write_text(json.dumps(denying()))
    options = ("--role-arn", DEPLOY, "--policy", str(tmp_path / "deny.json"))
    assert _ask(tmp_path, "assume", *options)["decision"] == "explicitDeny"
    (tmp_path / "trust.json").write_text(json.dumps(trusting("999999999999")))
    options = ("--role-arn", DEPLOY, "--trust", str(tmp_path / "trust.json"))
    assert _ask(tmp_path, "assume", *options)["decision"] == "implicitDeny"


def test_a_typo_finds_the_nearest_role(tmp_path: Path) -> None:
    found = _ask(tmp_path, "assume", "--role-arn", f"{DEPLOY[:-1]}i")
    assert (found["decision"], found["causes"][0]["code"]) == ("implicitDeny", "IAM501")
    assert DEPLOY in found["causes"][0]["help"]
    assert [fix["title"] for fix in found["fixes"]] == [f"ask for `{DEPLOY}`"]


def test_a_role_of_that_name_in_another_account(tmp_path: Path) -> None:
    found = _ask(tmp_path, "assume", "--role-arn", DEPLOY.replace("222222222222", "111111111111"))
    assert [fix["title"] for fix in found["fixes"]] == [f"ask for `{DEPLOY}`"]


def test_a_role_like_no_other(tmp_path: Path) -> None:
    found = _ask(tmp_path, "assume", "--role-arn", f"{DEPLOY[:31]}billing")
    (cause,) = found["causes"]
    assert (cause["code"], found["fixes"]) == ("IAM501", [])
    assert "deploy" not in cause["help"]


@pytest.mark.parametrize("verb", ["assume", "simulate"])
def test_a_caller_whom_it_would_have(verb: str, tmp_path: Path) -> None:
    (tmp_path / "world.iamtest.json").write_text(
        json.dumps({"accounts": {"111111111111": {"users": {"alice": {}}}}, "tests": [
            {"name": "t", "caller": ALICE, "action": "s3:GetObject", "expect": "denied"}]})
    )  # fmt: skip
    asked = ("--role-arn", DEPLOY) if verb == "assume" else S3
    inventory = ("--inventory", str(tmp_path / "world.iamtest.json"))
    found = run(verb, *inventory, "--as", f"{ALICE[:-1]}a", *asked)
    assert (found.status, found.out) == (2, "")
    assert f"did you mean `{ALICE}`?" in found.err


def test_a_role_of_an_account_that_nobody_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "roles.json").write_text(json.dumps({"Roles": []}))
    found = run(
        "assume", "--as", ALICE, "--role-arn", DEPLOY, "--inventory", str(tmp_path / "empty")
    )
    assert (found.status, found.out) == (2, "")
    assert f"nothing is known of the role `{DEPLOY}`" in found.err


def test_a_role_of_an_account_of_which_only_another_is_told(tmp_path: Path) -> None:
    shown = {"Arn": DEPLOY, "RoleName": "deploy", "AssumeRolePolicyDocument": trusting("*")}
    (tmp_path / "role.json").write_text(json.dumps({"Role": shown}))
    options = ("--role-arn", f"{DEPLOY[:-1]}i", "--inventory", str(tmp_path / "role.json"))
    found = run("assume", "--as", ALICE, *options)
    assert (found.status, found.out) == (2, "")
    assert f"nothing is known of the role `{DEPLOY[:-1]}i` (did you mean `{DEPLOY}`?)" in found.err


def test_a_role_whose_trust_policy_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "role.json").write_text(json.dumps({"Role": {"Arn": DEPLOY, "RoleName": "deploy"}}))
    options = ("--role-arn", DEPLOY, "--inventory", str(tmp_path / "role.json"))
    found = json.loads(run("assume", "--as", ALICE, *options, "--format", "json").out)
    assert found["decision"] == "undecided"
    (cause,) = [cause for cause in found["causes"] if cause["code"] == "IAM904"]
    assert cause["help"].endswith("`--trust FILE`")


def test_simulate(tmp_path: Path) -> None:
    assert _ask(tmp_path, "simulate", *OWN)["decision"] == "allowed"
    capped = {"permissions_boundary": allowing("*", "ec2:*")}
    found = _ask(tmp_path, "simulate", *OWN, alice=capped)
    assert [cause["layer"] for cause in found["causes"]] == ["boundary"]
    (tmp_path / "wide.json").write_text(json.dumps(allowing("*", "*")))
    boundary = ("--boundary", str(tmp_path / "wide.json"))
    assert _ask(tmp_path, "simulate", *OWN, *boundary, alice=capped)["decision"] == "allowed"


def test_simulate_within_the_organization_and_on_a_role(tmp_path: Path) -> None:
    unit = {"accounts": ["111111111111", "222222222222"], "scps": [denying("s3:*")]}
    organization = {"id": "o-example", "root": {"units": {"prod": unit}}}
    found = _ask(tmp_path, "simulate", *OWN, organization=organization)
    assert found["decision"] == "explicitDeny"
    role = ("--action", "sts:AssumeRole", "--resource", DEPLOY)
    assert _ask(tmp_path, "simulate", *role)["decision"] == "allowed"


def _export(folder: Path, *, listed: bool = True, in_use: bool = True) -> tuple[str, ...]:
    """Return the options for an export of an organization, with all that it has to tell or not."""
    full = [{"Id": "p-FullAWSAccess", "Type": "SERVICE_CONTROL_POLICY"}]
    ids, root = ("111111111111", "999999999999"), [{"Id": "r-ab12", "Type": "ROOT"}]
    types = {"PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]}
    export = {
        "Organization": {"Id": "o-exampleorgid", "MasterAccountId": ids[1]},
        "Roots": [{"Id": "r-ab12", **(types if in_use else {})}],
        "Parents": dict.fromkeys(ids, root),
        "PoliciesForTarget": dict.fromkeys((ids[0], "r-ab12"), full),
        **({"Accounts": [{"Id": each} for each in ids]} if listed else {}),
    }
    (folder / "org.json").write_text(json.dumps(export))
    return ("--inventory", str(folder / "org.json"))


@pytest.mark.parametrize(("listed", "decision"), [(True, "allowed"), (False, "undecided")])
def test_an_account_of_which_nobody_says_whether_it_is_in_the_organization(
    tmp_path: Path, decision: str, *, listed: bool
) -> None:
    options = ("--role-arn", DEPLOY, *_export(tmp_path, listed=listed))
    assert _ask(tmp_path, "assume", *options)["decision"] == decision


@pytest.mark.parametrize(("in_use", "decision"), [(True, "allowed"), (False, "undecided")])
def test_policies_of_the_organization_of_which_nobody_tells(
    tmp_path: Path, decision: str, *, in_use: bool
) -> None:
    options = (*OWN, *_export(tmp_path, in_use=in_use))
    found = _ask(tmp_path, "simulate", *options)
    assert found["decision"] == decision
    for cause in found["causes"]:
        assert (cause["code"], cause["layer"]) == ("IAM902", "fact")
        assert "what nobody has shown: the " in cause["message"]
    assert bool(found["causes"]) is not in_use


def test_the_roles_of_a_dump_without_roles_are_not_known(tmp_path: Path) -> None:
    alice = {"Arn": ALICE, "UserName": "alice", "UserId": "AIDADBQP57FF2AEXAMPLE"}
    dump = {"UserDetailList": [alice], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}
    (tmp_path / "dump.json").write_text(json.dumps(dump))
    options = ("--role-arn", f"{ALICE[:26]}role/deploy", "--inventory", str(tmp_path / "dump.json"))
    found = run("assume", "--as", ALICE, *options)
    assert (found.status, found.out) == (2, "")
    assert "nothing is known of the role" in found.err


def test_a_group_that_nobody_has_shown_is_not_taken_for_a_policy(tmp_path: Path) -> None:
    dump = {
        "UserDetailList": [{"Arn": ALICE, "UserName": "alice", "GroupList": ["g"]}],
        "RoleDetailList": [{"Arn": f"{ALICE[:26]}role/r", "RoleName": "r"}],
    }
    (tmp_path / "dump.json").write_text(json.dumps(dump))
    found = run("simulate", "--as", ALICE, *OWN, "--inventory", str(tmp_path / "dump.json"))
    assert "what nobody has shown: the policies of the group g" in found.out
    assert "a whole dump of the account, or what the `aws iam` commands print" in found.out
    assert "get-policy-version" not in found.out
    assert "the group `g` of account 111111111111 is in no file" in found.err


@pytest.mark.parametrize(
    ("options", "noted"),
    [
        ((), ["source identity", "tags to hand on"]),
        (("--context", "aws:SourceIdentity=a-1"), ["tags to hand on"]),
        (("--caller-tag", "a=b", "--caller-transitive-tag-key", "a"), ["source identity"]),
    ],
)
def test_what_the_session_of_a_role_is_taken_to_have(
    options: tuple[str, ...], noted: list[str], tmp_path: Path
) -> None:
    roles = {"ci": {"trust_policy": trusting("111111111111"), "policies": [allowing()]}}
    world = {"accounts": {"111111111111": {"roles": roles}}, "tests": []}
    (tmp_path / "world.iamtest.json").write_text(json.dumps(world))
    inventory = ("--inventory", str(tmp_path / "world.iamtest.json"))
    found = run("aws", "sts", "get-access-key-info", "--access-key-id", "AKIAIOSFODNN7EXAMPLE",
                "--as", CI, *inventory, *options)  # fmt: skip
    notes = [line for line in found.err.splitlines() if f"the session `{CI}`" in line]
    assert len(notes) == 1
    words = ("source identity", "tags to hand on")
    assert [word for word in words if f"no {word}" in notes[0]] == noted


def test_a_session_without_an_inventory_is_not_spoken_of() -> None:
    found = run("aws", "sts", "get-caller-identity", "--as", CI)
    assert (found.status, found.err) == (0, "")


def test_the_command_of_a_managed_policy_has_its_arn(tmp_path: Path) -> None:
    arn = "arn:aws:iam::111111111111:policy/team/read only"
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": allowing("s3:*", "*")}
    attached = {"PolicyName": "read only", "PolicyArn": arn}
    user = {
        "Path": "/",
        "UserName": "alice",
        "UserId": "AIDAEXAMPLE",
        "Arn": ALICE,
        "GroupList": [],
        "AttachedManagedPolicies": [attached],
    }
    policy = {
        "PolicyName": "read only",
        "PolicyId": "ANPAEXAMPLE",
        "Arn": arn,
        "Path": "/team/",
        "DefaultVersionId": "v1",
        "PolicyVersionList": [version],
    }
    dump = {"UserDetailList": [user], "GroupDetailList": [], "RoleDetailList": []}
    path = tmp_path / "dump.json"
    path.write_text(json.dumps({**dump, "Policies": [policy]}))
    question = ("--as", ALICE, "--action", "iam:GetUser", "--resource", ALICE)
    found = run("simulate", "--inventory", str(path), *question, "--format", "json")
    (fix,) = json.loads(found.out)["fixes"]
    assert fix["edits"][0]["file"] == str(path)
    start = f"aws iam create-policy-version --set-as-default --policy-arn '{arn}' --policy-document"
    assert fix["command"].startswith(start)
