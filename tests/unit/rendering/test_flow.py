"""How a decision came about: what each station says, and where the answer fell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.catalog.doubts import Doubt
from simulator.decision.combine import asked
from simulator.decision.verdict import Layer
from simulator.rendering.flow import State, flow_of_call, flow_of_request
from simulator.simulate import simulate
from simulator.sts.refusals import Rule, early, late
from tests import worlds
from tests.conformance.test_conformance import CASES

if TYPE_CHECKING:
    from simulator.rendering.flow import Leg, Station

USER = "arn:aws:iam::111111111111:user/u"
ROLE = "arn:aws:iam::111111111111:role/R"
OTHER = "arn:aws:iam::222222222222:role/R"


def allow(action: str = "*", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - elements
    """Return an identity policy of one statement."""
    statement = {"Effect": "Allow", "Action": action, "Resource": "*", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def trust(principal: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - elements
    """Return a trust policy of one statement."""
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [{**statement, **more}]}


def flow(parameters: dict[str, Any] | None = None, **world: Any) -> tuple[Leg, ...]:  # noqa: ANN401
    """Return the flow of a call of a user."""
    given = {"caller": {"arn": USER}, "role": {"arn": ROLE}, "identity": [allow()], **world}
    return flow_of_call(worlds.answer(given, parameters))


def stations(legs: tuple[Leg, ...]) -> list[Station]:
    return [station for leg in legs for station in leg.stations]


def said(legs: tuple[Leg, ...], layer: Layer) -> tuple[State, str]:
    """Return what a layer says of the first action."""
    (found, *_) = [each for each in stations(legs) if each.layer is layer]
    return found.state, found.said


def fell(legs: tuple[Leg, ...]) -> list[str]:
    """Return the stations that decide."""
    return [station.name for station in stations(legs) if station.decides]


MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
DENY = {**allow(), "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
ADDRESS = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}


@pytest.mark.parametrize(
    ("world", "layer", "expected"),
    [
        ({}, Layer.TRUST, (State.PASSES, "allows")),
        ({}, Layer.IDENTITY, (State.PASSES, "allows, and is not asked")),
        ({"identity": []}, Layer.IDENTITY, (State.IDLE, "there is none, and none is asked")),
        (
            {"identity": None},
            Layer.IDENTITY,
            (State.IDLE, "nobody gave it, and it is not asked"),
        ),
        (
            {"identity": None, "role": {"arn": OTHER}},
            Layer.IDENTITY,
            (State.OPEN, "nobody gave it, and the answer hangs on it"),
        ),
        (
            {"identity": [], "role": {"arn": OTHER}},
            Layer.IDENTITY,
            (State.STOPS, "does not allow: there is none"),
        ),
        ({}, Layer.BOUNDARY, (State.IDLE, "there is none")),
        (
            {"boundary": allow("s3:*")},
            Layer.BOUNDARY,
            (State.IDLE, "does not allow, and is not asked"),
        ),
        ({"scps": [[allow()]]}, Layer.SCP, (State.PASSES, "allows")),
        ({"scps": [[allow("s3:*")]]}, Layer.SCP, (State.STOPS, "does not allow")),
        ({"scps": [[DENY]]}, Layer.SCP, (State.STOPS, "denies")),
        (
            {"trust": trust(USER, Condition=ADDRESS)},
            Layer.TRUST,
            (State.OPEN, "may or may not allow"),
        ),
        (
            {"trust": trust(USER, Condition=MFA), "boundary": allow(Condition=ADDRESS)},
            Layer.BOUNDARY,
            (State.OPEN, "may or may not allow, which makes no difference"),
        ),
    ],
)
def test_what_a_layer_says(
    world: dict[str, Any], layer: Layer, expected: tuple[State, str]
) -> None:
    assert said(flow(**{"trust": trust(USER), **world}), layer) == expected


@pytest.mark.parametrize(
    ("world", "parameters", "expected"),
    [
        ({}, {}, []),
        ({"trust": trust("222222222222")}, {}, ["trust policy"]),
        ({"trust": trust("222222222222"), "scps": [[DENY]]}, {}, ["service control policy"]),
        ({"boundary": DENY}, {}, ["permissions boundary"]),
        ({"trust": trust(USER, Condition=ADDRESS)}, {}, ["trust policy"]),
        ({}, {"duration_seconds": 1}, ["rules of STS"]),
        ({"boundary": DENY}, {"duration_seconds": 1}, ["rules of STS"]),
        ({}, {"duration_seconds": 7200}, ["rules of STS"]),
        ({}, {"tags": {"a": "b"}}, ["trust policy"]),
    ],
)
def test_where_the_answer_falls(
    world: dict[str, Any], parameters: dict[str, Any], expected: list[str]
) -> None:
    assert fell(flow(parameters, **{"trust": trust(USER), **world})) == expected


def test_what_nobody_can_be_kept_from_asks_no_layer() -> None:
    world = {"caller": {"arn": USER}, "identity": [DENY]}
    evaluation = simulate(worlds.question(world, {"action": "sts:GetCallerIdentity"}))
    (leg,) = flow_of_request(evaluation)
    assert [(each.name, each.state) for each in leg.stations] == [("rules of AWS", State.PASSES)]


def test_what_comes_after_is_not_reached() -> None:
    legs = flow({"tags": {"a": "b"}}, trust=trust("222222222222"))
    assert [leg.title for leg in legs] == [None, "sts:AssumeRole", "sts:TagSession"]
    reached = [station.reached for station in stations(legs)]
    place = [station.decides for station in stations(legs)].index(True)
    assert reached == [True] * (place + 1) + [False] * (len(reached) - place - 1)


def test_the_action_that_decides_is_the_one_in_which_the_answer_falls() -> None:
    _, own, tags = flow({"tags": {"a": "b"}}, trust=trust(USER))
    assert all(station.reached for station in own.stations)
    assert [station.name for station in tags.stations if station.decides] == ["trust policy"]


def test_a_question_that_was_left_open_ends_the_flow() -> None:
    given = {"caller": {"arn": USER}, "role": {"arn": ROLE}, "trust": trust(USER)}
    legs = flow_of_call(worlds.answer(given), (Doubt.UNIQUE_ID,))
    *_, last = stations(legs)
    assert (last.decides, last.state) == (True, State.OPEN)
    assert last.said == "leaves UNIQUE-ID open, and the answer turns on it"


def test_every_rule_of_sts_is_asked_before_policies_or_after() -> None:
    """What `early` and `late` yield is told apart by the rule alone."""
    for case in CASES:
        world, told = case.values
        if "request" in told:
            continue
        call = worlds.call(world, told.get("with"), told.get("context"))
        assert not any(refusal.rule.is_late for refusal in early(call))
        assert all(refusal.rule.is_late for refusal in late(call))
    assert Rule.MAXIMUM_DURATION.is_late
    assert not Rule.NO_ROLE.is_late


@pytest.mark.parametrize(("world", "told"), CASES)
def test_every_flow_ends_where_its_decision_says(
    world: dict[str, Any], told: dict[str, Any]
) -> None:
    if "request" in told:
        evaluation = simulate(worlds.question(world, told["request"], told.get("context")))
        legs, outcome = flow_of_request(evaluation), evaluation.decision.outcome
    else:
        answer = worlds.answer(world, told.get("with"), told.get("context"))
        legs, outcome = flow_of_call(answer), answer.outcome
    deciding = [station for station in stations(legs) if station.decides]
    assert len(deciding) == (outcome != "allowed")
    wanted = {State.OPEN} if outcome == "undecided" else {State.STOPS}
    assert {station.state for station in deciding} <= wanted
    for leg in legs:
        if leg.evaluation is None or leg.stations[0].layer is None:
            continue
        if leg.evaluation.decision.outcome == "allowed":
            passed = {s.layer for s in leg.stations if s.state is State.PASSES}
            limits = {layer for layer in Layer if not any(leg.evaluation.policies.levels(layer))}
            needed = set(asked(leg.evaluation.verdicts, leg.evaluation.requirement))
            supposed = leg.evaluation.supposed
            assert supposed or needed <= passed | limits
