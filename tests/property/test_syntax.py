"""What holds for every text, clean or not."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator.diagnostic import Diagnostic, DocumentError
from simulator.source import Range, Source
from simulator.syntax import (
    JsonValue,
    Number,
    Path,
    Positions,
    apply_edits,
    decode,
    locate,
    percent_decode,
    unescape,
    within_quotes,
)
from simulator.syntax.report import parse

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    scalars | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
documents = st.builds(
    json.dumps,
    values,
    ensure_ascii=st.booleans(),
    indent=st.none() | st.integers(0, 3) | st.just("\t"),
    separators=st.sampled_from([None, (",", ":"), (" , ", " : ")]),
)
pieces = st.sampled_from(
    (
        *"{}[]:,\"'\\/#$<>!%-=;a1\n\r\t \0\u201c\u201d\u00a0\u200b\ufeff\uff0c",
        *('"a"', "01", ".5", "true", "None", "NaN", "\r\n", "//", "/*", "*/", "${x}", "{{ x }}"),
        *("{% x %}", "<X>", "!Sub", "\\u", "\\ud800", "\\udc00", "\\u0000"),
    )
)
soups = st.lists(pieces | texts, max_size=30).map("".join)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Return a document of which something was cut out, put in or put twice."""
    text = draw(documents)
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 3)))
    return text[:start] + draw(soups | pieces) + text[end:]


def as_numbers(value: Any) -> JsonValue:  # noqa: ANN401 - json.loads answers Any
    """Return what the standard library decodes with each number as its text."""
    return json.loads(json.dumps(value), parse_int=Number, parse_float=Number)  # type: ignore[no-any-return]


@settings(max_examples=150, deadline=None)
@given(values)
def test_a_clean_document_means_what_json_says(value: Any) -> None:  # noqa: ANN401
    source = Source("x", json.dumps(value))
    assert decode(source) == parse(source) == as_numbers(value)


@settings(max_examples=500, deadline=None)
@given(soups | damaged())
@example("{{}")
@example('"\ud83d\\udc00"')
@example("[1, ;]")
@example('{"a":1, ;]')
@example('[{"a":1, ;]]')
def test_any_text_is_read_alike_by_both_ways_or_refused_with_places_inside_it(text: str) -> None:
    source = Source("x", text)
    try:
        value = decode(source)
    except DocumentError as error:
        assert_sensible(text, error)
        assert_refused(source)
    else:
        assert value == parse(source)


def assert_refused(source: Source) -> None:
    try:
        parse(source)
    except DocumentError:
        return
    raise AssertionError("lark accepts what the quick way refuses")


def assert_sensible(text: str, error: DocumentError) -> None:
    """Check that each diagnostic has a place in the text, in order, and edits that fit together."""
    assert error.diagnostics
    for diagnostic in error.diagnostics:
        assert diagnostic.labels
        assert "cannot be read" not in diagnostic.message
        for label in diagnostic.labels:
            assert 0 <= label.span.range.start <= label.span.range.end <= len(text)
    starts = [diagnostic.labels[0].span.range.start for diagnostic in error.diagnostics]
    assert starts == sorted(starts)
    repaired(text, error.diagnostics)


@settings(max_examples=300, deadline=None)
@given(damaged())
def test_edits_leave_fewer_errors(text: str) -> None:
    errors = errors_of(text)
    if any(diagnostic.edits for diagnostic in errors):
        assert len(errors_of(repaired(text, errors))) < len(errors)


def repaired(text: str, errors: tuple[Diagnostic, ...]) -> str:
    """Return the text with the edits of all its errors made."""
    return apply_edits(text, [edit for diagnostic in errors for edit in diagnostic.edits])


def errors_of(text: str) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a text."""
    try:
        decode(Source("x", text))
    except DocumentError as error:
        return error.diagnostics
    return ()


@settings(max_examples=150, deadline=None)
@given(documents)
def test_the_text_at_each_place_is_the_value_there(text: str) -> None:
    source = Source("x", text)
    assert_places(source, locate(source), (), decode(source))


def assert_places(source: Source, positions: Positions, path: Path, value: JsonValue) -> None:
    """Check the range of a value and of all within it, which must lie inside."""
    place = positions.value(path)
    assert decode(Source("x", source.text[slice(*place)])) == value
    steps: list[str | int] = []
    if isinstance(value, dict):
        steps += value
        for key in value:
            assert json.loads(source.text[slice(*positions.key((*path, key)))]) == key
    elif isinstance(value, list):
        steps += range(len(value))
    for step in steps:
        inner = positions.value((*path, step))
        assert place.start < inner.start < inner.end < place.end
        element: JsonValue = value[step]  # type: ignore[index]
        assert_places(source, positions, (*path, step), element)
    if isinstance(value, list | dict):
        assert len(positions.container(path).elements) == len(value)


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("ab\r\n\t\U0001f600é"), max_size=20))
def test_lines_and_columns_agree_with_offsets(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for offset in range(len(text) + 1):
        line, column = Source("x", text).place(offset)
        before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
        if text[offset - 1 : offset + 1] != "\r\n":  # within a line end is neither line
            assert line == before.count("\n") + 1
            assert column == len(before) - (before.rfind("\n") + 1) + 1
            assert column <= len(lines[line - 1]) + 1


@settings(max_examples=100, deadline=None)
@given(documents, st.booleans())
def test_an_embedded_document_maps_every_character_to_the_file(text: str, ascii_: bool) -> None:  # noqa: FBT001
    literal = json.dumps(text, ensure_ascii=ascii_)
    outer = Source("x", f"[ {literal} ]")
    inner = unescape(outer, locate(outer).value((0,)))
    assert inner.text == text
    assert inner.origin is not None
    offsets = list(inner.origin.offsets)
    assert len(offsets) == len(text) + 1
    assert offsets == sorted(set(offsets))
    for index, char in enumerate(text):
        assert json.loads(f'"{outer.text[offsets[index] : offsets[index + 1]]}"') == char


@settings(max_examples=100, deadline=None)
@given(documents, st.sets(st.sampled_from('{}":, é\U0001f600')))
def test_a_url_encoded_document_maps_every_character_to_the_file(
    text: str, encoded: set[str]
) -> None:
    def encode(char: str) -> str:
        is_plain = char not in encoded | {"%"}
        return char if is_plain else "".join(f"%{byte:02X}" for byte in char.encode())

    outer = Source("x", '"' + "".join(map(encode, text)) + '"')
    inner = percent_decode(outer, within_quotes(Range(0, len(outer.text))))
    assert inner.text == text
    assert inner.origin is not None
    offsets = inner.origin.offsets
    for index, char in enumerate(text):
        assert outer.text[offsets[index] : offsets[index + 1]] == encode(char)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Return an object on several lines with one mistake of a kind that has a plain repair."""
    keys = draw(
        st.lists(st.text("abcXYZ", min_size=1, max_size=5), min_size=2, max_size=4, unique=True)
    )
    text = json.dumps({key: [f"{key}:v", {"in": f"{key} w"}] for key in keys}, indent=2)
    return str(draw(st.sampled_from(MISTAKES))(text, draw(st.integers(0, 50))))


def nth(text: str, sign: str, number: int) -> int:
    """Return the offset of one occurrence of a sign."""
    places = [at for at, char in enumerate(text) if char == sign]
    return places[number % len(places)]


def without(sign: str) -> Any:  # noqa: ANN401
    def mutate(text: str, number: int) -> str:
        at = nth(text, sign, number)
        return text[:at] + text[at + 1 :]

    return mutate


def with_before(sign: str, added: str) -> Any:  # noqa: ANN401
    def mutate(text: str, number: int) -> str:
        at = nth(text, sign, number)
        return text[:at] + added + text[at:]

    return mutate


def all_replaced(old: str, new: str) -> Any:  # noqa: ANN401
    return lambda text, _: text.replace(old, new)


MISTAKES = [
    without(","),
    without(":"),
    without("]"),
    without("}"),
    with_before(",", ","),
    with_before("]", ","),
    with_before("}", ","),
    with_before("]", "]"),
    with_before("}", "}"),
    with_before("\n", " // c"),
    with_before("[", "\u00a0"),
    all_replaced('"', "'"),
    all_replaced(":", "\uff1a"),
    lambda text, number: text.replace('"', '"', 1).replace(' w"', " w", 1 + number % 2),
    lambda text, _: text.replace(' w"', " w]", 1),
]


@settings(max_examples=200, deadline=None)
@given(mutated())
def test_a_single_plain_mistake_is_repaired(text: str) -> None:
    decode(Source("x", repaired(text, errors_of(text))))
