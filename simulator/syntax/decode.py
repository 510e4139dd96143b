"""Decoding a document: quickly with the standard library, or with lark if anything is wrong."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NoReturn

from simulator.diagnostic import Diagnostic, DocumentError, Label, Severity
from simulator.source import Range, Source, Span
from simulator.syntax.codes import Code
from simulator.syntax.hopeless import hopeless, too_deep_at
from simulator.syntax.values import JsonValue, Number

if TYPE_CHECKING:
    from collections.abc import Iterator

# An escape which json accepts though it may stand for no character, or for NUL.
_DOUBTFUL_ESCAPE: Final = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class _AnomalyError(ValueError):
    """Something json accepts and JSON, or a reader of it, does not."""


def decode(source: Source) -> JsonValue:
    """Return the value of a document, or raise all that is wrong with it."""
    try:
        return _quick(source.text)
    except (ValueError, RecursionError) as anomaly:
        problem = hopeless(source.text)
        if problem is not None:
            raise DocumentError((problem.diagnostic(source),)) from None
        # lark costs 40 ms to import, and a document without errors never needs it.
        from simulator.syntax.report import parse  # noqa: PLC0415

        parse(source)
        raise _unexplained(source, anomaly) from anomaly


def is_clean(text: str) -> bool:
    """Whether a text is a document without errors."""
    try:
        _quick(text)
    except (ValueError, RecursionError):
        return False
    return True


def _quick(text: str) -> JsonValue:
    if too_deep_at(text) is not None:
        raise _AnomalyError("nested too deeply")
    value: JsonValue = json.loads(
        text,
        object_pairs_hook=_object,
        parse_int=Number,
        parse_float=Number,
        parse_constant=_constant,
    )
    if _DOUBTFUL_ESCAPE.search(text) or not text.isascii():
        _check_characters(value)
    return value


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _AnomalyError("duplicate key")
    return members


def _constant(name: str) -> NoReturn:
    raise _AnomalyError(f"{name} is not JSON")


def _check_characters(value: JsonValue) -> None:
    for text in _strings(value):
        text.encode()  # refuses half a surrogate pair with a ValueError
        if "\0" in text:
            raise _AnomalyError("NUL")


def _strings(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for element in value:
            yield from _strings(element)
    elif isinstance(value, dict):
        yield from value
        for element in value.values():
            yield from _strings(element)


def _unexplained(source: Source, anomaly: Exception) -> DocumentError:
    """Return an error for a document that only the standard library refuses.

    The two ways of reading agree; should they ever not, the document is still refused.
    """
    at = min(getattr(anomaly, "pos", 0), len(source.text))
    label = Label(Span(source, Range(at, at)), "here")
    message = f"the document cannot be read: {anomaly}".lower()
    return DocumentError((Diagnostic(Code.UNEXPECTED, Severity.ERROR, message, (label,)),))
