"""The common workload translated to Cedar, decided by `cedarpy`: the yardstick for speed.

Each layer becomes one policy set, parsed once and used as a handle; contexts are converted
beforehand. So Cedar has the easier task: what is measured is nothing but its decisions.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import cedarpy

from simulator.decision.verdict import Layer
from simulator.policy.model import Effect
from simulator.readings import read_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.evaluation.policies import Policies
    from simulator.policy.model import ConditionTest, Patterns, Statement

_LAYERS = (Layer.TRUST, Layer.IDENTITY, Layer.BOUNDARY, Layer.SCP)
_COMPARED = {"LessThanEquals": "<=", "LessThan": "<", "GreaterThan": ">"}


def decider(policies: Policies, requests: list[dict[str, Any]]) -> Callable[[int], str]:
    """Return the decision on one of the requests, as a function of its number."""
    sets = [cedarpy.PolicySet.from_str(_policy_set(policies, layer)) for layer in _LAYERS]
    entities = cedarpy.Entities.from_json_str("[]")
    asked = [_request(request) for request in requests]

    def decide(number: int) -> str:
        results = [cedarpy.is_authorized(asked[number], each, entities) for each in sets]
        if any(not r.allowed and r.diagnostics.reasons for r in results):
            return "explicitDeny"
        return "allowed" if all(r.allowed for r in results) else "implicitDeny"

    return decide


def _request(request: dict[str, Any]) -> dict[str, Any]:
    context = {key.lower(): _value(key, text) for key, text in request["context"].items()}
    return {
        "principal": f"Caller::{json.dumps(request['principal'])}",
        "action": f"Action::{json.dumps(request['action'].lower())}",
        "resource": f"Resource::{json.dumps(request['resource']['arn'])}",
        "context": {
            **context,
            "principal": request["principal"],
            "account": request["principal"].split(":")[4],
            "action": request["action"].lower(),
            "resource": request["resource"]["arn"],
        },
    }


def _value(key: str, text: str) -> object:
    if key == "aws:MultiFactorAuthAge":
        return int(text)
    if key == "aws:CurrentTime":
        instant = read_date(text)
        return instant and instant[0]
    if key == "aws:SourceIp":
        return {"__extn": {"fn": "ip", "arg": text}}
    return text


def _policy_set(policies: Policies, layer: Layer) -> str:
    return "\n".join(
        _policy(statement)
        for compiled in policies.documents(layer)
        for statement in compiled.policy.statements
    )


def _policy(statement: Statement) -> str:
    effect = "permit" if statement.effect is Effect.ALLOW else "forbid"
    asks = [_patterns(statement.actions, "action", str.lower)]
    if statement.resources is not None:
        asks.append(_patterns(statement.resources, "resource", str))
    if statement.principals is not None:
        asks.append(_either([_named(entry.value) for entry in statement.principals.entries]))
    asks += [_test(test) for test in statement.conditions]
    return f"{effect}(principal, action, resource) when {{ {' && '.join(asks)} }};"


def _patterns(patterns: Patterns, attribute: str, written: Callable[[str], str]) -> str:
    texts = [_expression(written(text)) for text in patterns.values.items]
    found = _either([f"context.{attribute} like {text}" for text in texts])
    return f"!{found}" if patterns.negated else found


def _expression(text: str) -> str:
    """Return a pattern as Cedar writes it; its variables are attributes, which `like` has not."""
    return json.dumps(text.replace("${aws:username}", "alice"))


def _named(value: str) -> str:
    if value == "*":
        return "true"
    if value.endswith(":root"):
        return f"context.account == {json.dumps(value.split(':')[4])}"
    return f"context.principal == {json.dumps(value)}"


def _either(asks: list[str]) -> str:
    return f"({' || '.join(asks)})"


def _test(test: ConditionTest) -> str:
    key = json.dumps(test.key.lower())
    negated = "Not" in test.operator
    found = _either([_one(test, f"context[{key}]", text) for text in test.values.items])
    if negated:
        found = f"!{found}"
    when_absent = test.if_exists or negated
    return f"(if context has {key} then {found} else {str(when_absent).lower()})"


def _one(test: ConditionTest, value: str, text: str) -> str:
    operator = test.operator.replace("Not", "")
    if operator == "IpAddress":
        return f"{value}.isInRange(ip({json.dumps(text)}))"
    if operator.startswith(("Numeric", "Date")):
        instant = read_date(text) if operator.startswith("Date") else None
        wanted = instant[0] if instant else text
        sign = _COMPARED[operator.removeprefix("Numeric").removeprefix("Date")]
        return f"{value} {sign} {wanted}"
    if operator in ("StringLike", "ArnLike"):
        return f"{value} like {_expression(text)}"
    return f"{value} == {json.dumps(text)}"
