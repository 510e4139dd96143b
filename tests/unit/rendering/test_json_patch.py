"""Tests of JSON Patch: the fewest operations on values, and what they make of a text's value."""

from __future__ import annotations

import json
from typing import Any

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.rendering.json_patch import json_patch

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "a", "~", "/", "~1"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["", "a", "b/c", "~0", "é"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(_VALUES, _VALUES)
def test_carried_out_it_yields_the_other_value(old: Any, new: Any) -> None:  # noqa: ANN401
    patch = json_patch(json.dumps(old), json.dumps(new, indent=2))
    assert json.dumps(jsonpatch.apply_patch(old, patch or []), sort_keys=True) == json.dumps(
        new, sort_keys=True
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": True}, [("replace", "/a", True)]),
        ({"a": ["x"]}, {"a": ["x", "y"]}, [("add", "/a/1", "y")]),
        ({"a": ["y"]}, {"a": ["x", "y"]}, [("add", "/a/0", "x")]),
        ({"a": "x"}, {"a": ["x", "y"]}, [("replace", "/a", ["x", "y"])]),
        ([1], [True], [("replace", "/0", True)]),
        ([1, 2, 3, 4], [1, 4], [("remove", "/2"), ("remove", "/1")]),
        ({"b/c": 1, "~": 2}, {"b/c": 2}, [("remove", "/~0"), ("replace", "/b~1c", 2)]),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": []}}, [("add", "/a/c", [])]),
    ],
)
def test_says_what_changes_and_no_more(old: Any, new: Any, expected: list[Any]) -> None:  # noqa: ANN401
    patch = json_patch(json.dumps(old), json.dumps(new))
    assert patch is not None
    assert [tuple(operation.values()) for operation in patch] == expected


def test_text_that_is_no_json_has_none() -> None:
    assert json_patch("%7B%7D", "%7B%22a%22%3A1%7D") is None
