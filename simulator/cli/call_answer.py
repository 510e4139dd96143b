"""Calls of STS answered on the command line: decided, explained where they fail, and printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from simulator.cli.answers import json_text, query_notes, tell_oddities
from simulator.cli.call_notes import taken_for_granted
from simulator.cli.notes import path_taken, policies_of_others
from simulator.cli.options import PICTURES
from simulator.decision.combine import Outcome
from simulator.evaluation.hanging import hangs_on_facts
from simulator.evaluation.turning import doubts_to_tell, turning
from simulator.request.caller import Caller
from simulator.sts.chain import follow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.catalog.doubts import Doubt, Doubts
    from simulator.cli.call import ReadCall
    from simulator.diagnosis.diagnosis import Diagnosis
    from simulator.sts.answer import Answer
    from simulator.sts.call import Call
    from simulator.sts.chain import Link
    from simulator.sts.parameters import Parameters


class Answered(NamedTuple):
    """The calls that were made, why the last is no yes, and what the answer turns on."""

    links: tuple[Link, ...]
    diagnosis: Diagnosis | None
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]

    @property
    def answer(self) -> Answer:
        """What the calls come to: what the last one does."""
        return self.links[-1].answer


class Wanted(NamedTuple):
    """How the answer is wanted: its format, the part of it, how strict, with how much beside it."""

    format_: str
    query: str | None = None
    strict: bool = False
    trace: bool = False
    reasons: bool = False


def answer_and_print(read: ReadCall, wanted: Wanted) -> int:
    """Print the answer to calls, and return the exit status.

    Raises:
        QuestionError: what is asked of the answer is no JMESPath.
    """
    found = answered(read, wanted)
    tell_oddities(read.warnings, found.notes)
    if wanted.query or wanted.format_ == "json":
        value = value_of(read, found, wanted)
        if wanted.query:
            tell_oddities((), query_notes(value, wanted.query))
        click.echo(json_text(value, wanted.query), nl=False)
    elif wanted.format_ in PICTURES:
        click.echo(_drawn(read, found, wanted), nl=False)
    else:
        click.echo(text_of(read, found, wanted), nl=False)
    return 0 if found.answer.outcome is Outcome.ALLOWED else 1


def answered(read: ReadCall, wanted: Wanted) -> Answered:
    """Return the answer to calls, with its diagnosis."""
    links = follow(read.hops)
    call, first = links[-1]

    def opened(doubts: Doubts) -> Outcome:
        return follow(read.hops, doubts)[-1].answer.outcome

    def look() -> tuple[Doubt, ...]:
        return turning(first.outcome, opened)

    doubts, taken = doubts_to_tell(call.policies, look, strict=wanted.strict)
    answer = first
    if wanted.strict and doubts:
        answer = first._replace(outcome=Outcome.UNDECIDED, error=None, session=None)
    if wanted.reasons:
        answer = _with_reason(call, answer)
    links = (*links[:-1], links[-1]._replace(answer=answer))
    diagnosis = _diagnosis(call, answer, doubts if wanted.strict else ())
    profile = read.steps[len(links) - 1].profile
    if diagnosis is not None and profile is not None:
        diagnosis = _by_profile(diagnosis, profile, read.config, call.parameters)
    notes = (*read.notes, *dict.fromkeys(_notes(links)), *taken)
    return Answered(links, diagnosis, doubts, notes)


def _notes(links: tuple[Link, ...]) -> Iterator[str]:
    """Yield what looks odd about the calls, or is taken for granted in them."""
    for call, answer in links:
        if isinstance(call.caller, Caller):
            yield from policies_of_others(call.caller.principal, call.policies)
            yield from path_taken(call.caller.principal, call.policies)
        yield from taken_for_granted(call, answer)


def _with_reason(call: Call, answer: Answer) -> Answer:
    """Return an answer with its denial in the enriched form of AWS's documentation."""
    from simulator.evaluation.denial import reason_of  # noqa: PLC0415 - hardly anybody asks

    if answer.error is None or answer.decisive is None or answer.error.code != "AccessDenied":
        return answer
    if not isinstance(call.caller, Caller):
        return answer  # ERR-50, ERR-55
    reason = reason_of(answer.decisive)
    return answer._replace(error=answer.error._replace(message=answer.error.message + reason))


def _diagnosis(call: Call, answer: Answer, left_open: tuple[Doubt, ...]) -> Diagnosis | None:
    is_allowed = answer.outcome is Outcome.ALLOWED
    if is_allowed and not hangs_on_facts(answer.evaluations):
        return None
    if is_allowed:
        from simulator.diagnosis.diagnosis import diagnose_yes  # noqa: PLC0415 - most need none

        return diagnose_yes(call, answer.evaluations)
    from simulator.diagnosis import diagnose  # noqa: PLC0415 - a yes needs none

    if left_open:
        return diagnose.diagnose_doubts(left_open)
    return diagnose.diagnose(call, answer)


def _by_profile(
    diagnosis: Diagnosis, profile: str, config: str | None, parameters: Parameters
) -> Diagnosis:
    """Return a diagnosis whose fixes set the profile that makes the call."""
    from simulator.diagnosis.fixes import MadeBy  # noqa: PLC0415 - a yes needs none

    made_by = MadeBy(profile, config, parameters)
    return diagnosis._replace(fixes=tuple(f._replace(made_by=made_by) for f in diagnosis.fixes))


def text_of(read: ReadCall, found: Answered, wanted: Wanted) -> str:
    """Return the answer to calls as text."""
    from simulator.rendering.text import answer_text, hop_title  # noqa: PLC0415 - one of two

    parts: list[str] = []
    for number, (call, answer) in enumerate(found.links, 1):
        if len(read.hops) > 1 or read.steps[0].profile is not None:
            parts.append(hop_title(number, len(read.hops), read.steps[number - 1].profile))
        last = number == len(found.links)
        parts.append(answer_text(call, answer, found.diagnosis if last else None))
    if wanted.trace:
        from simulator.rendering.trace import trace_text  # noqa: PLC0415 - hardly anybody asks

        parts += map(trace_text, _traces(found.answer))
    return "\n".join(parts)


def _drawn(read: ReadCall, found: Answered, wanted: Wanted) -> str:
    from simulator.cli.pictures import drawn  # noqa: PLC0415 - as above
    from simulator.rendering.picture import as_hop, picture_of_call  # noqa: PLC0415

    left_open = found.doubts if wanted.strict else ()
    *before, (call, answer) = found.links
    pictures = [
        *(picture_of_call(*link) for link in before),
        picture_of_call(call, answer, found.diagnosis, left_open, found.notes),
    ]
    if len(read.hops) > 1 or read.steps[0].profile is not None:
        count = len(read.hops)
        pictures = [
            as_hop(picture, number, count, read.steps[number - 1].profile)
            for number, picture in enumerate(pictures, 1)
        ]
    return drawn(pictures, wanted.format_)


def value_of(read: ReadCall, found: Answered, wanted: Wanted) -> dict[str, Any]:
    """Return the answer to calls as plain values."""
    from simulator.rendering.json import answer_value, hop_value  # noqa: PLC0415 - see above

    call, answer = found.links[-1]
    value = answer_value(call, answer, found.diagnosis)
    value["doubts"] = [str(doubt) for doubt in found.doubts]
    value["notes"] = list(found.notes)
    if len(read.hops) > 1 or read.steps[0].profile is not None:
        value["hops"] = [
            hop_value(call, answer, step.profile)
            for (call, answer), step in zip(found.links, read.steps, strict=False)
        ]
    return {**value, "trace": _traces(found.answer)} if wanted.trace else value


def _traces(answer: Answer) -> list[Any]:
    from simulator.evaluation.trace import trace_of  # noqa: PLC0415 - the second pass

    return [trace_of(evaluation) for evaluation in answer.evaluations]
