"""Where things stand, and the edits that keep the look of a document."""

from __future__ import annotations

import json

import pytest

from simulator.diagnostic import DocumentError, Edit
from simulator.source import Range, Source, Span
from simulator.syntax import (
    append_element,
    apply_edits,
    locate,
    percent_decode,
    remove_element,
    unescape,
    within_quotes,
)

TEXT = '{\n  "a": ["x",  {"b\\u0063": -1.5}],\r\n\t"😀": {}\n}'
SOURCE = Source("policy.json", TEXT)


def cut(place: Range) -> str:
    return TEXT[slice(*place)]


def test_values_and_keys() -> None:
    positions = locate(SOURCE)
    assert cut(positions.value(())) == TEXT
    assert cut(positions.value(("a", 0))) == '"x"'
    assert cut(positions.inside(("a", 0))) == "x"
    assert cut(positions.key(("a", 1, "bc"))) == '"b\\u0063"'
    assert cut(positions.value(("a", 1, "bc"))) == "-1.5"
    assert Span(SOURCE, positions.key(("😀",))).place == (3, 2)


@pytest.mark.parametrize("path", [("c",), ("a", 2), ("a", "0"), ("a", 0, "x")])
def test_a_path_that_leads_nowhere(path: tuple[str | int, ...]) -> None:
    with pytest.raises(KeyError):
        locate(SOURCE).value(path)


def test_a_text_with_errors_is_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        locate(Source("policy.json", "{"))
    assert caught.value.diagnostics[0].labels[0].span.source.name == "policy.json"


@pytest.mark.parametrize(
    ("at", "path"),
    [
        ("{", ()),
        ('"a"', ("a",)),
        (": [", ("a",)),
        ('"x"', ("a", 0)),
        (",  {", ("a",)),
        ('"b\\u0063"', ("a", 1, "bc")),
        ("1.5", ("a", 1, "bc")),
        ('"😀"', ("😀",)),
        ("{}", ("😀",)),
        ("],", ("a",)),
        (",\r", ()),
        ("\n}", ()),
    ],
)
def test_the_path_to_a_place(at: str, path: tuple[str | int, ...]) -> None:
    assert locate(SOURCE).path(TEXT.index(at)) == path


def test_a_container_has_brackets_and_elements() -> None:
    container = locate(SOURCE).container(())
    assert [TEXT[slice(*place)] for place in (container.opening, container.closing)] == ["{", "}"]
    assert TEXT[slice(*container.elements[1])] == '"😀": {}'


@pytest.mark.parametrize(
    ("text", "added", "result"),
    [
        ("[]", "1", "[1]"),
        ("[ ]", "1", "[1]"),
        ("[1]", "2", "[1,2]"),
        ("[1, 2]", "3", "[1, 2, 3]"),
        ("[\n  1,\n  2\n]", "3", "[\n  1,\n  2,\n  3\n]"),
        ('{\r\n\t"a": 1\r\n}', '"b": 2', '{\r\n\t"a": 1,\r\n\t"b": 2\r\n}'),
    ],
)
def test_an_element_is_added_as_the_others_stand(text: str, added: str, result: str) -> None:
    source = Source("x", text)
    edit = append_element(source, locate(source).container(()), added)
    assert apply_edits(text, [edit]) == result


@pytest.mark.parametrize(("index", "result"), [(0, "[2, 3]"), (1, "[1, 3]"), (2, "[1, 2]")])
def test_an_element_is_taken_out_with_its_comma(index: int, result: str) -> None:
    source = Source("x", "[1, 2, 3]")
    edit = remove_element(source, locate(source).container(()), index)
    assert apply_edits(source.text, [edit]) == result


def test_the_only_element_is_taken_out() -> None:
    source = Source("x", '{ "a": 1 }')
    edit = remove_element(source, locate(source).container(()), 0)
    assert apply_edits(source.text, [edit]) == "{}"


def test_edits_are_carried_out_together() -> None:
    places = ((1, 2, "x"), (0, 0, "y"), (0, 0, "z"))
    edits = [Edit(SOURCE, Range(start, end), text) for start, end, text in places]
    assert apply_edits("abc", edits) == "yzaxc"


def test_edits_must_not_overlap() -> None:
    with pytest.raises(ValueError, match="overlap at offset 1"):
        apply_edits("abc", [Edit(SOURCE, Range(0, 2), ""), Edit(SOURCE, Range(1, 3), "")])


def test_places_lead_through_every_decoding_to_the_file() -> None:
    policy = '{"Effect": "Allow"}'
    encoded = policy.replace('"', "%22").replace("{", "%7B")
    file = Source("role.json", f'{{\n "Document": "\\u0025{encoded[1:]}"}}')
    literal = locate(file).value(("Document",))
    unescaped = unescape(file, literal)
    inner = percent_decode(unescaped, Range(0, len(unescaped.text)))
    assert json.loads(inner.text) == {"Effect": "Allow"}
    span = Span(inner, within_quotes(locate(inner).value(("Effect",))))
    assert span.text == span.in_file().text == "Allow"
    assert span.place == (2, file.text.index("Allow") - 1)


@pytest.mark.parametrize(
    ("text", "underlined"),
    [("a%zz", "%zz"), ("a%4", "%4"), ("%", "%"), ("é%C3%28", "%C3"), ("%7B%FF", "%FF")],
)
def test_a_bad_percent_encoding_is_told(text: str, underlined: str) -> None:
    with pytest.raises(DocumentError) as caught:
        percent_decode(Source("x", text), Range(0, len(text)))
    (error,) = caught.value.diagnostics
    assert (error.code, error.labels[0].span.text) == ("IAM022", underlined)
