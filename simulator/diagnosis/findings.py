"""What there is to be explained about a refused call: all that stands in its way."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from simulator.decision.combine import Outcome
from simulator.decision.requirements import CALLER, DELEGATED
from simulator.decision.verdict import Layer
from simulator.evaluation.evaluate import explain_level
from simulator.matcher.principals import Reach
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from simulator.evaluation.evaluate import Evaluation
    from simulator.evaluation.plan import Level
    from simulator.matcher.statement import StatementMatch
    from simulator.sts.assume_role import Answer, Refusal
    from simulator.sts.call import Call


class Stage(StrEnum):
    """The element at which the statements that came nearest to allowing a request fail."""

    NOTHING = "nothing"
    PRINCIPAL = "principal"
    ACTION = "action"
    RESOURCE = "resource"
    CONDITION = "condition"


class Shortfall(NamedTuple):
    """A level of a layer that had to allow and does not; `near` came nearest to allowing."""

    call: Call
    evaluation: Evaluation
    layer: Layer
    level: Level
    stage: Stage
    near: tuple[StatementMatch, ...]


class Prohibition(NamedTuple):
    """A Deny statement that applies."""

    call: Call
    evaluation: Evaluation
    layer: Layer
    match: StatementMatch


class OpenQuestion(NamedTuple):
    """A statement of which nobody can say whether it applies."""

    call: Call
    evaluation: Evaluation
    layer: Layer
    match: StatementMatch


class UnknownIdentity(NamedTuple):
    """The caller's identity policies matter, and nobody gave them."""

    call: Call
    evaluation: Evaluation


class UnknownMaximum(NamedTuple):
    """The role's maximum session duration matters, and nobody said it."""

    call: Call


class StsRefusal(NamedTuple):
    """A rule of STS that refuses the call."""

    call: Call
    refusal: Refusal


Finding: TypeAlias = (
    "Shortfall | Prohibition | OpenQuestion | UnknownIdentity | UnknownMaximum | StsRefusal"
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


def _about(call: Call, evaluation: Evaluation) -> Iterator[Finding]:
    for case in evaluation.supposed or (evaluation,):
        yield from _denying(call, evaluation, case)
        yield from _missing(call, evaluation, case)
    for layer in evaluation.decision.open:
        if layer is Layer.IDENTITY and not evaluation.policies.is_known(Layer.IDENTITY):
            yield UnknownIdentity(call, evaluation)
        for match in _matches(evaluation, evaluation, layer):
            if match.applies is None:
                yield OpenQuestion(call, evaluation, layer, match)


def _denying(call: Call, evaluation: Evaluation, case: Evaluation) -> Iterator[Prohibition]:
    for layer in evaluation.decision.denying:
        for match in _matches(evaluation, case, layer):
            if match.statement.effect is Effect.DENY and match.applies:
                yield Prohibition(call, case, layer, match)


def _missing(call: Call, evaluation: Evaluation, case: Evaluation) -> Iterator[Shortfall]:
    needless = _needless(case)
    for layer in evaluation.decision.missing:
        if layer in needless:
            continue
        for level in case.policies.levels(layer) or ((),):
            matches = _told(evaluation, explain_level(case, level))
            allows = [m for m in matches if m.statement.effect is Effect.ALLOW]
            if not any(m.applies for m in allows):
                stage, near = _nearest(allows)
                yield Shortfall(call, case, layer, level, stage, near)


def _needless(case: Evaluation) -> frozenset[Layer]:
    """Return the layers that are not asked once the nearest trust statement applies.

    A statement that names this very user in the same account, and fails at a condition, needs no
    more than that condition met.
    """
    if Layer.TRUST not in case.decision.missing or not case.request.same_account:
        return frozenset()
    matches = (m for level in case.policies.levels(Layer.TRUST) for m in explain_level(case, level))
    stage, near = _nearest([m for m in matches if m.statement.effect is Effect.ALLOW])
    reaches = [m.reach for m in near if stage is Stage.CONDITION]
    reach = max(reaches, default=Reach.ACCOUNT)
    needed = next(route.others for route in DELEGATED if route.reach <= reach)
    return frozenset(CALLER) - frozenset(needed)


def _matches(evaluation: Evaluation, case: Evaluation, layer: Layer) -> Iterator[StatementMatch]:
    for level in case.policies.levels(layer):
        yield from _told(evaluation, explain_level(case, level))


def _told(evaluation: Evaluation, matches: Iterable[StatementMatch]) -> Iterator[StatementMatch]:
    """Yield matches without the values that were only supposed."""
    context = evaluation.request.context
    for match in matches:
        tests = tuple(
            e._replace(actual=context.values(e.test.key.lower())) if evaluation.supposed else e
            for e in match.tests
        )
        yield match._replace(tests=tests)


def _nearest(matches: list[StatementMatch]) -> tuple[Stage, tuple[StatementMatch, ...]]:
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
