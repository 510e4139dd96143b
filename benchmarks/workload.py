"""The common workload: one caller, one role, eight policies, ten requests with known answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from simulator.arn import Arn
from simulator.evaluate import Level, Policies
from simulator.matcher.statement import compile_policy
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.model import Document
from simulator.request.context import RequestContext
from simulator.request.principal import parse_principal
from simulator.request.request import Request
from simulator.source import Source
from simulator.syntax import decode

FILE = Path(__file__).parent / "workloads" / "assume.json"
OUTCOMES = {
    "Allowed": "allowed",
    "ImplicitlyDenied": "implicitDeny",
    "ExplicitlyDenied": "explicitDeny",
}


def read() -> dict[str, Any]:
    """Return the workload as plain values."""
    workload: dict[str, Any] = json.loads(FILE.read_text())
    return workload


def policies(workload: dict[str, Any]) -> Policies:
    """Return the policies of the workload, compiled."""
    return Policies(
        trust=_level([workload["resource_policy"]], kinds.TRUST),
        identity=_level(workload["identity_policies"], kinds.IDENTITY),
        boundary=_level([workload["boundary"]], kinds.BOUNDARY),
        scps=tuple(_level(level["policies"], kinds.SCP) for level in workload["scps"]),
    )


def _level(named: list[dict[str, Any]], kind: kinds.PolicyKind) -> Level:
    sources = [Source(policy["name"], json.dumps(policy["document"])) for policy in named]
    return tuple(
        compile_policy(build(Document(source, (), decode(source)), kind)) for source in sources
    )


def requests(workload: dict[str, Any]) -> list[tuple[Request, str]]:
    """Return each request with the outcome it must have."""
    return [
        (
            Request(
                parse_principal(request["principal"]),
                request["action"],
                Arn(*request["resource"]["arn"].split(":", 5)[1:]),
                _context(request),
            ),
            OUTCOMES[request["expected"]],
        )
        for request in workload["requests"]
    ]


def _context(request: dict[str, Any]) -> RequestContext:
    return RequestContext({key: (value,) for key, value in request["context"].items()})
