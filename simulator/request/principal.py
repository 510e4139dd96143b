"""Who calls, as AWS has authenticated it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple, TypeAlias

from simulator.arn import ACCOUNT_ID, Arn, parse_arn, role_arn

# Names as IAM and STS allow them, of users with a path before.
_NAMES = re.compile(r"[\w-]+/(?:[^*?\s]+/)?[\w+=,.@-]+|root", re.ASCII)  # QUO-9
_SERVICE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:amazonaws|amazon|aws)(?:\.[a-z]+){1,2}")


class PrincipalError(ValueError):
    """A text that names nobody who could call."""


class User(NamedTuple):
    """An IAM user, with access keys or with a session token made from them."""

    arn: Arn
    unique_id: str | None = None
    by_token: bool = False


class RoleSession(NamedTuple):
    """A session of a role; its ARN ends in the session name and does not tell the role's path.

    `role` is nothing where only the session's ARN is known.
    """

    arn: Arn
    role: Arn | None = None
    unique_id: str | None = None

    @property
    def role_name(self) -> str:
        """The name of the role, without its path."""
        return self.arn.resource.split("/")[1]


class AccountRoot(NamedTuple):
    """The root user of an account."""

    arn: Arn


class FederatedUser(NamedTuple):
    """A session made with GetFederationToken; `user` is who made it, where that is known."""

    arn: Arn
    user: Arn | None = None


class ServicePrincipal(NamedTuple):
    """An AWS service that calls by its own name, such as `cloudtrail.amazonaws.com`."""

    name: str


class Anonymous(NamedTuple):
    """Whoever sends a request that is not signed."""


class Federated(NamedTuple):
    """Whoever an identity provider vouches for, with a token or an assertion and no credentials.

    `provider` is what a trust policy says under `Federated`: the provider's ARN, or the name of one
    that every account knows, such as `accounts.google.com`.
    """

    provider: str


#: Who signs with credentials of an account.
Signed: TypeAlias = "User | RoleSession | AccountRoot | FederatedUser"
Principal: TypeAlias = "Signed | ServicePrincipal | Anonymous | Federated"
#: Who has no account, and so no policies of an account; for `isinstance`.
UNSIGNED: Final = (ServicePrincipal, Anonymous, Federated)


def account_of(principal: Principal) -> str | None:
    """Return the account whose credentials sign the request, if any do."""
    return None if isinstance(principal, UNSIGNED) else principal.arn.account


def called(principal: Principal) -> str:
    """Return by what a caller is called: its ARN, if it has one."""
    match principal:
        case Anonymous():
            return "anonymous"
        case ServicePrincipal(name=name) | Federated(provider=name):
            return name
        case signed:
            return str(signed.arn)


def principal_arn(principal: Signed) -> Arn:
    """Return what `aws:PrincipalArn` holds: of a session its role, never the session.

    A role of which only the name is known is taken to have no path.
    """  # CTX-1
    if not isinstance(principal, RoleSession):
        return principal.arn
    arn = principal.arn
    return principal.role or role_arn(arn.partition, arn.account, principal.role_name)


def parse_principal(text: str) -> Signed:
    """Return the principal of an ARN.

    Raises:
        PrincipalError: the text is no ARN, or the ARN of something that cannot call.
    """
    arn = parse_arn(text)
    if arn is None or not text.isprintable():
        raise PrincipalError(f"`{text}` is not an ARN")
    if not ACCOUNT_ID.fullmatch(arn.account):
        raise PrincipalError(f"`{arn.account}` is not an account id: expected 12 digits")
    if arn.region:
        raise PrincipalError(f"`{text}` names a region, and IAM has none")
    if (arn.service, arn.resource) == ("iam", "root"):
        return AccountRoot(arn)
    if not arn.name:
        raise PrincipalError(f"`{text}` has no name at its end")
    if not _NAMES.fullmatch(arn.resource):
        raise PrincipalError(
            f"`{text}` names nobody: a name has letters, digits and `+=,.@_-`, and no wildcards"
        )
    if (arn.service, arn.kind) == ("iam", "user"):
        return User(arn)
    if (arn.service, arn.kind) == ("sts", "federated-user"):
        return FederatedUser(arn)
    if (arn.service, arn.kind) == ("sts", "assumed-role"):
        return _role_session(arn)
    raise PrincipalError(_what_instead(arn))


def parse_unsigned(text: str) -> ServicePrincipal | Anonymous | None:
    """Return the service of a name, or nobody for `anonymous`; nothing for any other text."""
    if text == "anonymous":
        return Anonymous()
    return ServicePrincipal(text) if _SERVICE.fullmatch(text) else None


def _role_session(arn: Arn) -> RoleSession:
    words = arn.resource.split("/")
    if len(words) != 3:
        raise PrincipalError(
            f"`{arn}` is not the ARN of a session: expected `assumed-role/ROLE/SESSION`,"
            " without the role's path"  # STS-34
        )
    return RoleSession(arn)


def _what_instead(arn: Arn) -> str:
    if (arn.service, arn.kind) == ("iam", "role"):
        session = f"arn:{arn.partition}:sts::{arn.account}:assumed-role/{arn.name}/SESSION"
        path = f" with `--context aws:PrincipalArn={arn}`" if arn.resource.count("/") > 1 else ""
        return f"`{arn}` is a role, and a role calls through a session: give `{session}`{path}"
    if (arn.service, arn.kind) == ("iam", "group"):
        return f"`{arn}` is a group, and groups cannot call: give one of its users"
    return f"`{arn}` is neither a user, a role session, a federated user nor the root of an account"
