"""What stands in the place of the functions of CloudFormation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.documents.functions import LONGEST, resolve, text_of
from simulator.source import Range, Source
from simulator.syntax import UNKNOWN, changed, decode
from simulator.syntax.places import places
from tests.counting import calls
from tests.unit.documents.reading import shown

if TYPE_CHECKING:
    from simulator.syntax import JsonValue

NO_VALUE = {"Ref": "AWS::NoValue"}


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ({"Ref": "Bucket"}, "?"),
        ({"Ref": "AWS::Partition"}, "?"),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, "?"),
        ({"Fn::ImportValue": "x"}, "?"),
        ({"Fn::If": ["c", "a", "b"]}, "?"),
        ({"Fn::Select": ["0", ["a"]]}, "?"),
        ({"Fn::NobodyKnows": []}, "?"),
        ({"Fn::Sub": "no variable"}, "no variable"),
        ({"Fn::Sub": "arn:aws:s3:::${Bucket}/*"}, "arn:aws:s3:::?/*"),
        ({"Fn::Sub": "${A}${B}"}, "??"),
        ({"Fn::Sub": "home/${!aws:username}/*"}, "home/${aws:username}/*"),
        ({"Fn::Sub": "${aws:username}"}, "?"),
        ({"Fn::Sub": "${AWS::AccountId}:${"}, "?:${"),
        ({"Fn::Sub": ["${a}/${b}", {"a": "known"}]}, "known/?"),
        ({"Fn::Sub": ["${a}", {"a": {"Fn::Sub": "x${b}"}}]}, "x?"),
        ({"Fn::Sub": ["${a}", {"a": ["no", "text"]}]}, "?"),
        ({"Fn::Sub": ["only"]}, "?"),
        ({"Fn::Sub": {"Ref": "x"}}, "?"),
        ({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam"]]}, "arn:?:iam"),
        ({"Fn::Join": ["-", ["a", NO_VALUE, "b"]]}, "a-b"),
        ({"Fn::Join": [":", []]}, ""),
        ({"Fn::Join": [":", {"Ref": "List"}]}, "?"),
        ({"Fn::Join": [":", ["a", ["b"]]]}, "?"),
        ({"Fn::Join": [{"Ref": "x"}, ["a"]]}, "?"),
        ({"Fn::Join": ["", ["a", {"Fn::Join": ["+", ["b", {"Fn::Sub": "${c}"}]]}]]}, "ab+?"),
        ({"Fn::Transform": {"Name": "AWS::Include"}, "Version": "2012-10-17"}, "?"),
    ],
)
def test_text(call: JsonValue, text: str) -> None:
    assert text_of(call).replace(UNKNOWN, "?") == text


@pytest.mark.parametrize(
    ("value", "resolved", "unknown"),
    [
        ({"a": [NO_VALUE, "b", NO_VALUE]}, {"a": ["b"]}, set()),
        ({"a": [NO_VALUE, NO_VALUE], "b": NO_VALUE}, {"a": []}, set()),
        ({"b": NO_VALUE, "a": "x", "c": NO_VALUE}, {"a": "x"}, set()),
        ([NO_VALUE, {"Ref": "x"}, "y"], ["?", "y"], {(0,)}),
        ([{"Fn::If": ["c", {"a": "b"}, NO_VALUE]}], ["?"], {(0,)}),
        ({"a": {"Fn::Sub": "b"}}, {"a": "b"}, set()),
        ({"a": {"Ref": "x", "b": "c"}}, {"a": {"Ref": "x", "b": "c"}}, set()),
        ({"Condition": {"a": "b"}}, {"Condition": {"a": "b"}}, set()),
        ({"a": {"Fn::ForEach::L": [], "b": "c"}}, {"a": "?"}, {("a",)}),
    ],
)
def test_what_is_left_of_a_value(value: JsonValue, resolved: JsonValue, unknown: set[Any]) -> None:
    text = json.dumps(value)
    found = resolve(value, places(text))
    assert shown(found.value) == resolved
    assert found.unknown == unknown
    assert decode(changed(Source("t", text), Range(0, len(text)), found.changes)) == found.value


CALLS = st.sampled_from(
    [
        NO_VALUE,
        {"Ref": "x"},
        {"Fn::Sub": "a${b}"},
        {"Fn::Sub": "é"},
        {"Fn::Join": ["", ["a", "b"]]},
    ]
)
VALUES = st.recursive(
    st.sampled_from(["a", "é", '"', None, True]) | CALLS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner),
    max_leaves=12,
)


@given(VALUES, st.sampled_from([None, 2]))
def test_the_changed_text_says_the_resolved_value(value: JsonValue, indent: int | None) -> None:
    whole: JsonValue = {"whole": value}
    text = json.dumps(whole, indent=indent)
    found = resolve(whole, places(text))
    inner = changed(Source("t", text), Range(0, len(text)), found.changes)
    assert decode(inner) == found.value
    # The places that come with it are those of the values that are left.
    assert _same_form(found.value, found.node)


def _same_form(value: Any, node: Any) -> bool:  # noqa: ANN401 - JSON and its places
    if isinstance(value, dict):
        keys = value.keys() == node.keys.keys() == node.values.keys()
        return keys and all(_same_form(each, node.values[key]) for key, each in value.items())
    if isinstance(value, list):
        each_has = set(node.values) == set(range(len(value)))
        return each_has and all(_same_form(each, node.values[i]) for i, each in enumerate(value))
    return not node.values


@pytest.mark.parametrize(
    "call",
    [
        {"Fn::Sub": ["${a}" * 100_000, {"a": "x" * 100_000}]},
        {"Fn::Join": ["x" * 100_000, ["a"] * 10]},
        {"Fn::Sub": "${" * 500_000},
    ],
)
def test_what_grows_without_end_is_unknown(call: JsonValue) -> None:
    assert len(text_of(call)) <= LONGEST
    assert calls(lambda: text_of(call)) < 8 * len(json.dumps(call))
