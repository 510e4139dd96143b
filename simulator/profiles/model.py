"""What a profile does: the credentials it starts from, and the calls of STS that follow."""

from __future__ import annotations

from typing import NamedTuple


class Start(NamedTuple):
    """The credentials that a chain starts from; secrets are never kept.

    `kind` is one of "static", "environment", "ec2", "ecs", "sso", "process", "login" and
    "web_identity". `account` is known as far as it can be derived from an access key id or from
    what stands in the profile. `key_kind` is "long_term" (AKIA) or "session" (ASIA).
    """

    kind: str
    profile: str | None
    account: str | None = None
    key_kind: str | None = None
    principal: str | None = None


class Hop(NamedTuple):
    """One STS call of a profile, with the parameters that botocore would send.

    `role_session_name` is absent where botocore makes one up: `botocore-session-<epoch>`. With a
    `serial_number` botocore asks for a code, and sends it along.
    """

    operation: str
    profile: str
    role_arn: str
    role_session_name: str | None
    external_id: str | None = None
    serial_number: str | None = None
    duration_seconds: int | None = None
    web_identity_token_file: str | None = None


class Resolved(NamedTuple):
    """What a profile does, with what is worth knowing about it, and the region it sets."""

    start: Start
    hops: tuple[Hop, ...]
    notes: tuple[str, ...]
    region: str | None


class ProfileError(ValueError):
    """A profile that yields no credentials, or a file that cannot be read as profiles."""
