"""The keys of a test file, as records; they are an interface and do not change."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

from msgspec import UNSET, Struct, UnsetType, field

from simulator.inventory.organization import OrganizationShape  # noqa: TC001 - msgspec reads it

T = TypeVar("T")

#: A policy: a path, the name of an AWS managed policy, or the document itself.
Policy: TypeAlias = str | dict[str, Any]
Context: TypeAlias = dict[str, str | list[str] | None]


def given(value: T | UnsetType) -> T | None:
    """Return what was written, or nothing."""
    return None if isinstance(value, UnsetType) else value


class UserShape(Struct, forbid_unknown_fields=True, frozen=True):
    """A user."""

    path: str = "/"
    unique_id: str | UnsetType = UNSET
    policies: list[Policy] = field(default_factory=list)
    permissions_boundary: Policy | UnsetType = UNSET
    groups: list[str] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    mfa_devices: list[str] | UnsetType = UNSET


class GroupShape(Struct, forbid_unknown_fields=True, frozen=True):
    """A group of users."""

    policies: list[Policy] = field(default_factory=list)


class RoleShape(Struct, forbid_unknown_fields=True, frozen=True):
    """A role."""

    path: str = "/"
    unique_id: str | UnsetType = UNSET
    trust_policy: Policy | UnsetType = UNSET
    policies: list[Policy] = field(default_factory=list)
    permissions_boundary: Policy | UnsetType = UNSET
    max_session_duration: int = 3600
    tags: dict[str, str] = field(default_factory=dict)


class OidcProviderShape(Struct, forbid_unknown_fields=True, frozen=True):
    """An OpenID Connect provider of an account."""

    client_ids: list[str] = field(default_factory=list)


class AccountShape(Struct, forbid_unknown_fields=True, frozen=True):
    """An account."""

    users: dict[str, UserShape] = field(default_factory=dict)
    groups: dict[str, GroupShape] = field(default_factory=dict)
    roles: dict[str, RoleShape] = field(default_factory=dict)
    oidc_providers: dict[str, OidcProviderShape] = field(default_factory=dict)
    regions: list[str] | UnsetType = UNSET


class CallerShape(Struct, forbid_unknown_fields=True, frozen=True):
    """A caller of whom more is said than the ARN."""

    arn: str
    credentials: str | UnsetType = UNSET
    mfa_age_seconds: int | UnsetType = UNSET
    session_policies: list[Policy] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    transitive_tag_keys: list[str] = field(default_factory=list)
    source_identity: str | UnsetType = UNSET


class ContextShape(Struct, forbid_unknown_fields=True, frozen=True):
    """A context that a provider vouches for."""

    provider_arn: str
    context_assertion: str


class ParametersShape(Struct, forbid_unknown_fields=True, frozen=True):
    """The parameters of AssumeRole and of the other operations of STS."""

    role_session_name: str | UnsetType = UNSET
    duration_seconds: int | UnsetType = UNSET
    external_id: str | UnsetType = UNSET
    serial_number: str | UnsetType = UNSET
    token_code: str | UnsetType = UNSET
    source_identity: str | UnsetType = UNSET
    tags: dict[str, str] = field(default_factory=dict)
    transitive_tag_keys: list[str] = field(default_factory=list)
    policy: Policy | UnsetType = UNSET
    policy_arns: list[str] = field(default_factory=list)
    provided_contexts: list[ContextShape] | UnsetType = UNSET
    name: str | UnsetType = UNSET
    target_principal: str | UnsetType = UNSET
    task_policy_arn: str | UnsetType = UNSET
    encoded_message: str | UnsetType = UNSET
    access_key_id: str | UnsetType = UNSET


class WebIdentityShape(Struct, forbid_unknown_fields=True, frozen=True):
    """Who calls with a token of an OpenID Connect provider."""

    provider: str
    claims: dict[str, str | list[str]] = field(default_factory=dict)


class SamlShape(Struct, forbid_unknown_fields=True, frozen=True):
    """Who calls with an assertion of a SAML provider."""

    provider: str
    attributes: dict[str, str | list[str]] = field(default_factory=dict)


class HopShape(Struct, forbid_unknown_fields=True, frozen=True):
    """One hop of a chain: a call, made with the session of the hop before."""

    assume_role: str | UnsetType = UNSET
    call: str | UnsetType = UNSET
    with_: ParametersShape | UnsetType = field(default=UNSET, name="with")
    web_identity: WebIdentityShape | UnsetType = UNSET
    saml: SamlShape | UnsetType = UNSET
    context: Context = field(default_factory=dict)


class SessionShape(Struct, forbid_unknown_fields=True, frozen=True):
    """What the session of the last call is expected to be like; what is not written may be any."""

    arn: str | UnsetType = UNSET
    duration_seconds: int | UnsetType = UNSET
    tags: dict[str, str] | UnsetType = UNSET
    transitive_tag_keys: list[str] | UnsetType = UNSET
    source_identity: str | UnsetType | None = UNSET


class CaseShape(Struct, forbid_unknown_fields=True, frozen=True):
    """One test: a call or a request, and what is expected of it."""

    name: str
    expect: str
    caller: str | CallerShape | UnsetType = UNSET
    assume_role: str | UnsetType = UNSET
    call: str | UnsetType = UNSET
    with_: ParametersShape | UnsetType = field(default=UNSET, name="with")
    chain: list[HopShape] | UnsetType = UNSET
    web_identity: WebIdentityShape | UnsetType = UNSET
    saml: SamlShape | UnsetType = UNSET
    action: str | UnsetType = UNSET
    resource: str | UnsetType = UNSET
    resource_account: str | UnsetType = UNSET
    resource_policy: Policy | UnsetType = UNSET
    endpoint_policies: list[Policy] = field(default_factory=list)
    context: Context = field(default_factory=dict)
    because: str | UnsetType = UNSET
    message: str | UnsetType = UNSET
    session: SessionShape | UnsetType = UNSET


class FileShape(Struct, forbid_unknown_fields=True, frozen=True):
    """A whole test file."""

    tests: list[CaseShape]
    accounts: dict[str, AccountShape] = field(default_factory=dict)
    organization: OrganizationShape | UnsetType = UNSET
    inventory: list[str] | UnsetType = UNSET


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a test file, which editors complete and check by."""
    from msgspec.json import schema  # noqa: PLC0415 - no run of tests needs it

    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema(FileShape)}
