"""`iamsim simulate` as its reference describes it: options, callers, refusals, keys, status."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cli.command import (
    ALICE,
    CI,
    COMMAND,
    DEPLOY,
    LOCAL,
    Result,
    allowing,
    denying,
    policy,
    run,
    trusting,
)
from tests.cli.test_process import HEAVY, modules

ACCOUNT, OTHER = "111111111111", "222222222222"
BOB = "arn:aws:iam::111111111111:user/bob"
ROOT = "arn:aws:iam::111111111111:root"
FEDERATED = "arn:aws:sts::111111111111:federated-user/bob"
TRAIL = "cloudtrail.amazonaws.com"
QUEUE = "arn:aws:sqs:us-east-1:111111111111:jobs"
FOREIGN = "arn:aws:sqs:us-east-1:222222222222:jobs"
OBJECT = "arn:aws:s3:::artifacts/app.zip"
KEY = "arn:aws:kms:us-east-1:111111111111:key/1"
SEND = "sqs:SendMessage"
YES, NO, NEVER, OPEN = "allowed", "implicitDeny", "explicitDeny", "undecided"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def granting(principal: object, action: str = SEND, **more: object) -> dict[str, Any]:
    """Return a resource-based policy that allows."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    return policy({**statement, **more})


def when(operator: str, key: str, value: object) -> dict[str, Any]:
    """Return an identity policy that allows under one condition."""
    return allowing("*", Condition={operator: {key: value}})


def rcp() -> dict[str, Any]:
    """Return a resource control policy that denies."""
    return policy({**denying("sqs:*")["Statement"][0], "Principal": "*"})


def asking(
    *options: str,
    who: str = ALICE,
    action: str = SEND,
    resource: str | None = QUEUE,
    **documents: object,
) -> list[str]:
    """Return the arguments of a question; each document is written to a file of its option's name.

    The identity policy allows everything unless another is given.
    """
    arguments = ["simulate", "--as", who, "--action", action]
    arguments += ["--resource", resource] if resource else []
    signed = who.startswith("arn:") and who != ROOT
    for name, given in {**({"policy": allowing("*")} if signed else {}), **documents}.items():
        for number, each in enumerate(given if isinstance(given, tuple) else (given,)):
            if each is not None:
                suffix = "yaml" if each == YAML else "json"
                file = f"{name}{number or ''}.{suffix}"
                text = each if isinstance(each, str) else json.dumps(each)
                Path(file).write_text(text, encoding="utf-8")
                arguments += [f"--{name.replace('_', '-')}", file]
    return [*arguments, *options]


def ask(*options: str, **question: Any) -> Result:  # noqa: ANN401 - see `asking`
    """Return what the command says to a question."""
    return run(*asking(*options, **question))


def answer(*options: str, **question: Any) -> dict[str, Any]:  # noqa: ANN401 - see `asking`
    """Return the JSON answer to one question, its exit status having been found right."""
    result = ask(*options, "--format", "json", **question)
    assert result.out, result.err
    value: dict[str, Any] = json.loads(result.out)
    assert result.status == (0 if value["decision"] == YES else 1)
    return value


class Effect(NamedTuple):
    """A question, what is added to it, and the decisions without and with that."""

    option: str
    without: str
    within: str
    question: dict[str, Any]
    options: tuple[str, ...] = ()
    documents: dict[str, Any] = {}  # noqa: RUF012 - never changed


SESSION = {"session_policy": allowing("s3:*")}
BY_USER = granting({"AWS": BOB})
EFFECTS = (
    Effect("--policy", OPEN, YES, {"policy": None}, documents={"policy": allowing("sqs:*")}),
    Effect("--policy twice", YES, NEVER, {}, documents={"policy": (allowing("*"), denying("*"))}),
    Effect("--boundary", YES, NO, {}, documents={"boundary": allowing("s3:*")}),
    Effect("--session-policy", YES, NO, {"who": CI}, documents=SESSION),
    Effect("--endpoint-policy", YES, NO, {}, documents={"endpoint_policy": granting("*", "s3:*")}),
    Effect("--scp", YES, NO, {}, documents={"scp": allowing("s3:*")}),
    Effect(
        "--scp on every level", YES, NO, {}, documents={"scp": (allowing("*"), allowing("s3:*"))}
    ),
    Effect("--rcp", YES, NEVER, {}, documents={"rcp": rcp()}),
    Effect(
        "--resource-policy",
        NO,
        YES,
        {"policy": allowing("s3:*")},
        documents={"resource_policy": granting({"AWS": ALICE})},
    ),
    Effect(
        "--resource-policy of another account",
        NO,
        YES,
        {"resource": FOREIGN},
        documents={"resource_policy": granting({"AWS": ACCOUNT})},
    ),
    Effect(
        "--resource-policy of a key",
        OPEN,
        YES,
        {"action": "kms:Decrypt", "resource": KEY},
        documents={"resource_policy": granting({"AWS": ACCOUNT}, "kms:*")},
    ),
    Effect(
        "--resource-policy of a role",
        OPEN,
        YES,
        {"action": "sts:AssumeRole", "resource": LOCAL},
        documents={"resource_policy": trusting(ACCOUNT)},
    ),
    Effect("--resource-account", OPEN, YES, {"resource": OBJECT}, ("--resource-account", ACCOUNT)),
    Effect(
        "--resource-account, another",
        OPEN,
        NO,
        {"resource": OBJECT},
        ("--resource-account", OTHER),
    ),
    Effect(
        "--management-account", NEVER, YES, {"scp": denying("*")}, ("--management-account", ACCOUNT)
    ),
    Effect(
        "--principal-tag",
        OPEN,
        YES,
        {"policy": when("StringEquals", "aws:PrincipalTag/team", "red")},
        ("--principal-tag", "team=red"),
    ),
    Effect(
        "--principal-tag, another",
        OPEN,
        NO,
        {"policy": when("StringEquals", "aws:PrincipalTag/team", "red")},
        ("--principal-tag", "env=a=b"),
    ),
    Effect(
        "--resource-tag",
        OPEN,
        YES,
        {"policy": when("StringEquals", "aws:ResourceTag/env", "a=b")},
        ("--resource-tag", "env=a=b"),
    ),
    Effect(
        "--mfa",
        NO,
        YES,
        {"policy": when("Bool", "aws:MultiFactorAuthPresent", "true")},
        ("--mfa",),
    ),
    Effect(
        "--no-mfa",
        YES,
        NO,
        {"policy": when("BoolIfExists", "aws:MultiFactorAuthPresent", "true")},
        ("--no-mfa",),
    ),
    Effect(
        "--source-identity",
        NO,
        YES,
        {"who": CI, "policy": when("StringEquals", "aws:SourceIdentity", "alice")},
        ("--source-identity", "alice"),
    ),
    Effect(
        "--canonical-user",
        NO,
        YES,
        {"resource": FOREIGN, "resource_policy": granting({"CanonicalUser": "79a5"})},
        ("--canonical-user", "79a5"),
    ),
    Effect(
        "--federated-by",
        OPEN,
        YES,
        {
            "who": FEDERATED,
            "policy": None,
            "session_policy": allowing("*"),
            "resource_policy": BY_USER,
        },
        ("--federated-by", BOB),
    ),
    Effect(
        "--context",
        NO,
        YES,
        {"policy": when("StringEquals", "aws:SourceVpc", "vpc-1")},
        ("--context", "aws:SourceVpc=vpc-1"),
    ),
    Effect(
        "--context absent",
        OPEN,
        NO,
        {"policy": when("IpAddress", "aws:SourceIp", "203.0.113.0/24")},
        ("--context", "aws:SourceIp="),
    ),
    Effect(
        "--context-file",
        NO,
        YES,
        {"policy": when("ForAnyValue:StringEquals", "aws:CalledVia", "b.amazonaws.com")},
        documents={
            "context_file": [
                {
                    "ContextKeyName": "aws:CalledVia",
                    "ContextKeyValues": ["a.amazonaws.com", "b.amazonaws.com"],
                    "ContextKeyType": "stringList",
                }
            ]
        },
    ),
    Effect("--strict", YES, OPEN, {"who": TRAIL, "resource_policy": granting("*")}, ("--strict",)),
)


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.option)
def test_option(effect: Effect) -> None:
    assert answer(**effect.question)["decision"] == effect.without
    changed = answer(*effect.options, **{**effect.question, **effect.documents})
    assert changed["decision"] == effect.within


@pytest.mark.parametrize(
    ("who", "principal", "decision"),
    [
        (ALICE, {"AWS": ALICE}, YES),
        (BOB, {"AWS": ALICE}, NO),
        (ROOT, {"AWS": "333333333333"}, YES),
        (CI, {"AWS": "arn:aws:iam::111111111111:role/ci"}, YES),
        (TRAIL, {"Service": TRAIL}, YES),
        (TRAIL, {"Service": "sns.amazonaws.com"}, NO),
        ("anonymous", "*", YES),
        ("anonymous", {"AWS": ACCOUNT}, NO),
        (FEDERATED, {"AWS": FEDERATED}, YES),
    ],
)
def test_as(who: str, principal: object, decision: str) -> None:
    own = {"policy": allowing("s3:*")} if who.startswith("arn:") and who != ROOT else {}
    found = answer(who=who, resource_policy=granting(principal), **own)
    assert (found["decision"], found["caller"]) == (decision, who)


def test_the_path_of_a_role() -> None:
    role = "arn:aws:iam::111111111111:role/team/ci"
    options = ("--context", f"aws:PrincipalArn={role}")
    wanted = when("ArnEquals", "aws:PrincipalArn", role)
    assert answer(*options, who=CI, policy=wanted)["decision"] == YES
    without = answer(who=CI, policy=wanted)
    assert without["decision"] == OPEN
    (cause,) = without["causes"]
    assert "aws:PrincipalArn" in cause["message"]
    elsewhere = when("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::111111111111:role/team/other")
    assert "taken to have no path" in ask(who=CI, policy=elsewhere).err


# ------------------------------ what an answer holds
def test_the_keys_of_an_answer() -> None:
    found = answer(policy=allowing("s3:*"))
    (cause,) = found.pop("causes")
    assert cause["layer"] == "identity"
    assert cause["location"]["file"] == "policy.json"
    assert found["fixes"]
    assert found["error"] == {
        "code": "AccessDenied",
        "message": (
            f"User: {ALICE} is not authorized to perform: {SEND} on resource: {QUEUE} because no"
            f" identity-based policy allows the {SEND} action"
        ),
        "status": 403,
    }
    told = ("decision", "caller", "action", "resource", "doubts", "notes")
    assert [found[key] for key in told] == [NO, ALICE, SEND, QUEUE, [], []]
    assert set(found) == {*told, "error", "fixes", "allowed_if", "allowed_if_complete"}


MESSAGES = (
    ({"scp": allowing("s3:*")}, "because no service control policy allows the {} action"),
    ({"scp": denying("*")}, "with an explicit deny in a service control policy"),
    ({"rcp": rcp()}, "with an explicit deny in a resource control policy"),
    ({"policy": denying("*")}, "with an explicit deny in an identity-based policy"),
    ({"boundary": allowing("s3:*")}, "because no permissions boundary allows the {} action"),
    ({"boundary": denying("*")}, "with an explicit deny in a permissions boundary"),
    ({"who": CI, **SESSION}, "because no session policy allows the {} action"),
    ({"resource": FOREIGN}, "because no resource-based policy allows the {} action"),
    (
        {"endpoint_policy": granting("*", "s3:*")},
        "because no VPC endpoint policy allows the {} action",
    ),
    ({"policy": denying("*"), "scp": denying("*")}, "deny in a service control policy"),
)


@pytest.mark.parametrize(("question", "reason"), MESSAGES)
def test_the_error_names_one_layer(question: dict[str, Any], reason: str) -> None:
    assert answer(**question)["error"]["message"].endswith(reason.format(SEND))


def test_sts_gives_no_reason() -> None:
    found = answer(action="sts:AssumeRole", resource=DEPLOY, resource_policy=trusting("3" * 12))
    message = f"User: {ALICE} is not authorized to perform: sts:AssumeRole on resource: {DEPLOY}"
    assert found["error"]["message"] == message


@pytest.mark.parametrize(("who", "called"), [("anonymous", "anonymous"), (TRAIL, TRAIL)])
def test_who_has_no_arn_in_the_error(who: str, called: str) -> None:
    assert answer(who=who)["error"]["message"].startswith(f"User: {called} is not authorized")


def test_no_error_where_it_is_open() -> None:
    found = answer(policy=None)
    assert (found["decision"], found["error"]) == (OPEN, None)
    assert [cause["layer"] for cause in found["causes"]] == ["fact"]


def test_text() -> None:
    result = ask(policy=allowing("s3:*"))
    assert result.out.startswith(
        f"denied (implicitDeny): {ALICE} cannot do {SEND} on {QUEUE}\n\ncause[IAM"
    )
    assert f"calling the SendMessage operation: User: {ALICE}" in result.out
    assert ask().out == f"allowed: {ALICE} can do {SEND} on {QUEUE}\n"


# ------------------------------ several questions at once
def test_each_action_on_each_resource() -> None:
    options = ("--action", "sqs:ReceiveMessage", "--resource", FOREIGN, "--format", "json")
    result = ask(*options, policy=allowing(SEND))
    found = [(r["action"], r["resource"], r["decision"]) for r in json.loads(result.out)["results"]]
    assert found == [
        (SEND, QUEUE, YES),
        (SEND, FOREIGN, NO),
        ("sqs:ReceiveMessage", QUEUE, NO),
        ("sqs:ReceiveMessage", FOREIGN, NO),
    ]
    assert result.status == 1
    assert ask("--action", "sqs:ReceiveMessage").status == 0


def test_a_trust_policy_and_a_resource_policy_from_one_file() -> None:
    options = ("--resource", QUEUE, "--query", "results[].decision")
    result = ask(*options, action="sts:AssumeRole", resource=LOCAL, resource_policy=granting("*"))
    assert (result.status, result.out) == (2, "")  # a trust policy has no `Resource`
    assert "IAM" in result.err


def test_text_of_several() -> None:
    result = ask("--action", "sqs:ReceiveMessage")
    assert result.out.count("allowed: ") == 2
    assert "\n\nallowed: " in result.out


# ------------------------------ organization
TREE: dict[str, Any] = {
    "id": "o-example",
    "management_account": "999999999999",
    "root": {
        "units": {
            "prod": {"scps": ["scp.json"], "rcps": ["rcp.json"], "accounts": [ACCOUNT, OTHER]}
        }
    },
}
YAML = """
organization:
  id: o-example
  root:
    accounts: ["111111111111"]
"""


def within(tree: object, *options: str, **question: Any) -> Result:  # noqa: ANN401 - see `asking`
    """Return what the command says in an organization."""
    Path("scp.json").write_text(json.dumps(allowing("sqs:*")), encoding="utf-8")
    Path("rcp.json").write_text(json.dumps(rcp()), encoding="utf-8")
    return ask(*options, "--query", "decision", organization=tree, **question)


@pytest.mark.parametrize(
    ("question", "decision"),
    [
        ({}, NEVER),  # the RCP
        ({"resource": "arn:aws:sqs:us-east-1:333333333333:jobs"}, NO),
        ({"action": "sns:Publish", "resource": None}, NO),  # the SCP
        ({"who": "arn:aws:iam::999999999999:user/alice", "action": "sns:Publish"}, NO),
        ({"who": "arn:aws:iam::999999999999:user/a", "action": "s3:List", "resource": None}, YES),
        ({"who": "arn:aws:iam::333333333333:user/a", "action": "s3:List", "resource": None}, YES),
    ],
)
def test_organization(question: dict[str, Any], decision: str) -> None:
    assert json.loads(within(TREE, **question).out) == decision


@pytest.mark.parametrize("key", ["aws:PrincipalOrgID", "aws:ResourceOrgID"])
def test_an_organization_tells_its_id(key: str) -> None:
    wanted = when("StringEquals", key, "o-example")
    assert json.loads(within(YAML, policy=wanted).out) == YES
    given = ("--context", f"{key}=o-other")
    assert json.loads(within(YAML, *given, policy=wanted).out) == NO
    assert answer(policy=wanted)["decision"] == OPEN


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ({**TREE, "id": []}, "expected text, found a list"),
        ({"id": "o-1"}, "the key `root` is missing"),
        ({**TREE, "root": {"accounts": ["1111"]}}, "`1111` is not an account id"),
        ({**TREE, "root": {"scps": ["none.json"]}}, "none.json"),
        ("[]", "expected a mapping"),
        ("a: [", "error[IAM"),
    ],
)
def test_an_organization_that_is_none(tree: object, said: str) -> None:
    result = within(tree)
    assert (result.status, result.out) == (2, "")
    assert said in result.err


def test_the_rcps_of_an_unknown_owner() -> None:
    result = within(TREE, resource=OBJECT)
    assert result.status == 2
    assert "`--resource-account`" in result.err


# ------------------------------ what cannot be asked: rows of docs/reference/bad-input.md
UNUSABLE: tuple[tuple[tuple[str, ...], dict[str, Any], str], ...] = (
    # 85, 88, 90: who calls
    ((), {"who": "arn:aws:iam::1111:user/a"}, "expected 12 digits"),
    (
        (),
        {"who": "arn:aws:iam::111111111111:role/ci"},
        "`arn:aws:sts::111111111111:assumed-role/ci/SESSION`",
    ),
    (
        (),
        {"who": "arn:aws:iam::111111111111:role/team/ci"},
        "--context aws:PrincipalArn=arn:aws:iam::111111111111:role/team/ci",
    ),
    ((), {"who": "arn:aws:iam::111111111111:group/dev"}, "groups cannot call"),
    ((), {"who": "alice"}, "`alice` is not an ARN"),
    (
        (),
        {"action": "sts:AssumeRole", "resource": CI},
        "the role it was made from is `arn:aws:iam::111111111111:role/ci`",
    ),
    # the request
    ((), {"action": "s3:Get*"}, "is a pattern"),
    ((), {"action": "GetObject"}, "expected `service:Action`"),
    ((), {"resource": "artifacts/app.zip"}, "is not an ARN"),
    (("--resource-account", "1"), {}, "`--resource-account 1` is not an account id"),
    (("--resource-account", OTHER), {}, f"is of the account `{ACCOUNT}`"),
    (("--management-account", "x"), {}, "is not an account id"),
    # what belongs to other callers
    (("--mfa",), {"who": CI}, "`--mfa` is for users"),
    (("--no-mfa",), {"who": TRAIL}, "`--no-mfa` is for users"),
    ((), SESSION, "`--session-policy` is for sessions"),
    (("--source-identity", "x"), {}, "`--source-identity` is for role sessions"),
    (("--federated-by", BOB), {}, "`--federated-by` is for federated users"),
    (("--federated-by", CI), {"who": FEDERATED}, "expected a user of the account"),
    (("--federated-by", "x"), {"who": FEDERATED}, "`--federated-by`: `x` is not an ARN"),
    ((), {"who": "anonymous", "policy": allowing()}, "`--policy` is for callers of an account"),
    (("--principal-tag", "a=b"), {"who": TRAIL}, "`--principal-tag` is for callers"),
    # 101: values
    (("--context", "aws:SourceIp=300.0.0.1"), {}, "expected an address"),
    (("--context", "aws:SecureTransport=yes"), {}, "expected `true` or `false`"),
    (("--context", "sourceip"), {}, "expected `prefix:Key=VALUE`"),
    (("--principal-tag", "team"), {}, "expected `KEY=VALUE`"),
    (("--resource-tag", "a=1", "--resource-tag", "a=2"), {}, "the tag is given twice"),
    (
        ("--mfa", "--context", "aws:MultiFactorAuthPresent=false"),
        {},
        "`--mfa` says already what this key is",
    ),
    (
        ("--principal-tag", "team=red", "--context", "aws:PrincipalTag/Team=blue"),
        {},
        "`--principal-tag` says already",
    ),
    # files
    (("--policy", "missing.json"), {}, "cannot read `missing.json`"),
    (("--policy", "-", "--scp", "-"), {}, "standard input (`-`) can be given for one file only"),
    ((), {"resource_policy": "{"}, "resource_policy.json:1:"),
    ((), {"boundary": {"Statement": []}}, "error[IAM103]"),
    (("--scp", "scp.json"), {"organization": TREE}, "`--organization` says already"),
    (("--management-account", ACCOUNT), {"organization": TREE}, "`--organization` says already"),
    (("--trace", "--format", "aws"), {}, "`--trace` goes with"),
    (("--query", "a["), {}, "`--query`: "),
    (("--boundary", "a", "--boundary", "b"), {}, "--boundary is given more than once"),
    (("--mfa", "--no-mfa"), {}, "contradict each other"),
)


@pytest.mark.parametrize(("options", "question", "said"), UNUSABLE)
def test_unusable(options: tuple[str, ...], question: dict[str, Any], said: str) -> None:
    result = ask(*options, **question)
    assert (result.status, result.out) == (2, "")
    assert said in result.err


@pytest.mark.parametrize("missing", ["--as", "--action"])
def test_what_must_be_given(missing: str) -> None:
    arguments = asking()
    del arguments[arguments.index(missing) :][:2]
    at = arguments.index(missing)
    result = run(*arguments[:at], *arguments[at + 2 :])
    assert result.status == 2
    assert f"`{missing} " in result.err


ENTRY = {"ContextKeyName": "aws:SourceVpc", "ContextKeyValues": ["vpc-1"]}


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"a": 1}, "expected a list of ContextEntries"),
        ([7], "entry 1: expected ContextKeyName"),
        ([{**ENTRY, "Type": "string"}], "there is no `Type`"),
        ([{**ENTRY, "ContextKeyName": "vpc"}], "is no condition key"),
        ([{**ENTRY, "ContextKeyValues": "vpc-1"}], "is a list of text"),
        ([{**ENTRY, "ContextKeyType": "text"}], "ContextKeyType is `string`"),
        ([ENTRY, ENTRY], "entry 2: `aws:sourcevpc` is given twice"),
        (
            [{**ENTRY, "ContextKeyValues": ["a", "b"], "ContextKeyType": "string"}],
            "expected `stringList`",
        ),
        ("{", "error[IAM"),
    ],
)
def test_context_entries_that_are_none(entries: object, said: str) -> None:
    result = ask(context_file=entries)
    assert (result.status, result.out) == (2, "")
    assert said in result.err


def test_context_entries_and_options_contradict() -> None:
    entry = {"ContextKeyName": "aws:MultiFactorAuthPresent", "ContextKeyValues": ["true"]}
    assert "`--mfa` says already" in ask("--mfa", context_file=[entry]).err
    context = ("--context", "aws:SourceVpc=vpc-2")
    assert "`--context-file` says already" in ask(*context, context_file=[ENTRY]).err


def test_the_skeleton_of_the_aws_cli_is_read() -> None:
    wanted = when("StringEquals", "aws:SourceVpc", "vpc-1")
    entries = {"ContextEntries": [{**ENTRY, "ContextKeyType": "string"}]}
    assert answer(policy=wanted, context_file=entries)["decision"] == YES


# ------------------------------ what is odd is said
NOTES: tuple[tuple[tuple[str, ...], dict[str, Any], str, str], ...] = (
    # 92
    ((), {"who": "arn:aws-cn:iam::111111111111:user/a"}, NO, "another partition"),
    # 93
    ((), {"who": ROOT, "action": "sts:AssumeRole", "resource": LOCAL}, OPEN, "`iamsim assume`"),
    # 100
    (("--context", "aws:SorceIp=10.0.0.1"), {}, YES, "did you mean `aws:SourceIp`"),
    # 105
    ((), {"action": "s3:GetObject", "resource": LOCAL}, YES, "`s3:GetObject` is not done to"),
    ((), {"action": "sqs:SendMesage"}, YES, "did you mean `sqs:SendMessage`"),
    ((), {"resource": None, "policy": allowing("s3:*")}, NO, "and none was given"),
    ((), {"resource": f"{QUEUE}*"}, YES, "and not as a pattern"),
    ((), {"scp": denying("s3:*")}, YES, "`FullAWSAccess` is taken to be attached"),
)


@pytest.mark.parametrize(("options", "question", "decision", "note"), NOTES)
def test_note(options: tuple[str, ...], question: dict[str, Any], decision: str, note: str) -> None:
    assert answer(*options, **question)["decision"] == decision
    assert any(note in each for each in answer(*options, **question)["notes"])
    assert note in ask(*options, **question).err


def test_104_an_owner_that_nobody_said() -> None:
    found = answer(resource=OBJECT)
    (cause,) = found["causes"]
    assert (found["decision"], cause["layer"]) == (OPEN, "fact")
    assert "--resource-account" in cause["help"]


def test_99_a_fact_and_what_is_absent() -> None:
    fact = when("IpAddress", "aws:SourceIp", "203.0.113.0/24")
    assert answer(policy=fact)["causes"][0]["code"] == "IAM901"
    assert answer(policy=when("StringEquals", "aws:SourceVpc", "vpc-1"))["decision"] == NO


def test_strict_names_the_doubt() -> None:
    question = {"who": TRAIL, "resource_policy": granting("*")}
    found = answer("--strict", **question)
    assert (found["doubts"], found["error"]) == (["STAR-SERVICE"], None)
    assert "open[IAM907]: the answer turns on STAR-SERVICE" in ask("--strict", **question).out
    assert answer("--strict")["doubts"] == []


ROLE = "arn:aws:iam::111111111111:role/r"
TRUSTING_ALL = policy({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:*"})


@pytest.mark.parametrize(
    ("question", "options", "signed"),
    [
        ({"action": "iam:ListUsers"}, ("--no-mfa",), "a session token made without MFA"),  # STS-8
        ({"action": "sts:GetFederationToken"}, ("--mfa",), "a session token"),  # STS-9
        ({"action": "iam:ListUsers", "who": FEDERATED}, (), "a federated user"),  # STS-11
        ({"action": "sts:GetSessionToken", "who": CI}, (), "a role session"),  # STS-10
        ({"action": "sts:AssumeRole", "who": ROOT, "resource": ROLE}, (), "a root user"),  # STS-1
        ({"action": "sts:AssumeRole", "who": "anonymous", "resource": ROLE}, (), "nobody"),  # ERR-3
    ],
)
def test_what_aws_refuses_whatever_policies_say(
    question: dict[str, Any], options: tuple[str, ...], signed: str
) -> None:
    assuming = {"resource_policy": TRUSTING_ALL} if question.get("resource") else {}
    session = {"session_policy": allowing("*")} if question.get("who") == FEDERATED else {}
    asked = {"resource": None, **assuming, **session, **question}
    notes = answer(*options, **asked)["notes"]
    assert [note for note in notes if f"signed by {signed}:" in note]
    allowed = {**asked, "action": "sts:GetCallerIdentity", "resource": None}
    allowed.pop("resource_policy", None)
    if signed != "nobody":
        assert not [n for n in answer(*options, **allowed)["notes"] if "signed by" in n]


def test_a_name_that_service_linked_roles_have() -> None:
    linked = "arn:aws:sts::111111111111:assumed-role/AWSServiceRoleForECS/x"
    assert "called like a service-linked role" in ask(who=linked).err  # EVAL-72


@pytest.mark.parametrize("action", ["AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"])
def test_calls_by_token_are_decided_by_another_command(action: str) -> None:
    result = ask(action=f"sts:{action}", resource=ROLE, who="anonymous")
    assert (result.status, result.out) == (2, "")
    assert "are decided by `iamsim assume`" in result.err


@pytest.mark.parametrize("option", ["policy", "boundary"])
def test_nothing_is_attached_to_the_root_user(option: str) -> None:
    result = ask(**{"who": ROOT, "policy": None, option: allowing("*")})
    assert (result.status, result.out) == (2, "")
    assert f"`--{option}`: nothing can be attached to the root user" in result.err


# ------------------------------ the shape of AWS
def test_format_aws() -> None:
    result = ask("--format", "aws", resource_policy=granting({"AWS": ALICE}), boundary=allowing())
    found = json.loads(result.out)
    assert found["IsTruncated"] is False
    (only,) = found["EvaluationResults"]
    (specific,) = only.pop("ResourceSpecificResults")
    assert [each["SourcePolicyId"] for each in only["MatchedStatements"]] == [
        "ResourcePolicy",
        "PolicyInputList.1",
    ]
    assert only["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    assert (only["EvalDecision"], only["EvalDecisionDetails"]) == (YES, {})
    assert specific["MatchedStatements"] == only["MatchedStatements"]


def test_format_aws_across_accounts() -> None:
    options = ("--format", "aws", "--query", "EvaluationResults[].EvalDecisionDetails")
    found = json.loads(ask(*options, resource=FOREIGN).out)
    assert found == [{"IAM Policy": YES, "Resource Policy": NO}]


def test_format_aws_of_all_resources() -> None:
    wanted = policy(
        *when("StringEquals", "aws:SourceVpc", "vpc-1")["Statement"],
        *when("IpAddress", "aws:SourceIp", "10.0.0.0/8")["Statement"],
        *allowing("s3:*", Condition={"Null": {"aws:SourceArn": "true"}})["Statement"],
    )
    (found,) = json.loads(ask("--format", "aws", resource=None, policy=wanted).out)[
        "EvaluationResults"
    ]
    assert found["MissingContextValues"] == ["aws:SourceVpc", "aws:SourceIp"]
    assert {"ResourceSpecificResults", "EvalDecisionDetails"}.isdisjoint(found)


def test_format_aws_says_undecided() -> None:
    """A script that lists the decisions must not lose one."""
    options = ("--format", "aws", "--query", "EvaluationResults[].EvalDecision")
    assert json.loads(ask(*options, policy=None).out) == [OPEN]


def test_format_aws_names_an_inline_policy_as_aws_does() -> None:
    printed = {"UserName": "alice", "PolicyName": "p", "PolicyDocument": allowing("*")}
    options = (
        "--format",
        "aws",
        "--query",
        "EvaluationResults[].MatchedStatements[].SourcePolicyId",
    )
    assert json.loads(ask(*options, policy=printed).out) == ["user_alice_p"]


def test_format_aws_of_a_denying_scp() -> None:
    (found,) = json.loads(ask("--format", "aws", scp=denying("*")).out)["EvaluationResults"]
    assert found["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": False}
    assert "EvalDecisionDetails" not in found
    types = [each["SourcePolicyType"] for each in found["MatchedStatements"]]
    assert types == ["IAM Policy", "Service Control Policy"]


# ------------------------------ the process
HOSTILE = "\x1b[31m\u202e"


def test_hostile_text_is_escaped() -> None:
    statement = {**denying("*")["Statement"][0], "Sid": HOSTILE}
    result = ask(
        *("--trace", "--resource-tag", f"{HOSTILE}=x"),
        action="s3:GetObject",
        resource=f"arn:aws:s3:::b/{HOSTILE}",
        resource_policy=policy({**statement, "Principal": "*"}),
        policy=when("StringEquals", f"aws:ResourceTag/{HOSTILE}", HOSTILE),
    )
    assert result.status == 1
    assert not {"\x1b", "\u202e"} & {*result.out, *result.err}
    assert "\\x1b" in result.out


def test_query() -> None:
    assert ask("--query", "decision").out == '"allowed"\n'


def test_a_reader_that_goes_away() -> None:
    read, write = os.pipe()
    os.close(read)
    arguments = asking("--format", "json", "--trace")
    done = subprocess.run([COMMAND, *arguments], stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_yes_imports_nothing_heavy() -> None:
    assert modules(asking(policy=allowing(SEND))) & HEAVY == set()


def test_standard_input() -> None:
    document = json.dumps(allowing("sqs:*")).encode()
    result = run(*asking("--policy", "-", policy=None), stdin=document)
    assert result.status == 0
