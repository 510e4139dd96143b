"""What the rules on actions share: which action the nearest statements name instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.diagnosis.cause import Place, Remedy
from simulator.diagnosis.findings import Shortfall, Stage
from simulator.diagnosis.near.actions import MISSES, MISSPELT, Pair, likeness_of
from simulator.diagnosis.near.miss import least
from simulator.diagnostic import Access
from simulator.matcher.actions import takes_in
from simulator.policy.edits import replace_string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.matcher.statement import StatementMatch


class Named(NamedTuple):
    """An action that is named instead: its place, and why it is not the one asked for.

    Where it is `near`, it was probably meant.
    """

    match: StatementMatch
    place: Place
    text: str
    why: str | None
    is_misspelt: bool
    near: bool


def nearest_action(finding: Shortfall) -> Named | None:
    """Return the nearest action that is named, where the nearest statements fail at theirs."""
    if finding.stage is not Stage.ACTION:
        return None
    named = tuple(_named(finding))
    asked = finding.evaluation.request.action.lower()
    pairs = (Pair(text.lower(), asked, excluded) for _, _, text, excluded in named)
    found = least(pairs, MISSES, likeness_of)
    if found is None:
        return None
    match, place, text, _ = named[found.place]
    return Named(match, place, text, found.why, found.miss == MISSPELT, found.miss.near)


def action_meant(finding: Shortfall) -> Named | None:
    """Return the same where it was probably meant to be the action that is asked for."""
    named = nearest_action(finding)
    return named if named is not None and named.near else None


def _named(finding: Shortfall) -> Iterator[tuple[StatementMatch, Place, str, bool]]:
    """Yield statement, place and text of each action, and whether it keeps the asked one out."""
    asked = finding.evaluation.request.action.lower()
    for match in finding.near:
        patterns, document = match.statement.actions, match.statement.document
        for index, text in enumerate(patterns.values.items):
            excluded = patterns.negated and takes_in(text, asked)
            if excluded or not patterns.negated:
                yield match, Place(document, patterns.values.place(index)), text, excluded


def corrected(named: Named, action: str) -> Remedy:
    """Return the remedy that writes an action as it was probably meant."""
    edit = replace_string(named.place.document, named.place.path, action)
    return Remedy(f"correct the action to `{action}`", Access.WIDENED, edits=(edit,))
