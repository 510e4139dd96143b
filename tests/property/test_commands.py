"""The commands of a fix do what its edits do: each policy is stored where it came from, and asked.

What a command stores is put where the command says, and the question is asked again. Together the
commands change the very policies that the edits change, and no other one of the same file.
"""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import jsonpatch
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.command import run
from tests.unit.inventory import outputs

ACCOUNT = outputs.ACCOUNT
ALICE, ROLE = outputs.arn("user", "alice"), outputs.arn("role", "deploy")
OURS, BOUNDS = outputs.arn("policy", "ours"), outputs.arn("policy", "bounds")
OF_AWS = "arn:aws:iam::aws:policy/ReadOnlyAccess"
NEW = "<policy-name>"

Json = dict[str, Any]

_CONDITIONS: tuple[Json, ...] = (
    *({}, {}, {}, {"StringEquals": {"aws:PrincipalTag/team": "red"}}),
    *(
        {"Bool": {"aws:SecureTransport": "false"}},
        {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    ),
)


def policy(*statements: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@st.composite
def _statements(draw: st.DrawFn) -> Json:
    found = {
        "Effect": draw(st.sampled_from(("Allow", "Allow", "Allow", "Deny"))),
        "Action": draw(
            st.sampled_from(("sts:AssumeRole", "sts:*", "s3:GetObject", "sts:asumeRole"))
        ),
        "Resource": draw(st.sampled_from((ROLE, "*", outputs.arn("role", "Deploy")))),
    }
    condition = draw(st.sampled_from(_CONDITIONS))
    return {**found, "Condition": condition} if condition else found


@st.composite
def _trusts(draw: st.DrawFn) -> Json:
    who = draw(st.sampled_from((ALICE, ACCOUNT, outputs.arn("user", "bob"), "111111111112")))
    condition = draw(st.sampled_from(_CONDITIONS))
    action = draw(st.sampled_from(("sts:AssumeRole", "sts:TagSession")))
    more = {"Condition": condition} if condition else {}
    return outputs.trust(who, Action=action, **more)


_POLICIES = st.lists(_statements(), min_size=1, max_size=2).map(lambda found: policy(*found))


@st.composite
def accounts(draw: st.DrawFn) -> Json:
    """Return what `get-account-authorization-details` prints of a user, a group and a role."""
    inline = {name: draw(_POLICIES) for name in draw(st.sets(st.sampled_from(("one", "two"))))}
    boundary = draw(st.sampled_from((None, None, OURS, BOUNDS, OF_AWS)))
    bounded: Json = {"PermissionsBoundary": {"PermissionsBoundaryArn": boundary}}
    alice = outputs.user(
        "alice",
        UserPolicyList=_listed(inline),
        GroupList=draw(st.sampled_from(([], ["team"]))),
        AttachedManagedPolicies=outputs.attached(*draw(st.sets(st.sampled_from((OURS, OF_AWS))))),
        **(bounded if boundary else {}),
    )
    team = outputs.group("team", GroupPolicyList=_listed({"one": draw(_POLICIES)}))
    deploy = outputs.role("deploy", AssumeRolePolicyDocument=draw(_trusts()))
    managed = (outputs.managed(arn, draw(_POLICIES)) for arn in (OURS, BOUNDS, OF_AWS))
    return outputs.dump(deploy, users=(alice,), groups=(team,), policies=tuple(managed))


def _listed(documents: Json) -> list[Json]:
    return [{"PolicyName": name, "PolicyDocument": each} for name, each in documents.items()]


def asked(account: Json, indent: int | None) -> Json:
    """Return what is answered where an account is such."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "account.json")
        file.write_text(json.dumps(account, indent=indent), "utf-8")
        asks = ("assume", "--as", ALICE, "--role-arn", ROLE, "--inventory", str(file))
        context = ("--context", "aws:SourceIp=198.51.100.1", "--format", "json")
        found: Json = json.loads(run(*asks, *context).out)
    return found


def carried_out(account: Json, commands: list[str]) -> Json:
    """Return an account after commands that store policies."""
    after: Json = json.loads(json.dumps(account))
    for command in commands:
        program, service, verb, *words = shlex.split(command)
        assert (program, service) == ("aws", "iam")
        words = [word for word in words if word != "--set-as-default"]
        options = dict(zip(words[::2], words[1::2], strict=True))
        document = json.loads(options.pop("--policy-document"))
        _STORED[verb](after, options, document)
    return after


def _inline(kind: str) -> Any:  # noqa: ANN401 - a function
    def stored(account: Json, options: Json, document: Json) -> None:
        (holder,) = (
            each
            for each in account[f"{kind}DetailList"]
            if each[f"{kind}Name"] == options[f"--{kind.lower()}-name"]
        )
        policies, name = holder[f"{kind}PolicyList"], options["--policy-name"]
        known = [each for each in policies if each["PolicyName"] == name]
        assert known or name == NEW
        for each in known:
            each["PolicyDocument"] = document
        policies += () if known else _listed({name: document})

    return stored


def _trust(account: Json, options: Json, document: Json) -> None:
    (role,) = account["RoleDetailList"]
    assert role["RoleName"] == options["--role-name"]
    role["AssumeRolePolicyDocument"] = document


def _version(account: Json, options: Json, document: Json) -> None:
    arn = options["--policy-arn"]
    assert arn != OF_AWS
    (policy,) = (each for each in account["Policies"] if each["Arn"] == arn)
    policy["PolicyVersionList"][0]["Document"] = document


_STORED = {
    "put-user-policy": _inline("User"),
    "put-group-policy": _inline("Group"),
    "update-assume-role-policy": _trust,
    "create-policy-version": _version,
}


class Told(NamedTuple):
    """A fix: the commands that store policies, and what becomes of the account by its edits."""

    commands: list[str]
    edited: Json
    is_call: bool


def _told(account: Json, fix: Json) -> Told:
    commands = (fix["command"] or "").splitlines()
    edited: Json = json.loads(json.dumps(account))
    for edit in fix["edits"]:
        edited = jsonpatch.apply_patch(edited, edit["json_patch"])
    stored = [each for each in commands if each.startswith("aws iam ")]
    return Told(stored, edited, is_call=len(stored) < len(commands))


@given(accounts(), st.sampled_from((None, 1)))
def test_commands_change_what_edits_change_and_lead_to_a_yes(
    account: Json, indent: int | None
) -> None:
    for fix in asked(account, indent)["fixes"]:
        commands, edited, is_call = _told(account, fix)
        after = carried_out(account, [each for each in commands if NEW not in each])
        assert after == edited, fix
        if not is_call:
            answer = asked(carried_out(account, commands), indent)
            assert answer["decision"] == "allowed", (account, fix)
