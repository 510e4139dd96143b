"""What a fix changes in files, as unified diffs."""

from __future__ import annotations

import re
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
        (name, diff(name, text, apply_edits(text, changed)))
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
