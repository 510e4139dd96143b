"""Reading templates and plans in tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simulator.documents.read import find_documents
from simulator.source import Source
from simulator.syntax import UNKNOWN, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.documents.found import Contents, Found
    from simulator.policy.model import Document
    from simulator.syntax import JsonValue
    from simulator.syntax import Path as Steps

TEMPLATES = Path(__file__).parents[3] / "fixtures" / "templates"
FILES = sorted(path.name for path in TEMPLATES.iterdir())


def contents(text: str, name: str = "t.json", *, given: bool = True) -> Contents:
    """Return what is in a text."""
    return find_documents(Source(name, text), given=given)


def fixture(name: str) -> str:
    """Return the text of a fixture."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def found_in(name: str) -> dict[str, Found]:
    """Return the policies in a fixture by their names."""
    return {found.name: found for found in contents(fixture(name), name).documents}


def only(text: str, name: str = "t.json") -> Found:
    """Return the one policy in a text."""
    (found,) = contents(text, name).documents
    return found


def shown(value: JsonValue) -> JsonValue:
    """Return a value with a question mark in the place of what is unknown."""
    if isinstance(value, dict):
        return {key.replace(UNKNOWN, "?"): shown(each) for key, each in value.items()}
    if isinstance(value, list):
        return list(map(shown, value))
    return value.replace(UNKNOWN, "?") if isinstance(value, str) else value


def paths(value: JsonValue, path: Steps = ()) -> Iterator[Steps]:
    """Yield the paths of a value and of all in it."""
    yield path
    if isinstance(value, dict):
        for key, each in value.items():
            yield from paths(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from paths(each, (*path, index))


def place_text(document: Document, path: Steps) -> str:
    """Return what stands in the file in the place of a value."""
    return document.span(path).in_file().text


def is_consistent(document: Document) -> bool:
    """Whether the text of a document says what its value is."""
    return decode(document.source) == document.value
