"""The statements of a layer that matter to a decision: their text, marked, and their elements."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

import htpy as h

from simulator.diagnosis.words import actual, wanted
from simulator.evaluation.elements import action_of, principal_of, resource_of
from simulator.evaluation.evaluate import explain_level
from simulator.matcher.principals import Reach
from simulator.policy.model import Effect
from simulator.rendering.excerpt import safe
from simulator.rendering.page.icons import icon_of_truth
from simulator.rendering.page.source import Mark, marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.evaluation.elements import Element
    from simulator.evaluation.evaluate import Evaluation
    from simulator.evaluation.plan import Level
    from simulator.matcher.statement import StatementMatch, TestEvidence
    from simulator.matcher.truth import Truth
    from simulator.policy.model import Document
    from simulator.request.request import Request
    from simulator.source import Range
    from simulator.syntax import Path

_MOST_SHOWN: Final = 4  # statements of a level
_MOST_LEVELS: Final = 12
_MOST_ENTRIES: Final = 8  # values of an element that are marked
_APPLIES: Final = {True: "applies", False: "does not apply", None: "may or may not apply"}
_NAMES: Final = {
    Reach.ACCOUNT: "names the caller's account",
    Reach.ENTITY: "names the caller's role or user",
    Reach.DIRECT: "names the caller",
}
_PREFIX: Final = {True: "", False: "does not match: ", None: "may or may not match: "}


class _Row(NamedTuple):
    """How one element came out: its name, and in words what is asked and what the call has."""

    holds: Truth
    name: str
    told: str
    wanted: str | None = None
    given: str | None = None


def levels_of(evaluation: Evaluation, levels: Sequence[Level], *, silent: bool) -> h.Node:
    """Return the statements of a layer that matter most, level by level, and a count of the others.

    Where a layer is `silent`, those that do not apply, but nearly would, are shown too.
    """
    titled = len(levels) > 1
    shown = [
        [
            h.h5[f"level {number} of {len(levels)}"] if titled else None,
            _level(evaluation, level, silent),
        ]
        for number, level in enumerate(levels[:_MOST_LEVELS], 1)
    ]
    more = len(levels) - _MOST_LEVELS
    return [shown, h.p(".more")[f"and {more} more levels"] if more > 0 else None]


def _level(evaluation: Evaluation, level: Level, silent: bool) -> h.Node:  # noqa: FBT001
    if not level:
        return h.p(".more")["there is no policy"]
    found = sorted(explain_level(evaluation, level), key=_rank)
    chosen = [m for m in found if silent or m.applies is not False]
    shown = list(islice(chosen, _MOST_SHOWN))
    unseen = sum(compiled.policy.unseen for compiled in level)
    return [
        (_statement(match, evaluation.request) for match in shown),
        h.p(".more")[_more(len(found) - len(shown), some=bool(shown))]
        if len(found) > len(shown)
        else None,
        h.p(".more")[f"and {unseen} policies that nobody has shown"] if unseen else None,
    ]


def _more(count: int, *, some: bool) -> str:
    more = "more " if some else ""
    return f"{'and ' if some else ''}{count} {more}statement{'s' * (count != 1)}"


def _rank(match: StatementMatch) -> tuple[int, int]:
    """Return how much a statement matters: a Deny that applies most, then what nearly applies."""
    denies = match.statement.effect is Effect.DENY
    if match.applies is not False:
        return (0 if match.applies else 2) + (not denies), match.statement.number
    failing = [match.named, match.action, match.resource, *(e.holds for e in match.tests)]
    # What speaks of the action is meant for the call, whatever else is wrong.
    return 10 + 20 * denies + 10 * (not match.action) + min(failing.count(False), 9), 0


def _statement(match: StatementMatch, request: Request) -> h.Element:
    statement, document = match.statement, match.statement.document
    span = document.span(statement.path)
    place = span.place
    file = span.in_file().source.name
    elements = [
        each
        for each in (
            principal_of(match, request),
            action_of(match, request),
            resource_of(match, request),
        )
        if each is not None
    ]
    called = f"“{safe(statement.sid, 120)}”" if statement.sid else str(statement.number)
    rows = [*(_row(each, match, request) for each in elements), *map(_row_of_test, match.tests)]
    marks = [*_marks(document, elements), *_marks_of_tests(document, match.tests)]
    return h.section(".statement", data_applies=str(_APPLIES[match.applies]))[
        h.header[
            h.span(f".effect.{statement.effect.lower()}")[str(statement.effect)],
            " ",
            h.h6[f"statement {called} ", h.span(".applies")[_APPLIES[match.applies]]],
            " ",
            h.span(".place")[f"{safe(file)}:{place.line}:{place.column}"],
        ],
        marked(span, marks),
        h.ul(".elements")[map(_row_item, rows)],
    ]


def _row(element: Element, match: StatementMatch, request: Request) -> _Row:
    if element.name in ("Principal", "NotPrincipal"):
        told = {
            True: _NAMES.get(match.reach, "names the caller"),
            False: "does not name the caller",
            None: "may or may not name the caller",
        }[element.holds]
        return _Row(element.holds, element.name, told)
    asked = request.action if element.name.endswith("Action") else request.resource
    speaks = {True: "speaks of", False: "does not speak of", None: "may or may not speak of"}
    return _Row(element.holds, element.name, f"{speaks[element.holds]} {safe(asked, 200)}")


def _row_of_test(evidence: TestEvidence) -> _Row:
    test = evidence.test
    told = {True: "is met", False: "is not met", None: "nobody knows whether it is met"}
    return _Row(
        evidence.holds,
        "Condition",
        f"{safe(test.written, 80)} {safe(test.key, 120)} {told[evidence.holds]}",
        safe(wanted(test), 400),
        safe(actual(evidence.actual), 400),
    )


def _row_item(row: _Row) -> h.Element:
    compared = (
        " ",
        h.span(".compared")[
            h.span["wanted ", h.code[row.wanted]], " ", h.span["given ", h.code[row.given]]
        ],
    )
    return h.li[
        icon_of_truth(row.holds),
        h.strong[row.name],
        " ",
        row.told,
        compared if row.wanted is not None else None,
    ]


def _marks(document: Document, elements: Sequence[Element]) -> Iterator[Mark]:
    """Yield marks of the names of elements, and of the values on which each hung."""
    for element in elements:
        negated = element.name.startswith("Not")
        yield Mark(document.key_span(element.path).range, element.holds)
        decisive = [entry for entry in element.entries if entry.holds is not False]
        for entry in (decisive or element.entries)[:_MOST_ENTRIES]:
            holds = (
                (not entry.holds if entry.holds is not None else None) if negated else entry.holds
            )
            yield Mark(_value(document, entry.path), holds)


def _marks_of_tests(document: Document, tests: Sequence[TestEvidence]) -> Iterator[Mark]:
    for test, holds, _ in tests[:_MOST_ENTRIES]:
        yield Mark(document.key_span(test.path).range, holds)
        for number in range(min(len(test.values.items), _MOST_ENTRIES)):
            yield Mark(_value(document, test.values.place(number)), holds)


def _value(document: Document, path: Path) -> Range:
    return document.span(path).range
