"""Everything there is to say about a call that does not succeed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.diagnosis.allowed_if import allowed_if
from simulator.diagnosis.codes import TABLE
from simulator.diagnosis.findings import findings
from simulator.diagnosis.fixes import Fix, fixes
from simulator.sts.assume_role import assume_role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.cause import Cause
    from simulator.sts.assume_role import Answer
    from simulator.sts.call import Call


class Diagnosis(NamedTuple):
    """Why a call does not succeed, what would make it, and with which facts it would."""

    causes: tuple[Cause, ...]
    fixes: tuple[Fix, ...]
    allowed_if: tuple[tuple[str, ...], ...]


def diagnose(call: Call, answer: Answer) -> Diagnosis:
    """Return the diagnosis of a call that does not succeed."""
    causes = explain(call, answer)
    found = fixes(call, causes, lambda changed: explain(changed, assume_role(changed)))
    return Diagnosis(causes, found, allowed_if(call, answer))


def explain(call: Call, answer: Answer) -> tuple[Cause, ...]:
    """Return all causes of an answer, what decides it first."""
    return tuple(_distinct(_causes(call, answer)))


def _causes(call: Call, answer: Answer) -> Iterator[Cause]:
    for finding in findings(call, answer):
        for row in TABLE:
            yield from row.rule(finding)


def _distinct(causes: Iterator[Cause]) -> Iterator[Cause]:
    """Yield each cause once: the companion actions of a call often fail at the same place."""
    seen = set()
    for cause in causes:
        place = cause.place
        identity = (cause.code, cause.message, place and (place.document.source.name, place.path))
        if identity not in seen:
            seen.add(identity)
            yield cause
