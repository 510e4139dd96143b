"""Who signs a request, and what is known of the session behind the signature."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from simulator.request.principal import AccountRoot, FederatedUser, RoleSession, User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.request.context import Value
    from simulator.request.principal import Signed


class Credentials(StrEnum):
    """What kind of credentials sign the call."""

    LONG_TERM = "long_term"
    SESSION_TOKEN = "session_token"  # noqa: S105 - a kind of credentials, no secret
    SESSION_TOKEN_WITH_MFA = "session_token_with_mfa"  # noqa: S105
    ROLE_SESSION = "role_session"
    FEDERATION_TOKEN = "federation_token"  # noqa: S105


class Caller(NamedTuple):
    """Who calls and with which session.

    Tags that nobody described are nothing, and with `open_tags` there may be others than those
    that are known; the age of the MFA is in seconds. `federation` are the condition keys of the
    token or assertion that a role session began with. When the session was made and ends is in
    seconds since 1970, where it is known.
    """

    principal: Signed
    credentials: Credentials
    mfa_age_seconds: int | None = None
    tags: Mapping[str, str] | None = None
    transitive_tag_keys: frozenset[str] = frozenset()
    source_identity: str | None = None
    federation: Mapping[str, Value] = MappingProxyType({})
    issued: int | None = None
    expires: int | None = None
    assumed_root: bool = False
    open_tags: bool = False

    @property
    def temporary(self) -> bool:
        """Whether the credentials are those of a session."""
        return self.credentials is not Credentials.LONG_TERM

    def by_token(self) -> Caller:
        """Return the caller as one whom a session token names, where it is a user with one."""
        if isinstance(self.principal, User) and self.temporary:
            return self._replace(principal=self.principal._replace(by_token=True))
        return self

    @property
    def inherited_tags(self) -> Mapping[str, str]:
        """The tags that the next session inherits."""  # STS-72
        keys = {key.lower() for key in self.transitive_tag_keys}
        return {k: v for k, v in (self.tags or {}).items() if k.lower() in keys}


def implied_credentials(principal: Signed) -> Credentials:
    """Return the credentials that a caller's ARN implies."""
    match principal:
        case User() | AccountRoot():
            return Credentials.LONG_TERM
        case RoleSession():
            return Credentials.ROLE_SESSION
        case FederatedUser():
            return Credentials.FEDERATION_TOKEN
