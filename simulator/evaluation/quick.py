"""The outcome alone, without the reasons: what questions about many requests are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.evaluation.relation import UNDENIABLE, grantor, relations
from simulator.matcher.principals import Reach, names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.decision.requirements import Relation
    from simulator.evaluation.plan import Plan, Speaking, Way
    from simulator.evaluation.policies import Policies
    from simulator.matcher.principals import Name
    from simulator.matcher.truth import Truth
    from simulator.request.request import Request


def outcome_of(request: Request, policies: Policies) -> Outcome:
    """Return the outcome of a request: that of `evaluate`, found with as little as it takes."""
    plan = policies.plan(request.action)
    if plan.action in UNDENIABLE:
        return Outcome.ALLOWED  # EVAL-45
    names = names_of(request, policies.opened)
    denied = _denied(plan, request, names)
    if denied:
        return Outcome.EXPLICIT_DENY  # EVAL-2
    possible = relations(request, policies.opened)
    met = _met(plan, possible[0], request, names)
    if len(possible) > 1 and _met(plan, possible[1], request, names) is not met:
        return Outcome.UNDECIDED
    if met is False:
        return Outcome.IMPLICIT_DENY  # EVAL-1
    return Outcome.ALLOWED if met and denied is False else Outcome.UNDECIDED


def _denied(plan: Plan, request: Request, names: Sequence[Name]) -> Truth:
    answer: Truth = False
    for speaking in plan.named_denies:
        truth = speaking.reaching(request, names, Reach.ACCOUNT)
        if truth:
            return True
        if truth is None:
            answer = None
    for holds in plan.denies:
        truth = holds(request)
        if truth:
            return True
        if truth is None:
            answer = None
    return answer


def _met(plan: Plan, relation: Relation, request: Request, names: Sequence[Name]) -> Truth:
    """Return whether the guardrails and one of the routes allow."""
    limits = _allowed(plan.guardrails, request, names)
    if limits is False:
        return False
    answer: Truth = False
    is_role = grantor(request.resource) is Layer.TRUST
    for way in (plan.trust_ways if is_role else plan.ways)[relation]:
        truth = _taken(way, request, names)
        if truth:
            return limits
        if truth is None:
            answer = None
    return answer


def _taken(way: Way, request: Request, names: Sequence[Name]) -> Truth:
    """Return whether the resource's policy opens a route and all others on it allow."""
    reach, grants, others = way
    if reach is Reach.NOBODY:
        return _allowed(others, request, names)
    if grants is None:
        grant: Truth = None if names else False  # EVAL-33x
    else:
        grant = grants.reaching(request, names, reach)
    if grant is False:
        return False
    allowed = _allowed(others, request, names)
    return allowed if grant or allowed is False else None


def _allowed(needed: Sequence[Speaking | None], request: Request, names: Sequence[Name]) -> Truth:
    """Return whether in each of some levels a statement allows."""  # POL-24, EVAL-41
    answer: Truth = True
    for speaking in needed:
        truth = None if speaking is None else speaking.reaching(request, names, Reach.ACCOUNT)
        if truth is False:
            return False
        if truth is None:
            answer = None
    return answer
