"""The quick way of reading: the standard decoder, made to refuse what JSON does not allow."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NoReturn

from simulator.syntax.hopeless import too_deep_at
from simulator.syntax.values import JsonValue, Number

if TYPE_CHECKING:
    from collections.abc import Iterator

# An escape which json accepts though it may stand for no character, or for NUL.
_DOUBTFUL_ESCAPE: Final = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class _AnomalyError(ValueError):
    """Something json accepts and JSON, or a reader of it, does not."""


def is_clean(text: str) -> bool:
    """Whether a text is a document without errors."""
    try:
        decode_quickly(text)
    except (ValueError, RecursionError):
        return False
    return True


def decode_quickly(text: str) -> JsonValue:
    """Return the value of a document.

    Raises:
        ValueError, RecursionError: there is something wrong with it.
    """
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
