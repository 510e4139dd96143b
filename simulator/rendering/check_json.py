"""What `iamsim check` found, as JSON; its keys are an interface and do not change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.diagnostic import Severity
from simulator.rendering.location import location
from simulator.secrecy import hidden
from simulator.source import Span

if TYPE_CHECKING:
    from simulator.check.check import Checked
    from simulator.check.report import Report
    from simulator.diagnostic import Diagnostic, Edit
    from simulator.storing.refusal import Refusal


def check_value(report: Report) -> dict[str, Any]:
    """Return what was found as plain values."""
    counts = report.counts()
    return {
        "documents": [_document(each) for each in report.checked],
        "errors": [_finding(each) for each in report.unusable],
        "notes": [_told(note) for note in report.notes],
        "summary": {
            "documents": len(report.checked),
            "findings": {str(severity): counts[severity] for severity in Severity},
            "errors": len(report.unusable),
            "skipped": report.skipped,
        },
    }


def _document(checked: Checked) -> dict[str, Any]:
    return {
        "file": _told(checked.file),
        "name": _told(checked.name) or None,
        "kind": checked.kind.name,
        "stored": checked.stored,
        "error": checked.refusal and _answer(checked.refusal),
        "findings": [_finding(each) for each in checked.diagnostics],
    }


def _answer(refusal: Refusal) -> dict[str, Any]:
    return {
        "code": refusal.code,
        "message": _told(refusal.message),
        "status": refusal.status,
        "recorded": refusal.recorded,
    }


def _finding(found: Diagnostic) -> dict[str, Any]:
    labels = [
        {"location": _location(label.span), "text": _told(label.text)} for label in found.labels
    ]
    return {
        "code": found.code,
        "severity": str(found.severity),
        "message": _told(found.message),
        "location": labels[0]["location"] if labels else None,
        "labels": labels,
        "help": None if found.help is None else _told(found.help),
        "fix": _fix(found) if found.edits else None,
    }


def _fix(found: Diagnostic) -> dict[str, Any]:
    return {
        "access": found.access and str(found.access),
        "edits": [_edit(edit.in_file()) for edit in found.edits],
    }


def _edit(edit: Edit) -> dict[str, Any]:
    return {"location": _location(Span(edit.source, edit.range)), "text": _told(edit.text)}


def _location(span: Span) -> dict[str, Any]:
    place = location(span)._asdict()
    return {**place, "file": _told(place["file"])}


def _told(text: str) -> str:
    """Return a text without secrets, and without what no reader of JSON must take: half a pair."""
    return hidden(text).encode("utf-8", "backslashreplace").decode()
