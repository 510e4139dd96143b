"""The report on test files: a line for each test, and what is behind those that did not pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.evaluation.evaluate import explain_level
from simulator.policy.model import Effect
from simulator.rendering.excerpt import safe
from simulator.rendering.json import cause_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.cause import Cause
    from simulator.diagnostic import Diagnostic
    from simulator.evaluation.evaluate import Evaluation
    from simulator.evaluation.plan import Level
    from simulator.testing.run import Report, Result

_WORDS = {"passed": "pass", "failed": "FAIL", "error": "ERROR"}
_MOST_ERRORS = 5
_MOST_ALLOWS = 6
_LONGEST = 1000


def report_text(report: Report, *, trace: bool = False) -> str:
    """Return what people read of a report, the count at its end; a trace is of failed tests."""
    lines = [line for result in report.results for line in _lines(result, trace=trace)]
    return "\n".join((*lines, "", _summary(report))) + "\n"


def report_value(report: Report, *, trace: bool = False) -> dict[str, Any]:
    """Return a report as plain values; the keys are an interface and do not change."""
    counts = _counts(report)
    return {
        "passed": counts["passed"],
        "failed": counts["failed"],
        "errors": counts["error"],
        "tests": [_value(result, trace=trace) for result in report.results],
        "warnings": [_warning(warning) for warning in report.warnings],
    }


def _counts(report: Report) -> dict[str, int]:
    marks = [str(result.mark) for result in report.results]
    return {word: marks.count(word) for word in _WORDS}


def _summary(report: Report) -> str:
    passed, failed, errors = _counts(report).values()
    return f"{passed} passed, {failed} failed, {errors} error{'s' * (errors != 1)}"


def _lines(result: Result, *, trace: bool) -> Iterator[str]:
    yield f"{_WORDS[result.mark]:5} {safe(result.id)}"
    for line in _reasons(result):
        yield f"      {line}"
    for note in result.notes:
        yield f"      note: {safe(note, _LONGEST)}"
    if trace and result.mismatch is not None:
        yield from (f"      {line}".rstrip() for line in _trace_lines(result))


def _reasons(result: Result) -> Iterator[str]:
    if result.problem is not None:
        yield safe(result.problem)
    for error in result.errors[:_MOST_ERRORS]:
        yield from _error(error)
    if len(result.errors) > _MOST_ERRORS:
        yield f"and {len(result.errors) - _MOST_ERRORS} more errors: `--format json` has them all"
    if result.mismatch is not None:
        yield safe(result.mismatch, _LONGEST)
        yield from _cause(result.causes[0]) if result.causes else _allowing(result)
    if result.mismatch is not None and result.fixes:
        fix = result.fixes[0]
        yield f"fix (access {fix.access}): {safe(fix.title, _LONGEST)}"


def _allowing(result: Result) -> Iterator[str]:
    """Yield the statements that allowed what was not to be, each with its place."""
    found = tuple(dict.fromkeys(_allows(result)))
    yield from found[:_MOST_ALLOWS]
    if len(found) > _MOST_ALLOWS:
        yield f"and {len(found) - _MOST_ALLOWS} more statements: `--trace` has them all"


def _allows(result: Result) -> Iterator[str]:
    from simulator.diagnosis.words import LAYER_NAMES  # noqa: PLC0415 - few tests fail so

    for evaluation in result.evaluations if result.decision is Outcome.ALLOWED else ():
        for layer in Layer:
            for level in evaluation.policies.levels(layer):
                for place in _allows_of(evaluation, level):
                    yield f"allowed by the {LAYER_NAMES[layer]} at {place}"


def _allows_of(evaluation: Evaluation, level: Level) -> Iterator[str]:
    for match in explain_level(evaluation, level):
        statement = match.statement
        if statement.effect is Effect.ALLOW and match.applies:
            span = statement.document.span(statement.path)
            place = _place(span.in_file().source.name, *span.place)
            yield f"{place} (statement {safe(statement.sid) or statement.number})"


def _traces(result: Result) -> list[dict[str, Any]]:
    from simulator.evaluation.trace import trace_of  # noqa: PLC0415 - the second pass

    return [trace_of(evaluation) for evaluation in result.evaluations]


def _trace_lines(result: Result) -> Iterator[str]:
    from simulator.rendering.trace import trace_text  # noqa: PLC0415 - hardly anybody asks

    for trace in _traces(result):
        yield from ("", *trace_text(trace).splitlines(), "")


def _error(error: Diagnostic) -> Iterator[str]:
    yield f"error[{error.code}]: {safe(error.message)}"
    if error.labels:
        span = error.labels[0].span
        yield f"  at {_place(span.in_file().source.name, *span.place)}"
    if error.help is not None:
        yield f"  help: {safe(error.help)}"


def _cause(cause: Cause) -> Iterator[str]:
    word = "open" if cause.layer == "fact" else "cause"
    yield f"{word}[{cause.code}]: {safe(cause.message)}"
    if cause.place is not None:
        span = cause.place.span()
        seen = f": {safe(cause.label)}" if cause.label else ""
        yield f"  at {_place(span.in_file().source.name, *span.place)}{seen}"


def _place(file: str, line: int, column: int) -> str:
    return f"{safe(file)}:{line}:{column}"


def _value(result: Result, *, trace: bool) -> dict[str, Any]:
    errors = [_error_value(error) for error in result.errors]
    if result.problem is not None:
        errors.append(_bare(result.problem))
    value = {
        "id": result.id,
        "outcome": str(result.mark),
        "expected": result.expected,
        "decision": result.decision and str(result.decision),
        "causes": errors or [cause_value(cause) for cause in result.causes],
        "error": result.error_code,
        "mismatch": result.mismatch,
        "fixes": [{"title": fix.title, "access": str(fix.access)} for fix in result.fixes],
        "doubts": [str(doubt) for doubt in result.doubts],
        "notes": list(result.notes),
    }
    traced = trace and result.mismatch is not None
    return {**value, "trace": _traces(result)} if traced else value


def _warning(warning: Diagnostic) -> dict[str, Any]:
    found = _error_value(warning)
    return {key: found[key] for key in ("code", "message", "location")}


def _bare(message: str) -> dict[str, Any]:
    return {
        "code": None,
        "layer": "request",
        "message": message,
        "location": None,
        "wanted": None,
        "given": None,
        "help": None,
    }


def _error_value(error: Diagnostic) -> dict[str, Any]:
    value = {**_bare(error.message), "code": error.code, "help": error.help}
    if error.labels:
        span = error.labels[0].span
        value["location"] = {"file": span.in_file().source.name, **span.place._asdict()}
    return value
