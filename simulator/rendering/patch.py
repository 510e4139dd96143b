"""What a fix changes in files, as unified diffs."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from simulator.syntax import apply_edits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from simulator.diagnostic import Edit
    from simulator.source import Source

_NO_NEWLINE = "\n\\ No newline at end of file\n"


def patches(edits: Iterable[Edit]) -> tuple[tuple[str, str], ...]:
    """Return the name of each file that edits change, and the diff."""
    by_source: dict[Source, list[Edit]] = {}
    for edit in edits:
        by_source.setdefault(edit.source, []).append(edit)
    return tuple(
        (source.name, _diff(source.name, source.text, apply_edits(source.text, changed)))
        for source, changed in by_source.items()
    )


def _diff(name: str, old: str, new: str) -> str:
    lines = unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), name, name)
    return "".join(_ended(lines))


def _ended(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else line + _NO_NEWLINE
