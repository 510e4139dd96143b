"""From what exists to a call: whose policies apply, which organization limits, who vouches."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.arn import is_role, parse_arn
from simulator.decision.verdict import Layer
from simulator.diagnostic import DocumentError
from simulator.evaluation.policies import NO_GRANT, NO_LIMIT, Policies
from simulator.federation.issuers import BUILT_IN
from simulator.federation.keys import principal_of
from simulator.federation.model import WebIdentity
from simulator.request.caller import Caller, Credentials
from simulator.request.principal import (
    AccountRoot,
    Federated,
    FederatedUser,
    RoleSession,
    User,
    principal_arn,
)
from simulator.sts.call import Call, NewPolicies, Provider, Role, target_account
from simulator.sts.context import of_caller
from simulator.sts.operations import OF_ROLES, Operation
from simulator.sts.parameters import Parameters
from simulator.sts.session import overlaid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from simulator.arn import Arn
    from simulator.evaluation.context import Who
    from simulator.evaluation.policies import Levels
    from simulator.inventory.model import Inventory, RoleEntry, UserEntry
    from simulator.request.context import Value
    from simulator.request.principal import Signed
    from simulator.sts.call import Identity
    from simulator.sts.session import Session

_OF_CALLER: Final = (Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION)
_ANY: Final = "session"  # a name as good as any other

Layers = dict[Layer, "Levels | None"]


class NobodyError(LookupError):
    """A caller whom the inventory would have, and has not; `known` are the names it has."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name, self.known = name, known


class Asker(NamedTuple):
    """Who calls, the caller's own policies by layer, and the MFA devices if they are known."""

    caller: Who
    layers: Mapping[Layer, Levels | None]
    mfa_devices: frozenset[str] | None = None

    @property
    def account(self) -> str | None:
        """The account of the caller, if he has one."""
        return self.caller.principal.arn.account if isinstance(self.caller, Caller) else None


class Ask(NamedTuple):
    """What is asked of STS; what a token or an assertion says, and what is passed for a session."""

    operation: Operation
    parameters: Parameters
    context: Mapping[str, Value]
    identity: Identity | None = None
    new_policies: NewPolicies = NewPolicies()


def carried(parameters: Parameters, identity: Identity) -> Parameters:
    """Return parameters with what a token or an assertion carries in their place."""  # STS-64
    name = None if isinstance(identity, WebIdentity) else identity.role_session_name
    return parameters._replace(
        role_session_name=parameters.role_session_name or name,
        tags=(*parameters.tags, *identity.tags),
        transitive_tag_keys=(*parameters.transitive_tag_keys, *identity.transitive_tag_keys),
        source_identity=parameters.source_identity or identity.source_identity,
    )


def passing(call: Call, changed: Mapping[str, object]) -> Call:
    """Return a call with other parameters; what a token or an assertion carries stays."""
    if call.passed is None or call.identity is None:
        return call._replace(parameters=Parameters(**{**call.parameters._asdict(), **changed}))
    passed = Parameters(**{**call.passed._asdict(), **changed})
    return call._replace(parameters=carried(passed, call.identity), passed=passed)


def vouched_for(identity: Identity, role_arn: str) -> Asker:
    """Return who calls with a token or an assertion: whoever the provider vouches for."""
    if not isinstance(identity, WebIdentity):
        return Asker(Federated(str(identity.provider)), {})
    arn = parse_arn(role_arn)
    of_role = (arn.account, arn.partition) if arn is not None else ("", "aws")
    return Asker(Federated(principal_of(identity, *of_role)), {})


def asker_of(
    inventory: Inventory, caller: Caller, session_tags: Mapping[str, str] | None = None
) -> Asker:
    """Return a caller with what the inventory knows of the user or role behind the credentials.

    The tags of the session are those that were passed when it was made, where they are known.

    Raises:
        NobodyError: there is no such user or role.
        DocumentError: one of the policies cannot be used.
    """
    principal = caller.principal
    if session_tags is not None:
        caller = caller._replace(tags=session_tags)
    match principal:
        case User():
            entry: UserEntry | RoleEntry | None = _user(inventory, principal.arn)
        case RoleSession():
            entry = _role_behind(inventory, principal)
        case FederatedUser(user=maker):
            entry = None if maker is None else _user(inventory, maker)
            return Asker(caller, _layers(inventory, principal, entry))
        case AccountRoot():
            return Asker(caller, {Layer.IDENTITY: NO_GRANT})
    layers = _layers(inventory, principal, entry)
    if entry is None:
        return Asker(caller, layers)
    caller = caller._replace(principal=_described(principal, entry))
    if caller.tags is None or session_tags is not None:
        is_told = session_tags is not None or isinstance(principal, User)
        tags = overlaid(entry.tags or {}, session_tags or {})
        caller = caller._replace(tags=tags, open_tags=entry.tags is None or not is_told)
    return Asker(caller, layers, getattr(entry, "mfa_devices", None))


def _described(principal: User | RoleSession, entry: UserEntry | RoleEntry) -> Signed:
    """Return a principal with its id and, of a session, its role."""  # CTX-1, CTX-5
    found = principal._replace(unique_id=entry.unique_id)
    return found._replace(role=entry.arn) if isinstance(found, RoleSession) else found


def _user(inventory: Inventory, arn: Arn) -> UserEntry | None:
    found = inventory.user(arn)
    if found is None and inventory.is_complete(arn.account):
        users = inventory.accounts[arn.account].users.values()
        raise NobodyError(str(arn), tuple(str(user.arn) for user in users))
    return found


def _role_behind(inventory: Inventory, principal: RoleSession) -> RoleEntry | None:
    account, name = principal.arn.account, principal.role_name
    found = inventory.role_named(account, name)
    if found is None and inventory.is_complete(account):
        raise NobodyError(name, tuple(inventory.accounts[account].roles))
    return found


def _layers(inventory: Inventory, principal: Signed, entry: UserEntry | RoleEntry | None) -> Layers:
    if entry is not None:
        return {
            Layer.IDENTITY: inventory.identity_levels(entry),
            Layer.BOUNDARY: inventory.boundary_levels(entry),
        }
    if _tells_of_others(inventory, principal):
        return {Layer.IDENTITY: None, Layer.BOUNDARY: None}
    return {Layer.IDENTITY: None}


def _tells_of_others(inventory: Inventory, principal: Signed) -> bool:
    """Whether an inventory tells the policies of others of the account, and not of a principal."""
    account = inventory.accounts.get(principal.arn.account)
    if account is None:
        return False
    others = account.roles if isinstance(principal, RoleSession) else account.users
    return any(entry.policies is not None for entry in others.values())


def asker_by(inventory: Inventory, session: Session) -> Asker:
    """Return who calls with a session that a call before has made."""
    found = asker_of(inventory, session.caller)
    level = session.policies
    levels = None if level is None else (level,) if level else NO_LIMIT
    return found._replace(layers={**found.layers, Layer.SESSION: levels})


def make_call(
    inventory: Inventory,
    asker: Asker,
    ask: Ask,
    *,
    closed_world: bool = False,
    share: Callable[[Mapping[Layer, Levels | None]], Policies] = Policies,
) -> Call:
    """Return the call that somebody makes; `share` makes policies of their layers.

    Raises:
        DocumentError: one of the policies cannot be used.
    """
    entry, identity = target(inventory, ask.parameters), ask.identity
    owner = _owner(asker, ask, entry)
    effective = ask.parameters if identity is None else carried(ask.parameters, identity)
    trust = NO_GRANT if entry is None else inventory.trust_levels(entry)
    organization, home = inventory.organization, inventory.accounts.get(asker.account or "")
    layers = {Layer.TRUST: trust, **limits(inventory, asker.account, owner), **asker.layers}
    return Call(
        asker.caller,
        effective,
        described(inventory, entry) if entry else None,
        share(layers),
        {**dict(organization_keys(inventory, asker.account, owner)), **ask.context},
        closed_world=closed_world,
        known_roles=tuple(_known_roles(inventory, entry)),
        operation=ask.operation,
        identity=ask.identity,
        provider=provider(inventory, ask),
        new_policies=_new_policies(ask),
        mfa_devices=asker.mfa_devices,
        management_account=organization and organization.management_account,
        members=frozenset(organization.chains)
        if organization and organization.lists_accounts
        else None,
        passed=ask.parameters,
        regions=home and home.regions,
        others=partial(_by_others, inventory, asker, ask, closed_world=closed_world),
        lacks=inventory.lacks,
    )


def _by_others(
    inventory: Inventory, asker: Asker, ask: Ask, *, closed_world: bool
) -> Iterator[Call]:
    """Yield the same call by each other user and role, as far as their policies can be used."""
    told = of_caller(key.lower() for key in ask.context)
    context = {key: value for key, value in ask.context.items() if key.lower() not in told}
    ask = ask._replace(context=context, identity=None)
    for caller in _callers(inventory, asker):
        try:
            other = asker_of(inventory, caller)
            if other.account == asker.account:  # what is over the account is over all in it
                over: Layers = {k: v for k, v in asker.layers.items() if k not in _OF_CALLER}
                other = other._replace(layers={**over, **other.layers})
            yield make_call(inventory, other, ask, closed_world=closed_world)
        except DocumentError:
            continue


def _callers(inventory: Inventory, asker: Asker) -> Iterator[Caller]:
    """Yield each user with access keys, and a session of each role, but for who asks.

    Of whom nobody knows the policies is not asked.
    """
    own = asker.caller.principal if isinstance(asker.caller, Caller) else None
    for account in inventory.accounts.values():
        for user in account.users.values():
            if user.policies is not None and (own is None or user.arn != own.arn):
                yield Caller(User(user.arn), Credentials.LONG_TERM)
        for role in account.roles.values():
            session = role.arn._replace(
                service="sts", resource=f"assumed-role/{role.arn.name}/{_ANY}"
            )
            is_own = isinstance(own, RoleSession) and principal_arn(own) == role.arn
            if role.policies is not None and not is_own:
                yield Caller(RoleSession(session, role.arn), Credentials.ROLE_SESSION)


def _owner(asker: Asker, ask: Ask, entry: RoleEntry | None) -> str | None:
    """Return the account of what a call acts on."""
    if ask.operation is Operation.ASSUME_ROOT:
        return target_account(ask.parameters)
    return asker.account if entry is None else entry.arn.account


def _new_policies(ask: Ask) -> NewPolicies:
    """Return the policies for the session; the documents of managed ones are not known."""
    return ask.new_policies._replace(level=None) if ask.parameters.policy_arns else ask.new_policies


def target(inventory: Inventory, parameters: Parameters) -> RoleEntry | None:
    """Return the role that is asked for, if it exists."""  # RES-9, RES-10
    arn = parse_arn(parameters.role_arn)
    return inventory.role(arn) if arn is not None and is_role(arn) else None


def described(inventory: Inventory, entry: RoleEntry) -> Role:
    """Return a role as a call sees it."""

    def layers() -> Layers:
        rcps = limits(inventory, None, entry.arn.account)[Layer.RCP]
        return {Layer.TRUST: inventory.trust_levels(entry), Layer.RCP: rcps}

    return Role(
        entry.arn, entry.unique_id, entry.tags, entry.max_session_duration, layers, entry.created
    )


def _known_roles(inventory: Inventory, entry: RoleEntry | None) -> Iterator[Role]:
    """Yield the roles that exist: the one that is asked for, or else all, for nearest names."""
    if entry is not None and entry.unique_id is None and entry.tags is None:
        return  # of this one nothing but the question says its name
    for each in inventory.all_roles() if entry is None else (entry,):
        yield described(inventory, each)


def limits(inventory: Inventory, account: str | None, owner: str | None) -> Layers:
    """Return the SCPs over the caller's account, and the RCPs over the resource's."""
    organization = inventory.organization
    if organization is None:
        return {Layer.SCP: NO_LIMIT, Layer.RCP: NO_LIMIT}
    return {
        Layer.SCP: organization.scp_levels(account),  # EVAL-40, EVAL-41
        Layer.RCP: organization.rcp_levels(owner),  # EVAL-50
    }


def organization_keys(
    inventory: Inventory, account: str | None, owner: str | None
) -> Iterator[tuple[str, Value]]:
    """Yield the keys that tell the organization of caller and resource, in lower case."""
    organization = inventory.organization
    if organization is None:
        return
    found = {**organization.principal_keys(account), **organization.resource_keys(owner)}
    yield from ((key.lower(), value) for key, value in found.items())


def provider(inventory: Inventory, ask: Ask) -> Provider:
    """Return what the role's account knows of the provider that vouches for the caller."""
    arn = parse_arn(ask.parameters.role_arn)
    account = inventory.accounts.get(arn.account) if arn is not None else None
    if ask.identity is None or account is None or ask.operation not in OF_ROLES:
        return Provider()
    if not isinstance(ask.identity, WebIdentity):
        arns, asked = account.saml_providers, ask.identity.provider
        known = arns is not None and asked.account == account.id  # STS-60
        return Provider(str(asked) in arns if known and arns is not None else None)
    if ask.identity.issuer in BUILT_IN:
        return Provider(exists=True)  # STS-61
    providers, issuer = account.oidc_providers or {}, ask.identity.issuer
    if issuer in providers:
        return Provider(exists=True, client_ids=providers[issuer])
    return Provider(exists=False if account.lists_oidc else None)
