"""Plain values become records, or every mistake in them is told with its path."""

from __future__ import annotations

import pytest
from msgspec import UNSET, Struct, UnsetType, field

from simulator.inventory.shape import ShapeError, read_shape
from simulator.syntax import JsonValue, Number


class Inner(Struct, frozen=True):
    """A record within a record."""

    name: str


class Outer(Struct, frozen=True):
    """One field of each type."""

    text: str
    count: int | UnsetType = UNSET
    items: list[str] = field(default_factory=list)
    named: dict[str, Inner] = field(default_factory=dict)
    either: str | Inner | list[str] | None = None
    with_: str = field(default="", name="with")


def _mistakes(value: JsonValue) -> list[tuple[str, str, bool]]:
    with pytest.raises(ShapeError) as raised:
        read_shape(value, Outer, ("top",))
    return [(".".join(map(str, m.path)), m.message, m.on_key) for m in raised.value.mistakes]


def test_every_type() -> None:
    found = read_shape(
        {
            "text": "a",
            "count": "012",
            "items": ["b", Number("012345670123")],
            "named": {"k": {"name": True}},
            "either": {"name": "n"},
            "with": "w",
        },
        Outer,
    )
    assert found == Outer("a", 12, ["b", "012345670123"], {"k": Inner("true")}, Inner("n"), "w")
    assert type(found.items[1]) is str


@pytest.mark.parametrize("value", ["a", ["a"], None])
def test_one_of_several_types(value: JsonValue) -> None:
    assert read_shape({"text": "", "either": value}, Outer).either == value


def test_every_mistake_is_told() -> None:
    value: JsonValue = {"count": "1x", "items": "a", "named": {"k": {"nam": "n"}}, "Text": "a"}
    assert _mistakes(value) == [
        ("top.Text", "unknown key `Text`: did you mean `text`?", True),
        ("top", "the key `text` is missing", False),
        ("top.count", "expected a whole number, found the text `1x`", False),
        ("top.items", "expected a list, found the text `a`", False),
        ("top.named.k.nam", "unknown key `nam`: did you mean `name`?", True),
        ("top.named.k", "the key `name` is missing", False),
    ]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (None, "nothing"),
        ([], "a list"),
        ({}, "a mapping"),
        (Number("1"), "the number 1"),
        (True, "`true`"),
    ],
)
def test_what_was_found(value: JsonValue, found: str) -> None:
    expected: JsonValue = (
        {"text": value} if value in ([], {}, None) else {"text": "", "items": value}
    )
    wanted = "text" if value in ([], {}, None) else "a list"
    (mistake,) = _mistakes(expected)
    assert mistake[1] == f"expected {wanted}, found {found}"


def test_nothing_where_a_record_is_wanted() -> None:
    assert _mistakes(None) == [("top", "expected a mapping, found nothing", False)]


def test_no_type_fits() -> None:
    (mistake,) = _mistakes({"text": "", "either": [["a"]]})
    assert mistake == ("top.either.0", "expected text, found a list", False)


def test_of_many_mistakes_some_are_told() -> None:
    many: dict[str, JsonValue] = {f"k{number}": "" for number in range(10_000)}
    lists: list[JsonValue] = [[] for _ in range(100)]
    assert len(_mistakes({"text": "", "items": lists})) == 50
    assert len(_mistakes({"text": "", "items": lists, **many})) == 50


def test_a_number_too_large_is_told() -> None:
    value: JsonValue = {"text": "a", "count": "9" * 29}
    assert _mistakes(value) == [("top.count", f"the number {'9' * 29} is too large", False)]
