"""From bytes to records: places in YAML and JSON, and whatever the bytes are, no crash."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from simulator.diagnostic import DocumentError
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.rendering.test_report import report_text, report_value
from simulator.testing.load import SIZE_LIMIT, read_file, read_text
from simulator.testing.schema import FileShape
from tests.unit.testing import files

TEXT = """\
a:
  - Version: 2012-10-17
    Statement:
      - Effect: Allow
        Action: [sts:AssumeRole, "s3:Get*"]
        Resource: "*"
        Condition:
          Bool: {aws:MultiFactorAuthPresent: true}
          StringEquals: {aws:username: "a\\tb", aws:PrincipalTag/x: é}
"""
PLACES: dict[tuple[str | int, ...], str] = {
    ("Version",): "2012-10-17",
    ("Statement", 0, "Effect"): "Allow",
    ("Statement", 0, "Action"): '[sts:AssumeRole, "s3:Get*"]',
    ("Statement", 0, "Action", 0): "sts:AssumeRole",
    ("Statement", 0, "Action", 1): '"s3:Get*"',
    ("Statement", 0, "Resource"): '"*"',
    ("Statement", 0, "Condition", "Bool"): "{aws:MultiFactorAuthPresent: true}",
    ("Statement", 0, "Condition", "Bool", "aws:MultiFactorAuthPresent"): "true",
    ("Statement", 0, "Condition", "StringEquals", "aws:username"): '"a\\tb"',
    ("Statement", 0, "Condition", "StringEquals", "aws:PrincipalTag/x"): "é",
}


@pytest.mark.parametrize(("path", "written"), PLACES.items())
def test_places_in_an_inline_policy(path: tuple[str | int, ...], written: str) -> None:
    document = read_text("t.yaml", TEXT.encode()).document(("a", 0))
    span = document.span(path)
    assert span.in_file().text == written
    assert span.place == span.in_file().source.place(TEXT.index(written))
    key = document.key_span(("Statement", 0, "Condition")).in_file()
    assert key.text == "Condition"


def test_the_same_places_in_json() -> None:
    value = yaml.load(TEXT, Loader=yaml.BaseLoader)  # noqa: S506 - it makes nothing but text
    text = json.dumps(value, indent=3)
    document = read_text("t.json", text.encode()).document(("a", 0))
    for path, written in PLACES.items():
        found = json.loads(document.span(path).in_file().text)
        if not isinstance(found, (dict, list)):
            assert found == (json.loads(written) if written.startswith('"') else written)
    assert [s.number for s in build(document, kinds.IDENTITY).statements] == [1]


def _refused(data: bytes, name: str = "t.yaml") -> list[tuple[str, int, int]]:
    with pytest.raises(DocumentError) as raised:
        read_file(read_text(name, data))
    return [(d.message, *d.labels[0].span.place) for d in raised.value.diagnostics]


def test_unknown_key_and_nearest() -> None:
    data = b"tests:\n - name: a\n   expects: denied\n   callers: x\n"
    assert _refused(data) == [
        ("unknown key `expects`: did you mean `expect`?", 3, 4),
        ("unknown key `callers`: did you mean `caller`?", 4, 4),
        ("the key `expect` is missing", 2, 4),
    ]


def test_key_with_space_at_its_end() -> None:  # row 121
    (found,) = _refused(b'tests: [{name: a, expect: b, "caller ": c}]')
    assert found[0] == "unknown key `caller `: did you mean `caller`?"


def test_names_twice() -> None:
    data = b"tests: [{name: a, expect: b}, {name: a, expect: b}]"
    assert _refused(data) == [("two tests are called `a`", 1, 38)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"tests: []", "there is no test in this file"),
        (b"# nothing", "expected a mapping, found nothing"),
        (b"- a", "expected a mapping, found a list"),
        (b"", "the document is empty"),
        (b"tests: [{name: , expect: b}]", "expected text, found nothing"),
        (b"tests: [{name: a, expect: b, context: {k: {}}}]", "expected text or a list or nothing"),
        (b"x" * (SIZE_LIMIT + 1), "the document is larger than 4,194,304 bytes"),
        (b"\xff\xfe", "the document is not UTF-8"),
    ],
)
def test_unusable(data: bytes, message: str) -> None:
    assert _refused(data)[0][0].startswith(message)


def test_bom_is_left_out() -> None:
    shape = read_file(read_text("t.yaml", b"\xef\xbb\xbftests: [{name: a, expect: b}]\r\n"))
    assert shape.tests[0].name == "a"


@pytest.mark.parametrize("name", ["t.json", "t", "-", "t.yaml"])
def test_json_by_name_or_look(name: str) -> None:
    shape = read_file(read_text(name, b'{"tests": [{"name": "a", "expect": "b"}]}'))
    assert isinstance(shape, FileShape)


def test_numbers_of_json_stay_text() -> None:
    data = b'{"tests": [{"name": "a", "expect": "b", "resource_account": 123456789012}]}'
    assert read_file(read_text("t.json", data)).tests[0].resource_account == "123456789012"


def test_mistakes_of_json() -> None:
    assert _refused(b'{"tests": [}', "t.json")[0][1:] == (1, 12)


YAML_PIECES = st.one_of(
    st.sampled_from("a{}[]'\"|>#~%é\t\n\\\0"),
    st.sampled_from([": ", "- ", "  ", "&a ", "*a", "!t ", "? ", "---", "<<", "tests", "name: a"]),
)
ANY_TEXT = st.one_of(st.text(), st.lists(YAML_PIECES, max_size=30).map("".join))


@given(ANY_TEXT, st.sampled_from(["t.yaml", "t.json", "t"]))
def test_no_text_crashes(text: str, name: str) -> None:
    with suppress(DocumentError):
        assert read_file(read_text(name, text.encode("utf-8", "surrogatepass"))).tests


@given(st.binary())
def test_no_bytes_crash(data: bytes) -> None:
    assert report_text(files.report(data, "t.yaml"))


SOME = st.sampled_from
CASES = st.fixed_dictionaries(
    {"caller": SOME([files.ALICE, files.SESSION, "anonymous", "lambda.amazonaws.com", "x"])},
    optional={
        "expect": SOME(["allowed", "denied", "implicitDeny", "AccessDenied", "alowed"]),
        "assume_role": SOME([files.DEPLOY, f"{files.DEPLOY}s", "x", "left out"]),
        "action": SOME(["s3:GetObject", "sts:AssumeRole"]),
        "resource": SOME([files.BUCKET, files.DEPLOY, "*"]),
        "resource_account": SOME([files.HOME, "012345670123", 12]),
        "resource_policy": SOME(["none.json", files.policy(Principal="*", Resource="*"), {}]),
        "with": SOME([{}, {"duration_seconds": 900}, {"tags": {"a": "b"}}, {"tag": 1}]),
        "context": SOME([{"aws:SourceIp": None}, {"aws:TagKeys": ["~"]}, {"k": "null"}]),
        "because": SOME(["trust", "IAM302", "x"]),
    },
)


@given(st.lists(CASES, min_size=1, max_size=3))
def test_yaml_and_json_come_to_the_same(cases: list[dict[str, Any]]) -> None:
    value = files.file(*cases)
    reports = [
        report_value(files.report(data, name))
        for data, name in (
            (json.dumps(value, indent=1).encode(), "t.json"),
            (yaml.safe_dump(value, allow_unicode=True).encode(), "t.yaml"),
        )
    ]
    for tests in (report["tests"] for report in reports):
        for test in tests:
            test["id"] = test["id"].partition("::")[2]
            for cause in test["causes"]:
                assert cause.pop("location") is None or cause["code"]
    assert reports[0] == reports[1]
