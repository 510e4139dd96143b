"""Edits of policies keep the look of the rest."""

from __future__ import annotations

from itertools import combinations

import pytest

from simulator.policy.edits import add_first, remove_values
from simulator.policy.model import Document
from simulator.source import Source
from simulator.syntax import apply_edits, decode

LIST = '{"a": [\n  "x", "y",\n  "z" ,"w"\n]}'


def document(text: str) -> Document:
    source = Source("p.json", text)
    return Document(source, (), decode(source))


@pytest.mark.parametrize(
    ("indices", "expected"),
    [
        ({0}, '{"a": [\n  "y",\n  "z" ,"w"\n]}'),
        ({1}, '{"a": [\n  "x",\n  "z" ,"w"\n]}'),
        ({0, 1}, '{"a": [\n  "z" ,"w"\n]}'),
        ({0, 2}, '{"a": [\n  "y" ,"w"\n]}'),
        ({1, 3}, '{"a": [\n  "x",\n  "z"\n]}'),
        ({1, 2, 3}, '{"a": [\n  "x"\n]}'),
    ],
)
def test_some_elements_are_removed(indices: set[int], expected: str) -> None:
    assert apply_edits(LIST, remove_values(document(LIST), ("a",), indices)) == expected


@pytest.mark.parametrize("count", [1, 2, 3])
def test_any_elements_can_be_removed_and_each_alone(count: int) -> None:
    for indices in combinations(range(4), count):
        edits = remove_values(document(LIST), ("a",), indices)
        kept = [item for index, item in enumerate("xyzw") if index not in indices]
        assert decode(Source("", apply_edits(LIST, edits))) == {"a": kept}
        for index, edit in zip(indices, edits, strict=True):
            others = ["xyzw"[n] for n in range(4) if n != index]
            assert decode(Source("", apply_edits(LIST, [edit]))) == {"a": others}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"b": 1}', '{"a": "x", "b": 1}'),
        ('{ "b": 1 }', '{ "a": "x", "b": 1 }'),
        ('{\n  "b": 1,\n  "c": 2\n}', '{\n  "a": "x",\n  "b": 1,\n  "c": 2\n}'),
    ],
)
def test_an_element_is_added_before_all_others(text: str, expected: str) -> None:
    assert apply_edits(text, [add_first(document(text), "a", "x")]) == expected
