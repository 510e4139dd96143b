"""What a fix changes in files of JSON, as JSON Patch: operations on values instead of lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Operation: TypeAlias = dict[str, Any]


def json_patch(old: str, new: str) -> list[Operation] | None:
    """Return the operations that make the value of one text that of another; nothing if no JSON.

    https://www.rfc-editor.org/rfc/rfc6902
    """
    try:
        before, after = json.loads(old), json.loads(new)
    except ValueError:
        return None  # a document in another notation, or URL-encoded as a whole
    return list(_operations("", before, after))


def _operations(pointer: str, old: Any, new: Any) -> Iterator[Operation]:  # noqa: ANN401 - JSON
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _of_object(pointer, old, new)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _of_list(pointer, old, new)
    elif type(old) is not type(new) or old != new:
        yield {"op": "replace", "path": pointer, "value": new}


def _of_object(pointer: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Operation]:
    for name in (each for each in old if each not in new):
        yield {"op": "remove", "path": _below(pointer, name)}
    for name, value in new.items():
        if name in old:
            yield from _operations(_below(pointer, name), old[name], value)
        else:
            yield {"op": "add", "path": _below(pointer, name), "value": value}


def _of_list(pointer: str, old: list[Any], new: list[Any]) -> Iterator[Operation]:
    """Yield the operations for what lies between the elements that both lists begin and end with.

    What is removed goes from the back, so that the places of the elements before it stay.
    """
    first, most = 0, min(len(old), len(new))
    while first < most and _same(old[first], new[first]):
        first += 1
    last = 0
    while last < most - first and _same(old[-1 - last], new[-1 - last]):
        last += 1
    ends, end = len(old) - last, len(new) - last
    for place in range(first, min(ends, end)):
        yield from _operations(_below(pointer, place), old[place], new[place])
    for place in reversed(range(end, ends)):
        yield {"op": "remove", "path": _below(pointer, place)}
    for place in range(ends, end):
        yield {"op": "add", "path": _below(pointer, place), "value": new[place]}


def _same(old: Any, new: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether two values are one: to Python 1 and true are, to JSON they are not."""
    return next(_operations("", old, new), None) is None


def _below(pointer: str, step: str | int) -> str:
    """Return the pointer to a member or an element of what a pointer leads to."""
    escaped = str(step).replace("~", "~0").replace("/", "~1")  # RFC 6901
    return f"{pointer}/{escaped}"
