"""Values come out the same however their text was cut into parts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.incident import values as module
from simulator.incident.values import Values

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORDS = st.lists(
    st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.none() | st.booleans()),
    max_size=6,
)
ENVELOPES = ("lines", "list", "records", "indented")


def text_of(records: list[dict[str, Any]], envelope: str) -> str:
    """Return records as one of the forms in which they come."""
    match envelope:
        case "lines":
            return "\n".join(map(json.dumps, records))
        case "indented":
            return "\n".join(json.dumps(each, indent=2) for each in records)
        case "list":
            return json.dumps(records)
        case _:
            return json.dumps({"Records": records}, indent=1)


def cut(text: str, places: list[int]) -> Iterator[str]:
    """Yield a text in parts."""
    ends = sorted(place % (len(text) + 1) for place in places)
    for start, end in zip([0, *ends], [*ends, len(text)], strict=True):
        yield text[start:end]


@given(RECORDS, st.sampled_from(ENVELOPES), st.lists(st.integers(0, 10_000), max_size=6))
def test_where_a_text_is_cut_makes_no_difference(
    records: list[dict[str, Any]], envelope: str, places: list[int]
) -> None:
    values = Values(cut(text_of(records, envelope), places))
    assert list(values) == records
    assert (values.broken, values.cut) == (0, False)


def test_numbers_are_texts_and_no_number_is_too_long() -> None:
    digits = "9" * 5000
    assert list(Values(iter([f'{{"a": {digits}, "b": 1.5}}']))) == [{"a": digits, "b": "1.5"}]


@pytest.mark.parametrize(
    ("text", "found", "broken", "is_cut"),
    [
        ('{"a": "1"}\n{"b', [{"a": "1"}], 1, True),
        ('{"a": "1"}\n{"b"}\n{"c": "2"}', [{"a": "1"}, {"c": "2"}], 1, False),
        ('{"Records": [{"a": "1"}, {"b": ', [{"a": "1"}], 1, True),
        ('{"Records": [{"a": "1"}', [{"a": "1"}], 0, True),
        ('{"a": NaN}\n{"b": "1"}', [{"b": "1"}], 1, False),
        ('{"a": {"b": 1\n{"b": "1"}\n', [{"b": "1"}], 1, False),
        ("[" * 5000 + "\n", [], 1, True),
        ("", [], 0, False),
    ],
)
def test_what_is_broken_is_counted(
    text: str, found: list[dict[str, str]], broken: int, is_cut: object
) -> None:
    values = Values(iter([text]))
    assert list(values) == found
    assert (values.broken, values.cut) == (broken, is_cut)


class Counting:
    """A decoder that counts the characters it reads."""

    def __init__(self, decoder: json.JSONDecoder) -> None:
        self.decoder = decoder
        self.read = 0

    def raw_decode(self, text: str, at: int) -> tuple[Any, int]:
        """Read a value as the decoder does."""
        try:
            value, end = self.decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            self.read += error.pos - at
            raise
        except RecursionError:
            self.read += len(text) - at
            raise
        self.read += end - at
        return value, end


@pytest.mark.parametrize(
    ("line", "ending"),
    [
        ("[" + "0," * 100, ""),
        ("[" + "0," * 100, "NaN" + "]" * 600),
        ('{"a": ' + '{"b": 1, "c": ' * 2, ""),
        ("{", ""),
        (":", ""),
        ("[" * 200, ""),
    ],
)
def test_values_without_an_end_are_read_a_few_times_only(
    line: str, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LARGEST", 30_000)
    monkeypatch.setattr(module, "_MOST_IN_VAIN", 100_000)
    text = "{}\n" + f"{line}\n" * 600 + ending
    values = Values(iter([text[at : at + 1000] for at in range(0, len(text), 1000)]))
    counting = Counting(values._decoder)  # noqa: SLF001 - what is counted
    monkeypatch.setattr(values, "_decoder", counting)
    assert list(values).count({}) == 1
    assert counting.read <= 4 * len(text) + 200_000


def test_what_is_nested_too_deep_again_and_again_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_MOST_IN_VAIN", 100_000)
    values = Values(iter(["{}\n" + ("[" * 20_000 + "\n") * 10 + "{}"]))
    assert list(values) == [{}]
    assert values.given_up


def test_where_too_many_lines_are_broken_the_rest_is_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_MOST_BROKEN", 5)
    values = Values(iter(["{}\n" + ":\n" * 10 + "{}"]))
    assert list(values) == [{}]
    assert (values.broken, values.given_up) == (5, True)


def test_a_value_that_never_ends_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LARGEST", 10_000)
    values = Values(iter(['{"a": "', *(["x" * 1000] * 1000), '"}\n{"b": "1"}']))
    held = 0
    found = []
    for value in values:
        held = max(held, len(values._buffer))  # noqa: SLF001 - not to be seen from outside
        found.append(value)
    assert found == [{"b": "1"}]
    assert held < 30_000
