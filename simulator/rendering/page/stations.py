"""The flow of a decision as a list of stations, from the first that is asked to the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import htpy as h

from simulator.rendering.excerpt import safe
from simulator.rendering.flow import STATES, State
from simulator.rendering.page.icons import icon
from simulator.rendering.page.statements import levels_of
from simulator.rendering.verdicts import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.decision.combine import Outcome
    from simulator.evaluation.evaluate import Evaluation
    from simulator.rendering.flow import Leg, Station


def flow(legs: Iterable[Leg], outcome: Outcome) -> h.Element:
    """Return all stations in order; the answer stands where it fell, or at the end."""
    legs = tuple(legs)
    fell = any(station.decides for leg in legs for station in leg.stations)
    return h.section(".flow")[
        h.h3["how it came about"],
        h.ol(".stations", role="list")[
            (_leg(leg, outcome) for leg in legs),
            None if fell else _answer(outcome),
        ],
    ]


def _leg(leg: Leg, outcome: Outcome) -> h.Node:
    title = h.li(".action")[h.h4[h.code[safe(leg.title)]]] if leg.title is not None else None
    return [title, [_station(station, leg.evaluation, outcome) for station in leg.stations]]


def _station(station: Station, evaluation: Evaluation | None, outcome: Outcome) -> h.Node:
    reached = "" if station.reached else ".not-reached"
    head: h.Node = [icon(station.state), h.h5[station.name], " ", h.span(".said")[station.said]]
    content = _statements(station, evaluation)
    inner = (
        h.div(".head")[head]
        if content is None
        else h.details(open=station.decides)[h.summary(".head")[head], content]
    )
    attributes = {
        "data-state": str(station.state),
        "data-layer": station.layer and str(station.layer),
    }
    return [
        h.li(f".station.{station.state}{reached}", attributes)[inner],
        _answer(outcome) if station.decides else None,
    ]


def _statements(station: Station, evaluation: Evaluation | None) -> h.Node:
    if station.layer is None or evaluation is None:
        return None
    levels = evaluation.policies.levels(station.layer)
    if not any(levels):
        return None
    denies = evaluation.verdicts[station.layer].denies
    silent = station.state in (State.STOPS, State.IDLE) and denies is not True
    return h.div(".statements")[levels_of(evaluation, levels, silent=silent)]


def _answer(outcome: Outcome) -> h.Element:
    state = STATES[outcome]
    return h.li(f".answer.{state}")[icon(state), h.strong[WORDS[outcome]]]
