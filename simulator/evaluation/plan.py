"""For one action: the statements of all layers that speak of it, found by the caller's names.

A plan is made once for each action that a set of policies is asked about. What other statements
there are, and what other principals, costs a decision nothing from then on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from simulator.decision.requirements import GUARDRAILS, ROUTES
from simulator.decision.verdict import Layer
from simulator.matcher.principals import Reach, keys_of
from simulator.matcher.statement import ALWAYS
from simulator.matcher.truth import Truth, any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from simulator.decision.requirements import Route
    from simulator.matcher.principals import Key, Name
    from simulator.matcher.statement import CompiledPolicy, CompiledStatement
    from simulator.request.request import Request

Level = tuple["CompiledPolicy", ...]
Holds: TypeAlias = "Callable[[Request], Truth]"


class Speaking(NamedTuple):
    """Statements of one effect that speak of an action, as tests of all else in them.

    `attached` have no principals; `named` are found by what they call the caller; `negated` ones
    say whom they do not mean.
    """

    attached: tuple[Holds, ...]
    named: Mapping[Key, tuple[Holds, ...]]
    negated: tuple[CompiledStatement, ...]

    @property
    def asks_who(self) -> bool:
        """Whether any of them depends on who calls."""
        return bool(self.named or self.negated)

    def reaching(self, request: Request, names: Sequence[Name], least: Reach) -> Truth:
        """Return whether one applies that names the caller at least so strongly."""
        answer: Truth = False
        for holds in self.attached:
            truth = holds(request)
            if truth:
                return True
            if truth is None:
                answer = None
        if not (self.named or self.negated):
            return answer
        named = self.named
        for key, reach, sure in names:
            tests = named.get(key)
            if tests is None or reach < least:
                continue
            for holds in tests:
                truth = holds(request)
                if truth and sure:
                    return True
                if truth is not False:
                    answer = None
        return any_of((answer, *self._excepting(request, names, least))) if self.negated else answer

    def _excepting(self, request: Request, names: Sequence[Name], least: Reach) -> Iterator[Truth]:
        """Yield whether the statements apply that say whom they do not mean."""
        for statement in self.negated:
            found = statement.naming(names)
            if found.most >= least:
                truth = statement.holds(request)
                yield truth if truth is False or found.sure >= least else None


class LevelPlan(NamedTuple):
    """The statements of one level that speak of an action."""

    allows: Speaking
    denies: Speaking


class Way(NamedTuple):
    """A route with the statements that have to open it: those of the resource's policy and others.

    Both are nothing where nobody knows a layer's documents.
    """

    reach: Reach
    grants: Speaking | None
    others: tuple[Speaking | None, ...]


class Plan(NamedTuple):
    """The statements of all layers that speak of an action (in lower case), level by level.

    A layer is nothing where nobody knows its documents. The rest is the same once more, as the
    quick way asks for it: `denies` are the tests of all Deny statements without principals,
    `named_denies` those with, `guardrails` what must allow whoever is named, and `ways` and
    `trust_ways` the routes of each relation to a resource and to a role.
    """

    action: str
    layers: Mapping[Layer, tuple[LevelPlan, ...] | None]
    denies: tuple[Holds, ...]
    named_denies: tuple[Speaking, ...]
    guardrails: tuple[Speaking | None, ...]
    ways: tuple[tuple[Way, ...], ...]
    trust_ways: tuple[tuple[Way, ...], ...]


def make_plan(
    action: str, layers: Mapping[Layer, tuple[Level, ...] | None], *, bounded: bool
) -> Plan:
    """Return the plan of an action; `bounded` is whether the caller has a permissions boundary."""
    wanted = action.lower()  # ACT-1
    plans = {
        layer: None if found is None else tuple(_level(wanted, v, bounded=bounded) for v in found)
        for layer, found in layers.items()
    }
    denies = [level.denies for found in plans.values() for level in found or ()]
    return Plan(
        wanted,
        plans,
        tuple(holds for each in denies for holds in each.attached),
        tuple(each for each in denies if each.asks_who),
        _allows(plans, GUARDRAILS),
        *(
            tuple(tuple(_way(plans, layer, route) for route in routes) for routes in ROUTES)
            for layer in (Layer.RESOURCE, Layer.TRUST)
        ),
    )


def _way(plans: Mapping[Layer, tuple[LevelPlan, ...] | None], grantor: Layer, route: Route) -> Way:
    levels = plans[grantor]
    grants = None if levels is None else levels[0].allows  # a resource has one policy
    return Way(route.reach, grants, _allows(plans, route.others))


def _allows(
    plans: Mapping[Layer, tuple[LevelPlan, ...] | None], layers: Sequence[Layer]
) -> tuple[Speaking | None, ...]:
    """Return the statements that must allow, without levels in which one allows in any case."""
    found: list[Speaking | None] = []
    for layer in layers:
        levels = plans[layer]
        asked = () if levels is None else [level.allows for level in levels]
        found += (
            [None] if levels is None else [each for each in asked if ALWAYS not in each.attached]
        )
    return tuple(found)


def _level(action: str, level: Level, *, bounded: bool) -> LevelPlan:
    speaking = [s for policy in level for s in policy.statements if s.speaks_of(action)]
    allows = [s for s in speaking if s.allows]
    denies = [s for s in speaking if not s.allows]
    found = LevelPlan(_speaking(allows, bounded=bounded), _speaking(denies, bounded=bounded))
    if any(policy.policy.unseen for policy in level):
        return LevelPlan(*(each._replace(attached=(*each.attached, _maybe)) for each in found))
    return found


def _maybe(_: Request) -> Truth:
    """Return that nobody knows whether a policy applies which nobody has shown."""
    return None


def _asks_for_resource(statement: CompiledStatement) -> bool:
    """Whether a statement's resources have to be looked at, which costs most and so comes last."""
    patterns = statement.statement.resources
    return patterns is not None and (patterns.negated or "*" not in patterns.values.items)


def _speaking(statements: Iterable[CompiledStatement], *, bounded: bool) -> Speaking:
    attached: list[Holds] = []
    negated: list[CompiledStatement] = []
    named: dict[Key, list[Holds]] = {}
    for statement in sorted(statements, key=_asks_for_resource):
        pattern = statement.statement.principals
        if pattern is None or statement.is_of_all(bounded=bounded):
            attached.append(statement.holds)
        elif pattern.negated:
            negated.append(statement)
        else:
            for key in dict.fromkeys(key for entry in pattern.entries for key in keys_of(entry)):
                named.setdefault(key, []).append(statement.holds)
    found = {key: tuple(tests) for key, tests in named.items()}
    return Speaking(tuple(attached), found, tuple(negated))
