"""What a fix changes in files, as unified diffs."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from simulator.syntax import apply_edits, by_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from simulator.diagnostic import Edit

_NO_NEWLINE = "\n\\ No newline at end of file\n"


def patches(edits: Iterable[Edit]) -> tuple[tuple[str, str], ...]:
    """Return the name of each file that edits change, and the diff."""
    groups = by_text(edit.in_file() for edit in edits)
    return tuple(
        (name, _diff(name, text, apply_edits(text, changed)))
        for (name, text), changed in groups.items()
    )


def _diff(name: str, old: str, new: str) -> str:
    lines = unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), name, name)
    return "".join(_ended(lines))


def _ended(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else line + _NO_NEWLINE
