"""Whom the principals of a statement name, as far as their text tells.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.arn import ACCOUNT_ID, parse_arn
from simulator.check.subject import is_open

if TYPE_CHECKING:
    from simulator.arn import Arn
    from simulator.policy.model import PrincipalEntry, Statement


class Who(StrEnum):
    """What kind of caller a principal names; the value is what a message calls one."""

    EVERYONE = "everyone"
    ACCOUNT = "an account"
    USER = "a user"
    ROLE = "a role"
    SESSION = "a session of a role"
    FEDERATED_USER = "a federated user"
    SERVICE = "a service"
    SAML = "a SAML provider"
    OIDC = "an OpenID Connect provider"
    UNKNOWN = "an unknown principal"


class Named(NamedTuple):
    """A principal of a policy, and what kind of caller it names."""

    who: Who
    entry: PrincipalEntry
    arn: Arn | None = None

    @property
    def text(self) -> str:
        """The principal as the policy writes it."""
        return self.entry.value

    @property
    def account(self) -> str | None:
        """The account that is named, or in which the one who is named is."""
        if self.arn is not None:
            return None if is_open(self.arn.account) else self.arn.account
        return self.text if self.who is Who.ACCOUNT else None

    @property
    def issuer(self) -> str:
        """The issuer of tokens, without its scheme, of an OpenID Connect provider."""
        return self.text if self.arn is None else self.arn.resource.partition("/")[2]


#: By the service and the first word of the resource of an ARN.
_BY_ARN: Final = {
    ("iam", "root"): Who.ACCOUNT,  # PRN-3
    ("iam", "user"): Who.USER,
    ("iam", "role"): Who.ROLE,
    ("sts", "assumed-role"): Who.SESSION,
    ("sts", "federated-user"): Who.FEDERATED_USER,
    ("iam", "saml-provider"): Who.SAML,
    ("iam", "oidc-provider"): Who.OIDC,
}


def named(statement: Statement) -> tuple[Named, ...]:
    """Return whom the `Principal` of a statement names; nobody where it has `NotPrincipal`."""
    pattern = statement.principals
    return () if pattern is None or pattern.negated else tuple(map(_named, pattern.entries))


def _named(entry: PrincipalEntry) -> Named:
    kind, text = entry.kind, entry.value
    if is_open(text) and not _is_known_provider(entry):
        return Named(Who.UNKNOWN, entry)
    if kind == "Service":
        return Named(Who.SERVICE, entry)
    if text == "*":
        return Named(Who.EVERYONE, entry)  # PRN-7
    if kind == "AWS" and ACCOUNT_ID.fullmatch(text):
        return Named(Who.ACCOUNT, entry)
    arn = parse_arn(text)
    if arn is None:
        return Named(Who.OIDC if kind == "Federated" else Who.UNKNOWN, entry)  # PRN-4
    return Named(_BY_ARN.get((arn.service, arn.kind), Who.UNKNOWN), entry, arn)


def _is_known_provider(entry: PrincipalEntry) -> bool:
    """Whether a template leaves open the account of an identity provider, but not which it is."""
    provider = entry.value.partition("-provider/")[2]
    return entry.kind == "Federated" and provider != "" and not is_open(provider)
