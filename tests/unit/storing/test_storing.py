"""The text of a document, and a document in a file, as AWS answers to them."""

from __future__ import annotations

import json

import pytest

from simulator.policy import kinds
from simulator.policy.envelope import unwrap
from simulator.policy.model import Attachment
from simulator.source import Source
from simulator.storing.storing import refusal_of_document, refusal_of_text
from tests.unit.storing.documents import GONE, READING, SHARING, TRUSTING, but, policy

TEXT = json.dumps(policy(READING))
OTHERS = "The provided policy document does not meet the requirements of the specified policy type."


@pytest.mark.parametrize("text", ["", "{", "x", '{"a": 1, "a": 2}', '{"a": NaN}', "[" * 10_000])
@pytest.mark.parametrize(
    ("kind", "service", "code", "said"),
    [
        (kinds.IDENTITY, None, "MalformedPolicyDocument", "Syntax errors in policy."),
        (kinds.BOUNDARY, None, "MalformedPolicyDocument", "Syntax errors in policy."),
        (kinds.SESSION, None, "MalformedPolicyDocument", "Syntax errors in policy."),
        (kinds.TRUST, None, "MalformedPolicyDocument", "This policy contains invalid Json"),
        (kinds.SCP, None, "MalformedPolicyDocumentException", OTHERS),
        (kinds.RCP, None, "MalformedPolicyDocumentException", OTHERS),
        (
            kinds.RESOURCE,
            "s3",
            "MalformedPolicy",
            "Policies must be valid JSON and the first byte must be '{'",
        ),
        (kinds.RESOURCE, None, "MalformedPolicyDocument", "Syntax error in policy."),
        (kinds.ENDPOINT, None, "InvalidPolicyDocument", "The Policy Document is not valid."),
    ],
)
def test_no_json(
    text: str, kind: kinds.PolicyKind, service: str | None, code: str, said: str
) -> None:
    found = refusal_of_text(text, kind, service=service)
    assert found is not None
    assert (found.code, found.message, found.path) == (code, said, ())


@pytest.mark.parametrize(
    ("kind", "parameter"),
    [
        (kinds.IDENTITY, "policyDocument"),
        (kinds.SESSION, "policy"),
        (kinds.TRUST, "assumeRolePolicyDocument"),
    ],
)
def test_characters(kind: kinds.PolicyKind, parameter: str) -> None:
    found = refusal_of_text(TEXT.replace("GetObject", "GetObject\u20ac"), kind)
    assert found is not None
    text = (
        f"1 validation error detected: Value at '{parameter}' failed to satisfy constraint: Member"
        " must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"
    )
    assert (found.code, found.message) == ("ValidationError", text)


def test_characters_that_are_stored() -> None:
    statement = but(READING, Condition={"StringEquals": {"aws:x": "\u20ac"}})
    assert refusal_of_text(json.dumps(policy(statement)), kinds.IDENTITY) is None  # an escape
    assert refusal_of_text(TEXT.replace("GetObject", "Get\u00e9"), kinds.IDENTITY) is None
    spoken = json.dumps(policy(statement), ensure_ascii=False)
    assert refusal_of_text(spoken, kinds.SCP) is None


def test_white_space_before_a_policy() -> None:
    found = refusal_of_text(f"\n{TEXT}", kinds.IDENTITY)
    assert found is not None
    assert (found.message, found.path) == ("The policy failed legacy parsing", ())
    assert refusal_of_text(f"{TEXT}\n", kinds.IDENTITY) is None
    assert refusal_of_text(f"\n{TEXT}", kinds.SESSION) is None
    assert refusal_of_text(f" {json.dumps(policy(TRUSTING))}", kinds.TRUST) is None


def test_inline() -> None:
    old = json.dumps(policy(READING, Version=GONE))
    assert refusal_of_text(old, kinds.IDENTITY, inline=True) is None
    assert refusal_of_text(old, kinds.IDENTITY) is not None


def test_service() -> None:
    text = json.dumps(policy(SHARING))
    assert refusal_of_text(text, kinds.RESOURCE) is None
    assert refusal_of_text(text, kinds.RESOURCE, service="s3") is not None


@pytest.mark.parametrize(("attached", "is_stored"), [("role", True), ("managed", False)])
def test_a_file_tells_whether_a_policy_is_inline(attached: str, is_stored: bool) -> None:  # noqa: FBT001
    text = json.dumps(policy(READING, Version="2008-10-17"))
    document = unwrap(Source("p.json", text)).document._replace(attachment=Attachment(attached))
    assert (refusal_of_document(document, kinds.IDENTITY) is None) is is_stored


def test_the_place_of_a_character() -> None:
    statement = but(READING, Sid="x", Condition={"StringEquals": {"aws:x": ["a", "\u20ac"]}})
    text = json.dumps(policy(statement), ensure_ascii=False)
    found = refusal_of_document(unwrap(Source("p.json", text)).document, kinds.IDENTITY)
    assert found is not None
    path = ("Statement", 0, "Condition", "StringEquals", "aws:x", 1)
    assert (found.code, found.path) == ("ValidationError", path)
    key = text.replace("aws:x", "aws:\u20ac").replace('"\u20ac"', '"b"')
    found = refusal_of_document(unwrap(Source("p.json", key)).document, kinds.IDENTITY)
    assert found is not None
    assert found.path == (*path[:-2], "aws:\u20ac")
