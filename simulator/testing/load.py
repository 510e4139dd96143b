"""From the bytes of a test file to its records, and back from every record to its place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, overload

from simulator.diagnostic import Diagnostic, DocumentError, Label, Severity
from simulator.inventory.shape import Mistake, ShapeError, read_shape
from simulator.policy.model import Document
from simulator.source import Origin, Range, Source, Span
from simulator.syntax import Number, Positions, decode, decode_text, encode, locate
from simulator.testing import codes
from simulator.testing.schema import FileShape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.syntax import JsonValue, Path

SIZE_LIMIT: Final = 4 * 1024 * 1024
"""The bytes a test file may have. Read at most one more: then a file is known to be larger."""

_MOST_TOLD: Final = 50


class Written:
    """A text of YAML or JSON as plain values, with the places of all of them."""

    def __init__(
        self, source: Source, value: JsonValue, positions: Callable[[], Positions]
    ) -> None:
        self.source = source
        self.value = value
        self.positions = positions

    def span(self, path: Path, *, on_key: bool = False) -> Span:
        """Return the place of a value, or of the key that leads to it."""
        places = self.positions()
        return Span(self.source, places.key(path) if on_key else places.value(path))

    def diagnostic(self, mistake: Mistake, code: str = codes.FORM) -> Diagnostic:
        """Return a mistake as a diagnostic about this text."""
        span = self.span(mistake.path, on_key=mistake.on_key)
        return Diagnostic(
            code, Severity.ERROR, mistake.message, (Label(span, "here"),), mistake.help
        )

    def document(self, path: Path) -> Document:
        """Return the policy that stands in this text, as a document of its own."""
        value = self.at(path)
        text = encode(value)
        origin = Origin(self.source, _Offsets(self, path, len(text)), str)
        return Document(Source(self.source.name, text, origin), (), value)

    def at(self, path: Path) -> JsonValue:
        """Return the value at a path."""
        value: Any = self.value
        for step in path:
            value = value[step]
        found: JsonValue = value
        return found


def read_text(name: str, data: bytes) -> Written:
    """Return what stands in a file: JSON if it is named so or is JSON, or else YAML.

    Raises:
        DocumentError: it is neither.
    """
    source, _ = decode_text(name, data, SIZE_LIMIT)
    if name.endswith(".json") or (not name.endswith((".yaml", ".yml")) and _is_json(source)):
        return Written(source, decode(source), lambda: locate(source))
    # PyYAML costs 20 ms to import, and JSON does not need it.
    from simulator.testing.yaml_text import read_yaml  # noqa: PLC0415

    value, positions = read_yaml(source)
    return Written(source, value, lambda: positions)


def _is_json(source: Source) -> bool:
    from simulator.syntax.quick import is_clean  # noqa: PLC0415 - most names tell

    return is_clean(source.text)


def read_file(written: Written, *, needs_tests: bool = True) -> FileShape:
    """Return the records of a test file; one that is only a world needs no tests.

    Raises:
        DocumentError: its keys and types are not those of one.
    """
    try:
        value = written.value
        if not needs_tests and isinstance(value, dict):
            value = {"tests": [], **value}
        shape = read_shape(value, FileShape)
        _check_names(shape, needs_tests=needs_tests)
    except ShapeError as error:
        raise refusal(written, error) from None
    return shape


def refusal(written: Written, error: ShapeError) -> DocumentError:
    """Return all mistakes in a text with their places."""
    return DocumentError(tuple(written.diagnostic(mistake) for mistake in error.mistakes))


def _check_names(shape: FileShape, *, needs_tests: bool) -> None:
    found = tuple(islice(_names_twice(shape), _MOST_TOLD))
    if needs_tests and not shape.tests:
        found = (Mistake(("tests",), "there is no test in this file"),)
    if found:
        raise ShapeError(found)


def _names_twice(shape: FileShape) -> Iterator[Mistake]:
    seen: dict[str, int] = {}
    for number, case in enumerate(shape.tests):
        if case.name in seen:
            message = f"two tests are called `{case.name}`"
            yield Mistake(("tests", number, "name"), message, help="a name tells one from another")
        seen[case.name] = number


class _Offsets(Sequence[int]):
    """The place in a test file of each character of a policy in it, found when it is asked for."""

    def __init__(self, written: Written, path: Path, length: int) -> None:
        self._written, self._path, self._length = written, path, length

    def __len__(self) -> int:
        return self._length + 1

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        return self._found[index]

    @cached_property
    def _found(self) -> list[int]:
        offsets = list(self._of(self._written.at(self._path), self._path))
        return [*offsets, self._written.span(self._path).range.end]

    def _of(self, value: JsonValue, path: Path) -> Iterator[int]:
        start, end = self._written.span(path).range
        if isinstance(value, dict):
            yield from self._members(value, path, Range(start, end))
        elif isinstance(value, list):
            yield from self._elements(value, path, Range(start, end))
        else:
            yield from _text_offsets(self._written.source.text, value, Range(start, end))

    def _members(self, value: dict[str, JsonValue], path: Path, place: Range) -> Iterator[int]:
        yield (end := place.start)
        for number, (key, each) in enumerate(value.items()):
            yield from (end,) if number else ()
            spot = self._written.span((*path, key), on_key=True).range
            yield from (*_text_offsets(self._written.source.text, key, spot), spot.end)
            yield from self._of(each, (*path, key))
            end = self._written.span((*path, key)).range.end
        yield end  # where a value ends is where what follows it begins

    def _elements(self, value: list[JsonValue], path: Path, place: Range) -> Iterator[int]:
        yield (end := place.start)
        for number, each in enumerate(value):
            yield from (end,) if number else ()
            yield from self._of(each, (*path, number))
            end = self._written.span((*path, number)).range.end
        yield end  # where a value ends is where what follows it begins


def _text_offsets(text: str, value: JsonValue, place: Range) -> Iterator[int]:
    """Yield the places of the characters of a scalar as JSON writes it."""
    written = encode(value)
    inner = written[1:-1] if isinstance(value, str) and not isinstance(value, Number) else written
    found = text.find(inner, place.start, place.end)
    inside = range(found, found + len(inner)) if found >= 0 else [place.start] * len(inner)
    if inner is written:
        yield from inside
    else:
        yield from (place.start, *inside, max(place.start, place.end - 1))
