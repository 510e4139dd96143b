"""What the rules on resources share: which resource the nearest statements name instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.diagnosis.findings import Shortfall, Stage
from simulator.diagnosis.near.miss import least
from simulator.diagnosis.near.resources import MISSES, Pair, likeness_of, pair
from simulator.diagnosis.variables import hangs_on_variables, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.matcher.statement import StatementMatch
    from simulator.policy.model import Patterns
    from simulator.syntax import Path


class Named(NamedTuple):
    """A resource that is named instead: its text, and what that is for this very request.

    `why` says how the two differ, and where they are `near`, the one was probably meant.
    """

    match: StatementMatch
    patterns: Patterns
    place: int
    text: str
    shown: str | None
    hangs_on_variables: bool
    why: str | None = None
    near: bool = False

    @property
    def path(self) -> Path:
        """Where in the document it stands."""
        return self.patterns.values.place(self.place)


def nearest_resource(finding: Shortfall) -> Named | None:
    """Return the nearest resource that is named, where the statements fail at theirs."""
    if finding.stage is not Stage.RESOURCE:
        return None
    named = tuple(_named(finding))
    hanging = tuple(each for each in named if each.hangs_on_variables)
    meant = hanging or named
    asked = finding.evaluation.request.resource
    found = least((_pair(each, asked) for each in meant), MISSES, likeness_of)
    if found is None:
        return None
    excluded = meant[found.place].patterns.negated
    why = "`NotResource` means all but what it lists" if excluded else found.why  # RES-11
    return meant[found.place]._replace(why=why, near=found.miss.near and not excluded)


def _pair(named: Named, asked: str) -> Pair:
    return pair(named.shown or named.text, asked)


def _named(finding: Shortfall) -> Iterator[Named]:
    request = finding.evaluation.request
    for match in finding.near:
        patterns, variables = match.statement.resources, match.statement.variables
        for index, text in enumerate(patterns.values.items if patterns else ()):
            assert patterns is not None  # noqa: S101 - its values were found
            here = shown(text, request.context) if variables else None
            hangs = hangs_on_variables(text, request.resource)
            yield Named(match, patterns, index, text, here, hangs)
