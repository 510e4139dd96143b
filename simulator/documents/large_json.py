"""Decoding JSON that may be large: what is wrong with it is told as far as it is soon found."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from simulator.diagnostic import Diagnostic, DocumentError, Label, Severity
from simulator.source import Range, Source, Span
from simulator.syntax import Code, decode
from simulator.syntax.hopeless import hopeless
from simulator.syntax.places import DuplicateKeyError, places
from simulator.syntax.quick import decode_quickly

if TYPE_CHECKING:
    from simulator.syntax import JsonValue

_MOST_EXPLAINED: Final = 256 * 1024  # lark reads a kB in a millisecond


def decode_large(source: Source) -> JsonValue:
    """Return the value of a JSON text.

    Raises:
        DocumentError: all that is wrong with it, or of a large text the first thing.
    """
    if len(source.text) <= _MOST_EXPLAINED:
        return decode(source)
    try:
        return decode_quickly(source.text)
    except (ValueError, RecursionError) as anomaly:
        problem = hopeless(source.text)
        found = problem.diagnostic(source) if problem else _first(source, anomaly)
        raise DocumentError((found,)) from None


def _first(source: Source, anomaly: Exception) -> Diagnostic:
    if isinstance(anomaly, json.JSONDecodeError):
        place = Range(anomaly.pos, anomaly.pos + 1)
        message = "the text is not JSON from here on"
        return _error(source, Code.UNEXPECTED, message, ((place, "here"),))
    try:
        places(source.text)
    except DuplicateKeyError as error:
        message = f"duplicate key `{error.name[:40]}`"
        labels = ((error.again, "here again"), (error.first, "first here"))
        return _error(source, Code.DUPLICATE_KEY, message, labels)
    except (ValueError, IndexError, RecursionError):
        pass  # `NaN` and the like, which stand outside of JSON
    message = f"the text cannot be read: {anomaly}".lower()
    return _error(source, Code.UNEXPECTED, message, ((Range(0, 1), "somewhere in it"),))


def _error(
    source: Source, code: Code, message: str, labels: tuple[tuple[Range, str], ...]
) -> Diagnostic:
    found = tuple(Label(Span(source, place), text) for place, text in labels)
    return Diagnostic(code, Severity.ERROR, message, found)
