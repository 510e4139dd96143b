"""What there is to be explained about a no: all that stands in the way of what is asked."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from simulator.decision.combine import Decision, Outcome, decide
from simulator.decision.requirements import CALLER, Relation, Requirement
from simulator.evaluation.evaluate import explain_level
from simulator.evaluation.relation import relations
from simulator.matcher.principals import Reach
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from simulator.catalog.doubts import Doubt
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

    `allows` are all its Allow statements, with how each element of them came out.
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


def findings(call: Call, answer: Answer) -> Iterator[Finding]:
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


def request_findings(question: Question, evaluation: Evaluation) -> Iterator[Finding]:
    """Yield everything that stands in the way of a request, what decides it first."""
    yield from _about(question, evaluation)


def _about(asked: Asked, evaluation: Evaluation) -> Iterator[Finding]:
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


def _missing(asked: Asked, evaluation: Evaluation, case: Evaluation) -> Iterator[Shortfall]:
    needless = _needless(case)
    for layer in dict.fromkeys((*evaluation.decision.missing, *_ways_beside(case))):
        if layer not in needless:
            yield from _shortfalls(asked, evaluation, case, layer)


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


def _needless(case: Evaluation) -> frozenset[Layer]:
    """Return the layers that are not asked once the nearest statement of the resource applies.

    A statement that names this very user in the same account, and fails at a condition, needs no
    more than that condition met.
    """
    if case.requirement.grantor not in case.decision.missing:
        return frozenset()
    reach = max(_reach_but_for_conditions(case), Reach.ACCOUNT)
    needed = next(route.others for route in case.requirement.routes if route.reach <= reach)
    return frozenset(CALLER) - frozenset(needed)


def _ways_beside(case: Evaluation) -> tuple[Layer, ...]:
    """Return the layer of the resource's policy where it would do, but for a condition."""
    requirement = case.requirement
    if requirement.relation is not Relation.ORDINARY or not case.decision.missing:
        return ()
    strong = _reach_but_for_conditions(case) >= Reach.ENTITY  # EVAL-11, EVAL-12, EVAL-13
    return (requirement.grantor,) if strong else ()


def _reach_but_for_conditions(case: Evaluation) -> Reach:
    """Return how strongly the resource's nearest statements name the caller under conditions."""
    levels = case.policies.levels(case.requirement.grantor)
    stage, near = _nearest([match for level in levels for match in _allows(case, level)])
    reaches = [match.reach for match in near if stage is Stage.CONDITION]
    return max(reaches, default=Reach.NOBODY)


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
    fewest = min(map(_failed_tests, matches))
    return Stage.CONDITION, tuple(m for m in matches if _failed_tests(m) == fewest)


def _failed_tests(match: StatementMatch) -> int:
    return sum(evidence.holds is not True for evidence in match.tests)


_STAGES: tuple[tuple[Stage, Callable[[StatementMatch], bool]], ...] = (
    (Stage.PRINCIPAL, lambda m: m.reach > Reach.NOBODY),
    (Stage.ACTION, lambda m: m.action),
    (Stage.RESOURCE, lambda m: m.resource is not False),
)
