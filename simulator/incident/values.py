"""The JSON values of a text that comes in parts: a list of records, or one value after the other.

No more of it is held than one value and what was read beside it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST: Final = 2 * 1024 * 1024  # characters of one value; a record has a quarter of that at most
_BEFORE: Final = 4096
_LIST: Final = re.compile(r"\s*+(?:\{\s*+\"(?:Records|Events)\"\s*+:\s*+)?\[")
_NOTHING: Final = re.compile(r"[\s,]*+")
_BLANK: Final = re.compile(r"\s*+\Z")
#: The characters that may be read in vain where nobody can tell how far the reading came.
_MOST_IN_VAIN: Final = 16 * 1024 * 1024
#: Each costs some microseconds more than its length, for which the decoder looks back.
_MOST_BROKEN: Final = 20_000


class _Read(NamedTuple):
    """A value and where it ends; of one that is not whole, how far it could be read."""

    end: int
    value: Any = None
    is_whole: bool = True


class Values:
    """The values of a text, and what was odd about it: how many could not be read.

    `cut` is whether the text ends within a value or a list of them, `listed` whether there is such
    a list, and `given_up` whether so much of it is broken or nested too deep that the rest was not
    read.
    """

    def __init__(self, parts: Iterator[str]) -> None:
        self.broken = 0
        self.cut = False
        self.listed = False
        self.given_up = False
        self._read = 0
        self._is_named = False
        self._in_vain = 0
        self._is_odd = False
        self._parts = parts
        self._buffer = ""
        self._ended = False
        self._decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=self._odd)

    @property
    def is_empty(self) -> bool:
        """Whether there was a list of records with none in it: what a search finds for nothing."""
        return self._is_named and not (self._read or self.broken or self.cut)

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
        self._is_named = opening is not None and "{" in opening[0]
        at = opening.end() if opening else 0
        while True:
            at = self._skip(at)
            if at == len(self._buffer):
                self.cut |= opening is not None
                return
            if opening is not None and self._buffer[at] == "]":
                return
            found = self._value(at)
            if found.is_whole:
                at = found.end
                self._read += 1
                yield found.value
                continue
            self.broken += 1
            self.given_up |= self.broken >= _MOST_BROKEN
            if self.given_up:
                return
            if self._ended and self._is_last_line(at):
                self.cut = True
                return
            at = self._next_line(at, found.end)

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

    def _value(self, at: int) -> _Read:
        """Return the value at a place."""
        size = _BEFORE
        while True:
            self._is_odd = False
            held = len(self._buffer) - at
            try:
                value, end = self._decoder.raw_decode(self._buffer, at)
            except RecursionError:
                self._in_vain += held
                self.given_up = self._in_vain > _MOST_IN_VAIN
                return _Read(at, is_whole=False)
            except json.JSONDecodeError as error:
                if self._ended or held >= _LARGEST:
                    return _Read(error.pos, is_whole=False)
                size = max(size, 2 * held)
                self._fill(at + size)
            else:
                return _Read(end, value, not self._is_odd)

    def _odd(self, name: str) -> str:
        """Take note of NaN and infinities, which are not JSON."""
        self._is_odd = True
        return name

    def _is_last_line(self, at: int) -> bool:
        """Whether nothing but white space follows the line of a place."""
        end = self._buffer.find("\n", at)
        return end < 0 or _BLANK.match(self._buffer, end) is not None

    def _next_line(self, at: int, reached: int) -> int:
        """Return where the line begins on which reading failed, or the next if it began on it.

        What was read in vain is not read again: a text of unfinished values takes no more time.
        """
        begins = self._buffer.rfind("\n", at, reached) + 1
        if begins:
            return begins
        while True:
            end = self._buffer.find("\n", at)
            if end >= 0:
                return end + 1
            if self._ended:
                return len(self._buffer)
            self._buffer = ""
            at = 0
            self._fill(1)
