"""The common workload: one caller, one role, eight policies, ten requests with known answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.decision.verdict import Layer
from simulator.evaluation.policies import Policies
from simulator.matcher.statement import compile_policy
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.model import Document
from simulator.request.context import RequestContext
from simulator.request.principal import parse_principal
from simulator.request.request import Request
from simulator.source import Source
from simulator.syntax import decode

if TYPE_CHECKING:
    from simulator.evaluation.plan import Level

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
        {
            Layer.TRUST: (_level([workload["resource_policy"]], kinds.TRUST),),
            Layer.IDENTITY: (_level(workload["identity_policies"], kinds.IDENTITY),),
            Layer.BOUNDARY: (_level([workload["boundary"]], kinds.BOUNDARY),),
            Layer.SCP: tuple(_level(level["policies"], kinds.SCP) for level in workload["scps"]),
        }
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
                request["resource"]["arn"],
                RequestContext(request["context"]),
                request["resource"]["account"],
            ),
            OUTCOMES[request["expected"]],
        )
        for request in workload["requests"]
    ]
