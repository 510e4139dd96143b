"""Where text comes from: a file, a named text, offsets into it, and both together."""

from __future__ import annotations

import errno
import os
import re
import stat
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import BinaryIO

_LINE_END = re.compile(r"\r\n|\r|\n")


#: Where the ends of pipes stand that are open already, as the shell makes them of `<(command)`.
_OPEN_ALREADY = ("/dev/", "/proc/")


def open_source(name: str) -> BinaryIO:
    """Open a file to be read.

    Raises:
        OSError: it cannot be opened, or is a named pipe, which waits for somebody to write to it.
        ValueError: no file can have such a name.
    """
    if _is_pipe(name) and not os.path.abspath(name).startswith(_OPEN_ALREADY):  # noqa: PTH100 - see below
        raise OSError(errno.EINVAL, "it is a named pipe, and a pipe is read as `-`", name)
    return open(name, "rb")  # noqa: PTH123 - pathlib costs 5 ms at every start


def _is_pipe(name: str) -> bool:
    try:
        return stat.S_ISFIFO(os.stat(name).st_mode)  # noqa: PTH116 - see above
    except OSError:
        return False  # opening it tells what is wrong


class Range(NamedTuple):
    """Two offsets into a text in characters, the second one past the end."""

    start: int
    end: int


class Place(NamedTuple):
    """A line and a column, both counted from 1, the column in characters."""

    line: int
    column: int


class Origin(NamedTuple):
    """The text out of which another one was decoded.

    `offsets[i]` is the place in `source` of character `i` of the decoded text; one more entry
    than it has characters, so that the end has a place too. `encode` is how text is written there;
    `rewrite` is the change there for a change here, where other notation makes another one of it.
    """

    source: Source
    offsets: Sequence[int]
    encode: Callable[[str], str]
    rewrite: Rewrite | None = None


#: From the range of a change and its text to those of the same change in another notation.
Rewrite: TypeAlias = "Callable[[Range, str], tuple[Range, str]]"


class Source(NamedTuple):
    """A text and the name people know it by: the path of a file, or `-` for standard input."""

    name: str
    text: str
    origin: Origin | None = None

    @property
    def start(self) -> int:
        """Where it begins in the outermost text, by which it is told from another of its words."""
        return Span(self, Range(0, 0)).in_file().range.start

    def place(self, offset: int) -> Place:
        """Return the line and column of an offset."""
        starts = _line_starts(self.text)
        line = bisect_right(starts, offset)
        return Place(line, offset - starts[line - 1] + 1)


@lru_cache(maxsize=8)
def _line_starts(text: str) -> list[int]:
    """Return the offset at which each line starts; CR, LF and CRLF end a line."""
    return [0, *(end.end() for end in _LINE_END.finditer(text))]


class Span(NamedTuple):
    """A range of a source."""

    source: Source
    range: Range

    @property
    def text(self) -> str:
        """The text within the range."""
        return self.source.text[self.range.start : self.range.end]

    def in_file(self) -> Span:
        """Return the same place in the outermost text, through every decoding."""
        source, (start, end) = self
        while source.origin is not None:
            offsets = source.origin.offsets
            source, start, end = source.origin.source, offsets[start], offsets[end]
        return Span(source, Range(start, end))

    @property
    def place(self) -> Place:
        """Where the range starts in the outermost text."""
        span = self.in_file()
        return span.source.place(span.range.start)
