"""From the bytes of a test file to its records, and back from every record to its place."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from simulator.diagnostic import Diagnostic, DocumentError, Label, Severity
from simulator.inventory.shape import Mistake, ShapeError, read_shape
from simulator.policy.model import Document
from simulator.source import Span
from simulator.syntax import decode, decode_text, locate, value_at
from simulator.syntax.rewritten import rewritten
from simulator.testing import codes
from simulator.testing.schema import FileShape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.source import Source
    from simulator.syntax import JsonValue, Path, Positions

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
        return Document(rewritten(self.source, value, self.positions, path), (), value)

    def at(self, path: Path) -> JsonValue:
        """Return the value at a path."""
        return value_at(self.value, path)


def read_text(name: str, data: bytes) -> Written:
    """Return what stands in a file: JSON if it is named so or is JSON, or else YAML.

    Raises:
        DocumentError: it is neither.
    """
    source, _ = decode_text(name, data, SIZE_LIMIT)
    if name.endswith(".json") or (not name.endswith((".yaml", ".yml")) and _is_json(source)):
        return Written(source, decode(source), lambda: locate(source))
    # PyYAML costs 20 ms to import, and JSON does not need it.
    from simulator.syntax.yaml_text import YamlForm, read_yaml  # noqa: PLC0415

    form = YamlForm(codes.NOT_YAML, codes.YAML_FEATURE, "a test file")
    value, positions = read_yaml(source, form)
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
