"""Diagnostics as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.rendering.excerpt import excerpt, line_at, safe
from simulator.source import Source
from simulator.syntax.edits import apply_edits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.diagnostic import Diagnostic, Edit

_EDITS_SHOWN: Final = 3


def diagnostics_text(diagnostics: Iterable[Diagnostic]) -> str:
    """Return what people read of diagnostics, an empty line between two of them."""
    return "\n\n".join(map(diagnostic_text, diagnostics))


def diagnostic_text(diagnostic: Diagnostic) -> str:
    """Return the headline, an excerpt for each label, the help and the repair."""
    parts = [f"{diagnostic.severity}[{diagnostic.code}]: {safe(diagnostic.message)}"]
    parts += (excerpt(label.span, label.text) for label in diagnostic.labels)
    if diagnostic.help is not None:
        parts.append(f"help: {safe(diagnostic.help)}")
    if diagnostic.edits:
        parts.append(_repair(diagnostic.edits))
    return "\n".join(parts)


def _repair(edits: tuple[Edit, ...]) -> str:
    """Return what is to be changed, and the first changed line as it is then."""
    told = [_edit(edit) for edit in edits[:_EDITS_SHOWN]]
    if len(edits) > _EDITS_SHOWN:
        told.append(f"and {len(edits) - _EDITS_SHOWN} more")
    first = min(edits, key=lambda edit: edit.range)
    same = [edit for edit in edits if edit.source == first.source]
    repaired = Source(first.source.name, apply_edits(first.source.text, same))
    return f"repair: {', '.join(told)}\n{line_at(repaired, first.range.start)}"


def _edit(edit: Edit) -> str:
    old = safe(edit.source.text[edit.range.start : edit.range.end], 60)
    new = safe(edit.text, 60)
    if not old:
        return f"insert `{new}`"
    return f"replace `{old}` by `{new}`" if new else f"delete `{old}`"
