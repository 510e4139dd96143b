"""What there is to be explained about a no: all that stands in the way of what is asked."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from simulator.decision.combine import Decision, Outcome, decide
from simulator.decision.requirements import CALLER, Relation, Requirement
from simulator.evaluation.evaluate import explain_level
from simulator.evaluation.relation import relations
from simulator.matcher.principals import Reach
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from simulator.catalog.doubts import Doubt
    from simulator.decision.requirements import Route, Routes
    from simulator.decision.verdict import Layer
    from simulator.diagnosis.asked import Asked
    from simulator.evaluation.evaluate import Evaluation
    from simulator.evaluation.plan import Level
    from simulator.matcher.statement import StatementMatch
    from simulator.simulate import Question
    from simulator.sts.answer import Answer
    from simulator.sts.call import Call
    from simulator.sts.refusals import Refusal


class Stage(StrEnum):
    """The element at which the statements that came nearest to allowing a request fail."""

    NOTHING = "nothing"
    PRINCIPAL = "principal"
    ACTION = "action"
    RESOURCE = "resource"
    CONDITION = "condition"


class Shortfall(NamedTuple):
    """A level of a layer that had to allow and does not; `near` are those that came nearest.

    Of statements that fail at conditions alone any would do; those that fail at the fewest come
    first. `allows` are all its Allow statements, with how each element of them came out.
    Levels are numbered from 1, those of an organization from its root.
    """

    asked: Asked
    evaluation: Evaluation
    layer: Layer
    level: Level
    stage: Stage
    near: tuple[StatementMatch, ...]
    allows: tuple[StatementMatch, ...]
    number: int = 1


class Either(NamedTuple):
    """Ways to a yes of which one is enough; all shortfalls of a way have to be mended."""

    ways: tuple[tuple[Shortfall, ...], ...]


class Prohibition(NamedTuple):
    """A Deny statement that applies."""

    asked: Asked
    evaluation: Evaluation
    layer: Layer
    match: StatementMatch


class OpenQuestion(NamedTuple):
    """A statement of which nobody can say whether it applies."""

    asked: Asked
    evaluation: Evaluation
    layer: Layer
    match: StatementMatch


class UnknownPolicies(NamedTuple):
    """The policies of a layer matter, and nobody gave them, or did not show those of some names."""

    asked: Asked
    evaluation: Evaluation
    layer: Layer
    names: tuple[str, ...] = ()


class UnknownOwner(NamedTuple):
    """The account of the resource matters, and nobody said it."""

    asked: Asked
    evaluation: Evaluation


class UnknownMaximum(NamedTuple):
    """The role's maximum session duration matters, and nobody said it."""

    call: Call


class StsRefusal(NamedTuple):
    """A rule of STS that refuses the call."""

    call: Call
    refusal: Refusal


class OpenDoubt(NamedTuple):
    """A question about AWS's rules that was left open, and on which the answer turns."""

    doubt: Doubt


Finding: TypeAlias = (
    "Shortfall | Prohibition | OpenQuestion | UnknownPolicies | UnknownOwner | UnknownMaximum"
    " | StsRefusal | OpenDoubt"
)

#: What has to be got out of the way.
Blocker: TypeAlias = "Finding | Either"

#: So many statements that fail at conditions are told, or as many as fail at the fewest.
_MOST_NEAR: Final = 16


def findings(call: Call, answer: Answer) -> Iterator[Blocker]:
    """Yield everything that stands in the way of a call, what decides it first."""
    if answer.outcome is Outcome.ERROR:
        yield from (StsRefusal(call, refusal) for refusal in answer.refusals)
    others = (e for e in answer.evaluations if e is not answer.decisive)
    for evaluation in (*((answer.decisive,) if answer.decisive else ()), *others):
        yield from _about(call, evaluation)
    if answer.outcome is not Outcome.ERROR:
        yield from (StsRefusal(call, refusal) for refusal in answer.refusals)
    if answer.duration_unknown and answer.outcome is Outcome.UNDECIDED:
        yield UnknownMaximum(call)


def request_findings(question: Question, evaluation: Evaluation) -> Iterator[Blocker]:
    """Yield everything that stands in the way of a request, what decides it first."""
    yield from _about(question, evaluation)


def _about(asked: Asked, evaluation: Evaluation) -> Iterator[Blocker]:
    for case in evaluation.supposed or (evaluation,):
        yield from _denying(asked, evaluation, case)
        yield from _missing(asked, evaluation, case)
    by_owner = _by_owner(evaluation)
    if evaluation.hangs_on_owner or len({decision.missing for decision in by_owner}) > 1:
        yield UnknownOwner(asked, evaluation)
    openly = by_owner if evaluation.hangs_on_owner else [evaluation.decision]
    for layer in dict.fromkeys(layer for decision in openly for layer in decision.open):
        yield from _open(asked, evaluation, layer)
    for layer in _other_way(evaluation):
        yield from _shortfalls(asked, evaluation, evaluation, layer)


def _by_owner(evaluation: Evaluation) -> list[Decision]:
    """Return what is decided for each account that may own the resource."""
    requirement = evaluation.requirement
    wanted = (Requirement(requirement.grantor, r) for r in relations(evaluation.request))
    return [decide(evaluation.verdicts, each) for each in wanted]


def _open(
    asked: Asked, evaluation: Evaluation, layer: Layer
) -> Iterator[UnknownPolicies | OpenQuestion]:
    if not evaluation.policies.is_known(layer):
        yield UnknownPolicies(asked, evaluation, layer)
    unseen = [c.policy.name for c in evaluation.policies.documents(layer) if c.policy.unseen]
    if unseen:
        yield UnknownPolicies(asked, evaluation, layer, tuple(unseen))
    for match in _matches(evaluation, evaluation, layer):
        if match.applies is None:
            yield OpenQuestion(asked, evaluation, layer, match)


def _denying(asked: Asked, evaluation: Evaluation, case: Evaluation) -> Iterator[Prohibition]:
    for layer in evaluation.decision.denying:
        for match in _matches(evaluation, case, layer):
            if match.statement.effect is Effect.DENY and match.applies:
                yield Prohibition(asked, case, layer, match)


def _missing(
    asked: Asked, evaluation: Evaluation, case: Evaluation
) -> Iterator[Shortfall | Either]:
    grantor, missing = case.requirement.grantor, evaluation.decision.missing
    if not missing:
        return
    found = {
        layer: tuple(_shortfalls(asked, evaluation, case, layer))
        for layer in dict.fromkeys((*missing, grantor))
    }
    ways = _ways(case, found[grantor], missing)
    on_all = [layer for layer in missing if all(layer in way.others for way in ways)]
    of_ways = {*CALLER, *(grantor for way in ways if way.grant)}
    yield from (each for layer in missing if layer not in of_ways for each in found[layer])
    lacking = (tuple(layer for layer in way.others if layer not in on_all) for way in ways)
    yield from _one_of(
        (*way.grant, *(each for layer in layers for each in found[layer]))
        for way, layers in zip(ways, lacking, strict=True)
    )
    yield from (each for layer in on_all for each in found[layer])


class _Way(NamedTuple):
    """A way to a yes: what statements of the resource's policy lack, and which layers beside it."""

    grant: tuple[Shortfall, ...]
    others: tuple[Layer, ...]


def _ways(case: Evaluation, grant: Iterable[Shortfall], missing: tuple[Layer, ...]) -> list[_Way]:
    """Return the ways to a yes: one for each strength with which statements name the caller.

    That are the statements which fail at a condition alone. The way that asks for nothing of the
    resource's policy, or for nothing in particular, comes first.
    """
    *_, weakest = routes = case.requirement.routes
    found: dict[Route, tuple[Shortfall, ...]] = {}
    for shortfall in grant:
        of_conditions = shortfall.near if shortfall.stage is Stage.CONDITION else ()
        for route, near in _by_strength(routes, of_conditions).items():
            found[route] = (shortfall._replace(near=tuple(near)),)
    if weakest.reach is Reach.NOBODY or not found:
        found = {weakest: (), **found}
    return [
        _Way(lacking, tuple(layer for layer in route.others if layer in missing))
        for route, lacking in found.items()
    ]


def _by_strength(
    routes: Routes, matches: Iterable[StatementMatch]
) -> dict[Route, list[StatementMatch]]:
    """Return statements by the route that they open; one that names too weakly opens none."""
    found: dict[Route, list[StatementMatch]] = {}
    for match in matches:
        route = next((route for route in routes if route.reach <= match.reach), None)
        if route is not None and route.reach is not Reach.NOBODY:  # EVAL-10
            found.setdefault(route, []).append(match)
    return found


def _one_of(ways: Iterable[tuple[Shortfall, ...]]) -> Iterator[Shortfall | Either]:
    """Yield what has to be got out of the way so that one of several ways is open."""
    ways = tuple(ways)
    if len(ways) == 1:
        yield from ways[0]
    elif all(ways):
        yield Either(ways)


def _shortfalls(
    asked: Asked, evaluation: Evaluation, case: Evaluation, layer: Layer
) -> Iterator[Shortfall]:
    for number, level in enumerate(case.policies.levels(layer) or ((),), 1):
        allows = _allows(case, level)
        if not any(m.applies for m in allows):
            told = tuple(_told(evaluation, allows))
            stage, near = _nearest(told)
            seen = tuple(compiled for compiled in level if not compiled.policy.unseen)
            yield Shortfall(asked, case, layer, seen, stage, near, told, number)


def _other_way(evaluation: Evaluation) -> Iterator[Layer]:
    """Yield what else would be enough where the answer hangs on the policy of the resource."""
    ordinary = evaluation.requirement.relation is Relation.ORDINARY  # EVAL-10
    if ordinary and evaluation.requirement.grantor in evaluation.decision.open:
        yield from (layer for layer in CALLER if evaluation.verdicts[layer].grants() is False)


def _allows(case: Evaluation, level: Level) -> list[StatementMatch]:
    found = explain_level(case, level)
    return [match for match in found if match.statement.effect is Effect.ALLOW]


def _matches(evaluation: Evaluation, case: Evaluation, layer: Layer) -> Iterator[StatementMatch]:
    for level in case.policies.levels(layer):
        yield from _told(evaluation, explain_level(case, level))


def spares_nobody(case: Evaluation, match: StatementMatch) -> bool:
    """Whether a Deny with NotPrincipal means everyone, because the caller has a boundary."""
    pattern, denies = match.statement.principals, match.statement.effect is Effect.DENY
    return case.policies.bounded and denies and pattern is not None and pattern.negated


def _told(evaluation: Evaluation, matches: Iterable[StatementMatch]) -> Iterator[StatementMatch]:
    """Yield matches without the values that were only supposed."""
    context = evaluation.request.context
    for match in matches:
        tests = tuple(
            e._replace(actual=context.values(e.test.key.lower())) if evaluation.supposed else e
            for e in match.tests
        )
        yield match._replace(tests=tests)


def _nearest(matches: Sequence[StatementMatch]) -> tuple[Stage, tuple[StatementMatch, ...]]:
    """Return where the statements that get furthest fail, and which those are."""
    if not matches:
        return Stage.NOTHING, ()
    for stage, passes in _STAGES:
        passing = [m for m in matches if passes(m)]
        if not passing:
            # Of statements that all fail here, those that speak of the action are the ones meant.
            return stage, tuple([m for m in matches if m.action] or matches)
        matches = passing
    ranked = sorted(matches, key=_failed_tests)
    nearest = sum(_failed_tests(match) == _failed_tests(ranked[0]) for match in ranked)
    return Stage.CONDITION, tuple(ranked[: max(nearest, _MOST_NEAR)])


def _failed_tests(match: StatementMatch) -> tuple[int, int]:
    """Return how many tests of a statement failed, and of how many nobody knows."""
    told = [evidence.holds for evidence in match.tests]
    return told.count(False), told.count(None)


_STAGES: tuple[tuple[Stage, Callable[[StatementMatch], bool]], ...] = (
    (Stage.PRINCIPAL, lambda m: m.reach > Reach.NOBODY),
    (Stage.ACTION, lambda m: m.action),
    (Stage.RESOURCE, lambda m: m.resource is not False),
)
