"""From what stands in the way to causes: each once, what decides first, alternatives side by side.

A blocker is one thing that has to be got out of the way: a refusal, a Deny, a level of a layer that
does not allow. Of a level several statements may come equally near: mending one of them is enough.
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, TypeAlias

from simulator.diagnosis.codes import TABLE
from simulator.diagnosis.companions import passing_less
from simulator.diagnosis.edited import with_possible_edits
from simulator.diagnosis.findings import Blocker, Either, Finding, Shortfall, Stage
from simulator.diagnosis.meant import as_meant
from simulator.diagnosis.owner import owner_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from simulator.diagnosis.cause import Cause, Remedy

#: An alternative: the causes that have to go together, each once, by what they are.
_Alternative: TypeAlias = "dict[Hashable, Cause]"

_MOST_ALTERNATIVES = 1000


def causes_of(found: Iterable[Blocker]) -> tuple[Cause, ...]:
    """Return the causes of what stands in the way, in its order."""
    return tuple(_numbered(_needed(map(_alternatives, found))))


def _alternatives(blocker: Blocker) -> list[_Alternative]:
    """Return the alternatives of a blocker, those with the fewest changes first."""
    ways = blocker.ways if isinstance(blocker, Either) else ((blocker,),)
    found: dict[frozenset[Hashable], _Alternative] = {}
    for way in ways:
        for parts in islice(product(*map(_of_finding, way)), _MOST_ALTERNATIVES):
            together = {what: cause for part in parts for what, cause in part.items()}
            found.setdefault(frozenset(together), together)
    return sorted(found.values(), key=len)


def _of_finding(finding: Finding) -> list[_Alternative]:
    """Return the alternatives of a finding: of statements under conditions each is one."""
    less = passing_less(finding)
    if not isinstance(finding, Shortfall) or finding.stage is not Stage.CONDITION:
        found = [_causes(finding, less)]
    else:
        found = [_causes(finding._replace(near=(match,)), less) for match in finding.near]
    return [causes for causes in found if causes]


def _causes(finding: Finding, less: tuple[Remedy, ...]) -> _Alternative:
    """Return the causes that the rules find in a finding, by what they are.

    To pass less is a remedy of each.
    """
    finding, owner = as_meant(finding), owner_of(finding)
    found: _Alternative = {}
    for row in TABLE:
        for cause in row.rule(finding):
            owned = cause._replace(owner=owner, remedies=(*less, *cause.remedies))
            found.setdefault(_what(cause), with_possible_edits(owned, finding))
    return found


def _what(cause: Cause) -> Hashable:
    """Return what makes a cause another one than the rest."""
    place = cause.place and (id(cause.place.document.source), cause.place.path)
    return cause.code, cause.message, place


def _needed(blockers: Iterable[list[_Alternative]]) -> list[list[_Alternative]]:
    """Return the blockers that are not gone when another one is.

    The companion actions of a call often fail at the same places. A blocker with fewer ways out
    than another one asks for more.
    """
    needed: list[tuple[frozenset[Hashable], list[_Alternative]]] = []
    for blocker in filter(None, blockers):
        ways = frozenset(map(frozenset, blocker))
        if any(other <= ways for other, _ in needed):
            continue
        place = next((n for n, (other, _) in enumerate(needed) if ways < other), len(needed))
        needed[place:] = [
            (ways, blocker),
            *(each for each in needed[place:] if not ways < each[0]),
        ]
    return [blocker for _, blocker in needed]


def _numbered(blockers: Iterable[list[_Alternative]]) -> Iterator[Cause]:
    for number, blocker in enumerate(blockers, 1):
        for alternative, causes in enumerate(blocker, 1):
            for cause in causes.values():
                yield cause._replace(blocker=number, alternative=alternative)
