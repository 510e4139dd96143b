"""An answer as JSON; its keys are an interface and do not change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.diagnosis.cause import Cause
    from simulator.diagnosis.diagnose import Diagnosis
    from simulator.diagnosis.fixes import Fix
    from simulator.sts.assume_role import Answer
    from simulator.sts.call import Call
    from simulator.sts.session import Session


def answer_value(call: Call, answer: Answer, diagnosis: Diagnosis | None) -> dict[str, Any]:
    """Return the answer as plain values; a yes has no diagnosis."""
    causes, fixes, allowed_if = diagnosis or ((), (), ())
    return {
        "decision": str(answer.outcome),
        "caller": str(call.caller.principal.arn),
        "role": call.parameters.role_arn,
        "action": answer.decisive.request.action if answer.decisive else "sts:AssumeRole",
        "error": answer.error and answer.error._asdict(),
        "causes": [cause_value(cause) for cause in causes],
        "fixes": [fix_value(fix) for fix in fixes],
        "allowed_if": [list(facts) for facts in allowed_if],
        "session": answer.session and _session(answer.session),
    }


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
        "edits": [{"file": file, "patch": patch} for file, patch in patches(edits)],
        "command": "\n".join(commands(fix)) or None,
        "also_allows": list(fix.also_allows),
    }


def _session(session: Session) -> dict[str, Any]:
    return {
        **session._asdict(),
        "tags": dict(session.tags),
        "transitive_tag_keys": list(session.transitive_tag_keys),
    }


def to_json(value: object) -> str:
    """Return plain values as indented JSON with a line end."""
    return json.dumps(value, indent=2) + "\n"
