"""An incident as text and as plain values: what AWS said, what that proves, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.incident.model import Kind
from simulator.incident.proof import hangs_on_policies, proof_of
from simulator.rendering.excerpt import safe
from simulator.request.context import Several

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulator.incident.commands import Command
    from simulator.incident.model import Incident, Matched, Reason
    from simulator.incident.proof import Proof
    from simulator.incident.read import Found, Reading
    from simulator.request.context import Value

_LONGEST_LINE = 20_000
_MOST_FACTS = 30
_NO_CODE = "an error without a code"
_UNKNOWN = "nothing in it says that a policy denied it, and iamsim does not know it"


def incident_text(found: Found, fetch: Sequence[Command]) -> str:
    """Return an incident as text, its parts set apart by empty lines.

    `fetch` are the commands that fetch what would decide it.
    """
    proof = proof_of(found.incident)
    parts = [_beginning(found, proof), *_known(found, proof)]
    if fetch:
        parts.append(_listed("to find out more", map(_command, fetch), limit=_LONGEST_LINE))
    return "\n\n".join(parts) + "\n"


def decided_text(found: Found, answer: str, remarks: Sequence[str]) -> str:
    """Return an incident as text with what deciding it anew came to, and what is odd about that."""
    proof = proof_of(found.incident)
    told = "\n".join(safe(remark, _LONGEST_LINE) for remark in remarks)
    parts = (_beginning(found, proof), "decided anew with the policies given", answer.rstrip("\n"))
    return "\n\n".join((*parts, *_found_in(found), told)).rstrip("\n") + "\n"


def _known(found: Found, proof: Proof) -> Iterator[str]:
    if proof.meaning is not None:
        yield f"help: {safe(proof.meaning.advice)}"
    if proof.known:
        yield _listed("what is known", proof.known)
    yield from _found_in(found)
    if proof.unknown:
        yield f"unknown, which is not the same as absent\n    {', '.join(proof.unknown)}"


def _found_in(found: Found) -> Iterator[str]:
    """Yield what a decoded message or the rest of a log tells."""
    incident = found.incident
    if incident.statements:
        yield _listed("statements that matched", map(_matched, incident.statements))
    if incident.kind is Kind.DECODED and incident.context:
        yield _listed("the request", _facts(incident.context))
    if found.after_change is not None:
        yield (
            f"perhaps only too early: AWS denied it {safe(found.after_change)}, and a change takes"
            " a while to be seen everywhere: try again"
        )


def _beginning(found: Found, proof: Proof) -> str:
    return "\n".join(_head(found, proof))


def _head(found: Found, proof: Proof) -> Iterator[str]:
    incident, meaning = found.incident, proof.meaning
    if incident.kind is Kind.ENCODED:
        yield "an encoded message of AWS, which AWS alone can decode"
        return
    code = f" ({safe(incident.code)})" if incident.code else ""
    if meaning is not None and meaning.is_refusal:
        page = f"[{meaning.code}]" if meaning.code else ""
        yield f"refused by AWS{code}: {safe(meaning.message)} {page}".rstrip()
    elif meaning is None and incident.is_denial:
        yield f"denied by AWS{code}: {_done(incident)}"
    else:
        told = meaning.message if meaning is not None else _UNKNOWN
        yield f"failed with {safe(incident.code or _NO_CODE)}: {told}"
    if incident.message and (not hangs_on_policies(incident) or incident.action is None):
        yield f"  AWS says: {safe(incident.message, 2000)}"
    yield from _told_by(found)


def _done(incident: Incident) -> str:
    who = safe(incident.caller) if incident.caller else _somebody(incident)
    if incident.assumes and incident.action == incident.assumes.action:
        return f"{who} cannot assume {safe(incident.role) if incident.role else 'a role'}"
    if incident.action is None:
        return f"{who} cannot do what was asked"
    on = f" on {safe(incident.resource)}" if incident.resource else ""
    return f"{who} cannot do {safe(incident.action)}{on}"


def _somebody(incident: Incident) -> str:
    subject = incident.claims.get("sub")
    if subject is not None:
        return f"`{safe(subject)}`"
    account = incident.caller_account
    return f"somebody of the account {safe(account)}" if account else "somebody"


def _told_by(found: Found) -> Iterator[str]:
    incident = found.incident
    parts = [incident.client, incident.time if found.times == 1 else None]
    if incident.kind is Kind.EVENT and incident.event_id:
        parts.append(f"event {incident.event_id}")
    elif incident.request_id:
        parts.append(f"request {incident.request_id}")
    told = ", ".join(safe(part) for part in parts if part)
    if told:
        yield f"  told by: {told}"
    if found.times > 1:
        span = (
            f", from {safe(found.first or '')} to {safe(found.last or '')}" if found.first else ""
        )
        yield f"  {found.times} times{span}"
    for note in incident.notes:
        yield f"  note: {safe(note)}"


def _listed(title: str, lines: Any, limit: int = 2000) -> str:  # noqa: ANN401 - lines of text
    return "\n".join((title, *(f"    {safe(line, limit)}" for line in lines)))


def _command(command: Command) -> str:
    account = f"  # in account {command.account}" if command.account else ""
    return f"{command.line}{account}"


def _matched(statement: Matched) -> str:
    """Return a statement in one line."""
    parts = [f"{statement.effect or 'statement'} `{statement.sid}`" if statement.sid else ""]
    parts[0] = parts[0] or (statement.effect or "statement")
    parts += [f"actions {', '.join(statement.actions)}"] if statement.actions else []
    parts += [f"resources {', '.join(statement.resources)}"] if statement.resources else []
    parts += [f"principals {', '.join(statement.principals)}"] if statement.principals else []
    parts += [f"if {key} is {' or '.join(values)}" for key, values in statement.conditions]
    return "; ".join(parts)


def _facts(context: Mapping[str, Value]) -> Iterator[str]:
    told = [(key, value) for key, value in context.items() if value is not None]
    for key, value in told[:_MOST_FACTS]:
        yield f"{key} = {value if isinstance(value, str) else ', '.join(value)}"
    if len(told) > _MOST_FACTS:
        yield f"and {len(told) - _MOST_FACTS} more: `--format json` has them all"


def incident_value(found: Found) -> dict[str, Any]:
    """Return an incident as plain values."""
    incident, proof = found.incident, proof_of(found.incident)
    return {
        "kind": str(incident.kind),
        "client": incident.client,
        "code": incident.code,
        "message": incident.message,
        "status": incident.status,
        "caller": incident.caller,
        "caller_account": incident.caller_account,
        "operation": incident.operation,
        "action": incident.action,
        "resource": incident.resource,
        "role": incident.role,
        "reason": incident.reason and _reason(incident.reason),
        "explicit_deny": incident.reason.explicit if incident.reason else incident.explicit,
        "facts": {key: _plain(value) for key, value in incident.context.items()},
        "parameters": _parameters(incident),
        "mfa": incident.mfa,
        "credentials": incident.credentials,
        "federated_by": incident.maker,
        "provider": incident.provider,
        "claims": dict(incident.claims),
        "unknown": list(proof.unknown),
        "known": list(proof.known),
        "meaning": proof.meaning
        and {
            "code": proof.meaning.code,
            "message": proof.meaning.message,
            "help": proof.meaning.advice,
        },
        "statements": [_statement(each) for each in incident.statements],
        "encoded_message": incident.encoded,
        "event_id": incident.event_id,
        "request_id": incident.request_id,
        "time": incident.time,
        "times": found.times,
        "first": found.first,
        "last": found.last,
        "after_change": found.after_change,
        "not_decidable": incident.missing,
        "notes": list(incident.notes),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "layer": reason.layer and str(reason.layer),
        "explicit": reason.explicit,
        "policy": reason.policy,
        "through": reason.through and str(reason.through),
    }


def _parameters(incident: Incident) -> dict[str, Any]:
    shown = incident.parameters._replace(token_code=None)._asdict()
    return {key: value for key, value in shown.items() if value not in (None, (), "")}


def _plain(value: Value) -> str | list[str] | None:
    return list(value) if isinstance(value, Several) else value


def _statement(statement: Matched) -> dict[str, Any]:
    conditions = {key: list(values) for key, values in statement.conditions}
    return {**statement._asdict(), "conditions": conditions}


def log_value(reading: Reading) -> dict[str, Any]:
    """Return what else was in a log, as plain values."""
    undecidable: dict[str, int] = {}
    for each in reading.found:
        if each.incident.missing is not None:
            missing = each.incident.missing
            undecidable[missing] = undecidable.get(missing, 0) + each.times
    return {
        "records": reading.records,
        "failed": sum(each.times for each in reading.found),
        "incidents": len(reading.found),
        "skipped": dict(reading.skipped),
        "not_decidable": undecidable,
        "whole": reading.whole,
        "problems": list(reading.problems),
    }
