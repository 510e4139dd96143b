"""Replacing a file as a whole: it holds what it held until all of the new is on the disk."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from simulator.cli.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Sequence

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class Change(NamedTuple):
    """What a file holds, and what it is to hold."""

    name: str
    old: bytes
    new: bytes


def replace_files(changes: Sequence[Change]) -> None:
    """Put new content into several files, or into none: where one fails, those before are put back.

    Raises:
        QuestionError: one of them cannot be written, or somebody else has changed it.
    """
    done: list[Change] = []
    try:
        for change in changes:
            replace_file(*change)
            done.append(change)
    except BaseException:  # somebody may also have interrupted it
        for name, old, new in reversed(done):
            with suppress(QuestionError):
                replace_file(name, new, old)
        raise


def replace_file(name: str, old: bytes, new: bytes) -> None:
    """Put new content into a file that still holds what was read from it.

    A link stays one, and the file keeps its permissions.

    Raises:
        QuestionError: it cannot be written, or somebody else has changed it; it is as it was.
    """
    path = Path(os.path.realpath(name))
    try:
        if not path.stat().st_mode & _WRITABLE:
            raise QuestionError(f"cannot write `{name}`: it is read-only; it is as it was")
        if _begins(path, len(old) + 1) != old:
            raise QuestionError(f"`{name}` has changed since it was read, and is left as it is now")
        _replace(path, new)
    except OSError as error:
        reason = error.strerror or str(error)
        raise QuestionError(f"cannot write `{name}`: {reason}; it is as it was") from error


def _begins(path: Path, most: int) -> bytes:
    """Return the first bytes of a file, which may have become large since it was read."""
    with path.open("rb") as file:
        return file.read(most)


def _replace(path: Path, new: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - it is open already
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(path.stat().st_mode & 0o7777)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
