"""The policies in a template of CloudFormation or SAM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.documents.candidate import Candidate, Form, is_policy, may_be_policy, written
from simulator.documents.cloudformation_types import (
    CONTENT,
    ORGANIZATIONS,
    OTHER_LANGUAGES,
    ROWS,
    Row,
)
from simulator.documents.functions import NO_VALUE, function_of, text_of
from simulator.documents.organizations import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.syntax import JsonValue, Path

_LOOP: Final = "Fn::ForEach"
_IF: Final = "Fn::If"
_AS_TEXT: Final = "Fn::ToJsonString"
_TEXTS: Final = ("Fn::Sub", "Fn::Join")
_MARKS: Final = ("AWSTemplateFormatVersion", "Transform")


def is_template(value: JsonValue) -> bool:
    """Whether a value is a template: it has resources with types."""
    resources = value.get("Resources") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(resources, dict):
        return False
    return any(mark in value for mark in _MARKS) or any(
        isinstance(each, dict) and isinstance(each.get("Type"), str) for each in resources.values()
    )


def candidates(value: JsonValue, root: Path = ()) -> Iterator[Candidate]:
    """Yield the policies of the resources of a template that stands at a path."""
    resources = value.get("Resources") if isinstance(value, dict) else None
    if isinstance(resources, dict):
        yield from _resources(resources, (*root, "Resources"))


def _resources(resources: dict[str, JsonValue], path: Path) -> Iterator[Candidate]:
    for name, resource in resources.items():
        here = (*path, name)
        if name.startswith(_LOOP):
            # `"Fn::ForEach::Name": [variable, collection, {key: resource}]`
            match resource:
                case [_, _, dict() as made]:
                    yield from _resources(made, (*here, 2))
                case _:
                    pass
        elif isinstance(resource, dict) and isinstance(resource.get("Properties"), dict):
            type_ = resource.get("Type")
            finder = _Finder(str(type_), resource["Properties"], (*here, "Properties"))
            yield from finder.candidates()


class _Finder:
    """Looks for policies in the properties of one resource."""

    def __init__(self, type_: str, properties: JsonValue, path: Path) -> None:
        self._type, self._properties, self._path = type_, properties, path

    def candidates(self) -> Iterator[Candidate]:
        yield from self._below(self._properties, self._path, "")

    def _below(self, value: JsonValue, path: Path, name: str) -> Iterator[Candidate]:
        """Yield the policies at and below a path; the property has a name without numbers."""
        if (self._type, name) in OTHER_LANGUAGES:
            return
        row = self._row(name)
        if row is not None and row.sure:
            yield from _in_place(value, path, row)
            return
        text = _text(value)
        if (name and is_policy(value)) or (text is not None and may_be_policy(text)):
            yield Candidate(path, written(path), row.kind if row else None)
        elif text is None:
            yield from self._in_elements(value, path, name)

    def _in_elements(self, value: JsonValue, path: Path, name: str) -> Iterator[Candidate]:
        if isinstance(value, dict):
            for key, each in value.items():
                # A function stands in the place of what it comes to.
                below = name if key.startswith("Fn::") else f"{name}.{key}".removeprefix(".")
                yield from self._below(each, (*path, key), below)
        elif isinstance(value, list):
            for index, each in enumerate(value):
                yield from self._below(each, (*path, index), name)

    def _row(self, name: str) -> Row | None:
        if (self._type, name) != (ORGANIZATIONS, CONTENT):
            return ROWS.get((self._type, name))
        properties = self._properties if isinstance(self._properties, dict) else {}
        type_ = properties.get("Type")
        if isinstance(type_, str):
            return Row(KINDS.get(type_), sure=type_ in KINDS)
        return Row(None, sure=False)


def _in_place(value: JsonValue, path: Path, row: Row) -> Iterator[Candidate]:
    """Yield the policies that a property for them has; of a choice, those of both branches."""
    name = function_of(value)
    argument = value[name] if name is not None and isinstance(value, dict) else None
    if name == _AS_TEXT and isinstance(argument, dict):
        yield from _in_place(argument, (*path, name), row)
    elif name == _IF and isinstance(argument, list):
        for index, each in enumerate(argument[1:], 1):
            yield from _in_place(each, (*path, name, index), row)
    elif row.form is Form.STATEMENTS:
        if isinstance(value, dict | list) and name is None:
            yield Candidate(path, written(path), row.kind, sure=True, form=row.form)
    elif isinstance(value, dict | str) and value != NO_VALUE:
        yield Candidate(path, written(path), row.kind, sure=True)


def _text(value: JsonValue) -> str | None:
    """Return the text that a value is, or what stands in the place of a function that makes one."""
    if isinstance(value, str):
        return str(value)
    return text_of(value) if function_of(value) in _TEXTS else None
