"""Places found without lark: the same as with it, and no more than is asked for."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.source import Range, Source
from simulator.syntax.places import DuplicateKeyError, places
from simulator.syntax.report import parse_node
from tests.counting import calls

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False)
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
VALUES = st.recursive(
    SCALARS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.sampled_from([None, 1, "\r\n\t"]), st.sampled_from(["ascii", "utf-8"]))
def test_the_places_are_those_of_lark(
    value: object, indent: str | int | None, encoding: str
) -> None:
    text = f" {json.dumps(value, indent=indent, ensure_ascii=encoding == 'ascii')}\n"
    assert places(text) == parse_node(Source("", text))


def test_only_what_is_on_the_way() -> None:
    text = '{"a": [1, {"b": "x", "c": [2, 3]}], "d": {"e": null}}'
    node = places(text, [("a", 1, "c"), ("d",)])
    assert node.values.keys() == {"a", "d"}
    assert node.keys.keys() == {"a", "d"}
    inner = node.values["a"].values[1].values["c"]
    assert text[slice(*inner.range)] == "[2, 3]"
    assert not inner.values
    assert text[slice(*node.values["d"].range)] == '{"e": null}'
    assert text[slice(*node.values["d"].range)] == text[node.values["d"].range.start : -1]


def test_a_value_within_a_text() -> None:
    text = 'x = ["a", "b"] and more'
    assert places(text, start=3).values[1].range == Range(10, 13)


def test_a_key_twice() -> None:
    with pytest.raises(DuplicateKeyError) as raised:
        places('{"a": 1, "\\u0061": 2}')
    assert (raised.value.name, raised.value.first, raised.value.again) == ("a", (1, 4), (9, 17))


def test_work_grows_no_faster_than_the_text() -> None:
    text = json.dumps({f"k{i}": {"a": ["x" * 50] * 5} for i in range(15_000)})
    paths = [(f"k{i}", "a", 4) for i in range(0, 15_000, 3)]
    assert len(places(text, paths).values) == 5_000
    assert calls(lambda: places(text, paths)) < len(text)
