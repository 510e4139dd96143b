"""The policies in a plan of Terraform, as `terraform show -json` prints it, or in a state.

https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.documents import organizations
from simulator.documents.candidate import Candidate, Form, is_policy, may_be_policy, written
from simulator.documents.terraform_types import DOCUMENT, KINDS, ORGANIZATIONS, OTHER_LANGUAGES
from simulator.syntax import encode
from simulator.syntax.quick import decode_quickly

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from simulator.policy.kinds import PolicyKind
    from simulator.syntax import JsonValue, Path

    Object = dict[str, JsonValue]

_PARTS: Final = ("resource_changes", "planned_values", "prior_state", "values")
_PRIOR: Final = ("prior_state", "values", "root_module")
_STATE: Final = ("values", "root_module")
_INDEX: Final = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|[0-9]+)\]')


class Planned(NamedTuple):
    """The policies in a plan, and the places of those that nobody knows before it is applied."""

    candidates: tuple[Candidate, ...]
    unknown: tuple[Candidate, ...]


class _Resource(NamedTuple):
    """A resource or data source, its attributes and where they stand, and what is not known yet."""

    address: str
    mode: str
    type: str
    values: Object
    path: Path
    marks: JsonValue = None
    marks_path: Path = ()


def is_plan(value: JsonValue) -> bool:
    """Whether a value is a plan or a state."""
    return (
        isinstance(value, dict)
        and "format_version" in value
        and any(part in value for part in _PARTS)
    )


def planned(plan: JsonValue) -> Planned:
    """Return the policies of a plan: those of resources, and those of data sources besides.

    A data source whose policy a resource has is left out: what is wrong is told of the resource.
    """
    changes = tuple(_changes(plan))
    managed = [each for each in (*changes, *_in_module(plan, _STATE)) if each.mode != "data"]
    found = [each for resource in managed for each in _known(resource)]
    configured = dict(_configured(_at(plan, ("configuration", "root_module")), ""))
    unknown = [each for resource in managed for each in _unknown(resource, configured)]
    deferred = [each for each in changes if (each.mode, each.type) == ("data", DOCUMENT)]
    for data in deferred:
        place = Candidate(data.path[:-1], data.address, sure=True, form=Form.ARGUMENTS)
        if data.values.get("statement"):
            found.append(place)
        else:
            unknown.append(place._replace(path=data.marks_path))
    used = {_normal(_at(plan, each.path)) for each in found}
    found += [each for each in _read(plan) if _normal(_at(plan, each.path)) not in used]
    return Planned(tuple(found), tuple(unknown))


def _changes(plan: JsonValue) -> Iterator[_Resource]:
    """Yield what a plan makes or leaves as it is, but not what it deletes or gives up."""
    for index, resource in enumerate(_list(_at(plan, ("resource_changes",)))):
        after = _at(resource, ("change", "after"))
        if isinstance(resource, dict) and isinstance(after, dict):
            path: Path = ("resource_changes", index, "change")
            marks = _at(resource, ("change", "after_unknown"))
            yield _Resource(
                *_named(resource), after, (*path, "after"), marks, (*path, "after_unknown")
            )


def _in_module(plan: JsonValue, path: Path) -> Iterator[_Resource]:
    """Yield the resources of a state that stands at a path, and of the modules in it."""
    module = _at(plan, path)
    for index, resource in enumerate(_list(_at(module, ("resources",)))):
        values = _at(resource, ("values",))
        if isinstance(resource, dict) and isinstance(values, dict):
            yield _Resource(*_named(resource), values, (*path, "resources", index, "values"))
    for index, _ in enumerate(_list(_at(module, ("child_modules",)))):
        yield from _in_module(plan, (*path, "child_modules", index))


def _named(resource: Object) -> tuple[str, str, str]:
    return str(resource.get("address")), str(resource.get("mode")), str(resource.get("type"))


def _read(plan: JsonValue) -> Iterator[Candidate]:
    """Yield the policies of data sources that were read already."""
    for data in (*_in_module(plan, _PRIOR), *_in_module(plan, _STATE)):
        if (data.mode, data.type) == ("data", DOCUMENT) and isinstance(
            data.values.get("json"), str
        ):
            yield Candidate((*data.path, "json"), data.address, sure=True)


def _known(resource: _Resource) -> Iterator[Candidate]:
    """Yield the policies that a resource has."""
    for path, name, value in _leaves(resource.values, (), ""):
        kind, sure = _kind(resource, name)
        is_text = isinstance(value, str) and (bool(value.strip()) if sure else may_be_policy(value))
        if (is_text or is_policy(value)) and (resource.type, name) not in OTHER_LANGUAGES:
            address = f"{resource.address}.{written(path)}"
            yield Candidate((*resource.path, *path), address, kind, sure)


def _unknown(resource: _Resource, configured: Mapping[str, frozenset[str]]) -> Iterator[Candidate]:
    """Yield the policies of a resource that nobody knows before the plan is applied.

    An attribute that nobody configured has a value of AWS's own making.
    """
    for path, name, mark in _leaves(resource.marks, (), ""):
        kind, sure = _kind(resource, name)
        if mark is True and sure:
            given = configured.get(_INDEX.sub("", resource.address))
            if given is None or path[0] in given or len(path) > 1:
                address = f"{resource.address}.{written(path)}"
                yield Candidate((*resource.marks_path, *path), address, kind, sure)


def _kind(resource: _Resource, name: str) -> tuple[PolicyKind | None, bool]:
    """Return the kind of policy in an attribute, and whether there is nothing else in it."""
    if (resource.type, name) == ORGANIZATIONS:
        type_ = str(resource.values.get("type"))
        return organizations.KINDS.get(type_), type_ in organizations.KINDS
    return KINDS.get((resource.type, name)), (resource.type, name) in KINDS


def _leaves(value: JsonValue, path: Path, name: str) -> Iterator[tuple[Path, str, JsonValue]]:
    """Yield what is no list, and no object but a policy, with its name without numbers."""
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from _leaves(each, (*path, index), name)
    elif isinstance(value, dict) and not is_policy(value):
        for key, each in value.items():
            yield from _leaves(each, (*path, key), f"{name}.{key}".removeprefix("."))
    else:
        yield path, name, value


def _configured(module: JsonValue, prefix: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the address of each resource without numbers, and the attributes it is given."""
    for resource in _list(_at(module, ("resources",))):
        expressions = _at(resource, ("expressions",))
        given = frozenset(expressions) if isinstance(expressions, dict) else frozenset[str]()
        yield f"{prefix}{_at(resource, ('address',))}", given
    calls = _at(module, ("module_calls",))
    for name, call in calls.items() if isinstance(calls, dict) else ():
        yield from _configured(_at(call, ("module",)), f"{prefix}module.{name}.")


def _normal(value: JsonValue) -> str:
    """Return the text of a policy without what makes no difference in JSON."""
    if isinstance(value, str):
        try:
            value = decode_quickly(value)
        except (ValueError, RecursionError):
            return str(value)
    return encode(_sorted(value))


def _sorted(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return list(map(_sorted, value)) if isinstance(value, list) else value


def _at(value: JsonValue, path: Iterable[str | int]) -> JsonValue:
    """Return the value at a path, or nothing where it leads nowhere."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step]
        else:
            return None
    return value


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
