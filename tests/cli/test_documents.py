"""A document is found in whatever the aws CLI printed, and its places are those of the file."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

import pytest

from tests.cli.command import (
    ALICE,
    CI,
    DEPLOY,
    allowing,
    answer,
    ask,
    marked,
    policy,
    run,
    told,
    trusting,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
TRUST = trusting("111111111111", Condition=MFA)
ELSEWHERE = allowing("sts:AssumeRole", "arn:aws:iam::222222222222:role/other")
RAW = json.dumps(TRUST)

Wrap: TypeAlias = "Callable[[Any], object]"


def role(document: object, **more: object) -> dict[str, Any]:
    """Return a role as get-role prints it."""
    described = {
        "Path": "/",
        "RoleName": "deploy",
        "RoleId": "AROACKCEVSQ6C2EXAMPLE",
        "Arn": DEPLOY,
    }
    return {**described, "AssumeRolePolicyDocument": document, **more}


FORMS: dict[str, tuple[str, Wrap]] = {
    "bare": ("trust", lambda document: document),
    "a JSON string": ("trust", json.dumps),
    "get-role": ("trust", lambda document: {"Role": role(document)}),
    "get-role --query Role": ("trust", role),
    "get-role, no facts": (
        "trust",
        lambda document: {"Role": {"AssumeRolePolicyDocument": document}},
    ),
    "get-role, a JSON string": ("trust", lambda document: {"Role": role(json.dumps(document))}),
    "get-role, URL-encoded": (
        "trust",
        lambda document: {"Role": role(quote(json.dumps(document)))},
    ),
    "get-role, all URL-encoded": (
        "trust",
        lambda document: role(quote(json.dumps(document), safe="")),
    ),
    "get-role-policy": (
        "policy",
        lambda document: {"RoleName": "ci", "PolicyName": "p", "PolicyDocument": document},
    ),
    "get-user-policy": (
        "policy",
        lambda document: {"UserName": "alice", "PolicyName": "p", "PolicyDocument": document},
    ),
    "get-group-policy": (
        "policy",
        lambda document: {"GroupName": "dev", "PolicyName": "p", "PolicyDocument": document},
    ),
    "get-policy-version": (
        "policy",
        lambda document: {"PolicyVersion": {"Document": document, "VersionId": "v1"}},
    ),
    "get-policy-version --query PolicyVersion": (
        "boundary",
        lambda document: {"Document": document, "VersionId": "v1", "IsDefaultVersion": True},
    ),
    "describe-policy": (
        "scp",
        lambda document: {
            "Policy": {"PolicySummary": {"Name": "p"}, "Content": json.dumps(document)}
        },
    ),
    "describe-policy --query Policy": (
        "scp",
        lambda document: {"PolicySummary": {"Name": "p"}, "Content": json.dumps(document)},
    ),
}
# What stands at the place of the cause, by layer; a limit that is silent is told at its statements.
PLACES = {
    "trust": "true",
    "policy": "arn:aws:iam::222222222222:role/other",
    "boundary": "Statement",
    "scp": "Statement",
}


@pytest.mark.parametrize("indent", [None, 4])
@pytest.mark.parametrize("form", list(FORMS))
def test_the_cause_stands_in_the_file(form: str, indent: int | None) -> None:
    layer, wrap = FORMS[form]
    text = json.dumps(wrap(TRUST if layer == "trust" else ELSEWHERE), indent=indent)
    documents: dict[str, Any] = {layer: text}
    (cause,) = answer(**documents)["causes"]
    assert cause["layer"] == {"policy": "identity"}.get(layer, layer)
    assert cause["location"]["file"] == f"{layer}.json"
    line = text.split("\n")[cause["location"]["line"] - 1]
    at = line[cause["location"]["column"] - 1 :]
    assert at.lstrip('\\"').removeprefix("%22").startswith(PLACES[layer])


@pytest.mark.parametrize("encode", [json.dumps, quote, lambda text: json.dumps(quote(text))])
def test_a_document_within_a_string_is_edited_there(encode: Callable[[str], str]) -> None:
    elsewhere = json.dumps(trusting("333333333333"))
    edits = [edit for fix in answer(trust=encode(elsewhere))["fixes"] for edit in fix["edits"]]
    assert edits
    for edit in edits:
        (changed,) = re.findall(
            r"^\+(?!\+\+ )(.*)$", edit["patch"], re.MULTILINE
        )  # the file is one line
        assert answer(trust=changed)["decision"] == "allowed"


@pytest.mark.parametrize(
    ("text", "how"),
    [
        (json.dumps(RAW), "a JSON string"),
        (quote(RAW), "URL-encoded"),
        (quote(RAW) + "\n", "URL-encoded"),
        (f'"{quote(RAW, safe="")}"\n', "URL-encoded"),
        (json.dumps({"Role": role(RAW)}), "a JSON string"),
        (json.dumps({"Role": role(quote(RAW).replace("%7B", "%7b"))}), "URL-encoded"),
    ],
)
def test_a_document_within_a_string_is_decoded_once(text: str, how: str) -> None:
    result = ask("--mfa", trust=text)
    assert (result.status, result.out.split(":")[0]) == (0, "allowed")
    (warning,) = told(result.err)
    assert (warning.severity, warning.code) == ("warning", "IAM121")
    assert f"the document is {how}, and was decoded once" == warning.message


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(json.dumps(RAW)),
        quote(quote(RAW)),
        json.dumps(quote(json.dumps(RAW))),
        quote(json.dumps(RAW)),
        json.dumps({"Role": role(quote(quote(RAW)))}),
        json.dumps({"PolicyDocument": json.dumps(json.dumps(RAW))}),
    ],
)
def test_encoded_twice(text: str) -> None:
    result = ask(trust=text)
    assert (result.status, result.out) == (2, "")
    assert [each.code for each in told(result.err)][-1] == "IAM122"


@pytest.mark.parametrize("encode", [json.dumps, quote])
def test_mistakes_within_a_string_stand_in_the_file(encode: Callable[[str], str]) -> None:
    text = encode(json.dumps(policy({"Effect": "Alow", "Principal": {"AWS": "*"}})))
    found = {each.code: each for each in told(ask(trust=text).err) if each.severity == "error"}
    assert set(found) == {"IAM103", "IAM106"}
    assert text[found["IAM106"].column - 1 :].lstrip('\\"').removeprefix("%22").startswith("Alow")


@pytest.mark.parametrize(
    "text", ["%7B%ZZ", "%7B%22a%22%3A%C3%28%7D", '"%7B%"', json.dumps({"Document": "%7B%2"})]
)
def test_a_broken_percent_encoding(text: str) -> None:
    result = ask(trust=text)
    assert (result.status, result.out) == (2, "")
    assert {each.code for each in told(result.err)} & {"IAM022", "IAM003"}


@pytest.mark.parametrize(
    "text",
    [
        '{"Roles": []}',
        '{"Role": {}}',
        '{"Role": {"RoleName": "x", "Arn": "arn:aws:iam::111111111111:role/x"}}',
        '{"User": {"UserName": "x"}}',
        '{"Records": []}',
    ],
)
def test_no_document_in_it(text: str) -> None:
    result = ask(trust=text)
    assert (result.status, result.out) == (2, "")
    assert [each.code for each in told(result.err)] == ["IAM119"]


def test_a_role_whose_arn_is_none() -> None:
    text, (place,) = marked(json.dumps({"Role": role(TRUST, Arn="«x»")}, ensure_ascii=False))
    result = ask(trust=text)
    assert (result.status, result.out) == (2, "")
    (found,) = told(result.err)
    assert (found.line, found.column, found.underlined) == (1, place[1] - 1, '"x"')


@pytest.mark.parametrize(
    "written", ["1" + "0" * 40, "-1", '"7200"', "3599", "43201", "true", "7200.5", "[]"]
)
def test_a_role_whose_maximum_no_role_has(written: str) -> None:
    text = json.dumps({"Role": role(TRUST, MaxSessionDuration="here")}).replace('"here"', written)
    result = ask(trust=text)
    assert (result.status, result.out) == (2, "")
    (found,) = told(result.err)
    assert (found.code, found.line, found.underlined) == ("IAM137", 1, written)
    assert "a whole number from 3600 to 43200" in result.err


@pytest.mark.parametrize(
    ("arn", "near"),
    [
        ("arn:aws:iam::222222222222:role/deplyo", True),
        ("arn:aws:iam::222222222222:role/Deploy", True),
        ("arn:aws:iam::222222222222:role/team/deploy", True),
        ("arn:aws-cn:iam::999999999999:role/quite/another", False),
    ],
)
def test_get_role_of_another_role_is_denied_as_aws_does(arn: str, *, near: bool) -> None:
    found = answer(role=arn, trust={"Role": role(trusting("111111111111"))})
    assert found["decision"] == "implicitDeny"
    assert found["error"] == {
        "code": "AccessDenied",
        "status": 403,
        "message": f"User: {ALICE} is not authorized to perform: sts:AssumeRole on resource: {arn}",
    }
    (cause,) = found["causes"]
    assert (cause["code"], cause["layer"], cause["given"]) == ("IAM501", "sts", arn)
    assert (f"`{DEPLOY}`" in cause["help"]) is near
    assert [fix["title"] for fix in found["fixes"]] == ([f"ask for `{DEPLOY}`"] if near else [])


def test_a_role_arn_that_is_no_role() -> None:
    found = answer(role="arn:aws:iam::222222222222:user/deploy")
    assert (found["decision"], found["causes"][0]["layer"]) == ("implicitDeny", "sts")
    assert "is not a role" in found["causes"][0]["message"]


def test_get_role_tells_the_maximum_session_duration() -> None:
    options = ("--duration-seconds", "7200")
    described = {"Role": role(trusting("111111111111"), MaxSessionDuration=7200)}
    assert answer(*options, trust=described)["decision"] == "allowed"
    described["Role"]["MaxSessionDuration"] = 3600
    assert answer(*options, trust=described)["error"]["message"] == (
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    )
    del described["Role"]["MaxSessionDuration"]
    (cause,) = answer(*options, trust=described)["causes"]
    assert (cause["code"], cause["layer"]) == ("IAM903", "fact")


def test_get_role_tells_the_tags() -> None:
    asks = trusting("*", Condition={"StringEquals": {"aws:ResourceTag/env": "prod"}})
    tags = [{"Key": "env", "Value": "prod"}]
    assert answer(trust={"Role": role(asks, Tags=tags)})["decision"] == "allowed"
    assert answer(trust={"Role": role(asks)})["decision"] == "implicitDeny"
    assert answer(trust=asks)["decision"] == "undecided"


def test_get_role_says_nothing_of_the_caller() -> None:
    # The caller is a session of the role `ci`; whose trust policy is given does not matter.
    assert answer(caller=CI, trust={"Role": role(trusting("*"))})["decision"] == "allowed"


def test_one_run_tells_the_errors_of_all_files() -> None:
    broken = '{"Version": "2012-10-17", "Statement": ['
    result = ask(trust=broken, policy='{"Version": "2012-10-17"}', scp="[]")
    assert result.status == 2
    for file, code in (("trust", "IAM003"), ("policy", "IAM103"), ("scp", "IAM101")):
        assert f"error[{code}]" in result.err
        assert f" {file}.json:1:" in result.err


#: What the commands print that get the policy of a resource.
OF_RESOURCES: dict[str, Callable[[str], object]] = {
    "s3api get-bucket-policy": lambda text: {"Policy": text},
    "kms get-key-policy": lambda text: {"Policy": text, "PolicyName": "default"},
    "sqs get-queue-attributes": lambda text: {"Attributes": {"Policy": text}},
    "secretsmanager get-resource-policy": lambda text: {"Name": "s", "ResourcePolicy": text},
    "ecr get-repository-policy": lambda text: {"registryId": "1", "policyText": text},
    "the policy itself": json.loads,
}


@pytest.mark.parametrize("command", OF_RESOURCES)
def test_policies_of_resources(command: str, folder: Path) -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": ALICE}, "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    (folder / "policy.json").write_text(json.dumps(OF_RESOURCES[command](document)))
    asked = ("--as", ALICE, "--action", "sqs:SendMessage")
    queue = ("--resource", "arn:aws:sqs:eu-west-1:111111111111:q")
    result = run("simulate", *asked, *queue, "--resource-policy", "policy.json")
    assert (result.status, result.out[:7]) == (0, "allowed")


def test_what_get_policy_prints_has_no_document(folder: Path) -> None:
    (folder / "policy.json").write_text(json.dumps({"Policy": {"PolicyName": "p", "Arn": "a"}}))
    asked = ("--as", ALICE, "--action", "s3:ListAllMyBuckets")
    result = run("simulate", *asked, "--policy", "policy.json")
    assert (result.status, result.out) == (2, "")
    assert "there is no policy document in this file" in result.err
