"""An answer as JSON; its keys are an interface and do not change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simulator.readings import iso
from simulator.request.caller import Credentials
from simulator.request.principal import called
from simulator.sts.context import condition_keys
from simulator.sts.response import response_to

if TYPE_CHECKING:
    from simulator.diagnosis.cause import Cause
    from simulator.diagnosis.diagnosis import Diagnosis
    from simulator.diagnosis.fixes import Fix
    from simulator.rendering.patch import FileChange
    from simulator.sts.answer import Answer
    from simulator.sts.call import Call, Identity
    from simulator.sts.parameters import Parameters
    from simulator.sts.session import Session

_SECRET = frozenset({"token_code", "provided_contexts", "access_key_id"})


def answer_value(call: Call, answer: Answer, diagnosis: Diagnosis | None) -> dict[str, Any]:
    """Return the answer as plain values; a yes that hangs on no fact has no diagnosis."""
    response = response_to(call, answer)
    return {
        "decision": str(answer.outcome),
        "caller": called(call.principal),
        "operation": str(call.operation),
        "role": call.parameters.role_arn or None,
        "action": answer.decisive.request.action if answer.decisive else call.operation.action,
        "error": answer.error and answer.error._asdict(),
        **diagnosis_value(diagnosis),
        "session": answer.session and session_value(answer.session),
        **({"identity": _identity(call.identity)} if call.identity else {}),
        **({"response": dict(response)} if response is not None else {}),
    }


def diagnosis_value(diagnosis: Diagnosis | None) -> dict[str, Any]:
    """Return a diagnosis as plain values, where there is none an empty one."""
    return {
        "causes": [cause_value(cause) for cause in diagnosis.causes] if diagnosis else [],
        "fixes": [fix_value(fix) for fix in diagnosis.fixes] if diagnosis else [],
        "allowed_if": [list(facts) for facts in diagnosis.allowed_if] if diagnosis else [],
        "allowed_if_complete": diagnosis is None or diagnosis.allowed_if_complete,
    }


def _identity(identity: Identity) -> dict[str, Any]:
    found = {
        key: value if isinstance(value, str) else list(value)
        for key, value in condition_keys(identity).items()
    }
    return {"keys": found, "signature": "not checked"}


def hop_value(call: Call, answer: Answer, profile: str | None) -> dict[str, Any]:
    """Return one call of a chain as plain values, with the profile that makes it."""
    return {
        "profile": profile,
        "operation": str(call.operation),
        "caller": called(call.principal),
        "role": call.parameters.role_arn or None,
        "parameters": parameters_value(call.parameters),
        "decision": str(answer.outcome),
        "error": answer.error and answer.error._asdict(),
        "session": answer.session and session_value(answer.session),
    }


def parameters_value(parameters: Parameters) -> dict[str, Any]:
    """Return what is passed, without what is secret."""
    shown = ((key, value) for key, value in parameters._asdict().items() if key not in _SECRET)
    return {key: value for key, value in shown if value not in (None, (), "")}


def cause_value(cause: Cause) -> dict[str, Any]:
    """Return a cause as plain values."""
    location = None
    if cause.place is not None:
        span = cause.place.span()
        location = {"file": span.in_file().source.name, **span.place._asdict()}
    return {
        "code": cause.code,
        "layer": str(cause.layer),
        "message": cause.message,
        "location": location,
        "wanted": cause.wanted,
        "given": cause.given,
        "help": cause.help,
        "owner": cause.owner._asdict(),
        "blocker": cause.blocker,
        "alternative": cause.alternative,
    }


def fix_value(fix: Fix) -> dict[str, Any]:
    """Return a fix as plain values."""
    from simulator.diagnosis.commands import commands  # noqa: PLC0415 - a yes has no fixes
    from simulator.rendering.patch import patches  # noqa: PLC0415

    edits = [edit for remedy in fix.remedies for edit in remedy.edits]
    return {
        "title": fix.title,
        "access": str(fix.access),
        "verified": True,  # no other is ever offered
        "edits": [_edit(change) for change in patches(edits)],
        "command": "\n".join(commands(fix)) or None,
        "also_allows": list(fix.also_allows),
    }


def _edit(change: FileChange) -> dict[str, Any]:
    return {"file": change.name, "patch": change.diff, "json_patch": change.json_patch}


def session_value(session: Session) -> dict[str, Any]:
    """Return a session as plain values; its end is known where the time of the call is."""
    expires = session.caller.expires
    return {
        "arn": session.arn,
        "assumed_role_id": session.assumed_role_id,
        "duration_seconds": session.duration_seconds,
        "expiration": None if expires is None else iso(expires),
        "tags": dict(session.tags),
        "transitive_tag_keys": list(session.transitive_tag_keys),
        "source_identity": session.source_identity,
        "mfa": session.caller.credentials is Credentials.SESSION_TOKEN_WITH_MFA,
        "has_session_policies": session.policies != (),
    }


def to_json(value: object) -> str:
    """Return plain values as indented JSON with a line end."""
    return json.dumps(value, indent=2) + "\n"
