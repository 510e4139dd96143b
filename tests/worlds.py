"""From a world of `fixtures/conformance/README.md` to a call that the engine decides."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from simulator.arn import Arn, parse_arn
from simulator.decision.verdict import Layer
from simulator.evaluation.policies import Policies
from simulator.evaluation.relation import grantor
from simulator.matcher.statement import CompiledPolicy, compile_policy
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.model import Document
from simulator.request.caller import Caller
from simulator.simulate import Question
from simulator.source import Source
from simulator.sts.answer import Answer, answer_to
from simulator.sts.call import Call, Role
from simulator.sts.parameters import Parameters
from simulator.sts.refusals import Rule
from simulator.syntax import decode
from simulator.testing.plain import as_caller, as_value

if TYPE_CHECKING:
    from simulator.evaluation.evaluate import Evaluation
    from simulator.evaluation.plan import Level
    from simulator.evaluation.policies import Levels

World = dict[str, Any]


def compiled(document: object, kind: kinds.PolicyKind, name: str = "policy.json") -> CompiledPolicy:
    """Return a policy of plain JSON values, ready for matching."""
    return _compiled(json.dumps(document), kind, name)


@cache
def _compiled(text: str, kind: kinds.PolicyKind, name: str) -> CompiledPolicy:
    source = Source(name, text)
    return compile_policy(build(Document(source, (), decode(source)), kind))


def _level(documents: list[Any] | None, kind: kinds.PolicyKind) -> Level:
    return tuple(compiled(document, kind) for document in documents or [])


def arn(text: str) -> Arn:
    """Return an ARN that is known to be one."""
    found = parse_arn(text)
    assert found is not None, text
    return found


def policies(world: World) -> Policies:
    """Return the policies of a world by layer."""
    return _policies(world, {Layer.TRUST: (_level([world["trust"]], kinds.TRUST),)})


def _policies(world: World, grants: dict[Layer, Levels | None]) -> Policies:
    identity, boundary = world.get("identity", []), world.get("boundary")
    return Policies(
        grants
        | {
            Layer.ENDPOINT: _levels(world.get("endpoint_policies"), kinds.ENDPOINT),
            Layer.IDENTITY: None if identity is None else (_level(identity, kinds.IDENTITY),),
            Layer.BOUNDARY: (_level([boundary], kinds.BOUNDARY),) if boundary else (),
            Layer.SESSION: _levels(world.get("session_policies"), kinds.SESSION),
            Layer.SCP: tuple(_level(level, kinds.SCP) for level in world.get("scps") or []),
            Layer.RCP: tuple(_level(level, kinds.RCP) for level in world.get("rcps") or []),
        }
    )


def _levels(documents: list[Any] | None, kind: kinds.PolicyKind) -> tuple[Level, ...]:
    return (_level(documents, kind),) if documents else ()


def call(world: World, parameters: World | None = None, context: World | None = None) -> Call:
    """Return the call of a world, its parameters and its further context."""
    role = world["role"]
    caller = as_caller(world["caller"])
    assert isinstance(caller, Caller)
    return Call(
        caller=caller,
        parameters=_parameters(role["arn"], parameters or {}),
        role=_role(role) if role.get("exists", True) else None,
        policies=policies(world),
        context={key: as_value(value) for key, value in (context or {}).items()},
        closed_world=True,
    )


def question(world: World, asked: World, context: World | None = None) -> Question:
    """Return the question that a world and a request of any kind make."""
    caller = world["caller"]
    action, resource = asked["action"], asked.get("resource", "*")
    layer = grantor(resource)
    kind = kinds.TRUST if layer is Layer.TRUST else kinds.RESOURCE
    given = world.get("resource_policy", {})
    grants = None if given is None else (_level([given] if given else [], kind),)
    return Question(
        as_caller(caller),
        action,
        resource,
        _policies(world, {layer: grants}),
        {key: as_value(value) for key, value in (context or {}).items()},
        asked.get("resource_account"),
        world.get("resource_tags", {}),
        caller.get("canonical_user"),
        world.get("management_account"),
        closed_world=True,
    )


def _role(role: World) -> Role:
    maximum = role.get("max_session_duration", 3600)
    return Role(arn(role["arn"]), role.get("unique_id"), role.get("tags", {}), maximum)


def _parameters(role_arn: str, given: World) -> Parameters:
    tags = tuple(given.get("tags", {}).items())
    keys = tuple(given.get("transitive_tag_keys", ()))
    plain = {k: v for k, v in given.items() if k not in {"tags", "transitive_tag_keys"}}
    return Parameters(role_arn, **plain, tags=tags, transitive_tag_keys=keys)


def speaks_of(statement: World, action: str) -> bool:
    """Whether a statement speaks of an action, as a statement of an identity policy would."""
    plain = {key: value for key, value in statement.items() if key in ("Action", "NotAction")}
    only = {"Statement": {"Effect": "Allow", "Resource": "*", **plain}}
    (found,) = compiled(only, kinds.IDENTITY).statements
    return found.speaks_of(action.lower())


def answer(world: World, parameters: World | None = None, context: World | None = None) -> Answer:
    """Return what the engine says about a world."""
    return answer_to(call(world, parameters, context))


def layers(answer: Answer) -> set[str]:
    """Return the layers that said no, in the words of the conformance cases."""
    if answer.decisive is None or (answer.refusals and answer.outcome == "error"):
        return {"sts"} if answer.outcome != "allowed" else set()
    decision = answer.decisive.decision
    if decision.outcome == "undecided" or answer.outcome == "undecided":
        return {"fact"}
    if answer.refusals and decision.outcome == "allowed":
        return {"sts"}
    return {str(layer) for layer in decision.denying or decision.missing}


def evaluation_layers(evaluation: Evaluation) -> set[str]:
    """Return the layers that said no to a request, in the words of the conformance cases."""
    decision = evaluation.decision
    if decision.outcome == "undecided":
        return {"fact"}
    return {str(layer) for layer in decision.denying or decision.missing}


def action(answer: Answer) -> str:
    """Return the action that was refused."""
    if answer.decisive is None:
        return "sts:AssumeRole"
    allowed = answer.decisive.decision.outcome == "allowed"
    if allowed and any(r.rule is Rule.SOURCE_IDENTITY_SET for r in answer.refusals):
        return "sts:SetSourceIdentity"
    return answer.decisive.request.action
