"""The report on test files: a line for each test, and what is behind those that did not pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.rendering.excerpt import safe
from simulator.rendering.json import cause_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.cause import Cause
    from simulator.diagnostic import Diagnostic
    from simulator.testing.run import Report, Result

_WORDS = {"passed": "pass", "failed": "FAIL", "error": "ERROR"}
_MOST_ERRORS = 5
_LONGEST = 1000


def report_text(report: Report) -> str:
    """Return what people read of a report, the count at its end."""
    lines = [line for result in report.results for line in _lines(result)]
    return "\n".join((*lines, "", _summary(report))) + "\n"


def report_value(report: Report) -> dict[str, Any]:
    """Return a report as plain values; the keys are an interface and do not change."""
    counts = _counts(report)
    return {
        "passed": counts["passed"],
        "failed": counts["failed"],
        "errors": counts["error"],
        "tests": [_value(result) for result in report.results],
    }


def _counts(report: Report) -> dict[str, int]:
    marks = [str(result.mark) for result in report.results]
    return {word: marks.count(word) for word in _WORDS}


def _summary(report: Report) -> str:
    passed, failed, errors = _counts(report).values()
    return f"{passed} passed, {failed} failed, {errors} error{'s' * (errors != 1)}"


def _lines(result: Result) -> Iterator[str]:
    yield f"{_WORDS[result.mark]:5} {safe(result.id)}"
    for line in _reasons(result):
        yield f"      {line}"


def _reasons(result: Result) -> Iterator[str]:
    if result.problem is not None:
        yield safe(result.problem)
    for error in result.errors[:_MOST_ERRORS]:
        yield from _error(error)
    if len(result.errors) > _MOST_ERRORS:
        yield f"and {len(result.errors) - _MOST_ERRORS} more errors: `--format json` has them all"
    if result.mismatch is not None:
        yield safe(result.mismatch, _LONGEST)
        yield from _cause(result.causes[0]) if result.causes else ()
    if result.mismatch is not None and result.fixes:
        fix = result.fixes[0]
        yield f"fix (access {fix.access}): {safe(fix.title, _LONGEST)}"


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


def _value(result: Result) -> dict[str, Any]:
    errors = [_error_value(error) for error in result.errors]
    if result.problem is not None:
        errors.append(_bare(result.problem))
    return {
        "id": result.id,
        "outcome": str(result.mark),
        "expected": result.expected,
        "decision": result.decision and str(result.decision),
        "causes": errors or [cause_value(cause) for cause in result.causes],
        "error": result.error_code,
        "mismatch": result.mismatch,
        "fixes": [{"title": fix.title, "access": str(fix.access)} for fix in result.fixes],
    }


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
