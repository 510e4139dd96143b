"""What `aws sts decode-authorization-message` prints, and messages that are still encoded.

https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.evaluation.encoded import EncodedError, decode, is_ours
from simulator.incident.hiding import without_secrets
from simulator.incident.model import Incident, IncidentError, Kind, Matched
from simulator.request.context import Several
from simulator.secrecy import hidden
from simulator.source import Source
from simulator.syntax import decode as decode_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.request.context import Value
    from simulator.syntax import JsonValue

_MOST_STATEMENTS: Final = 200
_MOST_CONDITIONS: Final = 2000
_SHORTEST: Final = 60
_ENCODED: Final = re.compile(r"[A-Za-z0-9_-]+={0,2}", re.ASCII)


def is_decoded(value: JsonValue) -> bool:
    """Whether a value is a decoded message, or what the aws CLI prints around one."""
    return isinstance(value, dict) and ("DecodedMessage" in value or "matchedStatements" in value)


def incident_of_decoded(value: Mapping[str, JsonValue], name: str) -> Incident:
    """Return what a decoded message says.

    Raises:
        DocumentError: what stands in `DecodedMessage` is no JSON.
        IncidentError: it says that the request was allowed.
    """
    inner = value.get("DecodedMessage", value)
    if isinstance(inner, str):
        inner = decode_json(Source(f"{name}: DecodedMessage", inner))
    message = inner if isinstance(inner, dict) else {}
    if message.get("allowed") is True:
        raise IncidentError(f"`{name}`: the message says that the request was allowed")
    context = _mapping(message, "context")
    principal = _mapping(context, "principal")
    found = Incident(
        Kind.DECODED,
        caller=_text(principal, "arn"),
        action=_text(context, "action"),
        resource=_text(context, "resource"),
        context=_facts(context, _text(principal, "id")),
        explicit=message.get("explicitDeny") is True,
        statements=tuple(_statements(message)),
        whole=True,
    )
    return without_secrets(found)


def incident_of_encoded(text: str, name: str) -> Incident | None:
    """Return what a message says that is still encoded, if a text is one; AWS's can say nothing.

    Raises:
        IncidentError: it is one of iamsim's, and damaged.
    """
    word = text.strip()
    if is_ours(word):
        try:
            return incident_of_decoded(decode(word), name)
        except EncodedError as error:
            raise IncidentError(
                f"`{name}`: {error}: copy it from its first character on"
            ) from error
    if len(word) < _SHORTEST or not _ENCODED.fullmatch(word) or hidden(word) != word:
        return None
    return Incident(Kind.ENCODED, encoded=word, missing="only AWS can decode what AWS has encoded")


def _facts(context: Mapping[str, JsonValue], user_id: str | None) -> dict[str, Value]:
    """Return the condition keys of a request; several values only where there are several."""
    found: dict[str, Value] = {} if user_id is None else {"aws:userid": user_id}
    for each in _items(context, "conditions")[:_MOST_CONDITIONS]:
        key, values = _text(each, "key"), _values(each, "values")
        if key is not None and ":" in key and values:
            found[key] = values[0] if len(values) == 1 else Several(values)
    return found


def _statements(message: Mapping[str, JsonValue]) -> Iterator[Matched]:
    for each in _items(message, "matchedStatements")[:_MOST_STATEMENTS]:
        conditions = (
            (_text(test, "key") or "", _values(test, "values"))
            for test in _items(each, "conditions")
        )
        yield Matched(
            _text(each, "statementId") or "",
            _text(each, "effect") or "",
            _values(each, "principals"),
            _values(each, "actions"),
            _values(each, "resources"),
            tuple(conditions),
        )


def _mapping(value: Mapping[str, JsonValue], name: str) -> Mapping[str, JsonValue]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _text(value: Mapping[str, JsonValue], name: str) -> str | None:
    found = value.get(name)
    return str(found) if isinstance(found, str) else None


def _items(value: Mapping[str, JsonValue], name: str) -> list[Mapping[str, JsonValue]]:
    found = _mapping(value, name).get("items")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _values(value: Mapping[str, JsonValue], name: str) -> tuple[str, ...]:
    return tuple(text for each in _items(value, name) if (text := _text(each, "value")) is not None)
