"""Which kind of policy a document is, as far as the document itself tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from simulator.policy import kinds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Document
    from simulator.syntax import JsonValue

_Statements: TypeAlias = "tuple[dict[str, JsonValue], ...]"

_TRUST: Final = "AssumeRolePolicyDocument"
_EVERYTHING: Final = ("*", ["*"])


def kind_of(document: Document) -> PolicyKind:
    """Return the kind that a document has the elements of.

    A policy without principals is taken for an identity-based one. It might as well be a boundary,
    a session policy or an SCP, as one with principals might be of an endpoint: nothing tells.
    """
    if document.root and document.root[-1] == _TRUST:
        return kinds.TRUST
    statements = tuple(_statements(document.value))
    has_resource = _some_have(statements, "Resource")
    if not _some_have(statements, "Principal"):
        is_trust = statements and _names_roles_only(statements) and not has_resource
        return kinds.TRUST if is_trust else kinds.IDENTITY
    if statements and all(map(_limits_all, statements)):
        return kinds.RCP  # EVAL-53: which no other policy is likely to be all of
    # POL-14: one that assumes roles and has a resource is a trust policy that AWS refuses
    is_trust = _names_roles_only(statements) or not (has_resource or _names_others(statements))
    return kinds.TRUST if is_trust else kinds.RESOURCE


def kind_of_text(text: str) -> PolicyKind:
    """Return the kind that a text seems to be of, of which nothing can be read."""
    return kinds.TRUST if "sts:AssumeRole" in text and "Principal" in text else kinds.IDENTITY


def _statements(value: JsonValue) -> Iterator[dict[str, JsonValue]]:
    found = value.get("Statement") if isinstance(value, dict) else None
    for each in found if isinstance(found, list) else [found]:
        if isinstance(each, dict):
            yield each


def _some_have(statements: _Statements, element: str) -> bool:
    return any(element in each or f"Not{element}" in each for each in statements)


def _limits_all(statement: dict[str, JsonValue]) -> bool:
    is_deny, resource = statement.get("Effect") == "Deny", statement.get("Resource")
    return is_deny and statement.get("Principal") == "*" and resource in _EVERYTHING


def _names_roles_only(statements: _Statements) -> bool:
    """Whether all actions are of the service that trust policies speak of."""  # TRU-1
    services = {*_services(statements)}
    return services == {"sts"}


def _names_others(statements: _Statements) -> bool:
    """Whether there is an action of a service of which trust policies do not speak."""
    return not {*_services(statements)} <= {"sts", "*"}


def _services(statements: _Statements) -> Iterator[str]:
    for each in statements:
        found = each.get("Action", [])
        for action in found if isinstance(found, list) else [found]:
            if isinstance(action, str):
                yield action.lower().partition(":")[0]
