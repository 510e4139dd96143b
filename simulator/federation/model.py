"""Who comes from outside: what a token or an assertion says about him."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from simulator.federation.codes import Code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.arn import Arn
    from simulator.diagnostic import Diagnostic

Text: TypeAlias = str | tuple[str, ...]
"""What a claim or an attribute holds: one text, or a list of them."""

Tags: TypeAlias = tuple[tuple[str, str], ...]


class WebIdentity(NamedTuple):
    """A token of an OpenID Connect provider, its claims taken for true: no signature is checked.

    `issuer` is host and path without `https://`; a claim that is an object is split, its members
    are called `claim/member`. `roles` are those for which the issuer made the token, nothing where
    it says none. `notes` tell for which reasons STS would refuse the token whatever the policies
    say, and what its text left open.
    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
    """

    issuer: str
    claims: Mapping[str, Text]
    tags: Tags = ()
    transitive_tag_keys: tuple[str, ...] = ()
    source_identity: str | None = None
    expires: int | None = None  # seconds since 1970
    roles: tuple[str, ...] | None = None
    notes: tuple[Diagnostic, ...] = ()


class SamlAssertion(NamedTuple):
    """An assertion of a SAML provider, taken for true: no signature is checked.

    `attributes` holds condition keys such as `saml:sub`; `roles` the pairs of a role's ARN and
    a provider's that the assertion offers. It is `whole` where it was read as an identity provider
    sends it, and then good until `usable_until`.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
    """

    provider: Arn
    attributes: Mapping[str, Text]
    role_session_name: str | None = None
    tags: Tags = ()
    transitive_tag_keys: tuple[str, ...] = ()
    source_identity: str | None = None
    not_on_or_after: int | None = None  # seconds since 1970
    roles: tuple[tuple[str, str], ...] = ()
    whole: bool = False
    usable_until: int | None = None  # seconds since 1970
    notes: tuple[Diagnostic, ...] = ()


def is_refused(identity: WebIdentity | SamlAssertion) -> bool:
    """Whether STS does not take a token or an assertion for its form, as a note on it says."""
    return any(note.code == Code.REFUSED for note in identity.notes)
