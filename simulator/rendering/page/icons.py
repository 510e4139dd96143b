"""Small drawings that say without colour what a state is; a word beside each says it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import htpy as h

from simulator.rendering.flow import State

if TYPE_CHECKING:
    from simulator.matcher.truth import Truth

#: Each is a line in a square of 16.
_LINES: Final = {
    State.PASSES: "M3.5 8.5l3 3 6-7",
    State.STOPS: "M4.5 4.5l7 7m0-7l-7 7",
    State.OPEN: "M5.6 6.2a2.4 2.4 0 1 1 3.4 2.2c-.7.3-1 .8-1 1.6M8 12.4v.1",
    State.IDLE: "M4.5 8h7",
}
_OF_TRUTH: Final = {True: State.PASSES, False: State.STOPS, None: State.OPEN}


def icon(state: State) -> h.Element:
    """Return the drawing of a state."""
    return h.svg(f".icon.{state}", viewBox="0 0 16 16", aria_hidden="true")[h.path(d=_LINES[state])]


def icon_of_truth(truth: Truth) -> h.Element:
    """Return the drawing of whether an element matches, in another colour than those of states."""
    return h.svg(f".icon.truth-{_OF_TRUTH[truth]}", viewBox="0 0 16 16", aria_hidden="true")[
        h.path(d=_LINES[_OF_TRUTH[truth]])
    ]
