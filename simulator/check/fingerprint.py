"""What stays the same of a finding while the file around it changes."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from simulator.syntax import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.check import Checked
    from simulator.diagnostic import Diagnostic
    from simulator.policy.model import Document
    from simulator.syntax import JsonValue, Path

_LENGTH = 32


def fingerprints(checked: Checked) -> tuple[str, ...]:
    """Return for each finding of a document what it is known by, in the order of the findings.

    It is made of the code, the name of the document in its file, the statement (its `Sid`, or its
    number where it has none), the element and its text; not of lines, and not of the file, which
    may move. Findings that agree in all of it are numbered.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    made = []
    for found in checked.diagnostics:
        identity = (found.code, checked.name, *_element(checked.document, _path(checked, found)))
        seen[identity] += 1
        made.append(_digest((*identity, str(seen[identity]))))
    return tuple(made)


def _digest(parts: tuple[str, ...]) -> str:
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return sha256(data).hexdigest()[:_LENGTH]


def _path(checked: Checked, found: Diagnostic) -> Path:
    """Return the way from the document to what is found, as far as it stands in the document."""
    document = checked.document
    if not found.labels or found.labels[0].span.source != document.source:
        return ()
    path = locate(document.source).path(found.labels[0].span.range.start)
    depth = len(document.root)
    return path[depth:] if path[:depth] == document.root else ()


def _element(document: Document, path: Path) -> Iterator[str]:
    """Yield the steps to an element without its place in a list, and its text at last."""
    value = document.value
    for index, step in enumerate(path):
        value = _child(value, step)
        if index == 1 and isinstance(step, int) and path[0] == "Statement":
            yield _statement(value, step)
        elif isinstance(step, str):
            yield step
    if isinstance(value, str):
        yield str(value)


def _child(value: JsonValue, step: str | int) -> JsonValue:
    if isinstance(value, dict):
        return value.get(str(step))
    return value[int(step)] if isinstance(value, list) else None


def _statement(value: JsonValue, number: int) -> str:
    sid = value.get("Sid") if isinstance(value, dict) else None
    return f"Sid {sid}" if isinstance(sid, str) and sid else str(number)
