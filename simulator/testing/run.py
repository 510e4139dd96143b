"""Running test files: each test comes to passed, failed or error, with what was decided and why."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from simulator.decision.combine import Outcome
from simulator.diagnostic import DocumentError
from simulator.testing.asks import read_case
from simulator.testing.decide import Decided, Looks, decide
from simulator.testing.expect import (
    LAYERS,
    WORDS,
    is_expectable,
    is_met,
    is_reason,
    session_mismatch,
)
from simulator.testing.load import read_file, read_text
from simulator.testing.policies import PolicyStore
from simulator.testing.schema import given
from simulator.testing.under import read_under
from simulator.testing.words import cause_in_keys, fix_in_keys
from simulator.testing.world import World, near

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from simulator.catalog.doubts import Doubt
    from simulator.diagnosis.cause import Cause
    from simulator.diagnosis.fixes import Fix
    from simulator.diagnostic import Diagnostic
    from simulator.evaluation.evaluate import Evaluation
    from simulator.syntax import Path
    from simulator.testing.schema import CaseShape


class Mark(StrEnum):
    """What a test comes to; `error` where it could not be run."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"


class Result(NamedTuple):
    """A test that was run, or a file that could not be used.

    `mismatch` says what is not as expected; `errors` why it could not be run; `fixes` are those of
    a test that expected a yes; `evaluations` what was decided of each action in a test that failed.
    """

    id: str
    mark: Mark
    expected: str | None = None
    decision: Outcome | None = None
    error_code: str | None = None
    causes: tuple[Cause, ...] = ()
    fixes: tuple[Fix, ...] = ()
    mismatch: str | None = None
    errors: tuple[Diagnostic, ...] = ()
    problem: str | None = None
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[str, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()


class Report(NamedTuple):
    """All results of a run, and what was odd about its policies."""

    results: tuple[Result, ...]
    warnings: tuple[Diagnostic, ...]

    def count(self, mark: Mark) -> int:
        """Return how many tests came to something."""
        return sum(result.mark is mark for result in self.results)


class _Wanted(NamedTuple):
    """What is wanted of a run beside what its tests come to."""

    all_causes: bool
    strict: bool
    looks: Looks


def run(
    files: Iterable[tuple[str, bytes | str]], *, all_causes: bool = False, strict: bool = False
) -> Report:
    """Return the report on test files, given by name with their bytes, or why there are none.

    Why a test came out as it did is looked for where it failed or asks for it, or everywhere. What
    turns on a doubt about AWS's rules is undecided where one is strict.
    """
    store, wanted = PolicyStore(), _Wanted(all_causes, strict, Looks())
    found = (result for name, data in files for result in _run_file(name, data, store, wanted))
    return Report(tuple(found), tuple(store.warnings))


def _run_file(
    name: str, data: bytes | str, store: PolicyStore, wanted: _Wanted
) -> Iterator[Result]:
    if isinstance(data, str):
        yield Result(name, Mark.ERROR, problem=data)
        return
    try:
        written = read_text(name, data)
        shape = read_file(written)
        world = World(written, shape, store, read_under(written, shape, store))
    except DocumentError as error:
        yield Result(name, Mark.ERROR, errors=error.diagnostics)
        return
    for number, case in enumerate(shape.tests):
        result = Result(f"{name}::{case.name}", Mark.ERROR, case.expect)
        try:
            decided = _decided(world, case, ("tests", number), wanted)
        except DocumentError as error:
            yield result._replace(errors=error.diagnostics)
        else:
            yield _judged(result, case, decided, all_causes=wanted.all_causes)


def _decided(world: World, case: CaseShape, path: Path, wanted: _Wanted) -> Decided:
    _check_words(world, case, path)
    return decide(read_case(world, case, path), wanted.looks, strict=wanted.strict)


def _check_words(world: World, case: CaseShape, path: Path) -> None:
    if not is_expectable(case.expect):
        message = f"nothing comes out as `{case.expect}`{near(case.expect, WORDS)}"
        help_ = f"expected {', '.join(f'`{word}`' for word in WORDS)} or the code of an AWS error"
        world.refuse((*path, "expect"), message, help_)
    because = given(case.because)
    if because is not None and because not in LAYERS:
        _check_code(world, because, (*path, "because"))


def _check_code(world: World, because: str, path: Path) -> None:
    from simulator.diagnosis.codes import CODES  # noqa: PLC0415 - it imports every diagnosis

    if because not in CODES:
        message = f"nothing has the cause `{because}`{near(because, (*LAYERS, *CODES))}"
        help_ = f"expected a code of a cause, or one of {', '.join(f'`{x}`' for x in LAYERS)}"
        world.refuse(path, message, help_)


def _judged(result: Result, case: CaseShape, decided: Decided, *, all_causes: bool) -> Result:
    met = is_met(case.expect, decided.outcome, decided.error_code)
    because, message = given(case.because), given(case.message)
    asks_why = not met or because is not None or all_causes
    why = decided.diagnose() if asks_why and decided.outcome is not Outcome.ALLOWED else None
    causes = tuple(map(cause_in_keys, why.causes)) if why else ()
    mismatch = None
    if not met:
        mismatch = f"expected {case.expect}, decided {_told(decided)}"
    elif because is not None and not is_reason(because, causes):
        mismatch = f"expected because of {because}, decided because of {_reasons(causes)}"
    elif message is not None and message != decided.message:
        mismatch = f"expected the text `{message}`, AWS would say `{decided.message or ''}`"
    else:
        mismatch = session_mismatch(given(case.session), decided.session)
    return result._replace(
        mark=Mark.FAILED if mismatch else Mark.PASSED,
        decision=decided.outcome,
        error_code=decided.error_code,
        causes=causes,
        fixes=tuple(map(fix_in_keys, why.fixes)) if why and case.expect == Outcome.ALLOWED else (),
        mismatch=mismatch,
        doubts=decided.doubts,
        notes=decided.notes,
        evaluations=decided.evaluations if mismatch else (),
    )


def _told(decided: Decided) -> str:
    code = decided.error_code
    return f"{decided.outcome} ({code})" if decided.outcome is Outcome.ERROR else decided.outcome


def _reasons(causes: tuple[Cause, ...]) -> str:
    found = dict.fromkeys(f"{cause.code} ({cause.layer})" for cause in causes)
    return ", ".join(found) or "nothing"
