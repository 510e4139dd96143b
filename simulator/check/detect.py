"""Which kind of policy a document is, as far as the document itself tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.policy import kinds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Document
    from simulator.syntax import JsonValue

_TRUST = "AssumeRolePolicyDocument"


def kind_of(document: Document) -> PolicyKind:
    """Return the kind that a document has the elements of.

    A policy without principals is an identity-based one: it might as well be a boundary, a session
    policy or an SCP, and one with principals an RCP or an endpoint policy. Nothing in it tells.
    """
    if document.root and document.root[-1] == _TRUST:
        return kinds.TRUST
    statements = tuple(_statements(document.value))
    if not any("Principal" in s or "NotPrincipal" in s for s in statements):
        return kinds.TRUST if _assumes_roles(statements) else kinds.IDENTITY
    has_resource = any("Resource" in s or "NotResource" in s for s in statements)
    if _assumes_roles(statements) or not (has_resource or _has_actions(statements)):
        return kinds.TRUST  # POL-14: with a resource it is a trust policy that AWS refuses
    return kinds.RESOURCE


def _statements(value: JsonValue) -> Iterator[dict[str, JsonValue]]:
    found = value.get("Statement") if isinstance(value, dict) else None
    for each in found if isinstance(found, list) else [found]:
        if isinstance(each, dict):
            yield each


def _has_actions(statements: tuple[dict[str, JsonValue], ...]) -> bool:
    return any("Action" in s or "NotAction" in s for s in statements)


def _assumes_roles(statements: tuple[dict[str, JsonValue], ...]) -> bool:
    """Whether all actions are those of trust policies, and no resource is an identity's."""
    actions = [action for s in statements for action in _texts(s.get("Action"))]
    # TRU-1; an identity-based policy has such actions too, and says on which roles
    is_sts = bool(actions) and all(action.lower().startswith("sts:") for action in actions)
    with_principal = any("Principal" in s or "NotPrincipal" in s for s in statements)
    has_resource = any("Resource" in s or "NotResource" in s for s in statements)
    return is_sts and (with_principal or not has_resource)


def _texts(value: JsonValue) -> tuple[str, ...]:
    found = value if isinstance(value, list) else [value]
    return tuple(str(each) for each in found if isinstance(each, str))
