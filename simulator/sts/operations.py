"""The operations of STS: what each is called, what it needs, and whose credentials may call it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from simulator.request.caller import Caller, Credentials
from simulator.request.principal import AccountRoot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.evaluation.context import Who


class Operation(StrEnum):
    """An operation of STS by AWS's name."""

    ASSUME_ROLE = "AssumeRole"
    ASSUME_ROLE_WITH_SAML = "AssumeRoleWithSAML"
    ASSUME_ROLE_WITH_WEB_IDENTITY = "AssumeRoleWithWebIdentity"
    ASSUME_ROOT = "AssumeRoot"
    DECODE_AUTHORIZATION_MESSAGE = "DecodeAuthorizationMessage"
    GET_ACCESS_KEY_INFO = "GetAccessKeyInfo"
    GET_CALLER_IDENTITY = "GetCallerIdentity"
    GET_FEDERATION_TOKEN = "GetFederationToken"  # noqa: S105 - a name, no secret
    GET_SESSION_TOKEN = "GetSessionToken"  # noqa: S105

    @property
    def action(self) -> str:
        """The action that policies allow or deny."""
        return f"sts:{self}"

    @property
    def verb(self) -> str:
        """What the aws CLI calls it: `assume-role-with-saml`."""
        return re.sub("(?<=[a-z])(?=[A-Z])", "-", self).lower()


#: The operations that make a session of a role, and so ask its trust policy.
OF_ROLES: Final = frozenset(
    {
        Operation.ASSUME_ROLE,
        Operation.ASSUME_ROLE_WITH_SAML,
        Operation.ASSUME_ROLE_WITH_WEB_IDENTITY,
    }
)
#: Those that are not signed, so that no credentials are involved.
UNSIGNED: Final = OF_ROLES - {Operation.ASSUME_ROLE}  # STS-2


class Kind(StrEnum):
    """Whose credentials sign a call, as far as STS makes a difference."""

    USER = "the access keys of a user"
    TOKEN = "a session made with GetSessionToken"  # noqa: S105 - a kind of credentials
    ROLE = "a role session"
    FEDERATED_USER = "a session made with GetFederationToken"
    ROOT = "the access keys of a root user"
    ROOT_SESSION = "a session of a root user"
    NOBODY = "no credentials of an account"


_KINDS: Final[Mapping[Credentials, Kind]] = {
    Credentials.LONG_TERM: Kind.USER,
    Credentials.SESSION_TOKEN: Kind.TOKEN,
    Credentials.SESSION_TOKEN_WITH_MFA: Kind.TOKEN,
    Credentials.ROLE_SESSION: Kind.ROLE,
    Credentials.FEDERATION_TOKEN: Kind.FEDERATED_USER,
}


def kind_of(caller: Who) -> Kind:
    """Return what kind of credentials a caller has."""
    if not isinstance(caller, Caller):
        return Kind.NOBODY
    if isinstance(caller.principal, AccountRoot):
        return Kind.ROOT_SESSION if caller.temporary else Kind.ROOT
    return _KINDS[caller.credentials]


_ROOTS = frozenset({Kind.ROOT, Kind.ROOT_SESSION})
_SESSIONS = frozenset({Kind.TOKEN, Kind.ROLE, Kind.FEDERATED_USER, Kind.ROOT_SESSION})
#: The credentials with which an operation cannot be called, whatever the policies say.
CANNOT_CALL: Final[Mapping[Operation, frozenset[Kind]]] = {
    Operation.ASSUME_ROLE: _ROOTS | {Kind.FEDERATED_USER},  # STS-1, STS-11
    Operation.ASSUME_ROLE_WITH_SAML: frozenset(),  # STS-2
    Operation.ASSUME_ROLE_WITH_WEB_IDENTITY: frozenset(),
    Operation.ASSUME_ROOT: _ROOTS | {Kind.FEDERATED_USER, Kind.NOBODY},  # STS-3, STS-11
    # STS-7, STS-9, STS-11
    Operation.DECODE_AUTHORIZATION_MESSAGE: frozenset(
        {Kind.TOKEN, Kind.FEDERATED_USER, Kind.NOBODY}
    ),
    Operation.GET_ACCESS_KEY_INFO: frozenset({Kind.TOKEN, Kind.FEDERATED_USER, Kind.NOBODY}),
    Operation.GET_CALLER_IDENTITY: frozenset(),  # STS-6
    Operation.GET_FEDERATION_TOKEN: _SESSIONS | {Kind.NOBODY},  # STS-5, STS-10
    Operation.GET_SESSION_TOKEN: _SESSIONS | {Kind.NOBODY},  # STS-4, STS-10
}
