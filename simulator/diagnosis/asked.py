"""What can be asked, an AssumeRole call or a request of any kind, and what both are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from simulator.simulate import Question, simulate
from simulator.sts.answer import answer_to
from simulator.sts.call import Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.decision.combine import Outcome

Asked: TypeAlias = Call | Question
Change: TypeAlias = "Callable[[Asked], Asked]"


def outcome_of(asked: Asked) -> Outcome:
    """Return what is decided about what is asked."""
    if isinstance(asked, Call):
        return answer_to(asked).outcome
    return simulate(asked).decision.outcome


def of_call(change: Callable[[Call], Call]) -> Change:
    """Return a change of a call as one of whatever is asked; a question it leaves alone."""
    return lambda asked: change(asked) if isinstance(asked, Call) else asked


def of_question(change: Callable[[Question], Question]) -> Change:
    """Return a change of a question as one of whatever is asked; a call it leaves alone."""
    return lambda asked: change(asked) if isinstance(asked, Question) else asked
