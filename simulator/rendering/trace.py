"""How every element of every statement came out, as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from simulator.decision.verdict import Layer
from simulator.diagnosis.words import LAYER_NAMES
from simulator.rendering.excerpt import safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST_ENTRIES: Final = 8
_APPLIES: Final[Mapping[str, str]] = {
    "true": "applies",
    "false": "does not apply",
    "unknown": "may or may not apply",
}
_ALLOWS: Final[Mapping[str, str]] = {
    "true": "allows",
    "false": "does not allow",
    "unknown": "may or may not allow",
}


def trace_text(trace: Mapping[str, Any]) -> str:
    """Return a trace as text, an empty line between two layers."""
    head = f"trace of {safe(trace['action'])} on {safe(trace['resource'])} ({trace['relation']})"
    if trace["settled"]:
        head += "\nwhatever the unknown values are, the decision is the same"
    return "\n\n".join((head, *map(_layer, trace["layers"]))) + "\n"


def _layer(layer: Mapping[str, Any]) -> str:
    name = LAYER_NAMES[Layer(layer["layer"])]
    if not layer["known"]:
        return f"{name}: nobody gave it"
    words = [_ALLOWS[layer["allows"]]] if layer["allows"] else []
    if layer["denies"] != "false" or not words:
        words.append({"true": "denies", "false": "does not deny"}.get(layer["denies"], "may deny"))
    lines = [f"{name}: {', '.join(words)}"]
    for number, level in enumerate(layer["levels"], 1):
        if len(layer["levels"]) > 1:
            lines.append(f"  level {number}")
        for statement in level:
            lines += _statement(statement)
    return "\n".join(lines)


def _statement(statement: Mapping[str, Any]) -> Iterator[str]:
    called = f"`{safe(statement['sid'])}`" if statement["sid"] else str(statement["statement"])
    applies = _APPLIES[statement["applies"]]
    place = _place(statement["location"], with_file=True)
    yield f"  {place} statement {called} ({statement['effect']}) {applies}"
    for name in ("principal", "action", "resource"):
        if statement[name] is not None:
            yield from _element(statement[name])
    for test in statement["conditions"]:
        yield from _test(test)


def _element(element: Mapping[str, Any]) -> Iterator[str]:
    yield _line(element["outcome"], element["element"], element["location"])
    # Of a long list those that match are of interest, or else what it is made of.
    entries = sorted(element["entries"], key=lambda entry: entry["outcome"] == "false")
    for entry in entries[:_MOST_ENTRIES]:
        value = f"{entry['type']} {entry['value']}" if "type" in entry else entry["value"]
        yield _line(entry["outcome"], f"  {safe(value)}", entry["location"])
    if len(entries) > _MOST_ENTRIES:
        yield f"               and {len(entries) - _MOST_ENTRIES} more"


def _test(test: Mapping[str, Any]) -> Iterator[str]:
    named = f"{safe(test['operator'])} {safe(test['key'])}"
    yield _line(test["outcome"], named, test["location"])
    values = [safe(each["value"], 200) for each in test["wanted"]]
    more = len(values) - _MOST_ENTRIES
    listed = ", ".join(values[:_MOST_ENTRIES]) + (f" and {more} more" if more > 0 else "")
    yield f"               wanted: {listed or 'nothing'}"
    yield f"               given:  {_given(test['given'])}"


def _given(given: Mapping[str, Any]) -> str:
    if given["state"] == "absent":
        return "absent"
    if given["state"] == "unknown":
        return "unknown" if given["present"] == "true" else "unknown, also whether it is there"
    return ", ".join(safe(value, 200) for value in given["values"]) or "an empty list"


def _line(outcome: str, text: str, location: Mapping[str, Any]) -> str:
    return f"    {outcome:7}  {text}  ({_place(location)})"


def _place(location: Mapping[str, Any], *, with_file: bool = False) -> str:
    place = f"{location['line']}:{location['column']}"
    return f"{safe(location['file'])}:{place}" if with_file else place
