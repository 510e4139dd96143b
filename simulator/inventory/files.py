"""The files that paths lead to: files by name, those of a folder, standard input."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.diagnostic import Diagnostic, Label, Severity
from simulator.inventory import codes
from simulator.source import Range, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SIZE_LIMIT: Final = 64 * 1024 * 1024
"""The bytes a file may have; a dump of the largest accounts has some 50 MB."""

STRANGERS_LIMIT: Final = 20_000
"""The files of other names that a folder may have; an organization has many, of the right name."""

STDIN: Final = "-"


class File(NamedTuple):
    """What is in a file, and whether it was found in a folder, so that nobody named it."""

    name: str
    data: bytes
    searched: bool = False


class _NoInventoryError(Exception):
    """A folder was made for something else; the text says how that is seen."""


class Files:
    """Reads files one by one, each once, and keeps which of them cannot be read."""

    def __init__(self, suffixes: tuple[str, ...]) -> None:
        self.errors: list[Diagnostic] = []
        self.warnings: list[Diagnostic] = []
        self._suffixes = suffixes
        self._seen: dict[str, str] = {}

    def read(self, paths: Iterable[str]) -> Iterator[File]:
        """Yield what is in the files that paths lead to; of folders, in the order of names."""
        for path in paths:
            if path != STDIN and os.path.isdir(path):  # noqa: PTH112 - pathlib is slow to start
                yield from self._folder(path)
            else:
                yield from self._file(path)

    def _folder(self, folder: str) -> Iterator[File]:
        known = len(self.errors)
        try:
            names = list(self._search(folder))
        except _NoInventoryError as error:
            del self.errors[known:]  # what cannot be searched in there is of no interest
            self._not_the_folder(folder, str(error))
            return
        if not names:
            self._not_the_folder(folder, f"there is no file `*.json` in the folder `{folder}`")
        for name in names:
            yield from self._file(name, folder)

    def _not_the_folder(self, folder: str, message: str) -> None:
        help_ = "give the folder in which the outputs of the aws CLI are"
        self.errors.append(unreadable(folder, message, help_))

    def _search(self, folder: str) -> Iterator[str]:
        """Yield the files in a folder that may be of use, and keep what cannot be searched.

        Raises:
            _NoInventoryError: the folder is that of a whole system, or of something else.
        """
        place, strangers = os.path.realpath(folder), 0
        if place == os.path.dirname(place):  # noqa: PTH120 - as above
            raise _NoInventoryError(f"`{folder}` is the root folder, which is no inventory")
        for parent, folders, names in os.walk(folder, onerror=self._not_searched):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            links = [name for name in folders if os.path.islink(os.path.join(parent, name))]  # noqa: PTH114, PTH118 - as above
            found = [name for name in names if name.endswith(self._suffixes)]
            strangers += len(names) - len(found)
            if strangers > STRANGERS_LIMIT:
                message = f"`{folder}` has more than {STRANGERS_LIMIT} files that are not `*.json`"
                raise _NoInventoryError(message)
            for name in sorted((*found, *links)):
                if not name.startswith("."):
                    yield os.path.join(parent, name)  # noqa: PTH118 - as above

    def _not_searched(self, error: OSError) -> None:
        message = f"cannot search the folder `{error.filename}`: {error.strerror}"
        self.errors.append(unreadable(str(error.filename), message))

    def _file(self, name: str, folder: str | None = None) -> Iterator[File]:
        # A NUL in a name is told when it is read.
        place = name if name == STDIN or "\0" in name else os.path.realpath(name)
        if folder is not None and self._leads_out(name, place, folder):
            return
        if place in self._seen:
            self._warn_twice(name, self._seen[place])
            return
        self._seen[place] = name
        try:
            yield File(name, _read(name), folder is not None)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            self.errors.append(unreadable(name, f"cannot read `{name}`: {reason}"))

    def _leads_out(self, name: str, place: str, folder: str) -> bool:
        """Whether a name in a folder is a link to something that must not be read for it."""
        if os.path.commonpath((place, os.path.realpath(folder))) != os.path.realpath(folder):
            message = f"`{name}` is a link out of the folder `{folder}`"
            help_ = "give the file it leads to by its own name"
            self.errors.append(unreadable(name, message, help_))
            return True
        return os.path.isdir(place)  # noqa: PTH112 - as above; within the folder it is found anyway

    def _warn_twice(self, name: str, first: str) -> None:
        message = f"the file `{name}` is given twice, and was read once"
        if name != first:
            message = f"the files `{first}` and `{name}` are one, and it was read once"
        label = Label(Span(Source(name, ""), Range(0, 0)), "here")
        self.warnings.append(Diagnostic(codes.REPEATED, Severity.WARNING, message, (label,)))


def _read(name: str) -> bytes:
    """Return what is in a file; of a larger one no more than shows that it is too large."""
    if name == STDIN:
        if sys.stdin is None:
            raise ValueError("standard input is closed")
        return sys.stdin.buffer.read(SIZE_LIMIT + 1)
    if not stat.S_ISREG(os.stat(name).st_mode):  # noqa: PTH116 - as above
        # a pipe would block
        raise ValueError("it is not a regular file, and a pipe is read as `-`")
    with open(name, "rb") as opened:  # noqa: PTH123 - as above
        return opened.read(SIZE_LIMIT + 1)


def unreadable(name: str, message: str, help_: str | None = None) -> Diagnostic:
    """Return that a file or folder cannot be read."""
    label = Label(Span(Source(name, ""), Range(0, 0)), "here")
    return Diagnostic(codes.UNREADABLE, Severity.ERROR, message, (label,), help_)
