"""Errors as people paste them: from any client, or AWS's answer itself, as XML or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.evaluation.denial import NAMED
from simulator.incident.hiding import without_secrets
from simulator.incident.meanings import meaning_of
from simulator.incident.model import Incident, Kind, Reason
from simulator.incident.proof import refusal_meaning
from simulator.syntax.error_text import ErrorText, client_of, collapsed, read_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.syntax import JsonValue

_LONGEST: Final = 20_000
_MESSAGES: Final = ("message", "Message", "errorMessage", "MessageText")
_CODES: Final = ("code", "Code", "__type", "errorCode", "name")


def incidents_in(text: str) -> tuple[Incident, ...]:
    """Return the errors of AWS in a text, each once."""
    client = client_of(text)
    found = [_incident(error, client) for error in read_errors(text)]
    if not found:
        meaning = meaning_of(collapsed(text), None)
        found = [Incident(Kind.ERROR, meaning.text, None)] if meaning and meaning.text else []
    return tuple(map(without_secrets, _once(found)))


def _once(found: list[Incident]) -> Iterator[Incident]:
    """Yield incidents without those that another one tells better: an error is often printed twice.

    What a denial says counts, and not which client says it, nor how often.
    """
    told: dict[object, Incident] = {}
    for each in found:
        key = (each.message, each.action, each.resource or each.role)
        kept = told.get(key)
        if kept is None or (kept.code is None and each.code is not None):
            told[key] = each
    yield from told.values()


def _incident(error: ErrorText, client: str | None) -> Incident:
    found = Incident(
        Kind.ERROR,
        error.message[:_LONGEST],
        error.code,
        error.status,
        client,
        service=error.service,
        operation=error.operation,
        request_id=error.request_id,
    )
    meaning = None if error.is_denial else refusal_meaning(found)
    if meaning is not None and meaning.text:
        found = found._replace(message=meaning.text)  # without what a log has behind it
    return with_message(found, error)


def with_message(incident: Incident, error: ErrorText) -> Incident:
    """Return an incident with what AWS's sentence says, where nothing better is known."""
    found = incident._replace(
        caller=incident.caller or error.caller,
        action=error.action or incident.action,
        resource=error.resource or incident.resource,
        reason=reason_of(error),
        encoded=error.encoded,
        in_words=error.is_denial,
    )
    return _of_role(found, error.role)


def _of_role(incident: Incident, told: str | None) -> Incident:
    """Return an incident with its resource, or what a client told, as the role to be assumed."""
    action = incident.action or _action(incident)
    found = incident._replace(action=action)
    role = found.resource or told
    if found.assumes is None or found.parameters.role_arn or role is None:
        return found
    return found._replace(parameters=found.parameters._replace(role_arn=role))


def _action(incident: Incident) -> str | None:
    """Return the action of an operation whose service is known or beyond doubt."""
    known = incident.operation is not None and incident.may_be_of_sts
    return f"sts:{incident.operation}" if known else None


def reason_of(error: ErrorText) -> Reason | None:
    """Return which policies AWS names in a denial, if it does."""
    if error.layer is None and not error.explicit:
        return None
    through = NAMED.get(error.through) if error.through else None
    layer = NAMED.get(error.layer) if error.layer else None
    return Reason(layer, error.explicit, error.policy, through)


def incident_of_answer(value: Mapping[str, JsonValue]) -> Incident | None:
    """Return the error in AWS's answer as JSON, or in what the aws CLI makes of it; else nothing.

    https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-error-format.html
    """
    inner = value.get("Error", value.get("error"))
    members = inner if isinstance(inner, dict) else value
    message, code = _text(members, _MESSAGES), _text(members, _CODES)
    if message is None and code is None:
        return None
    code = code and code.rpartition("#")[2].partition(":")[0]
    read = read_errors(message or "")
    error = read[0] if read else ErrorText(message or "")
    found = _incident(error._replace(code=code or error.code), "answer of AWS")
    return without_secrets(found._replace(message=message))


def _text(members: Mapping[str, JsonValue], names: tuple[str, ...]) -> str | None:
    found = (members.get(name) for name in names)
    return next((str(each) for each in found if isinstance(each, str)), None)
