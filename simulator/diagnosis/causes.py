"""From what stands in the way to causes: each once, what decides first, alternatives side by side.

A blocker is one thing that has to be got out of the way: a refusal, a Deny, a level of a layer that
does not allow. Of a level several statements may come equally near: mending one of them is enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from simulator.diagnosis.codes import TABLE
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.meant import as_meant
from simulator.diagnosis.owner import owner_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from simulator.diagnosis.cause import Cause

#: The alternatives of a blocker, by statement: the causes that have to go together, each once.
_Blocker: TypeAlias = "dict[Hashable, dict[Hashable, Cause]]"


def causes_of(found: Iterable[Finding]) -> tuple[Cause, ...]:
    """Return the causes of findings, in the order of these."""
    return tuple(_numbered(_needed(map(_blocker, found))))


def _blocker(finding: Finding) -> _Blocker:
    """Return the causes that the rules find in a finding, by what they are."""
    finding, owner = as_meant(finding), owner_of(finding)
    is_one = not isinstance(finding, Shortfall) or finding.stage is not Stage.CONDITION
    found: _Blocker = {}
    for row in TABLE:
        for cause in row.rule(finding):
            causes = found.setdefault(None if is_one else _statement(cause), {})
            causes.setdefault(_what(cause), cause._replace(owner=owner))
    return found


def _statement(cause: Cause) -> Hashable:
    """Return the statement whose condition a cause is about."""
    if cause.place is None:
        return None
    document, path = cause.place.document, cause.place.path
    return id(document.source), path[: path.index("Condition")]


def _what(cause: Cause) -> Hashable:
    """Return what makes a cause another one than the rest."""
    place = cause.place and (id(cause.place.document.source), cause.place.path)
    return cause.code, cause.message, place


def _needed(blockers: Iterable[_Blocker]) -> list[_Blocker]:
    """Return the blockers that are not gone when another one is.

    The companion actions of a call often fail at the same places. A blocker with fewer ways out
    than another one asks for more.
    """
    needed: list[tuple[frozenset[Hashable], _Blocker]] = []
    for blocker in filter(None, blockers):
        ways = frozenset(frozenset(causes) for causes in blocker.values())
        if any(other <= ways for other, _ in needed):
            continue
        place = next((n for n, (other, _) in enumerate(needed) if ways < other), len(needed))
        needed[place:] = [
            (ways, blocker),
            *(each for each in needed[place:] if not ways < each[0]),
        ]
    return [blocker for _, blocker in needed]


def _numbered(blockers: Iterable[_Blocker]) -> Iterator[Cause]:
    for number, blocker in enumerate(blockers, 1):
        for alternative, causes in enumerate(blocker.values(), 1):
            for cause in causes.values():
                yield cause._replace(blocker=number, alternative=alternative)
