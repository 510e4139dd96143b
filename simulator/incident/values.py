"""The JSON values of a text that comes in parts: a list of records, or one value after the other.

No more of it is held than one value and what was read beside it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST: Final = 2 * 1024 * 1024  # characters of one value; a record has a quarter of that at most
_BEFORE: Final = 4096
_LIST: Final = re.compile(r"\s*+(?:\{\s*+\"(?:Records|Events)\"\s*+:\s*+)?\[")
_NOTHING: Final = re.compile(r"[\s,]*+")


class Values:
    """The values of a text, and what was odd about it: how many could not be read.

    `cut` is whether the text ends within a value or a list of them, `listed` whether there is such
    a list.
    """

    def __init__(self, parts: Iterator[str]) -> None:
        self.broken = 0
        self.cut = False
        self.listed = False
        self._parts = parts
        self._buffer = ""
        self._ended = False
        self._decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse)

    def begins_as_json(self) -> bool:
        """Whether the text begins as an object or a list."""
        self._fill(_BEFORE)
        return self._buffer.lstrip()[:1] in ("{", "[")

    def beginning(self, most: int) -> str:
        """Return the beginning of the text, which is still to be read."""
        self._fill(most)
        return self._buffer[:most]

    def __iter__(self) -> Iterator[Any]:
        self._fill(_BEFORE)
        opening = _LIST.match(self._buffer)
        self.listed = opening is not None
        at = opening.end() if opening else 0
        while True:
            at = self._skip(at)
            if at == len(self._buffer):
                self.cut |= opening is not None
                return
            if opening is not None and self._buffer[at] == "]":
                return
            found = self._value(at)
            if found is not None:
                value, at = found
                yield value
                continue
            self.broken += 1
            if self._ended and "\n" not in self._buffer[at:].rstrip():
                self.cut = True
                return
            at = self._next_line(at)

    def _fill(self, size: int) -> None:
        parts, length = [self._buffer], len(self._buffer)
        while length < size and not self._ended:
            part = next(self._parts, None)
            self._ended = part is None
            parts.append(part or "")
            length += len(part or "")
        self._buffer = "".join(parts)

    def _drop(self, at: int) -> int:
        """Forget what was read, now and then; return where to read on."""
        if at < _LARGEST // 8 and at < len(self._buffer):
            return at
        self._buffer = self._buffer[at:]
        return 0

    def _skip(self, at: int) -> int:
        """Return where the next value begins."""
        while True:
            found = _NOTHING.match(self._buffer, at)
            at = self._drop(found.end() if found else at)
            if at < len(self._buffer) or self._ended:
                return at
            self._fill(len(self._buffer) + 1)

    def _value(self, at: int) -> tuple[Any, int] | None:
        """Return the value at a place and where it ends; nothing where there is none."""
        size = _BEFORE
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, at)
            except RecursionError:
                return None
            except ValueError:
                held = len(self._buffer) - at
                if self._ended or held >= _LARGEST:
                    return None
                size = max(size, 2 * held)
                self._fill(at + size)
            else:
                return value, end

    def _next_line(self, at: int) -> int:
        """Return where the line after a place begins."""
        while True:
            end = self._buffer.find("\n", at)
            if end >= 0:
                return end + 1
            if self._ended:
                return len(self._buffer)
            self._buffer = ""
            at = 0
            self._fill(1)


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
