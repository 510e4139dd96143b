"""What a token or an assertion puts into the request context, and how trust policies call it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.catalog.names import fold
from simulator.federation.issuers import BUILT_IN, issuer_of
from simulator.federation.model import SamlAssertion, WebIdentity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.federation.issuers import ClaimKey
    from simulator.federation.model import Text

#: What every token says about itself, which nobody takes for a fact about the caller.
_OF_EVERY_TOKEN: Final = frozenset({"iss", "exp", "iat", "nbf", "jti"})
_LASTING_SAML: Final = ("saml:namequalifier", "saml:sub", "saml:sub_type")


def web_identity_keys(identity: WebIdentity) -> Mapping[str, Text]:
    """Return the condition keys of the call that presents a token, lists as tuples."""  # CTX-40
    return {_name(identity, row): value for row, value in _rows(identity)}


def surviving_keys(who: WebIdentity | SamlAssertion) -> Mapping[str, Text]:
    """Return the keys that are in the later requests of the session too."""  # STS-63
    if isinstance(who, SamlAssertion):
        return {key: who.attributes[key] for key in _LASTING_SAML if key in who.attributes}
    return {_name(who, row): value for row, value in _rows(who) if row.lasts}


def not_condition_keys(identity: WebIdentity) -> tuple[str, ...]:
    """Return what claims of a token would be called as keys, but AWS makes no keys of them.

    A condition on one finds it absent, whatever the token says.
    """  # SUR-45, CTX-40
    known = {fold(row.key) for row in issuer_of(identity.issuer).keys} | _OF_EVERY_TOKEN
    return tuple(f"{identity.issuer}:{name}" for name in identity.claims if fold(name) not in known)


def principal_of(identity: WebIdentity, account: str, partition: str = "aws") -> str:
    """Return what a trust policy calls the provider of a token: an ARN, or a built-in name.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity
    """  # PRN-4, STS-61
    if fold(identity.issuer) in BUILT_IN:
        return fold(identity.issuer)
    return f"arn:{partition}:iam::{account}:oidc-provider/{identity.issuer}"


def audience(identity: WebIdentity) -> tuple[str, ...]:
    """Return the values of which one must be a client id of the provider, mostly one."""  # STS-61
    value = identity.claims.get("azp") or identity.claims.get("aud", ())  # STS-62
    return (value,) if isinstance(value, str) else value


def role_authorized(identity: WebIdentity, role: str) -> bool | None:
    """Whether the issuer lets a token be used for a role, or nothing where it names no roles.

    Where it names roles and not this one, STS refuses the call before it reads any policy.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_sts.html
    """  # CTX-40
    return None if identity.roles is None else role in identity.roles


def _rows(identity: WebIdentity) -> Iterator[tuple[ClaimKey, Text]]:
    for row in issuer_of(identity.issuer).keys:
        value = next((identity.claims[c] for c in row.claims if identity.claims.get(c)), None)
        if value is not None:
            yield row, _as_list(value) if row.several else _as_text(value)


def _name(identity: WebIdentity, row: ClaimKey) -> str:
    return f"{identity.issuer}:{row.key}"


def _as_list(value: Text) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _as_text(value: Text) -> Text:
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value
