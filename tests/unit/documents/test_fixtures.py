"""What holds of every policy that is found: its text is its value, its places are its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from simulator.diagnostic import Edit, Severity
from simulator.policy import kinds
from simulator.policy.edits import replace_string
from simulator.source import Range
from simulator.syntax import UNKNOWN, Number, apply_edits
from tests.unit.documents.reading import (
    FILES,
    contents,
    fixture,
    found_in,
    is_consistent,
    paths,
    place_text,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

ALL = [(file, name) for file in FILES for name in found_in(file)]
EVERYWHERE = pytest.mark.parametrize(("file", "name"), ALL)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "roles.yaml",
            {
                "Resources.Deploy.Properties.AssumeRolePolicyDocument": kinds.TRUST,
                "Resources.Deploy.Properties.Policies[0].PolicyDocument": kinds.IDENTITY,
                "Resources.Deploy.Properties.Policies[1].Fn::If[1].PolicyDocument": kinds.IDENTITY,
                "Resources.Text.Properties.PolicyDocument": kinds.RESOURCE,
                "Resources.Bus.Properties.Statement": kinds.RESOURCE,
                "Resources.Guard.Properties.Content": kinds.SCP,
                "Resources.Other.Properties.Access.Policy": None,
            },
        ),
        (
            "queue.json",
            {
                "Resources.Role.Properties.AssumeRolePolicyDocument": kinds.TRUST,
                "Resources.QueuePolicy.Properties.PolicyDocument": kinds.RESOURCE,
                "Resources.LogPolicy.Properties.PolicyDocument": kinds.RESOURCE,
                "Resources.Fn::ForEach::Buckets[2].Policy${Name}.Properties.PolicyDocument": (
                    kinds.RESOURCE
                ),
            },
        ),
        (
            "api.yml",
            {
                "Resources.Api.Properties.Auth.ResourcePolicy.CustomStatements": kinds.RESOURCE,
                "Resources.Function.Properties.Policies[2]": kinds.IDENTITY,
                "Resources.Function.Properties.AssumeRolePolicyDocument": kinds.TRUST,
            },
        ),
        (
            "plan.json",
            {
                "aws_iam_role.deploy.assume_role_policy": kinds.TRUST,
                "aws_iam_role.deploy.inline_policy[0].policy": kinds.IDENTITY,
                'module.app["a"].aws_sqs_queue.jobs[0].policy': kinds.RESOURCE,
                "aws_organizations_policy.guard.content": kinds.RCP,
                "aws_vpc_endpoint.s3.policy": kinds.ENDPOINT,
                "example_vault.v.access.rules": None,
                "data.aws_iam_policy_document.later": None,
                'module.app["a"].data.aws_iam_policy_document.alone': None,
            },
        ),
    ],
)
def test_what_is_found_and_of_which_kind(
    file: str, expected: dict[str, kinds.PolicyKind | None]
) -> None:
    assert {name: found.kind for name, found in found_in(file).items()} == expected


@pytest.mark.parametrize(
    ("file", "message", "label", "seen"),
    [
        (
            "roles.yaml",
            "1 policy is not known before the template is deployed, and not checked",
            "`Resources.Late.Properties.PolicyDocument`",
            "!Ref Document",
        ),
        (
            "plan.json",
            "1 policy is not known before the plan is applied, and not checked",
            "`aws_iam_policy.later.policy`",
            "true",
        ),
    ],
)
def test_what_is_not_known_yet(file: str, message: str, label: str, seen: str) -> None:
    (note,) = contents(fixture(file), file).diagnostics
    assert (note.code, note.severity, note.message) == ("IAM864", Severity.NOTE, message)
    assert [(each.text, each.span.text) for each in note.labels] == [(label, seen)]


@EVERYWHERE
def test_the_text_of_a_document_is_its_value(file: str, name: str) -> None:
    assert is_consistent(found_in(file)[name].document)


@EVERYWHERE
def test_what_is_unknown_has_its_path(file: str, name: str) -> None:
    document = found_in(file)[name].document
    marked = set()
    for path in paths(document.value):
        value = document.value
        for step in path:
            value = value[step]  # type: ignore[index]
        if isinstance(value, str) and UNKNOWN in value:
            marked.add(path)
    assert {path for path in document.unknown if UNKNOWN not in str(path[-1])} == marked


@EVERYWHERE
def test_each_known_text_stands_where_it_is_said_to(file: str, name: str) -> None:
    document = found_in(file)[name].document
    seen = 0
    for path, text in _texts(document.value):
        if path not in document.unknown and path != ("Version",):
            there = place_text(document, path)
            assert _says(there, text), (path, there)
            seen += 1
    assert seen > 1


def _texts(
    value: object, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, (*path, index))
    elif isinstance(value, str) and not isinstance(value, Number):
        yield path, value


def _says(there: str, text: str) -> object:
    """Whether a piece of a file says a text: as it is, quoted, in a string of JSON, by a call."""
    if there.startswith(("null", "[")):
        return text in {"Allow", "*"}  # what Terraform makes of no effect, and of everyone
    if there.startswith('\\"'):
        return json.loads(json.loads(f'"{there}"')) == text
    said = yaml.load(there.removeprefix("!Sub "), Loader=yaml.BaseLoader)  # noqa: S506 - only text
    if isinstance(said, dict):
        return next(iter(said)).startswith("Fn::")
    return said in {text, text.replace("${", "&{"), text.replace("${", "${!")}


@pytest.mark.parametrize("file", [file for file in FILES if file != "plan.json"])
def test_an_edit_of_each_known_text_changes_it_and_nothing_else(file: str) -> None:
    text = fixture(file)
    for number, found in enumerate(contents(text, file).documents):
        document = found.document
        for path, old in _texts(document.value):
            if path in document.unknown or path == ("Version",) or "LogPolicy" in found.name:
                continue
            edited = apply_edits(text, [replace_string(document, path, f"{old}Z'é").in_file()])
            after = [each.document.value for each in contents(edited, file).documents]
            before = [each.document.value for each in contents(text, file).documents]
            _at(before[number], path[:-1])[path[-1]] = f"{old}Z'é"
            assert after == before, (found.name, path)


def _at(value: object, path: tuple[str | int, ...]) -> dict[str | int, object]:
    for step in path:
        value = value[step]  # type: ignore[index]
    return value  # type: ignore[return-value]


def test_nobody_edits_what_terraform_makes_of_a_data_source() -> None:
    document = found_in("plan.json")["data.aws_iam_policy_document.later"].document
    edit = replace_string(document, ("Statement", 0, "Sid"), "Other").in_file()
    assert edit.text == ""
    assert edit.range.start == edit.range.end


def test_an_edit_of_a_policy_in_a_plan_is_written_as_a_string_within_a_string() -> None:
    text = fixture("plan.json")
    document = found_in("plan.json")["aws_vpc_endpoint.s3.policy"].document
    edit = replace_string(document, ("Statement", 0, "Action"), 's3:"x"').in_file()
    edited = json.loads(apply_edits(text, [edit]))
    changed = next(c for c in edited["resource_changes"] if c["address"] == "aws_vpc_endpoint.s3")
    policy = json.loads(changed["change"]["after"]["policy"])
    assert policy["Statement"][0]["Action"] == 's3:"x"'


def test_a_document_of_a_data_source() -> None:
    document = found_in("plan.json")["data.aws_iam_policy_document.later"].document
    assert shown(document.value) == {
        "Version": "2012-10-17",
        "Id": "later",
        "Statement": [
            {
                "Sid": "Read",
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": ["?", "arn:aws:s3:::${aws:username}/*"],
                "Principal": {
                    "AWS": ["111111111111", "222222222222"],
                    "Service": ["ec2.amazonaws.com"],
                },
                "Condition": {
                    "StringLike": {"s3:prefix": ["a/*", "b/*"]},
                    "StringEquals": {"aws:PrincipalTag/team": ["?"]},
                },
            },
            {"Sid": "?", "Effect": "Deny", "Action": ["s3:*"], "Resource": "?", "Principal": "*"},
        ],
    }
    place = document.span(("Statement", 0, "Condition", "StringLike", "s3:prefix", 1)).in_file()
    assert place.text == '"b/*"'
    key = document.key_span(("Statement", 1, "Principal")).in_file()
    assert key.text.startswith("[")  # of which kind it is tells the list of blocks


def test_an_edit_within_a_document_of_yaml_keeps_the_rest() -> None:
    text = fixture("roles.yaml")
    document = found_in("roles.yaml")["Resources.Text.Properties.PolicyDocument"].document
    start = document.source.text.index('"logs:PutLogEvents"')
    end = start + len('"logs:PutLogEvents"')
    edit = Edit(document.source, Range(start, end), '["logs:PutLogEvents", "logs:${x}"]').in_file()
    changed = apply_edits(text, [edit])
    assert 'Action": ["logs:PutLogEvents", "logs:${!x}"],' in changed
