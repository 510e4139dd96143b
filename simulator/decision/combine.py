"""How what the layers say combines to one decision.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from simulator.decision.requirements import GUARDRAILS
from simulator.matcher.principals import Reach
from simulator.matcher.truth import Truth, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulator.decision.requirements import Requirement, Route
    from simulator.decision.verdict import Layer, Verdict


class Outcome(StrEnum):
    """What is decided: the words of AWS's own simulator, and two more.

    `undecided` is what nobody can know, `error` what was refused before any policy was read.
    """

    ALLOWED = "allowed"
    IMPLICIT_DENY = "implicitDeny"
    EXPLICIT_DENY = "explicitDeny"
    UNDECIDED = "undecided"
    ERROR = "error"


class Decision(NamedTuple):
    """The outcome and the layers it rests on.

    `denying` are the layers with a Deny that applies, `missing` those that had to allow and do not
    (also beside a Deny, since both stand in the way), `open` those that hang on something nobody
    said.
    """

    outcome: Outcome
    denying: tuple[Layer, ...] = ()
    missing: tuple[Layer, ...] = ()
    open: tuple[Layer, ...] = ()


def decide(verdicts: Mapping[Layer, Verdict], requirement: Requirement) -> Decision:
    """Return the decision for a request on which every layer has spoken."""
    met = any_of(_met(verdicts, requirement, route) for route in requirement.routes)
    met = all_of((met, *(verdicts[layer].grants() for layer in GUARDRAILS)))
    needed = _needed(verdicts, requirement)
    missing = tuple(layer for layer in needed if met is False and verdicts[layer].grants() is False)
    denying = tuple(layer for layer, verdict in verdicts.items() if verdict.denies)
    if denying:
        return Decision(Outcome.EXPLICIT_DENY, denying, missing)  # EVAL-2, EVAL-16, EVAL-27
    if met is False:
        # A Deny that may apply changes nothing here: the request is denied either way.
        return Decision(Outcome.IMPLICIT_DENY, missing=missing)  # EVAL-1
    may_deny = tuple(layer for layer, verdict in verdicts.items() if verdict.denies is None)
    if met is True and not may_deny:
        return Decision(Outcome.ALLOWED)
    unsettled = _unsettled(verdicts, requirement) if met is None else ()
    return Decision(Outcome.UNDECIDED, open=tuple(dict.fromkeys((*may_deny, *unsettled))))


def _grant(verdicts: Mapping[Layer, Verdict], requirement: Requirement, route: Route) -> Truth:
    """Return whether the resource's policy names the caller as strongly as a route asks."""
    return route.reach is Reach.NOBODY or verdicts[requirement.grantor].grants(route.reach)


def _met(verdicts: Mapping[Layer, Verdict], requirement: Requirement, route: Route) -> Truth:
    grant = _grant(verdicts, requirement, route)
    return all_of((grant, *(verdicts[layer].grants() for layer in route.others)))


def _needed(verdicts: Mapping[Layer, Verdict], requirement: Requirement) -> tuple[Layer, ...]:
    """Return the layers that had to allow, by how strongly the caller may be named at most."""
    *_, weakest = requirement.routes
    open_routes = (r for r in requirement.routes if _grant(verdicts, requirement, r) is not False)
    return _asked(requirement, next(open_routes, weakest))


def asked(verdicts: Mapping[Layer, Verdict], requirement: Requirement) -> tuple[Layer, ...]:
    """Return the layers that were asked to allow: of the way that led to a yes, if one did."""
    routes = requirement.routes
    met = next((r for r in routes if _met(verdicts, requirement, r)), None)
    return _needed(verdicts, requirement) if met is None else _asked(requirement, met)


def _asked(requirement: Requirement, route: Route) -> tuple[Layer, ...]:
    grantor = () if route.reach is Reach.NOBODY else (requirement.grantor,)
    return (*GUARDRAILS, *grantor, *route.others)


def _unsettled(verdicts: Mapping[Layer, Verdict], requirement: Requirement) -> Iterator[Layer]:
    """Yield the layers on which each way hangs that may still lead to a yes."""
    yield from (layer for layer in GUARDRAILS if verdicts[layer].grants() is None)
    for route in requirement.routes:
        if _met(verdicts, requirement, route) is None:
            if _grant(verdicts, requirement, route) is None:
                yield requirement.grantor
            yield from (layer for layer in route.others if verdicts[layer].grants() is None)


def common(decisions: Sequence[Decision]) -> Decision:
    """Return what several decisions of one outcome have in common: the layers that all rest on."""
    return Decision(
        decisions[0].outcome,
        _shared([decision.denying for decision in decisions]),
        _shared([decision.missing for decision in decisions]),
        _shared([decision.open for decision in decisions]),
    )


def _shared(found: list[tuple[Layer, ...]]) -> tuple[Layer, ...]:
    in_all = tuple(layer for layer in found[0] if all(layer in layers for layers in found))
    # Where it is now one layer and now another, each of them is a reason.
    return in_all or tuple(dict.fromkeys(layer for layers in found for layer in layers))
