"""Edits of a policy in YAML: as people write YAML, and so that it then says what was meant."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from simulator.diagnostic import Edit
from simulator.policy.edits import add_statement, add_value
from simulator.policy.model import Values
from simulator.source import Range
from simulator.syntax import apply_edits, decode, locate, remove_element
from tests.unit.documents.reading import contents, only

if TYPE_CHECKING:
    from simulator.policy.model import Document
    from simulator.syntax import Path

TEXT = """\
# of the team
Version: 2012-10-17
Statement:
  - Sid: One  # the first
    Effect: Allow
    Action:
    - s3:GetObject   # read
    - 's3:PutObject' # write
    Resource: [ "arn:aws:s3:::a/*", arn:aws:s3:::b/* ]
    Condition:
      StringEquals:
        aws:username: alice
      Bool: {aws:SecureTransport: "true", aws:ViaAWSService: "false"}
  - {Effect: Deny, Action: "iam:*", Resource: "*"}
"""
ONE: Path = ("Statement", 0)


def _document(text: str = TEXT) -> Document:
    return only(text, "t.yaml").document


def _replaced(document: Document, path: Path, text: str, *, key: bool = False) -> Edit:
    span = document.key_span(path) if key else document.span(path)
    return Edit(document.source, span.range, text)


def _without(document: Document, path: Path, index: int) -> Edit:
    return remove_element(document.source, locate(document.source).container(path), index)


def _with(document: Document, path: Path, *values: str) -> Edit:
    found = document.value
    for step in path:
        found = found[step]  # type: ignore[index]
    items = tuple(map(str, found)) if isinstance(found, list) else (str(found),)
    return add_value(document, Values(path, items, isinstance(found, list)), *values)


Make = Callable[["Document"], Edit]
EDITS: dict[str, tuple[Make, str, str]] = {
    "a plain text": (
        lambda d: _replaced(d, (*ONE, "Effect"), '"Deny"'),
        "Effect: Allow\n    Action:",
        "Effect: Deny\n    Action:",
    ),
    "a text in quotes": (
        lambda d: _replaced(d, (*ONE, "Action", 1), '"s3:*"'),
        "'s3:PutObject' # write",
        '"s3:*" # write',
    ),
    "a text that needs quotes": (
        lambda d: _replaced(d, (*ONE, "Sid"), '"no"'),
        "Sid: One",
        'Sid: "no"',
    ),
    "within a text": (
        lambda d: Edit(d.source, _inside(d, (*ONE, "Sid")), "Two"),
        "Sid: One",
        "Sid: Two",
    ),
    "the last of a block list": (
        lambda d: _with(d, (*ONE, "Action"), "s3:List*", "s3:x"),
        "# write\n",
        '# write\n    - "s3:List*"\n    - "s3:x"\n',
    ),
    "the last of a list in brackets": (
        lambda d: _with(d, (*ONE, "Resource"), "c"),
        "arn:aws:s3:::b/* ]",
        'arn:aws:s3:::b/*, "c" ]',
    ),
    "a text that becomes a list": (
        lambda d: _with(d, ("Statement", 1, "Action"), "sts:*"),
        'Action: "iam:*"',
        'Action: ["iam:*","sts:*"]',
    ),
    "another statement": (
        lambda d: add_statement(d, {"Effect": "Deny", "Action": "*", "Resource": "*"}),
        'Resource: "*"}\n',
        'Resource: "*"}\n  - {"Effect":"Deny","Action":"*","Resource":"*"}\n',
    ),
    "the first of a list gone": (
        lambda d: _without(d, (*ONE, "Action"), 0),
        "    - s3:GetObject   # read\n    - 's3",
        "    - 's3",
    ),
    "the last of a block list gone, with its comment": (
        lambda d: _without(d, (*ONE, "Action"), 1),
        "# read\n    - 's3:PutObject' # write\n",
        "# read\n",
    ),
    "the last of a list gone": (
        lambda d: _without(d, (*ONE, "Resource"), 1),
        '"arn:aws:s3:::a/*", arn:aws:s3:::b/* ]',
        '"arn:aws:s3:::a/*" ]',
    ),
    "a statement gone": (
        lambda d: _without(d, ("Statement",), 1),
        '\n  - {Effect: Deny, Action: "iam:*", Resource: "*"}',
        "",
    ),
    "an operator by another name": (
        lambda d: _replaced(d, (*ONE, "Condition", "StringEquals"), '"StringLike"', key=True),
        "StringEquals:",
        "StringLike:",
    ),
    "a member gone": (
        lambda d: _without(d, (*ONE, "Condition", "Bool"), 0),
        '{aws:SecureTransport: "true", aws:ViaAWSService: "false"}',
        '{aws:ViaAWSService: "false"}',
    ),
    "the only member gone": (
        lambda d: _without(d, (*ONE, "Condition", "StringEquals"), 0),
        "aws:username: alice",
        "{}",
    ),
    "an object in the place of another": (
        lambda d: _replaced(d, (*ONE, "Condition", "Bool"), '{"a": "b", "c": ["d"]}'),
        '{aws:SecureTransport: "true", aws:ViaAWSService: "false"}',
        '{"a":"b","c":["d"]}',
    ),
    "a version": (
        lambda d: _replaced(d, ("Version",), '"2008-10-17"'),
        "Version: 2012-10-17",
        'Version: "2008-10-17"',
    ),
}


def _inside(document: Document, path: Path) -> Range:
    start, end = document.span(path).range
    return Range(start + 1, end - 1)


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_is_written_as_yaml(what: str) -> None:
    make, old, new = EDITS[what]
    document = _document()
    edit = make(document)
    assert TEXT.count(old) == 1
    edited = apply_edits(TEXT, [edit.in_file()])
    assert edited == TEXT.replace(old, new)
    meant = decode(document.source._replace(text=apply_edits(document.source.text, [edit])))
    assert _document(edited).value == meant


def test_two_edits_at_once() -> None:
    document = _document()
    edits = [
        _with(document, (*ONE, "Action"), "s3:x"),
        _replaced(document, (*ONE, "Sid"), '"Two"'),
        _without(document, ("Statement",), 1),
    ]
    meant = apply_edits(document.source.text, edits)
    edited = apply_edits(TEXT, [edit.in_file() for edit in edits])
    assert _document(edited).value == json.loads(meant)


@pytest.mark.parametrize(
    "text",
    [
        "Statement:\n  Effect: Allow\n  Action: !Ref A\n  Resource: '*'\n",
        "Statement:\n  Effect: Allow\n  Action: !Sub '${A}:*'\n  Resource: '*'\n",
    ],
)
def test_nobody_writes_what_is_unknown(text: str) -> None:
    document = _document(text)
    edit = _with(document, ("Statement", "Action"), "s3:x").in_file()
    assert (edit.text, edit.range.start) == ("", edit.range.end)


def test_what_makes_json_only_with_another_edit_is_left_out() -> None:
    document = _document()
    edit = Edit(document.source, Range(0, 0), "[").in_file()
    assert (edit.text, edit.range.start) == ("", edit.range.end)


def test_a_known_call_is_replaced_as_a_whole() -> None:
    text = "Statement: {Effect: !Sub Alow, Action: '*', Resource: '*'}\n"
    document = _document(text)
    edit = Edit(document.source, _inside(document, ("Statement", "Effect")), "Allow").in_file()
    assert apply_edits(text, [edit]) == text.replace("!Sub Alow", '"Allow"')


WORDS = st.sampled_from(
    ["a", "b c", "no", "2012-10-17", "- x", "a: b", "#", "'", '"', "é", "*", ""]
)
VALUES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3)
)
STYLES = st.sampled_from(["mixed", "block", "flow"])


@given(VALUES, VALUES, STYLES, st.data())
def test_whatever_changes_the_yaml_then_says(
    one: object, other: object, style: str, data: st.DataObject
) -> None:
    whole = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "x": one, "y": [one, "z"]}]}
    whole = json.loads(json.dumps(whole))  # of the same object twice yaml makes an alias
    flow = {"mixed": None, "block": False, "flow": True}[style]
    text = yaml.safe_dump(whole, default_flow_style=flow, allow_unicode=True, sort_keys=False)
    document = only(text, "t.yaml").document
    assert document.value == whole
    places = list(_paths(document.value))
    path = data.draw(st.sampled_from(places))
    edit = _replaced(document, path, json.dumps(other))
    edited = apply_edits(text, [edit.in_file()])
    meant = decode(document.source._replace(text=apply_edits(document.source.text, [edit])))
    documents = contents(edited, "t.yaml", given=False).documents
    assert [each.document.value for each in documents] == [meant]


def _paths(value: object, path: Path = ()) -> list[Path]:
    found: list[Path] = [path] if len(path) > 3 else []
    if isinstance(value, dict):
        found += [inner for key, each in value.items() for inner in _paths(each, (*path, key))]
    elif isinstance(value, list):
        found += [p for index, each in enumerate(value) for p in _paths(each, (*path, index))]
    return found or [path]
