"""What a test comes to: the outcome, the doubts on which it turns, and why, for who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.decision.combine import Outcome
from simulator.evaluation.denial import denial
from simulator.evaluation.turning import doubts_to_tell, turning
from simulator.request.principal import called
from simulator.simulate import Question, simulate, turns_on
from simulator.sts.chain import Link, follow
from simulator.testing.names import odd_resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from simulator.catalog.doubts import Doubt, Doubts
    from simulator.diagnosis.diagnosis import Diagnosis
    from simulator.evaluation.evaluate import Evaluation
    from simulator.evaluation.policies import Policies
    from simulator.sts.chain import Hop
    from simulator.sts.session import Session
    from simulator.testing.asks import Tested


_MOST_TEXTS = 200_000
_ENOUGH = (
    "from this test on nobody looks unasked for open questions about AWS's rules on which an answer"
    " turns, since there are so many tests of large policies: `--strict` does"
)


class Looks:
    """How much a run still looks unasked for doubts, in texts of the policies it looks through."""

    def __init__(self) -> None:
        self._left = _MOST_TEXTS

    def spend(self, policies: Policies) -> Iterator[str]:
        """Count policies as looked through, and yield what is to be noted once none is left."""
        before = self._left
        self._left -= policies.size
        if self._left < 0 <= before:
            yield _ENOUGH

    @property
    def are_left(self) -> bool:
        """Whether doubts are still looked for."""
        return self._left >= 0


class Decided(NamedTuple):
    """What a test came to, before anybody asks why."""

    outcome: Outcome
    error_code: str | None
    message: str | None
    diagnose: Callable[[], Diagnosis]
    evaluations: tuple[Evaluation, ...]
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[str, ...] = ()
    session: Session | None = None


def decide(asked: Tested, looks: Looks, *, strict: bool) -> Decided:
    """Return what a test comes to; undecided, if one is strict, where it turns on a doubt."""
    if isinstance(asked, Question):
        decided, policies, look = _evaluated(asked)
    else:
        decided, policies, look = _answered(asked)
    enough: list[str] = []

    def looked() -> tuple[Doubt, ...]:
        if not strict:
            enough.extend(looks.spend(policies))
        return look() if strict or looks.are_left else ()

    doubts, notes = doubts_to_tell(policies, looked, strict=strict)
    decided = decided._replace(doubts=doubts, notes=(*decided.notes, *notes, *enough))
    return _left_open(decided) if strict and doubts else decided


def _left_open(decided: Decided) -> Decided:
    def diagnosed() -> Diagnosis:
        from simulator.diagnosis.diagnose import diagnose_doubts  # noqa: PLC0415 - rare

        return diagnose_doubts(decided.doubts)

    return decided._replace(
        outcome=Outcome.UNDECIDED, error_code=None, message=None, diagnose=diagnosed
    )


def _answered(hops: Sequence[Hop]) -> tuple[Decided, Policies, Callable[[], tuple[Doubt, ...]]]:
    links = follow(hops)
    call, answer = links[-1]
    code, message, _ = answer.error or (None, None, None)

    def diagnosed() -> Diagnosis:
        from simulator.diagnosis.diagnose import diagnose  # noqa: PLC0415 - a yes needs none

        return diagnose(call, answer)

    def opened(doubts: Doubts) -> Outcome:
        return follow(hops, doubts)[-1].answer.outcome

    decided = Decided(answer.outcome, code, message, diagnosed, answer.evaluations)
    notes = tuple(_on_chain(hops, links))
    decided = decided._replace(session=answer.session, notes=notes)
    return decided, call.policies, lambda: turning(answer.outcome, opened)


def _on_chain(hops: Sequence[Hop], links: Sequence[Link]) -> Iterator[str]:
    """Yield at which hop of a chain it ended, if that was not the last."""
    call, answer = links[-1]
    if len(hops) > 1 and answer.outcome is not Outcome.ALLOWED:
        yield f"hop {len(links)} of {len(hops)} is {call.operation} by `{called(call.principal)}`"


def _evaluated(
    question: Question,
) -> tuple[Decided, Policies, Callable[[], tuple[Doubt, ...]]]:
    evaluation = simulate(question)
    outcome, error = evaluation.decision.outcome, denial(evaluation)
    code, message, _ = error or (None, None, None)

    def diagnosed() -> Diagnosis:
        from simulator.diagnosis.diagnose import diagnose_request  # noqa: PLC0415 - see above

        return diagnose_request(question, evaluation)

    odd = tuple(odd_resource(question.action, question.resource))
    decided = Decided(outcome, code, message, diagnosed, (evaluation,), notes=odd)
    return decided, question.policies, lambda: turns_on(question, evaluation)
