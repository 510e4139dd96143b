"""How much work something makes, counted: the same on every machine, however busy it is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from _typeshed import TraceFunction


def calls(work: Callable[[], object]) -> int:
    """Return how many functions are called by some work, those of Python itself included."""
    made = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal made
        made += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return made


def lines(work: Callable[[], object]) -> int:
    """Return how many lines of code are run by some work, which loops without calls make too."""
    run = 0

    def count(_frame: FrameType, event: str, _arg: object) -> TraceFunction:
        nonlocal run
        run += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        work()
    finally:
        sys.settrace(before)
    return run
