"""The answer to a request of any kind, as JSON values and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulator.evaluation.denial import denial
from simulator.rendering.excerpt import safe
from simulator.rendering.verdicts import CAN, WORDS
from simulator.request.principal import called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.catalog.doubts import Doubt
    from simulator.diagnosis.diagnosis import Diagnosis
    from simulator.evaluation.evaluate import Evaluation

_LONGEST_MESSAGE: Final = 2000
_LONGEST_ENCODED: Final = 20_000  # half an encoded message says nothing


class Result(NamedTuple):
    """The answer to one request; a yes mostly has no diagnosis, hardly anybody asks for a trace."""

    evaluation: Evaluation
    diagnosis: Diagnosis | None
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]
    trace: dict[str, Any] | None


def result_value(result: Result) -> dict[str, Any]:
    """Return an answer as plain values."""
    from simulator.rendering.json import diagnosis_value  # noqa: PLC0415 - one of several

    request = result.evaluation.request
    error = denial(result.evaluation)
    value = {
        "decision": str(result.evaluation.decision.outcome),
        "caller": called(request.principal),
        "action": request.action,
        "resource": request.resource,
        "error": error and error._asdict(),
        **diagnosis_value(result.diagnosis),
        "doubts": [str(doubt) for doubt in result.doubts],
        "notes": list(result.notes),
    }
    return value if result.trace is None else {**value, "trace": result.trace}


def result_text(result: Result) -> str:
    """Return an answer as text, its parts set apart by empty lines."""
    return "\n\n".join(_parts(result)) + "\n"


def _parts(result: Result) -> Iterator[str]:
    yield f"{WORDS[result.evaluation.decision.outcome]}: {sentence(result)}"
    if result.diagnosis is not None:
        from simulator.rendering.text import explained  # noqa: PLC0415 - few yeses have one

        yield from explained(result.diagnosis, "request")
    said = aws_says(result)
    if said:
        yield "\n    ".join(said)
    if result.trace is not None:
        from simulator.rendering.trace import trace_text  # noqa: PLC0415 - hardly anybody asks

        yield trace_text(result.trace).rstrip("\n")


def sentence(result: Result) -> str:
    """Return who can or cannot do what."""
    request = result.evaluation.request
    can = CAN[result.evaluation.decision.outcome]
    caller, resource = safe(called(request.principal)), safe(request.resource)
    return f"{caller} {can} do {safe(request.action)} on {resource}"


def aws_says(result: Result) -> tuple[str, ...]:
    """Return the lines of AWS's error, if any, below one that says whose words they are."""
    error = denial(result.evaluation)
    if error is None:
        return ()
    operation = result.evaluation.request.action.partition(":")[2]
    head = f"An error occurred ({error.code}) when calling the {safe(operation)} operation:"
    encoded = error.code == "UnauthorizedOperation"  # ERR-17
    longest = _LONGEST_ENCODED if encoded else _LONGEST_MESSAGE
    return ("AWS would answer", f"{head} {safe(error.message, longest)}")
