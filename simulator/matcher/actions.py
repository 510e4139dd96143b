"""Whether a statement speaks of an action.

Each statement is asked about an action once, when the plan for that action is made, so nothing is
compiled here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.matcher.glob import compile_glob, read_glob

if TYPE_CHECKING:
    from simulator.policy.model import Patterns


def speaks_of(patterns: Patterns, action: str, *, empty_not: bool = False) -> bool:
    """Return whether `Action` or `NotAction` takes in an action, given in lower case.

    `empty_not` is whether an empty `NotAction` takes in every action.
    """
    texts = patterns.values.items
    if not texts:
        return patterns.negated and empty_not  # EMPTY-NOT: else it speaks of nothing
    for text in texts:
        if takes_in(text, action):
            return not patterns.negated
    return patterns.negated  # ACT-5


def takes_in(text: str, action: str) -> bool:
    """Return whether one pattern takes in an action, given in lower case."""
    pattern = text.lower()  # ACT-1
    star = pattern.find("*")
    if star < 0 and "?" not in pattern:
        return pattern == action
    prefix = pattern[:star] if star >= 0 else ""
    # Most patterns are of other services, which is soonest seen.
    return ("?" in prefix or action.startswith(prefix)) and _fits(pattern, action)


def _fits(pattern: str, action: str) -> bool:
    if pattern == "*":
        return True
    service, colon, name = pattern.partition(":")
    if not colon:
        return False  # ACT-3
    wanted, _, asked = action.partition(":")
    return _glob(service, wanted) and _glob(name, asked)  # ACT-2, ACT-3


def _glob(pattern: str, text: str) -> bool:
    return pattern == "*" or compile_glob(read_glob(pattern))(text)
