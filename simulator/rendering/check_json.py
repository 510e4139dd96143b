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
        "notes": [hidden(note) for note in report.notes],
        "summary": {
            "documents": len(report.checked),
            "findings": {str(severity): counts[severity] for severity in Severity},
            "errors": len(report.unusable),
            "skipped": report.skipped,
        },
    }


def _document(checked: Checked) -> dict[str, Any]:
    return {
        "file": checked.file,
        "name": checked.name or None,
        "kind": checked.kind.name,
        "stored": checked.stored,
        "error": checked.refusal and _answer(checked.refusal),
        "findings": [_finding(each) for each in checked.diagnostics],
    }


def _answer(refusal: Refusal) -> dict[str, Any]:
    return {
        "code": refusal.code,
        "message": hidden(refusal.message),
        "status": refusal.status,
        "recorded": refusal.recorded,
    }


def _finding(found: Diagnostic) -> dict[str, Any]:
    labels = [
        {"location": location(label.span)._asdict(), "text": hidden(label.text)}
        for label in found.labels
    ]
    return {
        "code": found.code,
        "severity": str(found.severity),
        "message": hidden(found.message),
        "location": labels[0]["location"] if labels else None,
        "labels": labels,
        "help": None if found.help is None else hidden(found.help),
        "fix": _fix(found) if found.edits else None,
    }


def _fix(found: Diagnostic) -> dict[str, Any]:
    return {
        "access": found.access and str(found.access),
        "edits": [_edit(edit.in_file()) for edit in found.edits],
    }


def _edit(edit: Edit) -> dict[str, Any]:
    place = location(Span(edit.source, edit.range))
    return {"location": place._asdict(), "text": hidden(edit.text)}
