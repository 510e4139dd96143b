"""What a fix changes in files, as unified diffs and as JSON Patch."""

from __future__ import annotations

import re
from difflib import unified_diff
from typing import TYPE_CHECKING, NamedTuple

from simulator.rendering.json_patch import json_patch
from simulator.syntax import apply_edits, by_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from simulator.diagnostic import Edit
    from simulator.rendering.json_patch import Operation

_NO_NEWLINE = "\n\\ No newline at end of file\n"


class FileChange(NamedTuple):
    """The text of a file as it is, and as it is after edits."""

    name: str
    old: str
    new: str

    @property
    def diff(self) -> str:
        """The change of its lines."""
        return diff(*self)

    @property
    def json_patch(self) -> list[Operation] | None:
        """The change of its value, if the file is JSON."""
        return json_patch(self.old, self.new)


def patches(edits: Iterable[Edit]) -> tuple[FileChange, ...]:
    """Return what edits do to each file that they change."""
    groups = by_text(edit.in_file() for edit in edits)
    return tuple(
        FileChange(name, text, apply_edits(text, changed))
        for (name, text), changed in groups.items()
    )


def diff(name: str, old: str, new: str) -> str:
    """Return the unified diff of two texts of a file."""
    header = f"{name}\t" if " " in name else name  # else `patch` reads up to the blank
    return "".join(_ended(unified_diff(_lines(old), _lines(new), header, header)))


def _lines(text: str) -> list[str]:
    # As `patch` does: `splitlines` would also split at U+0085, U+2028 and a lone CR.
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _ended(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else line + _NO_NEWLINE
