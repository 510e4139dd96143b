"""How layers, callers and condition tests are called in messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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
_NEGATIVE = frozenset({"!=", "not like", "not in"})
_OTHER_TRUTH = {("true",): ("false",), ("false",): ("true",)}
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


class Related(NamedTuple):
    """A key, how it relates to values, and what is so of its absence."""

    key: str
    relation: str
    values: tuple[str, ...] = ()
    more: str = ""

    def __str__(self) -> str:
        return " ".join(
            part for part in (self.key, self.relation, listed(self.values), self.more) if part
        )


def related(test: ConditionTest, *, holds: bool, absent: bool | None = None) -> Related:
    """Return what a request must be like for a test to hold, or not to hold.

    `absent` is whether that may be for want of the key, where it can be absent at all.
    """
    every = test.quantifier is (Quantifier.ALL if holds else Quantifier.ANY)
    quantified = "" if test.quantifier is None else "every " if every else "one of "
    key = f"{quantified}{test.key}"
    if test.operator == "Null":
        is_absent = any(text.lower() == "true" for text in test.values.items) is holds
        return Related(key, "absent" if is_absent else "present")
    relation, values = _relation(test.operator)[not holds], test.values.items
    if relation == "!=" and not quantified and values in _OTHER_TRUTH and test.operator == "Bool":
        relation, values = "=", _OTHER_TRUTH[values]
    implied = every if quantified else relation in _NEGATIVE
    more = ["in any letter case"] if test.operator.endswith("IgnoreCase") else []
    if absent is not None and absent is not implied:
        more.append("or absent" if absent else "and present")
    return Related(key, relation, values, " ".join(more))


def describe(test: ConditionTest, *, holds: bool) -> str:
    """Return what a request must be like for a test to hold, or not to hold, in words."""
    return str(related(test, holds=holds))


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
