"""The files that paths lead to: files by name, those of folders, those that match a pattern."""

from __future__ import annotations

import os
import stat
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.diagnostic import Diagnostic, Label, Severity
from simulator.documents import codes
from simulator.documents.cloud_assembly import MANIFEST, manifest_of, templates
from simulator.documents.ignored import Ignored, ignored_around
from simulator.source import Range, Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SUFFIXES: Final = (".json", ".yaml", ".yml", ".template")
"""How the names of files end that are looked for in a folder."""

STDIN: Final = "-"
_FOREIGN: Final = ("node_modules", "site-packages")
_MAGIC: Final = "*?["


class File(NamedTuple):
    """A file to be read, and whether somebody named it, so that a policy must be in it."""

    name: str
    given: bool


class Files(NamedTuple):
    """The files to be read, each once, and why others cannot be."""

    files: tuple[File, ...]
    errors: tuple[Diagnostic, ...]


def find_files(paths: Iterable[str]) -> Files:
    """Return the files that paths lead to; `-` is standard input.

    A file that is given may have any name. Folders are searched with all that is in them, except
    what is hidden, what `.gitignore` files leave out, what others wrote (`node_modules`) and links
    out of the folder. A pattern (`policies/**/*.json`) is a search, too. Of a folder that the CDK
    wrote, the templates are read and nothing else.
    """
    finder = _Finder()
    for path in paths:
        finder.add(path)
    return Files(tuple(finder.found.values()), tuple(finder.errors))


class _Finder:
    """Gathers files by where they really are."""

    def __init__(self) -> None:
        self.found: dict[str, File] = {}
        self.errors: list[Diagnostic] = []

    def add(self, path: str) -> None:
        if path == STDIN:
            self._take(path, path, given=True)
        elif os.path.isdir(path):
            self._search(path)
        elif os.path.basename(path) == MANIFEST and manifest_of(os.path.dirname(path) or "."):
            self._search(os.path.dirname(path) or ".")
        elif os.path.lexists(path) or not set(_MAGIC).intersection(path):
            self._named(path)
        else:
            self._matching(path)

    def _take(self, name: str, place: str, *, given: bool) -> None:
        known = self.found.get(place)
        self.found[place] = File(known.name, known.given or given) if known else File(name, given)

    def _named(self, name: str) -> None:
        try:
            mode = os.stat(name).st_mode
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            self._error(name, f"cannot read `{name}`: {reason}")
            return
        if stat.S_ISREG(mode):
            self._take(name, os.path.realpath(name), given=True)
        else:
            # One that is no file may never end.
            message = f"cannot read `{name}`: it is not a regular file, and a pipe is read as `-`"
            self._error(name, message)

    def _search(self, folder: str) -> None:
        found = False
        for name in _Walk(folder, self._error).files():
            if name.endswith(SUFFIXES):
                self._take(os.path.normpath(name), os.path.realpath(name), given=False)
                found = True
        if not found:
            listed = ", ".join(f"`*{suffix}`" for suffix in SUFFIXES)
            self._error(folder, f"there is no file {listed} in the folder `{folder}`")

    def _matching(self, pattern: str) -> None:
        from pathspec import GitIgnoreSpec  # noqa: PLC0415 - it costs 40 ms to import

        steps = pattern.split("/")
        first = next(i for i, step in enumerate(steps) if set(_MAGIC).intersection(step))
        folder = "/".join(steps[:first]) or ("/" if pattern.startswith("/") else ".")
        # What matches is a file, or a folder with all files of the usual names.
        spec = GitIgnoreSpec.from_lines(["/" + "/".join(steps[first:])])
        found = False
        for name in _Walk(folder, self._error).files() if os.path.isdir(folder) else ():
            usual = name.endswith(SUFFIXES) or fnmatch(os.path.basename(name), steps[-1])
            if usual and spec.match_file(os.path.relpath(name, folder)):
                self._take(os.path.normpath(name), os.path.realpath(name), given=False)
                found = True
        if not found:
            self._error(pattern, f"no file matches `{pattern}`")

    def _error(self, name: str, message: str) -> None:
        self.errors.append(unreadable(name, message))


def unreadable(name: str, message: str) -> Diagnostic:
    """Return that what a path leads to cannot be read."""
    label = Label(Span(Source(name, ""), Range(0, 0)), "here")
    return Diagnostic(codes.UNREADABLE, Severity.ERROR, message, (label,))


class _Folder(NamedTuple):
    """A folder to be read: its name, where it really is, and what is left out around it."""

    name: str
    place: str
    ignored: Ignored


class _Walk:
    """Goes through a folder in the order of names."""

    def __init__(self, folder: str, error: Callable[[str, str], None]) -> None:
        self._folder, self._error = folder, error
        self._root = os.path.join(os.path.realpath(folder), "")

    def files(self) -> Iterator[str]:
        """Yield the names of the files in the folder."""
        place = os.path.realpath(self._folder)
        # The folders around the one that is read wait here: they may be nested without end.
        reading = [self._in(_Folder(self._folder, place, ignored_around(place)))]
        while reading:
            found = next(reading[-1], None)
            if found is None:
                reading.pop()
            elif isinstance(found, _Folder):
                reading.append(self._in(found))
            else:
                yield found

    def _in(self, folder: _Folder) -> Iterator[str | _Folder]:
        """Yield the names of files and the folders that a folder has itself."""
        name, place, ignored = folder
        try:
            entries = sorted(os.scandir(name), key=lambda entry: entry.name)
        except OSError as error:
            self._error(name, f"cannot search the folder `{name}`: {error.strerror}")
            return
        if any(entry.name == MANIFEST for entry in entries) and manifest_of(name) is not None:
            yield from templates(name)
            return
        inner = ignored.within(place)
        for entry in entries:
            path, real = os.path.join(name, entry.name), os.path.join(place, entry.name)
            is_folder = entry.is_dir(follow_symlinks=False)
            if entry.name.startswith(".") or inner.has(real, is_folder=is_folder):
                continue
            if is_folder and entry.name not in _FOREIGN:
                yield _Folder(path, real, inner)
            elif self._is_file(entry):
                yield path

    def _is_file(self, entry: os.DirEntry[str]) -> bool:
        """Whether there is a regular file, and in this folder if it is a link."""
        if not entry.is_symlink():
            return entry.is_file()
        # `entry.is_file()` raises where links lead in a circle.
        return os.path.isfile(entry.path) and os.path.realpath(entry.path).startswith(self._root)
