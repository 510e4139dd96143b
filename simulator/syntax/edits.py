"""Carrying out edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.diagnostic import Edit


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with all edits carried out; they must not overlap."""
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.range):
        start, end = edit.range
        if start < done:
            raise ValueError(f"two edits overlap at offset {start}")
        parts += text[done:start], edit.text
        done = end
    return "".join((*parts, text[done:]))
