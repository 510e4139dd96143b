"""What `iamsim check` found, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnostic import Severity
from simulator.rendering.diagnostics import diagnostic_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.report import Report


def check_text(report: Report) -> str:
    """Return what people read of the policies that were checked, the sum of it last."""
    return "\n\n".join((*_findings(report), _sum(report))) + "\n"


def _findings(report: Report) -> Iterator[str]:
    for each in report.checked:
        yield from map(diagnostic_text, each.diagnostics)
        if each.refusal is not None:
            yield f"AWS answers {each.refusal.code}: {each.refusal.message}"


def _sum(report: Report) -> str:
    counts, checked = report.counts(), report.checked
    told = [f"{counts[s]} {s}{'s' * (counts[s] != 1)}" for s in Severity if counts[s]]
    policies = f"{len(checked)} polic{'y' if len(checked) == 1 else 'ies'} checked"
    return f"{policies}: {', '.join(told) or 'no findings'}"
