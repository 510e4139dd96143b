"""What is told about an answer: its causes, its fixes, and the facts on which it hangs.

A yes with conditions comes by here alone, and imports nothing of causes and fixes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.diagnosis.allowed_if import hangs_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.diagnosis.asked import Asked
    from simulator.diagnosis.cause import Cause
    from simulator.diagnosis.fixes import Fix
    from simulator.evaluation.evaluate import Evaluation


class Diagnosis(NamedTuple):
    """Why something is not allowed, what would make it, and with which facts it would be.

    Of what is allowed there are only the facts on which that hangs. They are `complete` unless the
    search for them was cut short.
    """

    causes: tuple[Cause, ...]
    fixes: tuple[Fix, ...]
    allowed_if: tuple[tuple[str, ...], ...] = ()
    allowed_if_complete: bool = True

    @property
    def is_of_yes(self) -> bool:
        """Whether it is of something that is allowed: every no has a cause."""
        return not self.causes


def diagnose_yes(asked: Asked, evaluations: Iterable[Evaluation]) -> Diagnosis:
    """Return the facts on which it hangs that what is asked is allowed."""
    return Diagnosis((), (), *hangs_on(asked, evaluations))
