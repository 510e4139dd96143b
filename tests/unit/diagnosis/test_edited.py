"""What AWS owns is edited by nobody, and one policy of a file is told from another one."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

import pytest

from simulator.policy import kinds
from simulator.policy.envelope import unwrap
from simulator.policy.managed import full_aws_access, is_of_aws
from simulator.source import Source
from tests.cli.command import run
from tests.unit.inventory import outputs

if TYPE_CHECKING:
    from pathlib import Path

ALICE, ROLE = outputs.arn("user", "alice"), outputs.arn("role", "deploy")
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
OURS = outputs.arn("policy", "ours")
READS = outputs.allow("s3:Get*", "s3:List*")


def _statement(**more: object) -> outputs.Output:
    found = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": ROLE, **more}
    return {"Version": "2012-10-17", "Statement": [found]}


@pytest.fixture
def account(tmp_path: Path) -> Any:  # noqa: ANN401 - a function
    """Return what asks for the role as a user who has some policies, by their ARNs."""

    def asked(trust: str = outputs.ACCOUNT, **policies: outputs.Output) -> outputs.Output:
        of_arn = {"aws": READ_ONLY, "ours": OURS}
        attached = outputs.attached(*(of_arn[n] for n in policies if n in of_arn))
        inline = {name: each for name, each in policies.items() if name not in of_arn}
        alice = outputs.user(
            "alice", **{**outputs.inline("User", **inline), "AttachedManagedPolicies": attached}
        )
        managed = (outputs.managed(of_arn[n], d) for n, d in policies.items() if n in of_arn)
        role = outputs.role("deploy", AssumeRolePolicyDocument=outputs.trust(trust))
        file = tmp_path / "account.json"
        file.write_text(json.dumps(outputs.dump(role, users=(alice,), policies=tuple(managed))))
        asks = ("--as", ALICE, "--role-arn", ROLE, "--inventory", str(file))
        found: outputs.Output = json.loads(run("assume", *asks, "--format", "json").out)
        return found

    return asked


def _stored(command: str) -> tuple[str, list[str]]:
    """Return what a command stores, and the words before it."""
    *words, document = shlex.split(command)
    return document, words


@pytest.mark.parametrize(
    "document",
    [
        READS,
        _statement(Resource=f"{ROLE}s"),
        _statement(Action="sts:AssumeRoles"),
        _statement(Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}}),
    ],
)
def test_what_a_policy_of_aws_lacks_goes_into_a_new_one(
    account: Any,  # noqa: ANN401 - the fixture
    document: outputs.Output,
) -> None:
    found = account(aws=document)
    fixes = [fix for fix in found["fixes"] if "policy" in (fix["command"] or "")]
    assert fixes
    for fix in fixes:
        assert fix["edits"] == []
        stored, words = _stored(fix["command"])
        assert words[2:] == [
            *("put-user-policy", "--user-name", "alice"),
            *("--policy-name", "<policy-name>", "--policy-document"),
        ]
        assert json.loads(stored) == _statement()


def test_what_a_policy_of_aws_lacks_goes_into_one_of_the_account_s_own(
    account: Any,  # noqa: ANN401 - the fixture
) -> None:
    (fix,) = account(aws=READS, ours=outputs.allow("s3:PutObject"))["fixes"]
    stored, words = _stored(fix["command"])
    assert words[-3:] == ["--policy-arn", OURS, "--policy-document"]
    assert json.loads(stored)["Statement"][1] == _statement()["Statement"][0]


def test_a_deny_of_aws_is_left_as_it_is(account: Any) -> None:  # noqa: ANN401 - the fixture
    found = account(mine=_statement(), aws=_statement(Effect="Deny", Resource="*"))
    assert found["fixes"] == []
    (cause,) = found["causes"]
    assert cause["owner"] == {
        "account": None,
        "what": "AWS, whose policy can be detached, and not changed",
    }


@pytest.mark.parametrize(
    ("trust", "policies", "verb"),
    [
        (outputs.ACCOUNT, {"mine": _statement(Resource=f"{ROLE[:-6]}Deploy")}, "put-user-policy"),
        (outputs.arn("user", "bob"), {"mine": _statement()}, "update-assume-role-policy"),
    ],
)
def test_only_the_policy_that_changes_is_stored(
    account: Any,  # noqa: ANN401 - the fixture
    trust: str,
    policies: dict[str, outputs.Output],
    verb: str,
) -> None:
    found = account(trust, **policies)
    assert found["fixes"]
    for fix in found["fixes"]:
        (command,) = fix["command"].splitlines()
        assert command.split()[2] == verb


_OF_AWS = {"Id": "p-new", "Arn": "arn:aws:organizations::aws:policy/x/p-new", "AwsManaged": True}


@pytest.mark.parametrize(
    ("summary", "name"),
    [
        ({"Id": "p-ours", "AwsManaged": False}, None),
        ({"Id": "p-FullAWSAccess"}, "p-FullAWSAccess"),
        (_OF_AWS, _OF_AWS["Arn"]),
        ({**_OF_AWS, "AwsManaged": False}, None),
    ],
)
def test_describe_policy_says_whose_it_is(summary: outputs.Output, name: str | None) -> None:
    output = {"Policy": {"PolicySummary": summary, "Content": json.dumps(READS)}}
    document = unwrap(Source("scp.json", json.dumps(output))).document
    assert is_of_aws(document) is (name is not None)
    assert document.attachment is not None
    assert document.attachment.name == (name or summary["Id"])


def test_full_aws_access_is_of_aws() -> None:
    assert is_of_aws(full_aws_access(kinds.SCP).document)


def test_the_id_of_an_scp_is_in_its_command(tmp_path: Path) -> None:
    denies = [*outputs.allow("*")["Statement"], *_statement(Effect="Deny")["Statement"]]
    content = json.dumps({"Version": "2012-10-17", "Statement": denies})
    output = {"Policy": {"PolicySummary": {"Id": "p-examplepolicy"}, "Content": content}}
    for name, each in (("scp", output), ("alice", _statement()), ("trust", outputs.trust(ALICE))):
        (tmp_path / f"{name}.json").write_text(json.dumps(each))
    files = {name: str(tmp_path / f"{name}.json") for name in ("scp", "alice", "trust")}
    asks = ("--as", ALICE, "--role-arn", ROLE, "--trust", files["trust"])
    more = ("--policy", files["alice"], "--scp", files["scp"], "--format", "json")
    (fix,) = json.loads(run("assume", *asks, *more).out)["fixes"]
    assert "update-policy --policy-id p-examplepolicy --content" in fix["command"]
