"""From a test to the calls of STS that it makes, one or a chain of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import UnsetType

from simulator.decision.verdict import Layer
from simulator.diagnostic import DocumentError
from simulator.evaluation.policies import NO_LIMIT
from simulator.federation.assertion import assertion_of
from simulator.federation.claims import claims_identity
from simulator.federation.model import SamlAssertion
from simulator.policy import kinds
from simulator.request.caller import Caller
from simulator.sts import errors
from simulator.sts.asking import (
    Ask,
    Asker,
    asker_by,
    make_call,
    target,
    vouched_for,
)
from simulator.sts.call import NewPolicies
from simulator.sts.operations import OF_ROLES, Operation
from simulator.sts.parameters import Parameters, refusal
from simulator.testing import codes
from simulator.testing.callers import who
from simulator.testing.contexts import check_paths, said
from simulator.testing.expect import expects_missing_role
from simulator.testing.schema import CaseShape, ContextShape, HopShape, ParametersShape, given
from simulator.testing.world import near

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.inventory.model import Inventory
    from simulator.matcher.statement import CompiledPolicy
    from simulator.sts.call import Call, Identity
    from simulator.sts.chain import Hop
    from simulator.sts.session import Session
    from simulator.syntax import Path
    from simulator.testing.world import World

_UNSIGNED = {
    "web_identity": Operation.ASSUME_ROLE_WITH_WEB_IDENTITY,
    "saml": Operation.ASSUME_ROLE_WITH_SAML,
}


class _Step(NamedTuple):
    """What one call of a test says, and where; `first` is who makes it, where nobody did before."""

    case: CaseShape
    shape: CaseShape | HopShape
    path: Path
    first: Asker | None


def read_calls(world: World, case: CaseShape, path: Path) -> tuple[Hop, ...]:
    """Return the calls of a test at a path of the file, each made when its caller is known.

    Raises:
        DocumentError: it speaks of what the file does not define.
    """
    if isinstance(case.chain, UnsetType):
        return (_hop(world, _Step(case, case, path, _first(world, case, case, path))),)
    if not case.chain:
        world.refuse((*path, "chain"), "there is no hop in this chain")
    _check_chain(world, case, path)
    first = _first(world, case, case.chain[0], path)
    return tuple(_hop(world, step) for step in _steps(case, case.chain, path, first))


def _steps(
    case: CaseShape, chain: list[HopShape], path: Path, first: Asker | None
) -> Iterator[_Step]:
    for number, hop in enumerate(chain):
        yield _Step(case, hop, (*path, "chain", number), None if number else first)


def _check_chain(world: World, case: CaseShape, path: Path) -> None:
    for key in ("assume_role", "call", "with_", "web_identity", "saml"):
        if not isinstance(getattr(case, key), UnsetType):
            name = key.rstrip("_")
            world.refuse((*path, name), f"`{name}` belongs into the hops of the `chain`")
    for number, hop in enumerate(given(case.chain) or ()):
        for key in _UNSIGNED if number else ():
            if not isinstance(getattr(hop, key), UnsetType):
                message = f"`{key}` begins a chain: later hops are made by the session before"
                world.refuse((*path, "chain", number, key), message)


def _first(world: World, case: CaseShape, shape: CaseShape | HopShape, path: Path) -> Asker | None:
    """Return who makes the first call; nobody of an account, where a provider vouches for him."""
    unsigned = any(not isinstance(getattr(shape, key), UnsetType) for key in _UNSIGNED)
    if unsigned and not isinstance(case.caller, UnsetType):
        message = "a token or an assertion says who calls: leave out `caller`"
        world.refuse((*path, "caller"), message)
    if unsigned:
        return None
    if isinstance(case.caller, UnsetType):
        world.refuse(path, "the key `caller` is missing: say who calls")
    return who(world, case.caller, (*path, "caller"))


def _hop(world: World, step: _Step) -> Hop:
    ask, missing = _ask(world, step)

    def made(session: Session | None) -> Call:
        inventory = _inventory(world, ask, session, step.first)
        asker = _asker(inventory, session, step.first, ask)
        entry = target(inventory, ask.parameters)
        if entry is None and ask.operation in OF_ROLES and not missing:
            _refuse_missing(world, inventory, ask.parameters, step.path)
        layers = {**asker.layers, Layer.ENDPOINT: _endpoint(world, step)}
        call = make_call(
            inventory,
            asker._replace(layers=layers),
            ask,
            closed_world=world.is_closed(asker.account, entry and entry.arn.account),
            share=world.policies,
        )
        owner = entry.arn.account if entry else None
        check_paths(world, call.policies, call.context, (asker.account, owner), step.path)
        return call

    return made


def _endpoint(world: World, step: _Step) -> tuple[tuple[CompiledPolicy, ...], ...]:
    if not step.case.endpoint_policies:
        return NO_LIMIT
    path = (*step.path[:2], "endpoint_policies")  # all hops of a chain take the same way
    return (world.level(path, len(step.case.endpoint_policies), kinds.ENDPOINT),)  # EVAL-60


def _inventory(world: World, ask: Ask, session: Session | None, first: Asker | None) -> Inventory:
    """Return what exists in the partition of the role, or else of the caller."""
    if ask.operation in OF_ROLES:
        return world.inventory_for(ask.parameters.role_arn)
    caller = session.caller if session is not None else first and first.caller
    return world.inventory_for(str(caller.principal.arn) if isinstance(caller, Caller) else "")


def _asker(inventory: Inventory, session: Session | None, first: Asker | None, ask: Ask) -> Asker:
    if session is not None:
        return asker_by(inventory, session)
    if ask.identity is not None:
        return vouched_for(ask.identity, ask.parameters.role_arn)
    assert first is not None  # noqa: S101 - whoever comes without a token is said
    return first


def _ask(world: World, step: _Step) -> tuple[Ask, bool]:
    """Return what a call asks, and whether the role may be missing."""
    shape, path = step.shape, step.path
    operation, key = _operation(world, shape, path)
    said_ = given(shape.with_) or ParametersShape()
    role_arn = given(shape.assume_role) or ""
    parameters = _parameters(world, role_arn, said_, (*path, "with"))
    identity = _identity(world, shape, path, key)
    context = said(world, step.case.context, ("tests", step.path[1], "context"))
    if isinstance(shape, HopShape):
        context = {**context, **said(world, shape.context, (*path, "context"))}
    if isinstance(identity, SamlAssertion):
        # STS-64: nobody passes the name of such a session, so a test that gives one speaks of
        # the attribute of the assertion
        name = parameters.role_session_name or identity.role_session_name
        parameters = parameters._replace(role_session_name=None)
        identity = identity._replace(role_session_name=name)
    ask = Ask(operation, parameters, context, identity, _new_policies(world, said_, path))
    may_miss = expects_missing_role(step.case.expect)
    return ask, may_miss or refusal(parameters, operation) is not None  # a bad ARN is told by STS


def _operation(
    world: World, shape: CaseShape | HopShape, path: Path
) -> tuple[Operation, str | None]:
    """Return the operation that is called, and the key that says who comes from outside."""
    by_role = not isinstance(shape.assume_role, UnsetType)
    if by_role is not isinstance(shape.call, UnsetType):
        world.refuse(path, "a call asks one thing: give `assume_role`, or `call` an operation")
    keys = [key for key in _UNSIGNED if not isinstance(getattr(shape, key), UnsetType)]
    if len(keys) > 1 or (keys and not by_role):
        world.refuse((*path, keys[-1]), "give one of `web_identity` and `saml`, with `assume_role`")
    if by_role:
        return (_UNSIGNED[keys[0]], keys[0]) if keys else (Operation.ASSUME_ROLE, None)
    name, others = given(shape.call) or "", [o.value for o in Operation if o not in OF_ROLES]
    if name not in others:
        message = f"there is no operation `{name}` to call here{near(name, others)}"
        world.refuse((*path, "call"), message, f"expected one of {', '.join(others)}")
    return Operation(name), None


def _identity(
    world: World, shape: CaseShape | HopShape, path: Path, key: str | None
) -> Identity | None:
    """Return what a token or an assertion says."""
    token, assertion = given(shape.web_identity), given(shape.saml)
    try:
        if token is not None:
            return claims_identity(token.provider, token.claims)
        if assertion is not None:
            return assertion_of(assertion.provider, assertion.attributes)
    except ValueError as error:  # a claim, an attribute or a provider
        world.refuse((*path, key or ""), str(error))
    return None


def _parameters(world: World, role_arn: str, said_: ParametersShape, path: Path) -> Parameters:
    has_policy = not isinstance(said_.policy, UnsetType)
    return Parameters(
        role_arn,
        given(said_.role_session_name),
        given(said_.duration_seconds),
        given(said_.external_id),
        given(said_.serial_number),
        given(said_.token_code),
        given(said_.source_identity),
        tuple(said_.tags.items()),
        tuple(said_.transitive_tag_keys),
        world.policy_text((*path, "policy")) if has_policy else None,
        tuple(said_.policy_arns),
        _contexts(given(said_.provided_contexts)),
        given(said_.name),
        given(said_.target_principal),
        given(said_.task_policy_arn),
        given(said_.encoded_message),
        given(said_.access_key_id),
    )


def _contexts(said_: list[ContextShape] | None) -> tuple[tuple[str, str], ...] | None:
    if said_ is None:
        return None
    return tuple((each.provider_arn, each.context_assertion) for each in said_)


def _new_policies(world: World, said_: ParametersShape, path: Path) -> NewPolicies:
    """Return the policies for the new session."""
    if isinstance(said_.policy, UnsetType):
        return NewPolicies()
    try:
        return NewPolicies((world.policy((*path, "with", "policy"), kinds.SESSION),))
    except DocumentError as error:
        if any(each.code == codes.UNREADABLE for each in error.diagnostics):
            raise
        return NewPolicies((), errors.MALFORMED, error.diagnostics[0].message)


def _refuse_missing(world: World, inventory: Inventory, parameters: Parameters, path: Path) -> None:
    known = [str(entry.arn) for entry in inventory.all_roles()]
    message = f"this file defines no role `{parameters.role_arn}`"
    help_ = "a role that is not there can be asked for where `expect` is `denied`"
    at = (*path, "assume_role")
    world.refuse(at, message + near(parameters.role_arn, known), help_)
