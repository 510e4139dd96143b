"""From a test to what is asked: an AssumeRole call, or a request of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import UnsetType

from simulator.arn import ACCOUNT_ID, is_role, parse_arn
from simulator.catalog.keys import is_multivalued
from simulator.decision.verdict import Layer
from simulator.evaluation.policies import NO_GRANT, NO_LIMIT
from simulator.evaluation.relation import grantor
from simulator.policy import kinds
from simulator.request.caller import Caller
from simulator.request.context import Several
from simulator.request.given import oddities
from simulator.request.request import NO_RESOURCE, owner_of
from simulator.simulate import Question
from simulator.sts.call import Call
from simulator.sts.parameters import Parameters, refusal
from simulator.testing import codes
from simulator.testing.callers import Who, who
from simulator.testing.expect import expects_missing_role
from simulator.testing.names import check_action
from simulator.testing.schema import CaseShape, ParametersShape, given
from simulator.testing.world import near

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.evaluation.policies import Levels, Policies
    from simulator.request.context import Value
    from simulator.syntax import Path
    from simulator.testing.world import Target, World

#: What a test asks, with the devices whose codes the caller of a call can pass, if they are known.
Tested: TypeAlias = "tuple[Call, frozenset[str] | None] | Question"

_LATER = {
    "chain": "chains of roles are not run yet",
    "web_identity": "AssumeRoleWithWebIdentity is not decided yet",
    "saml": "AssumeRoleWithSAML is not decided yet",
}
_ONLY_ACTION = ("resource", "resource_account", "resource_policy")
_MAKE_NO_CALL = "a test asks one thing: give `assume_role`, or `action` and `resource`"


def read_case(world: World, case: CaseShape, path: Path) -> Tested:
    """Return what a test at a path of the file asks.

    Raises:
        DocumentError: it asks nothing, or speaks of what the file does not define.
    """
    for key, message in _LATER.items():
        if not isinstance(getattr(case, key), UnsetType):
            world.refuse((*path, key), message, code=codes.NOT_YET)
    if isinstance(case.assume_role, UnsetType) is isinstance(case.action, UnsetType):
        world.refuse(path, _MAKE_NO_CALL)
    if isinstance(case.caller, UnsetType):
        world.refuse(path, "the key `caller` is missing: say who calls")
    caller = who(world, case.caller, (*path, "caller"))
    if isinstance(case.action, UnsetType):
        return _assuming(world, case, caller, path)
    if not isinstance(case.with_, UnsetType):
        world.refuse((*path, "with"), "`with` holds parameters of `assume_role`, and of no other")
    return _asking(world, case, caller, path)


def _assuming(world: World, case: CaseShape, caller: Who, path: Path) -> Tested:
    for key in _ONLY_ACTION:
        if not isinstance(getattr(case, key), UnsetType):
            world.refuse((*path, key), f"`{key}` goes with `action`: a role has its trust policy")
    parameters = _parameters(given(case.assume_role) or "", given(case.with_))
    target = _target(world, case, parameters, (*path, "assume_role"))
    if not isinstance(caller.caller, Caller):
        return _by_service(world, case, caller, path, parameters=parameters, target=target)
    trust = world.trust(target, (*path, "assume_role")) if target else NO_GRANT
    owner = target.role.arn.account if target else None
    layers = {Layer.TRUST: trust, **_around(world, case, caller, owner, path)}
    arn = parse_arn(parameters.role_arn)
    call = Call(
        caller.caller,
        parameters,
        target.role if target else None,
        world.policies(layers),
        _context(world, case, caller, owner, path),
        closed_world=True,
        known_roles=world.roles(arn) if arn and not target else (),
    )
    _check_paths(world, call.policies, call.context, (caller.account, owner), path)
    return call, caller.mfa_devices


def _target(world: World, case: CaseShape, parameters: Parameters, path: Path) -> Target | None:
    """Return the role to be assumed; nothing where the test expects that there is none."""
    arn = parse_arn(parameters.role_arn)
    found = world.role(arn) if arn is not None else None
    may_miss = expects_missing_role(case.expect) or refusal(parameters) is not None
    if found is None and not may_miss:  # a bad ARN is told by STS
        known = [str(role.arn) for role in world.roles(arn)] if arn is not None else []
        message = f"this file defines no role `{parameters.role_arn}`"
        help_ = "a role that is not there can be asked for where `expect` is `denied`"
        world.refuse(path, message + near(parameters.role_arn, known), help_)
    return found


def _by_service(  # noqa: PLR0913 - all that makes the request
    world: World,
    case: CaseShape,
    caller: Who,
    path: Path,
    *,
    parameters: Parameters,
    target: Target | None,
) -> Question:
    """Return the request of a service, or of nobody, to assume a role: its trust policy decides."""
    if target is None:
        message = "services assume only roles that this file defines"
        world.refuse((*path, "assume_role"), message)
    if parameters.tags or parameters.source_identity:
        message = "tags and a source identity that a service passes are not decided yet"
        world.refuse((*path, "with"), message)
    passed = {
        "sts:externalid": parameters.external_id,  # CTX-18
        "sts:rolesessionname": parameters.role_session_name,  # CTX-19
    }
    owner = target.role.arn.account
    trust = {Layer.TRUST: world.trust(target, (*path, "assume_role"))}
    return Question(
        caller.caller,
        "sts:AssumeRole",
        str(target.role.arn),
        world.policies({**trust, **_around(world, case, caller, owner, path)}),
        {**passed, **_context(world, case, caller, owner, path)},
        resource_tags=target.role.tags,
        closed_world=True,
    )


def _asking(world: World, case: CaseShape, caller: Who, path: Path) -> Question:
    resource, said = given(case.resource) or NO_RESOURCE, given(case.resource_account)
    if said is not None and not ACCOUNT_ID.fullmatch(said):
        message = f"`{said}` is not an account id: expected 12 digits"
        world.refuse((*path, "resource_account"), message)
    action = given(case.action) or ""
    check_action(world, action, (*path, "action"))
    _check_resource(world, resource, (*path, "resource"))
    principal = caller.caller.principal if isinstance(caller.caller, Caller) else caller.caller
    owner = owner_of(resource, principal, said)
    arn = parse_arn(resource)
    target = world.role(arn) if arn is not None and is_role(arn) else None
    layer = grantor(resource)
    granting = {layer: _resource_policy(world, case, layer, target, path)}
    question = Question(
        caller.caller,
        action,
        resource,
        world.policies({**granting, **_around(world, case, caller, owner, path)}),
        _context(world, case, caller, owner, path),
        said,
        target.role.tags if target else None,
        management_account=world.organization and world.organization.management_account,
        closed_world=True,
    )
    accounts = (caller.account, owner)
    _check_paths(world, question.policies, question.context, accounts, path)
    return question


def _check_resource(world: World, resource: str, path: Path) -> None:
    if resource != NO_RESOURCE and parse_arn(resource) is None:
        world.refuse(path, f"`{resource[:80]}` is not an ARN: expected one, or `*` for no resource")


def _resource_policy(
    world: World, case: CaseShape, layer: Layer, target: Target | None, path: Path
) -> Levels:
    if not isinstance(case.resource_policy, UnsetType):
        kind = kinds.TRUST if layer is Layer.TRUST else kinds.RESOURCE
        return ((world.policy((*path, "resource_policy"), kind),),)
    if target is not None and not isinstance(target.shape.trust_policy, UnsetType):
        return world.trust(target, path)
    return NO_GRANT


def _around(
    world: World, case: CaseShape, caller: Who, owner: str | None, path: Path
) -> Mapping[Layer, Levels]:
    """Return the policies of the caller, of the way and of the organization."""
    at, organization = (*path, "endpoint_policies"), world.organization
    endpoint = world.level(at, len(case.endpoint_policies), kinds.ENDPOINT)
    return {
        **caller.layers,
        Layer.ENDPOINT: (endpoint,) if endpoint else NO_LIMIT,  # EVAL-60
        Layer.SCP: organization.scp_levels(caller.account) if organization else NO_LIMIT,
        Layer.RCP: organization.rcp_levels(owner) if organization else NO_LIMIT,
    }


def _parameters(role_arn: str, said: ParametersShape | None) -> Parameters:
    said = said or ParametersShape()
    return Parameters(
        role_arn,
        given(said.role_session_name),
        given(said.duration_seconds),
        given(said.external_id),
        given(said.serial_number),
        given(said.token_code),
        given(said.source_identity),
        tuple(said.tags.items()),
        tuple(said.transitive_tag_keys),
    )


def _context(
    world: World, case: CaseShape, caller: Who, owner: str | None, path: Path
) -> Mapping[str, Value]:
    """Return what the organization tells, and over it what the test says, in lower case."""
    organization = world.organization
    derived: dict[str, Value] = {}
    if organization is not None:
        derived |= organization.principal_keys(caller.account)
        derived |= organization.resource_keys(owner)
    return {
        **{key.lower(): value for key, value in derived.items()},
        **dict(_said(world, case, (*path, "context"))),
    }


def _said(world: World, case: CaseShape, path: Path) -> Iterator[tuple[str, Value]]:
    seen = set()
    for written, value in case.context.items():
        key = written.lower()  # CND-3
        if ":" not in key:
            world.refuse((*path, written), f"`{written}` is no condition key: expected `aws:…`")
        if key in seen:
            world.refuse((*path, written), f"`{key}` is given twice, in different letter case")
        seen.add(key)
        several = isinstance(value, list) or (value is not None and is_multivalued(key))
        values = value if isinstance(value, list) else [value or ""]
        found = Several(values) if several else value if isinstance(value, str) else None
        for oddity in oddities({written: found}):
            world.refuse((*path, written), oddity.message)
        yield key, found


def _check_paths(
    world: World,
    policies: Policies,
    context: Mapping[str, Value],
    accounts: tuple[str | None, str | None],
    path: Path,
) -> None:
    """Refuse a test whose policies ask for an organization path that nobody can know."""  # CTX-3
    organization = world.organization
    for key, account in zip(("principal", "resource"), accounts, strict=True):
        name = f"aws:{key}orgpaths"
        if organization is None or not organization.has(account) or name in context:
            continue
        if name in _asked_keys(policies):
            world.refuse(
                path,
                f"a policy asks for `aws:{key.title()}OrgPaths`, and the ids of the units are not"
                " known",
                "give them as `id` of the root and of the units, or the key in `context`",
            )


def _asked_keys(policies: Policies) -> Iterator[str]:
    for layer in Layer:
        for compiled in policies.documents(layer):
            for statement in compiled.policy.statements:
                yield from (test.key.lower() for test in statement.conditions)
