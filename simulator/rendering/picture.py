"""A decision as pictures show it: the outcome, the question, the flow, the reasons."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.decision.combine import Outcome
from simulator.federation.model import WebIdentity
from simulator.rendering.evaluation import aws_says as aws_says_of_request
from simulator.rendering.evaluation import sentence as sentence_of_request
from simulator.rendering.excerpt import safe
from simulator.rendering.flow import flow_of_call, flow_of_request
from simulator.rendering.json import parameters_value
from simulator.rendering.text import aws_says, hop_title, sentence, told
from simulator.request.principal import called
from simulator.request.request import NO_RESOURCE
from simulator.sts.operations import OF_ROLES
from simulator.sts.response import response_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulator.catalog.doubts import Doubt
    from simulator.diagnosis.diagnosis import Diagnosis
    from simulator.evaluation.evaluate import Evaluation
    from simulator.rendering.evaluation import Result
    from simulator.rendering.flow import Leg
    from simulator.request.context import RequestContext, Value
    from simulator.sts.answer import Answer
    from simulator.sts.call import Call


class Known(StrEnum):
    """How the value of a condition key is known."""

    GIVEN = "given"
    DERIVED = "derived"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Fact(NamedTuple):
    """A condition key of a request, its values, and whether a statement asks for it."""

    key: str
    values: tuple[str, ...]
    known: Known
    is_asked: bool


class Picture(NamedTuple):
    """What there is to be seen of one decision.

    `question` holds names and values of what was asked, `said` what AWS says to it, both without
    secrets; a yes has no diagnosis. One that `follows` is of the next call of a chain.
    """

    outcome: Outcome
    sentence: str
    question: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...]
    legs: tuple[Leg, ...]
    said: tuple[str, ...]
    diagnosis: Diagnosis | None = None
    notes: tuple[str, ...] = ()
    title: str | None = None
    follows: bool = False


_WORST_FIRST: Final = (
    Outcome.ERROR,
    Outcome.EXPLICIT_DENY,
    Outcome.IMPLICIT_DENY,
    Outcome.UNDECIDED,
    Outcome.ALLOWED,
)


def outcome_of(pictures: Sequence[Picture]) -> Outcome:
    """Return what several decisions come to together: the worst of them."""
    return min((picture.outcome for picture in pictures), key=_WORST_FIRST.index)


def picture_of_call(
    call: Call,
    answer: Answer,
    diagnosis: Diagnosis | None = None,
    left_open: Sequence[Doubt] = (),
    notes: tuple[str, ...] = (),
) -> Picture:
    """Return the picture of a call of STS; some doubts on which it turns may be left open."""
    return Picture(
        answer.outcome,
        sentence(call, answer),
        tuple(_question_of_call(call)),
        _facts(answer.evaluations, call.context),
        flow_of_call(answer, left_open),
        _said(call, answer),
        diagnosis,
        notes,
    )


def as_hop(picture: Picture, number: int, count: int, profile: str | None) -> Picture:
    """Return the picture of one call of a chain, with the profile that makes it."""
    return picture._replace(title=hop_title(number, count, profile), follows=number > 1)


def picture_of_request(
    result: Result, given: Mapping[str, Value], left_open: Sequence[Doubt] = ()
) -> Picture:
    """Return the picture of a request with the condition keys that were given.

    Some doubts on which it turns may be left open.
    """
    evaluation = result.evaluation
    return Picture(
        evaluation.decision.outcome,
        sentence_of_request(result),
        tuple(_question_of_request(evaluation)),
        _facts((evaluation,), given),
        flow_of_request(evaluation, left_open),
        aws_says_of_request(result),
        result.diagnosis,
        result.notes,
    )


def _said(call: Call, answer: Answer) -> tuple[str, ...]:
    if answer.error is not None:
        return aws_says(call, answer.error)
    if answer.session is not None:
        session = answer.session
        return ("the new session", f"{safe(session.arn)}, {session.duration_seconds} seconds")
    response = response_to(call, answer)
    return () if response is None else tuple(told(response))


def _question_of_call(call: Call) -> Iterator[tuple[str, str]]:
    yield "caller", called(call.principal)
    yield "operation", str(call.operation)
    if call.identity is not None:
        what = "token" if isinstance(call.identity, WebIdentity) else "assertion"
        yield "signed by nobody", f"the {what} says who calls; its signature was not checked"
    if call.operation in OF_ROLES:
        yield "role", call.parameters.role_arn
    for name, value in parameters_value(call.parameters).items():
        if name != "role_arn":
            yield name.replace("_", " "), _shown(value)


def _shown(value: object) -> str:
    """Return a parameter as text: tags as `key=value`, several values with commas between them."""
    if not isinstance(value, tuple):
        return str(value)
    return ", ".join("=".join(each) if isinstance(each, tuple) else str(each) for each in value)


def _question_of_request(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    request = evaluation.request
    yield "caller", called(request.principal)
    yield "action", request.action
    if request.resource != NO_RESOURCE:
        yield "resource", request.resource
        yield "account of the resource", request.owner or "nobody gave it"


def _facts(evaluations: Sequence[Evaluation], given: Mapping[str, Value]) -> tuple[Fact, ...]:
    """Return the condition keys of a request, first those that statements ask for."""
    if not evaluations:
        return ()
    context, policies = evaluations[0].request.context, evaluations[0].policies
    asked = {test.key.lower(): test.key for s in policies.statements() for test in s.conditions}
    written = {key.lower() for key in given}
    others = sorted((context.known.keys() | context.unknown | written) - asked.keys())
    return tuple(
        Fact(
            asked.get(key) or _proper(key),
            context.values(key) or (),
            _known(key, context, key in written),
            key in asked,
        )
        for key in (*asked, *others)
    )


def _known(key: str, context: RequestContext, is_given: bool) -> Known:  # noqa: FBT001
    if context.presence(key) is False:
        return Known.ABSENT
    if context.values(key) is None:
        return Known.UNKNOWN
    return Known.GIVEN if is_given else Known.DERIVED


def _proper(key: str) -> str:
    """Return a key of AWS's in the letter case of its documentation."""
    from simulator.catalog.condition_keys import find_key  # noqa: PLC0415 - it reads a file

    found = find_key(key)
    return key if found is None else found.name
