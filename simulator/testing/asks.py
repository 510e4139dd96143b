"""From a test to what is asked: calls of STS, or a request of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import UnsetType

from simulator.arn import ACCOUNT_ID, is_role, parse_arn
from simulator.decision.verdict import Layer
from simulator.evaluation.policies import NO_GRANT, NO_LIMIT
from simulator.evaluation.relation import grantor
from simulator.policy import kinds
from simulator.request.caller import Caller
from simulator.request.request import NO_RESOURCE, owner_of
from simulator.simulate import Question
from simulator.sts.asking import limits, organization_keys
from simulator.testing.callers import who
from simulator.testing.calls import read_calls
from simulator.testing.contexts import check_paths, said
from simulator.testing.names import check_action
from simulator.testing.schema import CaseShape, given

if TYPE_CHECKING:
    from simulator.evaluation.policies import Levels
    from simulator.inventory.model import Inventory, RoleEntry
    from simulator.sts.asking import Asker, Layers
    from simulator.sts.chain import Hop
    from simulator.syntax import Path
    from simulator.testing.world import World

#: What a test asks: calls of STS, each by the session of the one before, or a request.
Tested: TypeAlias = "tuple[Hop, ...] | Question"

_CALLS = ("assume_role", "call", "chain")
_ONLY_CALL = ("with_", "web_identity", "saml", "session")
_ONLY_ACTION = ("resource", "resource_account", "resource_policy")
_MAKE_NO_CALL = "a test asks one thing: give `assume_role`, or `action` and `resource`"


def read_case(world: World, case: CaseShape, path: Path) -> Tested:
    """Return what a test at a path of the file asks.

    Raises:
        DocumentError: it asks nothing, or speaks of what the file does not define.
    """
    calls = _written(case, _CALLS)
    if len(calls) + len(_written(case, ("action",))) != 1:
        world.refuse(path, _MAKE_NO_CALL)
    for key in _written(case, _ONLY_ACTION if calls else _ONLY_CALL):
        world.refuse((*path, key.rstrip("_")), _misplaced(key))
    if calls:
        return read_calls(world, case, path)
    if isinstance(case.caller, UnsetType):
        world.refuse(path, "the key `caller` is missing: say who calls")
    return _asking(world, case, who(world, case.caller, (*path, "caller")), path)


def _written(case: CaseShape, keys: tuple[str, ...]) -> list[str]:
    return [key for key in keys if not isinstance(getattr(case, key), UnsetType)]


def _misplaced(key: str) -> str:
    if key in _ONLY_ACTION:
        return f"`{key}` goes with `action`: a role has its trust policy"
    return f"`{key.rstrip('_')}` goes with `assume_role`, `call` or `chain`"


def _asking(world: World, case: CaseShape, caller: Asker, path: Path) -> Question:
    resource, stated = given(case.resource) or NO_RESOURCE, given(case.resource_account)
    if stated is not None and not ACCOUNT_ID.fullmatch(stated):
        message = f"`{stated}` is not an account id: expected 12 digits"
        world.refuse((*path, "resource_account"), message)
    action = given(case.action) or ""
    check_action(world, action, (*path, "action"))
    _check_resource(world, resource, (*path, "resource"))
    principal = caller.caller.principal if isinstance(caller.caller, Caller) else caller.caller
    owner = owner_of(resource, principal, stated)
    arn, inventory = parse_arn(resource), world.inventory_for(resource)
    entry = inventory.role(arn) if arn is not None and is_role(arn) else None
    layer = grantor(resource)
    granting = {layer: _resource_policy(world, case, layer, entry, path)}
    organization = world.organization
    derived = dict(organization_keys(inventory, caller.account, owner))
    question = Question(
        caller.caller,
        action,
        resource,
        world.policies({**granting, **_around(world, case, inventory, caller, owner, path)}),
        {**derived, **said(world, case.context, (*path, "context"))},
        stated,
        entry.tags if entry else None,
        management_account=organization and organization.management_account,
        closed_world=world.is_closed(caller.account, owner),
    )
    accounts = (caller.account, owner)
    check_paths(world, question.policies, question.context, accounts, path)
    return question


def _check_resource(world: World, resource: str, path: Path) -> None:
    if resource != NO_RESOURCE and parse_arn(resource) is None:
        world.refuse(path, f"`{resource[:80]}` is not an ARN: expected one, or `*` for no resource")


def _resource_policy(
    world: World, case: CaseShape, layer: Layer, entry: RoleEntry | None, path: Path
) -> Levels:
    if not isinstance(case.resource_policy, UnsetType):
        kind = kinds.TRUST if layer is Layer.TRUST else kinds.RESOURCE
        return ((world.policy((*path, "resource_policy"), kind),),)
    if entry is not None and entry.trust is not None:
        return ((entry.trust.read(kinds.TRUST),),)
    return NO_GRANT


def _around(  # noqa: PLR0913, PLR0917 - all that limits
    world: World,
    case: CaseShape,
    inventory: Inventory,
    caller: Asker,
    owner: str | None,
    path: Path,
) -> Layers:
    """Return the policies of the caller, of the way and of the organization."""
    at = (*path, "endpoint_policies")
    endpoint = world.level(at, len(case.endpoint_policies), kinds.ENDPOINT)
    return {
        **caller.layers,
        Layer.ENDPOINT: (endpoint,) if endpoint else NO_LIMIT,  # EVAL-60
        **limits(inventory, caller.account, owner),
    }
