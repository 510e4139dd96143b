"""Who calls in a test, with which credentials, tags and policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import UnsetType

from simulator.arn import parse_arn
from simulator.decision.verdict import Layer
from simulator.evaluation.policies import NO_GRANT, NO_LIMIT
from simulator.policy import kinds
from simulator.request.caller import Caller, Credentials, implied_credentials
from simulator.request.principal import (
    Anonymous,
    FederatedUser,
    PrincipalError,
    RoleSession,
    ServicePrincipal,
    User,
    parse_principal,
    parse_unsigned,
)
from simulator.testing.schema import CallerShape, given
from simulator.testing.world import near

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.evaluation.policies import Levels
    from simulator.request.principal import Signed
    from simulator.syntax import Path
    from simulator.testing.world import World

_OF_A_USER = (
    Credentials.LONG_TERM,
    Credentials.SESSION_TOKEN,
    Credentials.SESSION_TOKEN_WITH_MFA,
)


class Who(NamedTuple):
    """A caller, the caller's own policies by layer, and the MFA devices if they are known."""

    caller: Caller | ServicePrincipal | Anonymous
    layers: Mapping[Layer, Levels]
    mfa_devices: frozenset[str] | None = None

    @property
    def account(self) -> str | None:
        """The account of the caller; services and nobody have none."""
        return self.caller.principal.arn.account if isinstance(self.caller, Caller) else None


class _Said(NamedTuple):
    """What a test says of its caller, where, and where the ARN stands."""

    shape: CallerShape
    path: Path
    arn_path: Path


class _Behind(NamedTuple):
    """What the file says of the user or role behind a caller."""

    principal: Signed
    layers: Mapping[Layer, Levels]
    tags: Mapping[str, str] = {}
    mfa_devices: frozenset[str] | None = None


def who(world: World, said: str | CallerShape, path: Path) -> Who:
    """Return the caller of a test.

    Raises:
        DocumentError: nobody could call so, or the file does not define who does.
    """
    if isinstance(said, str):
        return _who(world, _Said(CallerShape(said), path, path))
    return _who(world, _Said(said, path, (*path, "arn")))


def _who(world: World, said: _Said) -> Who:
    text = said.shape.arn
    unsigned = parse_unsigned(text)
    if unsigned is not None:
        return Who(unsigned, {})
    try:
        principal = parse_principal(text)
    except PrincipalError as error:
        world.refuse(said.arn_path, _reason(text, error))
    behind = _behind(world, principal, said.arn_path)
    layers = {**behind.layers, Layer.SESSION: _session_policies(world, principal, said)}
    return Who(_caller(world, said, behind), layers, behind.mfa_devices)


def _behind(world: World, principal: Signed, place: Path) -> _Behind:
    if isinstance(principal, User):
        shape, path = world.user(principal.arn, place)
        devices = given(shape.mfa_devices)
        return _Behind(
            principal._replace(unique_id=given(shape.unique_id)),
            {
                Layer.IDENTITY: world.identity(shape, path),
                Layer.BOUNDARY: world.boundary(shape, path),
            },
            shape.tags,
            None if devices is None else frozenset(devices),
        )
    if isinstance(principal, RoleSession):
        return _role_behind(world, principal, place)
    return _Behind(principal, {Layer.IDENTITY: NO_GRANT})


def _role_behind(world: World, principal: RoleSession, place: Path) -> _Behind:
    name = principal.role_name
    target = world.role_named(principal.arn, name)
    if target is None:
        known = [role.arn.name for role in world.roles(principal.arn)]
        message = f"this file defines no role `{name}` in {principal.arn.account}"
        world.refuse(place, f"{message}{near(name, known)}")
    role, shape, path = target
    return _Behind(
        principal._replace(role=role.arn, unique_id=role.unique_id),  # CTX-1, CTX-5
        {
            Layer.IDENTITY: world.identity(shape, path),
            Layer.BOUNDARY: world.boundary(shape, path),
        },
        shape.tags,
    )


def _caller(world: World, said: _Said, behind: _Behind) -> Caller:
    credentials, shape = _credentials(world, behind.principal, said), said.shape
    age = given(shape.mfa_age_seconds)
    if age is not None and credentials is not Credentials.SESSION_TOKEN_WITH_MFA:
        message = "only credentials `session_token_with_mfa` have an age of their MFA"
        world.refuse((*said.path, "mfa_age_seconds"), message)
    return Caller(
        behind.principal,
        credentials,
        age,
        _overlaid(behind.tags, shape.tags),
        frozenset(shape.transitive_tag_keys),
        given(shape.source_identity),
    )


def _overlaid(tags: Mapping[str, str], later: Mapping[str, str]) -> Mapping[str, str]:
    """Return tags of which later ones replace earlier ones, whatever their letter case."""
    replaced = {key.lower() for key in later}  # STS-70
    return {**{k: v for k, v in tags.items() if k.lower() not in replaced}, **later}


def _credentials(world: World, principal: Signed, said: _Said) -> Credentials:
    implied, wanted = implied_credentials(principal), said.shape.credentials
    if isinstance(wanted, UnsetType):
        return implied
    possible = _OF_A_USER if implied is Credentials.LONG_TERM else (implied,)
    if wanted not in possible:
        listed = " or ".join(f"`{each}`" for each in possible)
        message = f"this caller has no credentials `{wanted}`: expected {listed}"
        world.refuse((*said.path, "credentials"), message)
    return Credentials(wanted)


def _session_policies(world: World, principal: Signed, said: _Said) -> Levels:
    count, path = len(said.shape.session_policies), (*said.path, "session_policies")
    if not count:
        return NO_LIMIT
    if not isinstance(principal, (RoleSession, FederatedUser)):
        message = "session policies are for sessions: the credentials of a user have none"
        world.refuse(path, message)
    return (world.level(path, count, kinds.SESSION),)


def _reason(text: str, error: PrincipalError) -> str:
    arn = parse_arn(text)
    if arn is None:
        return f"{error}, nor a service such as `lambda.amazonaws.com`, nor `anonymous`"
    if (arn.service, arn.kind) == ("iam", "role"):
        session = f"arn:{arn.partition}:sts::{arn.account}:assumed-role/{arn.name}/SESSION"
        return f"`{text}` is a role, and a role calls through a session: give `{session}`"
    return str(error)
