"""Finding test files: in a folder they have names of their own, given by name they may have any."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from simulator.testing.load import SIZE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SUFFIXES: Final = (".iamtest.yaml", ".iamtest.yml", ".iamtest.json")


def find(paths: Iterable[str]) -> Iterator[tuple[str, bytes | str]]:
    """Yield the test files that paths lead to, each once: its name, and its bytes or why not."""
    seen = set()
    for path in paths:
        for name in _named(path):
            same = os.path.abspath(name)  # noqa: PTH100 - a name may be one that no file can have
            if same not in seen:
                seen.add(same)
                yield name, _bytes(name)


def _named(path: str) -> Iterator[str]:
    if not Path(path).is_dir():
        yield path
        return
    for folder, folders, files in os.walk(path):
        folders.sort()
        yield from (str(Path(folder, file)) for file in sorted(files) if file.endswith(SUFFIXES))


def _bytes(name: str) -> bytes | str:
    """Return what is in a file, or why it cannot be read."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(SIZE_LIMIT + 1)
        if Path(name).is_fifo():
            return f"cannot read `{name}`: it is a pipe, which may never end"
        with Path(name).open("rb") as file:
            return file.read(SIZE_LIMIT + 1)
    except (OSError, ValueError, AttributeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return f"cannot read `{name}`: {reason}"
