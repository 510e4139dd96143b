"""From plain values to records: keys and types are those of the record, or every mistake is told.

Numbers and truth values are text unless the record asks for them, since an account id that lost its
zero is another account.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from msgspec import Struct, inspect

from simulator.policy.findings import nearest
from simulator.secrecy import hidden
from simulator.syntax import NullWord, Number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.syntax import JsonValue, Path

T = TypeVar("T", bound=Struct)

_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_LONG_INTEGER = re.compile(r"-?[0-9]{19,}", re.ASCII)
_DEEPEST = 80
_MOST_TOLD = 50


class Mistake(NamedTuple):
    """What is wrong at a path, or with the key it ends with, and what to do."""

    path: Path
    message: str
    on_key: bool = False
    help: str | None = None


class ShapeError(ValueError):
    """Plain values that are not what they should be, with every mistake in them."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("; ".join(mistake.message for mistake in mistakes))
        self.mistakes = mistakes


def read_shape(value: JsonValue, record: type[T], path: Path = ()) -> T:
    """Return a record of plain values.

    Raises:
        ShapeError: they do not have its keys and types.
    """
    reader = _Reader()
    found: T = reader.read(value, _type(record), path)
    if reader.mistakes:
        raise ShapeError(tuple(reader.mistakes))
    return found


@cache
def _type(record: type[Struct]) -> inspect.Type:
    return inspect.type_info(record)


class _Reader:
    """Reads values and goes on after a mistake, so that one run tells them all."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def read(self, value: JsonValue, wanted: inspect.Type, path: Path) -> Any:  # noqa: ANN401
        """Return a value as what is wanted; nothing at all after a mistake."""
        if len(path) > _DEEPEST:
            return self._mistake(path, "nested too deeply")
        match wanted:
            case inspect.StructType() if isinstance(value, dict):
                return self._record(value, wanted, path)
            case inspect.DictType() if isinstance(value, dict):
                return {k: self.read(v, wanted.value_type, (*path, k)) for k, v in value.items()}
            case inspect.ListType() if isinstance(value, list):
                items = enumerate(value)
                return [self.read(each, wanted.item_type, (*path, i)) for i, each in items]
            case inspect.UnionType():
                return self._one_of(value, wanted, path)
            case _:
                return self._plain(value, wanted, path)

    def _plain(self, value: JsonValue, wanted: inspect.Type, path: Path) -> Any:  # noqa: ANN401
        match wanted:
            case inspect.AnyType():
                return value
            case inspect.NoneType() if value is None:
                return None
            case inspect.StrType() if isinstance(value, (str, bool)):
                return str(value) if isinstance(value, str) else str(value).lower()
            case inspect.IntType() if isinstance(value, str) and _INTEGER.fullmatch(value):
                return int(value)
            case inspect.IntType() if isinstance(value, str) and _LONG_INTEGER.fullmatch(value):
                return self._mistake(path, f"the number {value[:40]} is too large")
            case _:
                return self._mistake(path, f"expected {_named(wanted)}, found {_found(value)}")

    def _one_of(self, value: JsonValue, wanted: inspect.UnionType, path: Path) -> Any:  # noqa: ANN401
        if isinstance(value, NullWord) and any(map(_is_nothing, wanted.types)):
            return None
        for option in wanted.types:
            if isinstance(value, _HOLDERS.get(type(option), ())):
                return self.read(value, option, path)
        return self._mistake(path, f"expected {_named(wanted)}, found {_found(value)}")

    def _record(
        self, value: Mapping[str, JsonValue], wanted: inspect.StructType, path: Path
    ) -> Struct | None:
        fields = {field.encode_name: field for field in wanted.fields}
        unknown = _unknown_keys(value, tuple(fields), path)
        self.mistakes += islice(unknown, max(0, _MOST_TOLD - len(self.mistakes)))
        missing = [k for k, field in fields.items() if field.required and k not in value]
        for key in missing:
            self._mistake(path, f"the key `{key}` is missing")
        held = {
            field.name: self.read(value[key], field.type, (*path, key))
            for key, field in fields.items()
            if key in value
        }
        return None if missing else wanted.cls(**held)

    def _mistake(self, path: Path, message: str) -> None:
        if len(self.mistakes) < _MOST_TOLD:
            self.mistakes.append(Mistake(path, message))


def _unknown_keys(
    value: Mapping[str, JsonValue], known: tuple[str, ...], path: Path
) -> Iterator[Mistake]:
    for key in value:
        if key not in known:
            near = nearest(key.strip(), known)
            meant = f": did you mean `{near}`?" if near else ""
            listed = ", ".join(f"`{name}`" for name in known)
            message = f"unknown key `{key}`{meant}"
            yield Mistake((*path, key), message, on_key=True, help=f"the keys here are {listed}")


_HOLDERS: Mapping[type[inspect.Type], type | tuple[type, ...]] = {
    inspect.StructType: dict,
    inspect.DictType: dict,
    inspect.ListType: list,
    inspect.StrType: (str, bool),
    inspect.NoneType: type(None),
}
_NAMES: Mapping[type[inspect.Type], str] = {
    inspect.StructType: "a mapping",
    inspect.DictType: "a mapping",
    inspect.ListType: "a list",
    inspect.StrType: "text",
    inspect.IntType: "a whole number",
    inspect.NoneType: "nothing",
}


def _is_nothing(wanted: inspect.Type) -> bool:
    return isinstance(wanted, inspect.NoneType)


def _named(wanted: inspect.Type) -> str:
    if isinstance(wanted, inspect.UnionType):
        return " or ".join(dict.fromkeys(map(_named, wanted.types)))
    return _NAMES[type(wanted)]


def _found(value: JsonValue) -> str:
    if isinstance(value, Number):
        return f"the number {value[:40]}"
    if isinstance(value, str):
        return f"the text `{hidden(value)[:40]}`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "nothing" if value is None else "a list" if isinstance(value, list) else "a mapping"
