"""The quick way decides as the full way does, and the explanation says what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from simulator.catalog.doubts import ALL_OPEN, Doubt
from simulator.decision.requirements import GUARDRAILS
from simulator.decision.verdict import Layer
from simulator.evaluation.evaluate import evaluate, explain_level
from simulator.evaluation.quick import outcome_of
from simulator.evaluation.relation import UNDENIABLE
from simulator.matcher.principals import Reach
from simulator.matcher.truth import all_of, any_of
from simulator.policy.model import Effect
from simulator.simulate import applicable, as_request
from tests import questions, strategies

if TYPE_CHECKING:
    from simulator.evaluation.evaluate import Evaluation
    from simulator.matcher.statement import StatementMatch
    from simulator.matcher.truth import Truth
    from tests.questions import Ask
    from tests.strategies import Case

doubts = st.just(ALL_OPEN) | st.frozensets(st.sampled_from(Doubt), max_size=2)


@given(questions.asks())
def test_quick_way_is_the_full_way(ask: Ask) -> None:
    request, policies = as_request(ask.question), applicable(ask.question)
    assert outcome_of(request, policies) is evaluate(request, policies).decision.outcome


@given(questions.asks(), doubts)
def test_quick_way_is_the_full_way_with_doubts_open(ask: Ask, opened: frozenset[Doubt]) -> None:
    request, policies = as_request(ask.question), applicable(ask.question).opening(opened)
    assert outcome_of(request, policies) is evaluate(request, policies).decision.outcome


@given(strategies.cases())
def test_quick_way_is_the_full_way_of_an_assume_role_call(case: Case) -> None:
    for evaluation in case.answer.evaluations:
        request, policies = evaluation.request, evaluation.policies
        assert outcome_of(request, policies) is evaluate(request, policies).decision.outcome


def matches(evaluation: Evaluation, layer: Layer) -> list[list[StatementMatch]]:
    """Return how each statement of a layer came out, level by level."""
    levels = evaluation.policies.levels(layer)
    return [list(explain_level(evaluation, level)) for level in levels]


def applying(level: list[StatementMatch], effect: Effect, least: Reach = Reach.ACCOUNT) -> Truth:
    """Return whether a statement applies that names the caller at least so strongly."""
    of_effect = [match for match in level if match.statement.effect is effect]
    strong = [match for match in of_effect if match.reach >= least]
    return any_of(
        match.applies if match.naming.sure >= least else all_of((None, match.applies))
        for match in strong
    )


@given(questions.additions("Deny", questions.asks()))
def test_a_layer_denies_where_a_deny_statement_applies(asks: tuple[Ask, Ask, str]) -> None:
    before, after, _ = asks
    denies_as_explained(before)
    denies_as_explained(after)


def denies_as_explained(ask: Ask) -> None:
    """Assert that each layer denies if the explanation of its statements says so."""
    evaluation = ask.evaluation
    for layer in Layer:
        explained = any_of(applying(level, Effect.DENY) for level in matches(evaluation, layer))
        assert evaluation.verdicts[layer].denies is explained


def test_a_deny_by_not_principal_of_a_caller_with_a_boundary_is_explained() -> None:
    alice = {"arn": strategies.user_arn(strategies.HOME, "alice")}
    deny = {"Effect": "Deny", "NotPrincipal": {"AWS": alice["arn"]}, "Action": "*", "Resource": "*"}
    world = {
        "caller": alice,
        "identity": [strategies.ALLOW_ALL],
        "boundary": strategies.ALLOW_ALL,
        "resource_policy": strategies.policy(deny),
    }
    denies_as_explained(questions.Ask(world, {"action": "s3:ListAllMyBuckets"}, {}))


@given(questions.asks())
def test_a_layer_allows_where_each_level_has_an_allow_that_applies(ask: Ask) -> None:
    evaluation = ask.evaluation
    for layer in set(Layer) - {Layer.RCP}:
        if evaluation.policies.is_known(layer):
            for reach in list(Reach)[1:]:
                explained = all_of(
                    applying(level, Effect.ALLOW, reach) for level in matches(evaluation, layer)
                )
                assert evaluation.verdicts[layer].grants(reach) is explained


@given(questions.known_asks())
def test_f01_the_decision_follows_from_what_the_layers_say(ask: Ask) -> None:
    evaluation = ask.evaluation
    if evaluation.request.action.lower() in UNDENIABLE:
        return
    if evaluation.hangs_on_owner or evaluation.supposed:
        return  # it follows from several evaluations
    verdicts, requirement = evaluation.verdicts, evaluation.requirement
    outcome, denying, missing, _ = evaluation.decision
    assert denying == tuple(layer for layer in Layer if verdicts[layer].denies)
    assert not missing or all(verdicts[layer].grants() is False for layer in missing)
    ways = [
        (route.reach is Reach.NOBODY or verdicts[requirement.grantor].grants(route.reach))
        and all(verdicts[layer].grants() for layer in (*route.others, *GUARDRAILS))
        for route in requirement.routes
    ]
    allowed = "allowed" if any(ways) else "implicitDeny"
    assert outcome == ("explicitDeny" if denying else allowed)
