"""What can be asked, an AssumeRole call or a request of any kind, and what both are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from simulator.simulate import Question, as_request, simulate
from simulator.sts.answer import answer_to
from simulator.sts.answer import context_of as context_of_call
from simulator.sts.call import Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.decision.combine import Outcome
    from simulator.request.context import RequestContext

Asked: TypeAlias = Call | Question
Change: TypeAlias = "Callable[[Asked], Asked]"


def outcome_of(asked: Asked) -> Outcome:
    """Return what is decided about what is asked."""
    if isinstance(asked, Call):
        return answer_to(asked).outcome
    return simulate(asked).decision.outcome


def context_of(asked: Asked) -> RequestContext:
    """Return the condition keys that what is asked has."""
    return context_of_call(asked) if isinstance(asked, Call) else as_request(asked).context


def of_call(change: Callable[[Call], Call]) -> Change:
    """Return a change of a call as one of whatever is asked; a question it leaves alone."""
    return lambda asked: change(asked) if isinstance(asked, Call) else asked


def of_question(change: Callable[[Question], Question]) -> Change:
    """Return a change of a question as one of whatever is asked; a call it leaves alone."""
    return lambda asked: change(asked) if isinstance(asked, Question) else asked
