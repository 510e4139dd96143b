"""What a text is: a policy, what a command printed, a template, a plan, or nothing of these."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.diagnostic import DocumentError, Severity
from simulator.documents.read import FILE_LIMIT, YAML_LIMIT, find_documents, text_in
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.codes import NO_DOCUMENT
from simulator.source import Source
from tests.counting import calls
from tests.unit.documents.reading import FILES, contents, fixture, is_consistent, only

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.policy.kinds import PolicyKind

STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
POLICY = {"Version": "2012-10-17", "Statement": [STATEMENT]}
TEXT = json.dumps(POLICY)
ROLE = "AWS::IAM::Role"


def _template(properties: object, type_: str = "AWS::IAM::ManagedPolicy") -> str:
    return json.dumps({"Resources": {"R": {"Type": type_, "Properties": properties}}})


def _refused(text: str, name: str = "t.json") -> list[tuple[str, int, int, str]]:
    with pytest.raises(DocumentError) as raised:
        contents(text, name)
    return [(d.code, *d.labels[0].span.place, d.message) for d in raised.value.diagnostics]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (POLICY, None),
        (TEXT, None),
        ({"Role": {"RoleName": "r", "AssumeRolePolicyDocument": POLICY}}, kinds.TRUST),
        ({"AssumeRolePolicyDocument": quote(TEXT)}, kinds.TRUST),
        ({"UserName": "u", "PolicyName": "p", "PolicyDocument": POLICY}, kinds.IDENTITY),
        ({"PolicyVersion": {"Document": POLICY, "VersionId": "v1"}}, kinds.IDENTITY),
        ({"Policy": TEXT}, None),
        ({"Attributes": {"Policy": TEXT}}, None),
        ({"ARN": "a", "ResourcePolicy": TEXT}, None),
        ({"VpcEndpoints": [{"VpcEndpointId": "v", "PolicyDocument": TEXT}]}, kinds.ENDPOINT),
        ({"resourcePolicies": [{"policyDocument": TEXT}]}, kinds.RESOURCE),
        ({"InlinePolicy": TEXT}, kinds.IDENTITY),
        (
            {"Policy": {"PolicySummary": {"Type": "SERVICE_CONTROL_POLICY"}, "Content": TEXT}},
            kinds.SCP,
        ),
        (
            {"Policy": {"PolicySummary": {"Type": "RESOURCE_CONTROL_POLICY"}, "Content": TEXT}},
            kinds.RCP,
        ),
    ],
)
def test_one_policy_as_it_is_or_as_a_command_printed_it(
    value: object, kind: PolicyKind | None
) -> None:
    found = only(json.dumps(value, indent=2))
    assert (found.name, found.kind, found.document.value) == ("", kind, POLICY)
    assert found.document.span(("Statement", 0, "Action")).in_file().text.strip('\\"%2') in {
        "s3:GetObject",
        "s3%3AGetObject",
    }


def test_a_policy_as_text_of_percent_signs() -> None:
    assert only(quote(TEXT)).document.value == POLICY


def test_a_policy_that_is_a_string_by_itself_is_told_of() -> None:
    (warning,) = only(json.dumps(TEXT)).warnings
    assert warning.severity is Severity.WARNING
    assert not only(json.dumps({"Policy": TEXT})).warnings


def test_all_policies_of_an_account() -> None:
    version = {"VersionId": "v2", "IsDefaultVersion": True, "Document": POLICY}
    dump = {
        "UserDetailList": [
            {"UserName": "u", "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": POLICY}]}
        ],
        "RoleDetailList": [{"RoleName": "r", "AssumeRolePolicyDocument": POLICY}],
        "Policies": [{"PolicyVersionList": [{**version, "IsDefaultVersion": False}, version]}],
    }
    found = contents(json.dumps(dump)).documents
    assert [(each.name, each.kind) for each in found] == [
        ("UserDetailList[0].UserPolicyList[0].PolicyDocument", kinds.IDENTITY),
        ("RoleDetailList[0].AssumeRolePolicyDocument", kinds.TRUST),
        ("Policies[0].PolicyVersionList[1].Document", kinds.IDENTITY),
    ]


def test_a_list_of_policies() -> None:
    assert [each.name for each in contents(json.dumps([POLICY, POLICY])).documents] == [
        "[0]",
        "[1]",
    ]


def test_a_tag_policy_is_none_of_iam() -> None:
    value = {"Policy": {"PolicySummary": {"Type": "TAG_POLICY"}, "Content": '{"tags": {}}'}}
    assert contents(json.dumps(value), given=False).documents == ()


def test_a_policy_in_yaml() -> None:
    found = only("Version: 2012-10-17\nStatement:\n  Effect: Allow\n", "p.yml")
    assert (found.name, found.kind) == ("", None)
    assert found.document.value == {"Version": "2012-10-17", "Statement": {"Effect": "Allow"}}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", '"Statement": {Effect: Allow}\n'),
        ("a.yaml", "{Statement: {Effect: Allow}}\n"),
        ("a.template", "# a comment\nStatement: {Effect: Allow}\n"),
        ("a.json", '\n{"Statement": {"Effect": "Allow"}}\n'),
        ("a.yaml", '{"Statement": {"Effect": "Allow"}}'),
        ("-", "---\nStatement: {Effect: Allow}\n"),
    ],
)
def test_json_or_yaml_by_what_is_in_it(name: str, text: str) -> None:
    assert only(text, name).document.value == {"Statement": {"Effect": "Allow"}}


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "null",
        '"text"',
        '{"name": "x", "version": "1.0.0", "description": "a statement"}',
        '{"Statement": "permit(principal, action, resource);"}',
        '{"Statement": [{"Sid": "x", "DataDirection": "Inbound", "Operation": {"Deny": {}}}]}',
        '{"rules": [{"Statement": {"ManagedRuleGroupStatement": {"Name": "x"}}}]}',
        "// statement\n{}",
        "statement: [1, 2\n",
        "# statement\n{{ .Values.x }}: y\n",
        "kind: A\n---\nkind: statement\n",
        "a: &x statement\nb: {<<: *x}\n",
        "just a statement",
    ],
)
def test_what_is_about_no_policy_is_passed_over_in_a_folder(text: str) -> None:
    assert contents(text, given=False) == ((), ())
    assert contents(text, "t.yaml", given=False) == ((), ())


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ('\n{"name": 1}', (NO_DOCUMENT, 2, 1, "there is no policy document in this file")),
        ("a: b\n", ("IAM863", 1, 1, "there is no policy in this file")),
    ],
)
def test_what_is_given_must_have_a_policy(text: str, refused: tuple[str, int, int, str]) -> None:
    assert _refused(text) == [refused]


def test_a_template_without_policies_is_no_error() -> None:
    (note,) = contents(_template({"BucketName": "b"}, "AWS::S3::Bucket")).diagnostics
    assert (note.code, note.severity) == ("IAM863", Severity.NOTE)
    assert note.message == "there is no policy in this template"
    (note,) = contents('{"format_version": "1.2", "planned_values": {}}').diagnostics
    assert note.message == "there is no policy in this plan"


@pytest.mark.parametrize("comma", ["", ","])
def test_a_mistake_in_what_looks_like_a_policy_is_told_also_in_a_folder(comma: str) -> None:
    text = f'{{"Version": "2012-10-17", "Statement": [{json.dumps(STATEMENT)}{comma}]}}'
    if comma:
        with pytest.raises(DocumentError):
            contents(text, given=False)
    else:
        assert len(contents(text, given=False).documents) == 1


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("Resources:\n\tA: b\n", ("IAM861", 2, 1, "this is not YAML: ")),
        ("Resources:\n  A: !Rf b\n", ("IAM862", 2, 6, "tags are not supported: `!Rf`")),
        ("A: !!python/object/apply:os.system [x]\n", ("IAM862", 1, 4, "tags are not supported: ")),
        ("A: {B: 1, B: 2}\n", ("IAM004", 1, 11, "duplicate key `B`")),
        ("A: 1\n---\nB: 2\n", ("IAM862", 2, 1, "a second document begins: a template is one")),
        ("A: &a [*a]\n", ("IAM862", 1, 8, "`*a` stands for nothing")),
        ("A: {<<: {b: c}}\n", ("IAM862", 1, 5, "merge keys are not supported: `<<`")),
        ("- " * 100 + "a\n", ("IAM012", 1, 129, "nested more than 64 levels deep")),
        ("{" * 100, ("IAM012", 1, 65, "nested more than 64 levels deep")),
        ("A: \x1b[31m\n", ("IAM020", 1, 4, "the character U+001B is not allowed in YAML")),
        (
            'resource "a" "b" {\n}\n',
            ("IAM018", 1, 1, "this is not JSON; looks like Terraform code"),
        ),
        (
            '{"format_version": "2.0", "resource_changes": []}',
            ("IAM865", 1, 1, "this is a plan of"),
        ),
        ('{"format_version": null, "values": {}}', ("IAM865", 1, 1, "this is a plan of")),
        ('{"Resources": {}, "Resources": {}}', ("IAM004", 1, 19, "duplicate key `Resources`")),
    ],
)
def test_what_is_refused(text: str, refused: tuple[str, int, int, str]) -> None:
    (*told, message), *_ = _refused(text)
    assert tuple(told) == refused[:3]
    assert message.startswith(refused[3])


def _laughs(depth: int) -> str:
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, depth)]
    return "Resources: {}\n" + "\n".join(lines)


BIG = json.dumps(
    {"Resources": {f"R{n}": {"Type": "T", "Properties": {"A": "x"}} for n in range(60_000)}}
)
ROLES = {
    f"R{n}": {
        "Type": ROLE,
        "Properties": {
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Allow",
                    "Principal": {
                        "AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::111111111111:root"}
                    },
                    "Action": "sts:AssumeRole",
                },
            }
        },
    }
    for n in range(10_000)
}


def _first_place(documents: Any) -> int:  # noqa: ANN401 - what was found
    return int(documents[-1].document.span(("Statement", "Principal", "AWS")).place.line)


@pytest.mark.large
@pytest.mark.parametrize(
    ("text", "check"),
    [
        (lambda: BIG, lambda found: not found.documents),
        (lambda: json.dumps({"Resources": ROLES}), lambda found: len(found.documents) == 10_000),
        (
            lambda: json.dumps({"Resources": ROLES}, indent=1),
            lambda f: _first_place(f.documents) > 1,
        ),
        (lambda: BIG[:-3], "IAM001"),
        (lambda: BIG.replace("R59998", "R0"), "IAM004"),
        (lambda: BIG.replace('"x"', "NaN"), "IAM001"),
        (lambda: "[" * 5_000_000, "IAM012"),
        (lambda: '{"a":' * 1_000_000, "IAM012"),
        (lambda: "a: " + "[" * 1_000_000, "IAM012"),
        (lambda: _laughs(12), "IAM862"),
        (lambda: "".join(f"k{n}: &a{n} x\n" for n in range(100_000)), "IAM862"),
        (lambda: "a: b\n" * 900_000, "IAM013"),
        (lambda: "Resources:\n" + "".join(f"  r{n}: !Ref x\n" for n in range(50_000)), "IAM863"),
        (lambda: TEXT[:-1] + " " * 1_100_000 + "}", "IAM013"),
        (
            lambda: _template({"PolicyDocument": {"Fn::Sub": '{"Statement":' + "${a}" * 500_000}}),
            "IAM864",
        ),
        (
            lambda: _template({"PolicyDocument": {"Fn::Join": ["", ['{"Statement":'] * 200_000]}}),
            "IAM864",
        ),
    ],
)
def test_hostile_and_large_texts_take_linear_time(
    text: Callable[[], str], check: str | Callable[[Any], bool]
) -> None:
    made = text()
    found: list[Any] = []

    def read() -> None:
        try:
            found.append(contents(made))
        except DocumentError as error:
            found.append(error)

    assert calls(read) < 8 * len(made)
    codes = [diagnostic.code for diagnostic in found[0].diagnostics]
    assert check in codes if isinstance(check, str) else check(found[0])


@pytest.mark.large
def test_each_of_ten_thousand_policies_is_a_text_of_its_own() -> None:
    found = contents(json.dumps({"Resources": ROLES})).documents
    assert max(len(each.document.source.text) for each in found) < 200
    assert all(build(each.document, kinds.TRUST).statements for each in found)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04\0\0", "IAM865"),
        (b"{}".ljust(FILE_LIMIT + 1), "IAM013"),
        (b"\xff\xfe{\0}\0", "IAM011"),
        (b" \n", "IAM014"),
    ],
)
def test_bytes_that_are_no_text(data: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as raised:
        text_in("t", data)
    assert raised.value.diagnostics[0].code == code
    assert text_in("t", data, given=False) is None


def test_the_text_of_bytes() -> None:
    assert text_in("t", b'\xef\xbb\xbf{"Statement": []}', given=False) == (
        "t",
        '{"Statement": []}',
        None,
    )
    assert YAML_LIMIT < FILE_LIMIT


PIECES = st.sampled_from(
    [
        *("Resources:", "\n  A:", "\n    Type: AWS::IAM::Role", "\n    Properties:", "Statement"),
        *("\n      PolicyDocument: ", "!Sub ", "!If ", "|\n", "${a}", "${!b}", "[", "]", "{", "}"),
        *(
            ": ",
            ", ",
            '"',
            "'",
            "\n",
            "  ",
            "- ",
            "#",
            "&x ",
            "*x",
            "{Ref: AWS::NoValue}",
            "é",
            "\\",
        ),
        *('{"Fn::Join": ["", [', '{"Statement":', '"Effect": "Allow"', "Version: 2012-10-17"),
        *('"format_version": "1.2"', '"resource_changes": [', '"after": ', "null", "<<", "\t"),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from(["t.yaml", "t.json", "-"]))
def test_no_text_crashes(text: str, name: str) -> None:
    try:
        found = find_documents(Source(name, text))
    except DocumentError as error:
        assert all(d.labels[0].span.place for d in error.diagnostics)  # noqa: PT017 - it may be none
        return
    for each in found.documents:
        assert is_consistent(each.document) or each.document.source.origin is None
        assert each.document.whole().place


@given(st.data(), st.sampled_from(FILES))
def test_a_damaged_file_crashes_nothing(data: st.DataObject, file: str) -> None:
    text = fixture(file)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 60)))
    test = (
        text[:start]
        + data.draw(st.sampled_from(["", '"', "}", "]", "null", "x: y", "[{"]))
        + text[end:]
    )
    try:
        found = contents(test, file)
    except DocumentError as error:
        assert error.diagnostics  # noqa: PT017 - it may be none
        return
    assert all(map(is_consistent, (each.document for each in found.documents)))
