"""The session that a successful AssumeRole yields."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.sts.call import Call, Role

_DEFAULT_SECONDS = 3600  # STS-22


class Session(NamedTuple):
    """What the new credentials are: whose, for how long, with which tags and source identity.

    Without a session name the ARN ends in `<session-name>`. The duration is in seconds.
    """

    arn: str
    duration_seconds: int
    tags: Mapping[str, str]
    transitive_tag_keys: tuple[str, ...]
    source_identity: str | None


def new_session(call: Call, role: Role) -> Session:
    """Return the session of a call that succeeded."""
    parameters = call.parameters
    name = parameters.role_session_name or "<session-name>"
    inherited = call.caller.inherited_tags
    return Session(
        # STS-34: without the role's path
        f"arn:{role.arn.partition}:sts::{role.arn.account}:assumed-role/{role.arn.name}/{name}",
        parameters.duration_seconds or _DEFAULT_SECONDS,  # STS-22
        _overlaid(role.tags or {}, inherited, dict(parameters.tags)),  # STS-70
        (*inherited, *parameters.transitive_tag_keys),  # STS-72
        call.caller.source_identity or parameters.source_identity,  # STS-74
    )


def _overlaid(*layers: Mapping[str, str]) -> Mapping[str, str]:
    tags: dict[str, tuple[str, str]] = {}
    for layer in layers:
        tags |= {key.lower(): (key, value) for key, value in layer.items()}
    return dict(tags.values())
