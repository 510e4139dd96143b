"""Words that several warnings have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def meant(names: Sequence[str]) -> str | None:
    """Return the question whether one of some names was meant."""
    if not names:
        return None
    *others, last = [f"`{name}`" for name in names]
    return f"did you mean {', '.join(others)} or {last}?" if others else f"did you mean {last}?"


def only(names: Sequence[str]) -> str | None:
    """Return the name if there is no other one, so that it can replace what is written."""
    return names[0] if len(names) == 1 else None
