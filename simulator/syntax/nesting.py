"""How deeply the objects and arrays of a text may be nested."""

from __future__ import annotations

import re
from typing import Final

DEPTH_LIMIT: Final = 64

# Strings end with their line, closed or not: a bracket within one does not count.
_STRING_OR_BRACKET: Final = re.compile(r'"(?>[^"\\\r\n]++|\\[^\r\n])*+"?|[][{}]')


def too_deep_at(text: str) -> int | None:
    """Return the offset of the first bracket that is nested too deeply."""
    if text.count("[") + text.count("{") <= DEPTH_LIMIT:
        return None
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        sign = match[0]
        if sign in "[{":
            depth += 1
            if depth > DEPTH_LIMIT:
                return match.start()
        elif sign in "]}":
            depth = max(0, depth - 1)
    return None
