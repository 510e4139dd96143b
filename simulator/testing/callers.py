"""Who calls in a test, with which credentials, tags and policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import UnsetType

from simulator.arn import parse_arn
from simulator.decision.verdict import Layer
from simulator.evaluation.policies import NO_LIMIT
from simulator.policy import kinds
from simulator.request.caller import Caller, Credentials, implied_credentials
from simulator.request.principal import (
    FederatedUser,
    PrincipalError,
    RoleSession,
    parse_principal,
    parse_unsigned,
)
from simulator.sts.asking import Asker, NobodyError, asker_of
from simulator.testing.schema import CallerShape, given
from simulator.testing.world import near

if TYPE_CHECKING:
    from simulator.evaluation.policies import Levels
    from simulator.request.principal import Signed
    from simulator.syntax import Path
    from simulator.testing.world import World

_OF_A_USER = (
    Credentials.LONG_TERM,
    Credentials.SESSION_TOKEN,
    Credentials.SESSION_TOKEN_WITH_MFA,
)


class _Said(NamedTuple):
    """What a test says of its caller, where, and where the ARN stands."""

    shape: CallerShape
    path: Path
    arn_path: Path


def who(world: World, said: str | CallerShape, path: Path) -> Asker:
    """Return the caller of a test.

    Raises:
        DocumentError: nobody could call so, or the file does not define who does.
    """
    if isinstance(said, str):
        return _who(world, _Said(CallerShape(said), path, path))
    return _who(world, _Said(said, path, (*path, "arn")))


def _who(world: World, said: _Said) -> Asker:
    text = said.shape.arn
    unsigned = parse_unsigned(text)
    if unsigned is not None:
        return Asker(unsigned, {})
    try:
        principal = parse_principal(text)
    except PrincipalError as error:
        world.refuse(said.arn_path, _reason(text, error))
    try:
        found = asker_of(
            world.inventory(principal.arn.partition),
            _caller(world, said, principal),
            said.shape.tags,
        )
    except NobodyError as error:
        world.refuse(said.arn_path, _nobody(principal, error))
    layers = {**found.layers, Layer.SESSION: _session_policies(world, principal, said)}
    return found._replace(layers=layers)


def _nobody(principal: Signed, error: NobodyError) -> str:
    if isinstance(principal, RoleSession):
        message = f"this file defines no role `{error.name}` in {principal.arn.account}"
    else:
        message = f"this file defines no user `{error.name}`"
    return message + near(error.name, error.known)


def _caller(world: World, said: _Said, principal: Signed) -> Caller:
    credentials, shape = _credentials(world, principal, said), said.shape
    age = given(shape.mfa_age_seconds)
    if age is not None and credentials is not Credentials.SESSION_TOKEN_WITH_MFA:
        message = "only credentials `session_token_with_mfa` have an age of their MFA"
        world.refuse((*said.path, "mfa_age_seconds"), message)
    return Caller(
        principal,
        credentials,
        age,
        transitive_tag_keys=frozenset(shape.transitive_tag_keys),
        source_identity=given(shape.source_identity),
    )


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
