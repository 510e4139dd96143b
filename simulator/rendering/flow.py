"""How a decision came about as one straight flow: what each layer said, and where the answer fell.

What pictures of a decision show, whatever they are drawn with.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.decision.combine import Outcome, asked
from simulator.decision.verdict import Layer
from simulator.diagnosis.words import LAYER_NAMES
from simulator.evaluation.relation import UNDENIABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simulator.catalog.doubts import Doubt
    from simulator.decision.combine import Decision
    from simulator.evaluation.evaluate import Evaluation
    from simulator.sts.answer import Answer
    from simulator.sts.refusals import Refusal


class State(StrEnum):
    """What a station means to the answer: it lets pass, stops, hangs on a fact, or has no say."""

    PASSES = "passes"
    STOPS = "stops"
    OPEN = "open"
    IDLE = "idle"


class Station(NamedTuple):
    """One step of a decision: a layer of policies, or rules of STS itself; what it says, in words.

    The answer falls at the one that `decides`; what comes after it is not `reached`.
    """

    name: str
    state: State
    said: str
    layer: Layer | None = None
    reached: bool = True
    decides: bool = False


class Leg(NamedTuple):
    """The stations of one action, with its evaluation; what STS asks by itself has none."""

    title: str | None
    stations: tuple[Station, ...]
    evaluation: Evaluation | None = None


STATES: Final = {
    Outcome.ALLOWED: State.PASSES,
    Outcome.IMPLICIT_DENY: State.STOPS,
    Outcome.EXPLICIT_DENY: State.STOPS,
    Outcome.ERROR: State.STOPS,
    Outcome.UNDECIDED: State.OPEN,
}
"""What an outcome means, as the state of a station."""

_RESOURCE: Final = (Layer.TRUST, Layer.RESOURCE)
_GRANTING: Final = (*_RESOURCE, Layer.IDENTITY)


_OWNER: Final = Station(
    "account of the resource", State.OPEN, "nobody gave it, and the answer hangs on it"
)
_UNDENIABLE: Final = Station(  # EVAL-45
    "rules of AWS", State.PASSES, "nobody can be kept from this, whatever policies say"
)


def flow_of_call(answer: Answer, left_open: Sequence[Doubt] = ()) -> tuple[Leg, ...]:
    """Return the flow of a call of STS; some doubts on which it turns may be left open."""
    early = [refusal for refusal in answer.refusals if not refusal.rule.is_late]
    late = [refusal for refusal in answer.refusals if refusal.rule.is_late]
    first = Leg(None, (_rules_of_sts(early),))
    legs = tuple(map(_leg, answer.evaluations))
    last = Leg(None, tuple(_after_policies(answer, late)))
    if left_open:
        return _ended((first, *legs), _doubts(left_open))
    if answer.outcome is Outcome.ALLOWED:
        return (first, *legs)
    if answer.decisive is None:
        return _ended((first, *legs, last), first)
    if answer.decisive.decision.outcome is Outcome.ALLOWED:
        return _ended((first, *legs), last)
    decisive = next(leg for leg in legs if leg.evaluation is answer.decisive)
    return _ended((first, *legs, last), decisive)


def flow_of_request(evaluation: Evaluation, left_open: Sequence[Doubt] = ()) -> tuple[Leg, ...]:
    """Return the flow of a request of any kind; some doubts may be left open."""
    leg = _leg(evaluation)
    if left_open:
        return _ended((leg,), _doubts(left_open))
    return (leg,) if evaluation.decision.outcome is Outcome.ALLOWED else _ended((leg,), leg)


def _ended(legs: tuple[Leg, ...], decisive: Leg) -> tuple[Leg, ...]:
    """Return a flow that ends in one of its legs, or in one more after them."""
    found: list[Leg] = []
    place = legs.index(decisive) if decisive in legs else len(legs)
    for number, leg in enumerate((*legs[:place], decisive, *legs[place + 1 :])):
        at = _deciding(leg) if number == place else len(leg.stations) if number < place else -1
        stations = tuple(
            station._replace(decides=number == place and each == at, reached=each <= at)
            for each, station in enumerate(leg.stations)
        )
        found.append(leg._replace(stations=stations))
    return tuple(leg for leg in found if leg.stations)


def _deciding(leg: Leg) -> int:
    """Return which station of a leg decides: the first of those the decision rests on."""
    layers = () if leg.evaluation is None else _resting_on(leg.evaluation.decision)
    on_layer = (n for n, station in enumerate(leg.stations) if station.layer in layers)
    not_passed = (n for n, s in enumerate(leg.stations) if s.state in (State.OPEN, State.STOPS))
    return next(on_layer, next(not_passed, len(leg.stations) - 1))


def _resting_on(decision: Decision) -> tuple[Layer, ...]:
    return decision.denying or decision.missing or decision.open


def _rules_of_sts(refusals: Iterable[Refusal]) -> Station:
    rules = ", ".join(str(refusal.rule) for refusal in refusals)
    if rules:
        return Station(_STS, State.STOPS, f"refuses the call: {rules}")
    return Station(_STS, State.PASSES, "refuses nothing")


def _after_policies(answer: Answer, refusals: Sequence[Refusal]) -> Iterator[Station]:
    if refusals:
        yield _rules_of_sts(refusals)
    if answer.duration_unknown:
        yield Station(
            "maximum session duration", State.OPEN, "nobody gave it, and the answer hangs on it"
        )


def _doubts(left_open: Iterable[Doubt]) -> Leg:
    names = ", ".join(left_open)
    said = f"leaves {names} open, and the answer turns on it"
    return Leg(None, (Station("AWS's documentation", State.OPEN, said),))


def _leg(evaluation: Evaluation) -> Leg:
    return Leg(evaluation.request.action, tuple(_stations(evaluation)), evaluation)


def _stations(evaluation: Evaluation) -> Iterator[Station]:
    if evaluation.request.action.lower() in UNDENIABLE:
        yield _UNDENIABLE
        return
    grantor = evaluation.requirement.grantor
    needed = asked(evaluation.verdicts, evaluation.requirement)
    if evaluation.hangs_on_owner:
        yield _OWNER
    for layer in Layer:
        if layer is grantor or layer not in (Layer.TRUST, Layer.RESOURCE):
            state, said = _word(evaluation, layer, is_asked=layer in needed)
            yield Station(LAYER_NAMES[layer], state, said, layer)


def _word(evaluation: Evaluation, layer: Layer, *, is_asked: bool) -> tuple[State, str]:
    """Return what a layer means to a decision, and what it says."""
    decision, verdict, policies = (
        evaluation.decision,
        evaluation.verdicts[layer],
        evaluation.policies,
    )
    exists = any(policies.levels(layer))
    if layer in decision.denying:
        return State.STOPS, "denies"
    if layer in decision.missing:
        return State.STOPS, "does not allow" if exists else "does not allow: there is none"
    if not policies.is_known(layer):
        hangs = layer in decision.open
        return _HANGS_ON_FILES if hangs else (State.IDLE, "nobody gave it, and it is not asked")
    if not exists:
        said = "there is none, and none is asked" if layer in _GRANTING else "there is none"
        return State.IDLE, said
    if layer in decision.open:
        return State.OPEN, "may deny" if verdict.denies is None else "may or may not allow"
    if verdict.denies is None:
        return State.IDLE, "may deny, which makes no difference"
    if layer is Layer.RCP:
        return State.PASSES, "does not deny"
    return _GRANTS[verdict.grants(), is_asked]


_STS: Final = "rules of STS"
_HANGS_ON_FILES: Final = (State.OPEN, "nobody gave it, and the answer hangs on it")
#: By whether a layer allows, and whether it is asked.
_GRANTS: Final = {
    (True, True): (State.PASSES, "allows"),
    (True, False): (State.PASSES, "allows, and is not asked"),
    (False, True): (State.IDLE, "does not allow"),
    (False, False): (State.IDLE, "does not allow, and is not asked"),
    (None, True): (State.OPEN, "may or may not allow, which makes no difference"),
    (None, False): (State.IDLE, "may or may not allow, and is not asked"),
}
