"""CPU time of pieces of work, taken in turns so that a busy machine hits all alike."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LEAST_SECONDS = 0.05
_ROUNDS = 7


def cpu_microseconds(works: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Return for each piece of work the CPU time of one run, the best of several rounds."""
    repeats = {name: _repeats(work) for name, work in works.items()}
    best = dict.fromkeys(works, float("inf"))
    for _ in range(_ROUNDS):
        for name, work in works.items():
            best[name] = min(best[name], _taken(work, repeats[name]) / repeats[name])
    return {name: seconds * 1e6 for name, seconds in best.items()}


def _repeats(work: Callable[[], object]) -> int:
    """Return how often a piece of work is repeated to last long enough for the clock."""
    repeats = 1
    while _taken(work, repeats) < _LEAST_SECONDS:
        repeats *= 2
    return repeats


def _taken(work: Callable[[], object], repeats: int) -> float:
    start = time.process_time()
    for _ in range(repeats):
        work()
    return time.process_time() - start
