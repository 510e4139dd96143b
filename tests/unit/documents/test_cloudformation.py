"""Which properties of a template are policies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulator.documents.cloudformation_types import OTHER_LANGUAGES, ROWS
from simulator.policy import kinds
from tests.unit.documents.reading import contents, only, place_text, shown

if TYPE_CHECKING:
    from simulator.policy.kinds import PolicyKind

POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "a:b", "Resource": "*"}],
}
ORGANIZATION = "AWS::Organizations::Policy"


def _template(type_: str, properties: object) -> str:
    return json.dumps({"Resources": {"R": {"Type": type_, "Properties": properties}}})


def _found(type_: str, properties: object) -> list[tuple[str, PolicyKind | None]]:
    documents = contents(_template(type_, properties)).documents
    return [(each.name.removeprefix("Resources.R.Properties."), each.kind) for each in documents]


@pytest.mark.parametrize(("type_", "name"), [key for key, row in ROWS.items() if row.sure])
def test_each_property_of_the_table(type_: str, name: str) -> None:
    *above, last = name.split(".")
    value: Any = {last: POLICY["Statement"] if "Statement" in last else POLICY}
    for step in reversed(above):
        value = {step: [value]}
    ((_, kind),) = _found(type_, value)
    assert kind is ROWS[type_, name].kind


@pytest.mark.parametrize(
    ("type_", "properties", "found"),
    [
        ("AWS::IAM::Policy", {"PolicyDocument": {}}, [("PolicyDocument", kinds.IDENTITY)]),
        ("AWS::IAM::Policy", {"PolicyDocument": {"Ref": "AWS::NoValue"}}, []),
        ("AWS::IAM::Policy", {"PolicyDocument": None}, []),
        ("AWS::IAM::Policy", {"Condition": "IsProd", "PolicyName": "x"}, []),
        (
            "AWS::IAM::Policy",
            {"PolicyDocument": {"Fn::If": ["c", POLICY, POLICY]}},
            [
                ("PolicyDocument.Fn::If[1]", kinds.IDENTITY),
                ("PolicyDocument.Fn::If[2]", kinds.IDENTITY),
            ],
        ),
        (
            "AWS::XRay::ResourcePolicy",
            {"PolicyDocument": {"Fn::ToJsonString": POLICY}},
            [("PolicyDocument.Fn::ToJsonString", kinds.RESOURCE)],
        ),
        (
            "AWS::IAM::Role",
            {"Fn::If": ["c", {"Policies": [{"PolicyDocument": POLICY}]}, {}]},
            [("Fn::If[1].Policies[0].PolicyDocument", kinds.IDENTITY)],
        ),
        (
            ORGANIZATION,
            {"Type": "SERVICE_CONTROL_POLICY", "Content": "{}"},
            [("Content", kinds.SCP)],
        ),
        (ORGANIZATION, {"Type": {"Ref": "T"}, "Content": POLICY}, [("Content", None)]),
        (ORGANIZATION, {"Type": "TAG_POLICY", "Content": {"tags": {}}}, []),
        (ORGANIZATION, {"Type": {"Ref": "T"}, "Content": {"tags": {}}}, []),
        ("AWS::IoT::Policy", {"PolicyDocument": POLICY}, []),
        ("AWS::SNS::Topic", {"DataProtectionPolicy": {"Statement": [{"Operation": {}}]}}, []),
        ("AWS::Events::EventBusPolicy", {"Statement": {"Ref": "S"}}, []),
        (
            "AWS::Events::EventBusPolicy",
            {"Statement": {"Fn::If": ["c", {}, {"Ref": "AWS::NoValue"}]}},
            [("Statement.Fn::If[1]", kinds.RESOURCE)],
        ),
        ("AWS::Serverless::Function", {"Policies": "AmazonS3ReadOnlyAccess"}, []),
        ("AWS::Serverless::Function", {"Policies": POLICY}, [("Policies", kinds.IDENTITY)]),
        ("Custom::X", {"A": [json.dumps(POLICY)]}, [("A[0]", None)]),
        ("Custom::X", {"A": "{a Statement that is no JSON}"}, []),
        ("Custom::X", {"A": {"Fn::Sub": json.dumps(POLICY)}}, [("A", None)]),
        ("Custom::X", POLICY, []),
        (7, {"A": POLICY}, [("A", None)]),
    ],
)
def test_what_is_a_policy(
    type_: str, properties: object, found: list[tuple[str, PolicyKind | None]]
) -> None:
    assert _found(type_, properties) == found


def test_other_languages_are_not_in_the_table() -> None:
    assert not OTHER_LANGUAGES & ROWS.keys()


@pytest.mark.parametrize(
    "document",
    [
        {"Ref": "Document"},
        {"Fn::Transform": {"Name": "AWS::Include"}, "Version": "2012-10-17"},
        {"Fn::Sub": "${Document}"},
        {"Fn::Sub": '{"Version": "2012-10-17", "Statement": ${Statements}}'},
        {"Fn::If": ["c", {"Ref": "Document"}, {"Ref": "AWS::NoValue"}]},
    ],
)
def test_a_policy_that_nobody_knows_is_counted(document: object) -> None:
    found = contents(_template("AWS::IAM::ManagedPolicy", {"PolicyDocument": document}))
    assert not found.documents
    assert [(each.code, len(each.labels)) for each in found.diagnostics] == [("IAM864", 1)]


def test_many_that_nobody_knows_are_told_together() -> None:
    properties = {"Policies": [{"PolicyDocument": {"Ref": f"D{n}"}} for n in range(7)]}
    (note,) = contents(_template("AWS::IAM::Role", properties)).diagnostics
    assert note.message.startswith("7 policies are not known before the template is deployed")
    assert len(note.labels) == 5


def test_a_text_in_a_place_for_a_policy_must_be_one() -> None:
    text = _template("AWS::IAM::Role", {"AssumeRolePolicyDocument": '{"Statement": [}'})
    (error,) = contents(text).diagnostics
    assert error.labels[0].span.place == (1, text.index("[}") + 2)


def test_unknown_keys_have_paths_too() -> None:
    text = '{"Statement": {"Condition": {"StringEquals": {"${Issuer}:sub": "a"}}}}'
    document = only(
        _template("AWS::IAM::Role", {"AssumeRolePolicyDocument": {"Fn::Sub": text}})
    ).document
    condition = ("Statement", "Condition", "StringEquals")
    assert shown(document.value) == json.loads(text.replace("${Issuer}", "?"))
    assert {path[:-1] for path in document.unknown} == {condition}


def test_where_a_policy_within_a_text_of_sub_stands() -> None:
    policy = "x: y\nResources:\n  R:\n    Type: AWS::IAM::Policy\n    Properties:\n"
    for style, written in {
        "|": '      PolicyDocument: !Sub |\n        {"Statement":\n          {"Sid": "${A}é"}}\n',
        "'": '      PolicyDocument: !Sub \'{"Statement":\n\n        {"Sid": "${A}é"}}\'\n',
        '"': '      PolicyDocument: !Sub "{\\"Statement\\": {\\"Sid\\": \\"${A}é\\"}}"\n',
        "plain": (
            "      PolicyDocument:\n        Fn::Sub:\n          - |-\n"
            '            {"Statement": {"Sid": "${A}é"}}\n          - {A: b}\n'
        ),
    }.items():
        document = only(policy + written, "t.yaml").document
        there = place_text(document, ("Statement", "Sid"))
        assert there.replace("\\", "") == '"${A}é"', style


def test_a_template_that_a_command_printed() -> None:
    template = json.loads(_template("AWS::IAM::Policy", {"PolicyDocument": {"Id": {"Ref": "x"}}}))
    found = only(json.dumps({"TemplateBody": template, "StagesAvailable": []}))
    assert found.name == "TemplateBody.Resources.R.Properties.PolicyDocument"
    assert found.document.unknown == {("Id",)}
