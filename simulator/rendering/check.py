"""What `iamsim check` found, as text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from simulator.diagnostic import Severity
from simulator.rendering.diagnostics import diagnostic_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.check.check import Checked


def check_text(checked: Sequence[Checked]) -> str:
    """Return what people read of the policies that were checked, the sum of it last."""
    return "\n\n".join((*_findings(checked), _sum(checked))) + "\n"


def _findings(checked: Sequence[Checked]) -> Iterator[str]:
    for each in checked:
        yield from map(diagnostic_text, each.diagnostics)
        if each.refusal is not None:
            yield f"AWS answers {each.refusal.code}: {each.refusal.message}"


def _sum(checked: Sequence[Checked]) -> str:
    counts = Counter(d.severity for each in checked for d in each.diagnostics)
    told = [f"{counts[s]} {s}{'s' * (counts[s] != 1)}" for s in Severity if counts[s]]
    policies = f"{len(checked)} polic{'y' if len(checked) == 1 else 'ies'} checked"
    return f"{policies}: {', '.join(told) or 'no findings'}"
