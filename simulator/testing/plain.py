"""Policies, callers and requests of plain JSON values, as tests written in Python have them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from simulator.arn import parse_arn
from simulator.decision.verdict import Layer
from simulator.evaluation.policies import Policies
from simulator.matcher.statement import compile_policy
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.model import Document
from simulator.request.caller import Caller, Credentials, implied_credentials
from simulator.request.context import Several
from simulator.request.principal import (
    Anonymous,
    FederatedUser,
    RoleSession,
    ServicePrincipal,
    User,
    parse_principal,
)
from simulator.simulate import Question
from simulator.source import Source
from simulator.syntax import decode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulator.matcher.statement import CompiledPolicy
    from simulator.policy.kinds import PolicyKind
    from simulator.request.context import Value
    from simulator.testing.pools import Json

KINDS: Final[Mapping[Layer, PolicyKind]] = {
    Layer.RCP: kinds.RCP,
    Layer.SCP: kinds.SCP,
    Layer.ENDPOINT: kinds.ENDPOINT,
    Layer.TRUST: kinds.TRUST,
    Layer.RESOURCE: kinds.RESOURCE,
    Layer.IDENTITY: kinds.IDENTITY,
    Layer.BOUNDARY: kinds.BOUNDARY,
    Layer.SESSION: kinds.SESSION,
}


def as_policies(documents: Mapping[Layer, Sequence[Json]]) -> Policies:
    """Return the policies that apply to a request, by layer; each SCP and RCP is its own level.

    Raises:
        DocumentError: AWS would refuse to store one of them.
    """
    return Policies({layer: _levels(layer, found) for layer, found in documents.items()})


def _levels(layer: Layer, documents: Sequence[Json]) -> tuple[tuple[CompiledPolicy, ...], ...]:
    level = tuple(as_policy(document, KINDS[layer], f"{layer}.json") for document in documents)
    if layer in (Layer.SCP, Layer.RCP):
        return tuple((each,) for each in level)
    return (level,) if level else ()  # without documents there is no such layer


def as_policy(document: object, kind: PolicyKind, name: str = "policy.json") -> CompiledPolicy:
    """Return a policy, ready to be decided with.

    Raises:
        DocumentError: AWS would refuse to store it.
    """
    source = Source(name, json.dumps(document))
    return compile_policy(build(Document(source, (), decode(source)), kind))


def as_question(
    caller: Json, asked: Json, context: Json, policies: Policies | None = None
) -> Question:
    """Return the question that a caller and a request make."""
    return Question(
        as_caller(caller),
        asked["action"],
        asked.get("resource", "*"),
        Policies({}) if policies is None else policies,
        {key: as_value(value) for key, value in context.items()},
        asked.get("resource_account"),
        canonical_user=caller.get("canonical_user"),
        closed_world=True,
    )


def as_caller(caller: Json) -> Caller | ServicePrincipal | Anonymous:
    """Return who calls."""
    if "service" in caller:
        return ServicePrincipal(caller["service"])
    if caller.get("anonymous"):
        return Anonymous()
    who = parse_principal(caller["arn"])
    if isinstance(who, FederatedUser):
        who = who._replace(user=parse_arn(caller.get("user_arn", "")))
    if isinstance(who, RoleSession):
        who = who._replace(role=parse_arn(caller.get("role_arn", "")))
    if isinstance(who, (User, RoleSession)):
        who = who._replace(unique_id=caller.get("unique_id"))
    credentials = caller.get("credentials")
    return Caller(
        who,
        Credentials(credentials) if credentials else implied_credentials(who),
        caller.get("mfa_age_seconds"),
        caller.get("tags", {}),
        frozenset(caller.get("transitive_tag_keys", ())),
        caller.get("source_identity"),
    )


def as_value(value: object) -> Value:
    """Return what a key of a request holds."""
    if value is None:
        return None
    return Several(value) if isinstance(value, list) else str(value)
