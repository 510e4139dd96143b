"""How layers, callers and condition tests are called in messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.verdict import Layer
from simulator.evaluation.relation import grantor
from simulator.policy.model import Quantifier
from simulator.request.request import NO_RESOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.policy.model import ConditionTest
    from simulator.request.request import Request

LAYER_NAMES: Mapping[Layer, str] = {
    Layer.TRUST: "trust policy",
    Layer.IDENTITY: "identity-based policy",
    Layer.BOUNDARY: "permissions boundary",
    Layer.SESSION: "session policy",
    Layer.SCP: "service control policy",
    Layer.RCP: "resource control policy",
    Layer.RESOURCE: "resource-based policy",
    Layer.ENDPOINT: "VPC endpoint policy",
}

# The relation that an operator asks for, and its opposite.
_RELATIONS: tuple[tuple[str, str, str], ...] = (
    ("LessThanEquals", "<=", ">"),
    ("LessThan", "<", ">="),
    ("GreaterThanEquals", ">=", "<"),
    ("GreaterThan", ">", "<="),
    ("Like", "like", "not like"),
    ("ArnEquals", "like", "not like"),
    ("IpAddress", "in", "not in"),
)
_QUANTIFIED = {Quantifier.ALL: "every ", Quantifier.ANY: "one of ", None: ""}
_MOST_VALUES = 4


def done(request: Request) -> str:
    """Return what a request does to what, in a few words."""
    if request.resource == NO_RESOURCE:
        return f"`{request.action}`"
    target = "role" if grantor(request.resource) is Layer.TRUST else "resource"
    return f"`{request.action}` on this {target}"


def listed(values: tuple[str, ...]) -> str:
    """Return values as people list alternatives, a long list cut short."""
    shown = values[:_MOST_VALUES]
    more = f" or {len(values) - len(shown)} more" if len(values) > len(shown) else ""
    return " or ".join(shown) + more


def describe(test: ConditionTest, *, holds: bool) -> str:
    """Return what a request must be like for a test to hold, or not to hold."""
    key = f"{_QUANTIFIED[test.quantifier]}{test.key}"
    if test.operator == "Null":
        absent = any(text.lower() == "true" for text in test.values.items) is holds
        return f"{key} {'absent' if absent else 'present'}"
    positive, opposite = _relation(test.operator)
    return f"{key} {positive if holds else opposite} {listed(test.values.items)}"


def wanted(test: ConditionTest) -> str:
    """Return what a test asks of its key: the bare values where they are to be equal."""
    relation, _ = _relation(test.operator)
    plain = relation == "=" and test.operator != "Null" and test.quantifier is None
    return listed(test.values.items) if plain else describe(test, holds=True)


def _relation(operator: str) -> tuple[str, str]:
    stem = operator.replace("Not", "", 1)
    positive, opposite = next(
        ((yes, no) for suffix, yes, no in _RELATIONS if stem.endswith(suffix)), ("=", "!=")
    )
    return (opposite, positive) if stem != operator else (positive, opposite)


def actual(values: tuple[str, ...] | None) -> str:
    """Return the values that a request has for a key, in words."""
    if values is None:
        return "unknown"
    return ", ".join(values) if values else "absent"
