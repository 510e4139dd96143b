"""What looks like a secret leaves an incident before anything can print it, in whatever format."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from simulator.secrecy import hidden
from simulator.sts.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.incident.model import Incident
    from simulator.request.context import Value

#: What is only told; a secret in it becomes asterisks.
_TOLD: Final = (
    *("message", "code", "client", "service", "operation", "caller_account", "reason"),
    *("statements", "event_id", "time", "request_id", "missing", "notes"),
)
#: What decides: with asterisks in it, it would be another caller or another call.
_DECIDING: Final = ("caller", "action", "resource", "maker", "provider", "encoded")


def without_secrets(incident: Incident) -> Incident:
    """Return an incident in which no secret can be read.

    What decides and looks like a secret is unknown from then on, and a note tells so.
    """
    changes: dict[str, Any] = {name: _starred(getattr(incident, name)) for name in _TOLD}
    left = [name for name in _DECIDING if _has_secret(getattr(incident, name))]
    changes |= dict.fromkeys(left)
    if _has_secret(incident.claims):
        left.append("claims")
        changes["claims"] = {}  # one without the others is another token
    facts = [key for key, value in incident.context.items() if _is_secret(key, value)]
    passed = list(_passed(incident.parameters))
    if not (left or facts or passed):
        return incident._replace(**changes)
    changes["context"] = {k: v for k, v in incident.context.items() if k not in facts}
    changes["parameters"] = incident.parameters._replace(
        **{name: Parameters._field_defaults[name] for name in passed}
    )
    names = ", ".join(f"`{hidden(name)}`" for name in (*left, *facts, *passed))
    note = f"left out, since it looks like a secret: {names}"
    missing = note if left else changes["missing"]
    return incident._replace(
        **{**changes, "whole": False, "missing": missing, "notes": (*changes["notes"], note)}
    )


def _passed(parameters: Parameters) -> Iterator[str]:
    """Yield the parameters that look like a secret, and what goes with them only."""
    for name, value in parameters._asdict().items():
        if name not in ("tags", "transitive_tag_keys") and _has_secret(value):
            yield name
    if any(_is_secret(key, value) for key, value in parameters.tags) or _has_secret(
        parameters.transitive_tag_keys
    ):
        yield from ("tags", "transitive_tag_keys")


def _is_secret(name: str, value: Value) -> bool:
    """Whether a text is a secret, or its name says so, as printed with it."""
    texts = (value,) if isinstance(value, str) else value or ()
    return any(_has_secret((text, f"{name}={text}")) for text in texts) or _has_secret(name)


def _has_secret(value: object) -> bool:
    return bool(_starred(value) != value)


def _starred(value: Any) -> Any:  # noqa: ANN401 - any value of an incident
    """Return a value of the same shape whose texts have asterisks for what looks like a secret."""
    if isinstance(value, str):
        return value if isinstance(value, Enum) else hidden(value)
    if isinstance(value, Mapping):
        return {hidden(key): _starred(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        items = map(_starred, value)
        return value._make(items) if hasattr(value, "_make") else type(value)(items)
    return value
