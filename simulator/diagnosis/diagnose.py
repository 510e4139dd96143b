"""Everything there is to say about a call or a request that does not succeed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.combine import Outcome
from simulator.diagnosis.allowed_if import Facts, allowed_if
from simulator.diagnosis.causes import causes_of
from simulator.diagnosis.diagnosis import Diagnosis
from simulator.diagnosis.findings import OpenDoubt, findings, request_findings
from simulator.diagnosis.fixes import Fix, fixes, left_open
from simulator.diagnosis.possible import only_possible
from simulator.diagnosis.reach import with_others
from simulator.simulate import simulate
from simulator.sts.answer import answer_to
from simulator.sts.call import Call

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simulator.catalog.doubts import Doubt
    from simulator.diagnosis.asked import Asked
    from simulator.diagnosis.cause import Cause
    from simulator.evaluation.evaluate import Evaluation
    from simulator.simulate import Question
    from simulator.sts.answer import Answer


def diagnose(call: Call, answer: Answer) -> Diagnosis:
    """Return the diagnosis of a call that does not succeed."""
    causes = causes_of(findings(call, answer))
    refused = answer.outcome in (Outcome.ALLOWED, Outcome.ERROR)
    facts = Facts(()) if refused else allowed_if(call, answer.evaluations)
    found = with_others(call, fixes(call, causes, explain))
    return Diagnosis(_all_causes(call, causes, found), found, *facts)


def diagnose_request(question: Question, evaluation: Evaluation) -> Diagnosis:
    """Return the diagnosis of a request that is denied or undecided."""
    causes = _causes_of_request(question, evaluation)
    facts = allowed_if(question, (evaluation,))
    found = fixes(question, causes, explain)
    return Diagnosis(_all_causes(question, causes, found), found, *facts)


def _all_causes(asked: Asked, causes: tuple[Cause, ...], found: Sequence[Fix]) -> tuple[Cause, ...]:
    """Return causes with the facts that keep every fix from being tried."""
    return causes if found else (*causes, *left_open(asked, causes, explain))


def diagnose_doubts(doubts: Iterable[Doubt]) -> Diagnosis:
    """Return the diagnosis of what is undecided because questions about AWS's rules are open."""
    return Diagnosis(causes_of(OpenDoubt(doubt) for doubt in doubts), ())


def explain(asked: Asked) -> tuple[Cause, ...]:
    """Return what stands in the way of what is asked, which is decided anew."""
    if isinstance(asked, Call):
        return causes_of(findings(asked, answer_to(asked)))
    return _causes_of_request(asked, simulate(asked))


def _causes_of_request(question: Question, evaluation: Evaluation) -> tuple[Cause, ...]:
    return only_possible(question, causes_of(request_findings(question, evaluation)))
