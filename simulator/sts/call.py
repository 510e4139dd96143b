"""One AssumeRole call with all it depends on: caller, role, parameters, policies, further facts."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from simulator.request.principal import AccountRoot, FederatedUser, RoleSession, User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.arn import Arn
    from simulator.evaluate import Policies
    from simulator.request.principal import Principal
    from simulator.sts.parameters import Parameters


class Credentials(StrEnum):
    """What kind of credentials sign the call."""

    LONG_TERM = "long_term"
    SESSION_TOKEN = "session_token"  # noqa: S105 - a kind of credentials, no secret
    SESSION_TOKEN_WITH_MFA = "session_token_with_mfa"  # noqa: S105
    ROLE_SESSION = "role_session"
    FEDERATION_TOKEN = "federation_token"  # noqa: S105


class Caller(NamedTuple):
    """Who calls and with which session.

    Tags that nobody described are nothing; the age of the MFA is in seconds.
    """

    principal: Principal
    credentials: Credentials
    mfa_age_seconds: int | None = None
    tags: Mapping[str, str] | None = None
    transitive_tag_keys: frozenset[str] = frozenset()
    source_identity: str | None = None

    @property
    def temporary(self) -> bool:
        """Whether the credentials are those of a session."""
        return self.credentials is not Credentials.LONG_TERM

    @property
    def inherited_tags(self) -> Mapping[str, str]:
        """The tags that the next session inherits."""  # STS-72
        keys = {key.lower() for key in self.transitive_tag_keys}
        return {k: v for k, v in (self.tags or {}).items() if k.lower() in keys}


class Role(NamedTuple):
    """The role to be assumed; what nobody described is nothing. The maximum is in seconds."""

    arn: Arn
    unique_id: str | None = None
    tags: Mapping[str, str] | None = None
    max_session_duration: int | None = None


class Call(NamedTuple):
    """An AssumeRole call; `role` is nothing where there is no role of that ARN.

    `context` holds further condition keys, which win over what is derived. In a closed world
    nothing exists that is not written: no tags, no organization. `known_roles` are roles that
    exist, for nearest names.
    """

    caller: Caller
    parameters: Parameters
    role: Role | None
    policies: Policies
    context: Mapping[str, tuple[str, ...]]
    closed_world: bool = False
    known_roles: tuple[Role, ...] = ()


def implied_credentials(principal: Principal) -> Credentials:
    """Return the credentials that a caller's ARN implies."""
    match principal:
        case User() | AccountRoot():
            return Credentials.LONG_TERM
        case RoleSession():
            return Credentials.ROLE_SESSION
        case FederatedUser():
            return Credentials.FEDERATION_TOKEN
