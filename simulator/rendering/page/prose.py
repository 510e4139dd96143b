"""A sentence of a message, what it quotes set as code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import htpy as h

from simulator.rendering.excerpt import safe

if TYPE_CHECKING:
    from collections.abc import Iterator


def prose(text: str, most: int = 1000) -> h.Node:
    """Return a sentence whose parts between backticks are code; `most` characters of it."""
    parts = safe(text, most).split("`")
    if len(parts) % 2 == 0:  # a user's own backtick, or one that was cut off
        return safe(text, most)
    return list(_set(parts))


def _set(parts: list[str]) -> Iterator[h.Node]:
    for place, part in enumerate(parts):
        if part:
            yield h.code[part] if place % 2 else part
