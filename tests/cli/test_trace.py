"""`--trace` tells how every element of every statement came out, with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.command import ALICE, DEPLOY, LOCAL, allowing, ask, marked, run, trusting

if TYPE_CHECKING:
    from collections.abc import Iterator

QUEUE = "arn:aws:sqs:us-east-1:111111111111:jobs"
# What stands between « and » are the places that a trace must tell.
POLICY = """{
  "Version": "2012-10-17",
  "Statement": [
    «{
      "Sid": "Send",
      "Effect": "Allow",
      «"NotAction": [«"s3:*"», «"sns:*"»]»,
      «"Resource": «"arn:aws:sqs:*:111111111111:${aws:PrincipalTag/queue}"»»,
      "Condition": {
        "IpAddress": {«"aws:SourceIp": [«"10.0.0.0/8"», «"192.0.2.0/24"»]»},
        "StringEquals": {«"aws:SourceAccount": «"1"»»}
      }
    }»
  ]
}"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def trace(*options: str, **documents: object) -> dict[str, Any]:
    """Return the trace of a request to send to a queue."""
    for name, document in documents.items():
        text = document if isinstance(document, str) else json.dumps(document)
        Path(f"{name}.json").write_text(text, encoding="utf-8")
        options = (*options, f"--{name.replace('_', '-')}", f"{name}.json")
    question = ("simulate", "--as", ALICE, "--action", "sqs:SendMessage", "--resource", QUEUE)
    result = run(*question, *options, "--trace", "--query", "trace")
    assert result.out, result.err
    found: dict[str, Any] = json.loads(result.out)
    return found


def only(found: dict[str, Any]) -> dict[str, Any]:
    """Return the one statement of a trace of one layer."""
    (layer,) = found["layers"]
    ((statement,),) = layer["levels"]
    assert isinstance(statement, dict)
    return statement


def locations(value: object) -> Iterator[dict[str, Any]]:
    """Yield all places in a trace."""
    if isinstance(value, dict):
        yield from ([value["location"]] if "location" in value else [])
        for each in value.values():
            yield from locations(each)
    elif isinstance(value, list):
        for each in value:
            yield from locations(each)


def test_every_place() -> None:
    text, places = marked(POLICY)
    found = list(locations(trace(policy=text)))
    assert {place["file"] for place in found} == {"policy.json"}
    assert sorted((place["line"], place["column"]) for place in found) == sorted(
        (line, column) for line, column, _ in places
    )
    lines, inner = (
        text.split("\n"),
        {plain.replace("«", "").replace("»", "") for plain in _inside()},
    )
    for place in found:
        if place["line"] == place["end_line"]:
            assert lines[place["line"] - 1][place["column"] - 1 : place["end_column"] - 1] in inner
    (statement,) = (place for place in found if place["line"] != place["end_line"])
    assert (statement["end_line"], statement["end_column"]) == (13, 6)


def _inside() -> Iterator[str]:
    """Yield what stands between the marks."""
    opened: list[int] = []
    for offset, char in enumerate(POLICY):
        if char == "«":
            opened.append(offset + 1)
        elif char == "»":
            yield POLICY[opened.pop() : offset]


def test_every_outcome() -> None:
    options = ("--context", "aws:SourceAccount=2")
    statement = only(trace(*options, policy=marked(POLICY).text))
    assert (statement["sid"], statement["effect"], statement["applies"]) == (
        "Send",
        "Allow",
        "false",
    )
    action, resource = statement["action"], statement["resource"]
    assert (action["element"], action["outcome"]) == ("NotAction", "true")
    assert [entry["outcome"] for entry in action["entries"]] == ["false", "false"]
    assert (resource["element"], resource["outcome"]) == ("Resource", "unknown")
    assert statement["principal"] is None
    address, network = statement["conditions"]
    assert (address["operator"], address["key"], address["outcome"]) == (
        "IpAddress",
        "aws:SourceIp",
        "unknown",
    )
    assert [each["value"] for each in address["wanted"]] == ["10.0.0.0/8", "192.0.2.0/24"]
    assert address["given"] == {"state": "unknown", "present": "true", "values": []}
    assert network["outcome"] == "false"
    assert network["given"] == {"state": "given", "present": "true", "values": ["2"]}


@pytest.mark.parametrize(
    ("key", "options", "given"),
    [
        ("aws:SourceVpc", (), ("absent", "false", [])),
        ("aws:SourceIp", (), ("unknown", "true", [])),
        ("aws:PrincipalOrgID", (), ("unknown", "unknown", [])),
        ("aws:username", (), ("given", "true", ["alice"])),
        ("aws:SourceIp", ("--context", "aws:SourceIp="), ("absent", "false", [])),
        (
            "aws:CalledVia",
            ("--context", "aws:CalledVia=a", "--context", "aws:CalledVia=b"),
            ("given", "true", ["a", "b"]),
        ),
    ],
)
def test_absent_and_unknown_are_told_apart(
    key: str, options: tuple[str, ...], given: tuple[str, str, list[str]]
) -> None:
    policy = allowing("sqs:*", Condition={"StringEquals": {key: "x"}})
    (test,) = only(trace(*options, policy=policy))["conditions"]
    assert tuple(test["given"].values()) == given


@pytest.mark.parametrize(
    ("principal", "outcomes", "reach"),
    [
        ("*", ["true"], "direct"),
        ({"AWS": ["111111111111", "222222222222"]}, ["true", "false"], "account"),
        ({"AWS": ALICE, "Service": "s3.amazonaws.com"}, ["true", "false"], "direct"),
        ({"AWS": "333333333333"}, ["false"], "nobody"),
    ],
)
def test_principals(principal: object, outcomes: list[str], reach: str) -> None:
    granting = {"Effect": "Allow", "Principal": principal, "Action": "sqs:*", "Resource": "*"}
    found = trace(resource_policy={"Version": "2012-10-17", "Statement": granting})
    resource, identity = found["layers"]
    (((statement,),)) = resource["levels"]
    assert statement["principal"]["reach"] == reach
    assert [entry["outcome"] for entry in statement["principal"]["entries"]] == outcomes
    assert (identity["layer"], identity["known"], identity["levels"]) == ("identity", False, [])


def test_a_deny_that_spares_nobody_with_a_boundary() -> None:
    sparing = {
        "Effect": "Deny",
        "NotPrincipal": {"AWS": ALICE},
        "Action": "sqs:*",
        "Resource": "*",
    }
    question = {"resource_policy": {"Version": "2012-10-17", "Statement": sparing}}
    question["policy"] = allowing("*")
    for more, decision, applies in (
        ({}, "allowed", "false"),
        ({"boundary": allowing("*")}, "explicitDeny", "true"),
    ):
        found = trace(**question, **more)
        (((statement,),)) = found["layers"][0]["levels"]
        assert (found["decision"], statement["applies"]) == (decision, applies)


def test_layers_and_levels() -> None:
    Path("unit.json").write_text(json.dumps(allowing("sqs:*")))
    options = ("--scp", "unit.json", "--scp", "unit.json")
    found = trace(*options, policy=allowing("*"), boundary=allowing("s3:*"))
    layers = {layer["layer"]: layer for layer in found["layers"]}
    assert [layer["allows"] for layer in layers.values()] == ["true", "true", "false"]
    assert list(layers) == ["scp", "identity", "boundary"]
    assert len(layers["scp"]["levels"]) == 2
    assert (found["relation"], found["resource_account"]) == ("same account", "111111111111")


def test_what_is_missing_is_shown_as_nothing() -> None:
    found = trace(policy=allowing("*"))
    assert [layer["layer"] for layer in found["layers"]] == ["identity"]
    Path("alice.json").write_text(json.dumps(allowing("*")))
    options = ("--resource", QUEUE.replace("1111", "2222"), "--policy", "alice.json")
    question = ("simulate", "--as", ALICE, "--action", "sqs:SendMessage", *options)
    (resource, _) = json.loads(run(*question, "--trace", "--query", "trace.layers").out)
    assert (resource["layer"], resource["allows"], resource["levels"]) == (
        "resource",
        "false",
        [[]],
    )


def test_a_policy_inside_of_what_the_aws_cli_printed() -> None:
    inner = json.dumps(allowing("sqs:*"))
    printed = json.dumps({"UserName": "alice", "PolicyDocument": inner}, indent=2)
    statement = only(trace(policy=printed))
    place = statement["action"]["entries"][0]["location"]
    line = printed.split("\n")[place["line"] - 1]
    assert line[place["column"] - 1 : place["end_column"] - 1] == '\\"sqs:*\\"'


def test_a_decision_that_hangs_on_no_fact() -> None:
    address = {"aws:SourceIp": "10.0.0.0/8"}
    both = allowing("sqs:*", Condition={"IpAddress": address})
    both["Statement"] += allowing("sqs:*", Condition={"NotIpAddress": address})["Statement"]
    found = trace(policy=both)
    assert (found["decision"], found["settled"]) == ("allowed", True)


# ------------------------------ text, and the other command
def test_text() -> None:
    Path("policy.json").write_text(marked(POLICY).text, encoding="utf-8")
    question = ("simulate", "--as", ALICE, "--action", "sqs:SendMessage", "--resource", QUEUE)
    out = run(*question, "--policy", "policy.json", "--trace").out
    _, _, told = out.partition("\ntrace of ")
    assert (
        told
        == f"""sqs:SendMessage on {QUEUE} (same account)

identity-based policy: does not allow
  policy.json:4:5 statement `Send` (Allow) does not apply
    true     NotAction  (7:7)
    false      s3:*  (7:21)
    false      sns:*  (7:29)
    unknown  Resource  (8:7)
    unknown    arn:aws:sqs:*:111111111111:${{aws:PrincipalTag/queue}}  (8:19)
    unknown  IpAddress aws:SourceIp  (10:23)
               wanted: 10.0.0.0/8, 192.0.2.0/24
               given:  unknown
    false    StringEquals aws:SourceAccount  (11:26)
               wanted: 1
               given:  absent
"""
    )


def test_text_of_an_unknown_policy() -> None:
    question = ("simulate", "--as", ALICE, "--action", "sqs:SendMessage", "--resource", QUEUE)
    assert "\n\nidentity-based policy: nobody gave it\n" in run(*question, "--trace").out


def test_a_long_list_is_cut_in_text_and_whole_in_json() -> None:
    actions = [f"s3:Get{number}" for number in range(20)]
    policy = allowing([*actions, "sqs:SendMessage"])
    assert len(only(trace(policy=policy))["action"]["entries"]) == 21
    question = ("simulate", "--as", ALICE, "--action", "sqs:SendMessage", "--resource", QUEUE)
    out = run(*question, "--policy", "policy.json", "--trace").out
    assert "true       sqs:SendMessage" in out  # what matches comes first
    assert "and 13 more" in out


def test_assume() -> None:
    tagging = trusting("111111111111", action=["sts:AssumeRole", "sts:TagSession"])
    options = ("--tags", "Key=a,Value=b", "--trace", "--query", "trace")
    found = json.loads(ask(*options, trust=tagging).out)
    assert [each["action"] for each in found] == ["sts:AssumeRole", "sts:TagSession"]
    assert [layer["layer"] for layer in found[0]["layers"]] == ["trust", "identity"]
    text = ask("--trace", role=LOCAL).out
    assert "same account, and the resource's own policy must allow" in text
    assert f"trace of sts:AssumeRole on {DEPLOY} (other account)" in ask("--trace").out


def test_no_trace_unless_asked() -> None:
    question = ("simulate", "--as", ALICE, "--action", "sqs:SendMessage", "--format", "json")
    assert "trace" not in json.loads(run(*question).out)
    assert "trace" not in json.loads(ask("--format", "json").out)
