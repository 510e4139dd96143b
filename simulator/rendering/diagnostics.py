"""Diagnostics as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.diagnostic import Severity
from simulator.rendering.excerpt import REACH, excerpt, line_at, safe
from simulator.secrecy import hidden, hidden_around

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simulator.diagnostic import Diagnostic, Edit

_SHOWN: Final = 20
_EDITS_SHOWN: Final = 3


def diagnostics_text(diagnostics: Iterable[Diagnostic]) -> str:
    """Return what people read of diagnostics, an empty line between two of them."""
    shown, left = _chosen(tuple(diagnostics))
    return "\n\n".join((*map(diagnostic_text, shown), *_more(left)))


def _chosen(found: Sequence[Diagnostic]) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Return those to show, in their order, and those left out: rather a warning than an error."""
    order = sorted(range(len(found)), key=lambda index: found[index].severity is Severity.WARNING)
    shown, left = sorted(order[:_SHOWN]), order[_SHOWN:]
    return [found[index] for index in shown], [found[index] for index in left]


def _more(left: Sequence[Diagnostic]) -> Iterator[str]:
    counts = [(severity, sum(d.severity is severity for d in left)) for severity in Severity]
    told = [f"{count} more {word}{'s' * (count != 1)}" for word, count in counts if count]
    if told:
        yield f"and {', '.join(told)}"


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
    return f"repair: {', '.join(told)}\n{_repaired_line(edits)}"


def _repaired_line(edits: Iterable[Edit]) -> str:
    """Return the first line that is changed as it is then, made of no more than is shown of it."""
    first, *others = sorted(edits, key=lambda edit: edit.range)
    start = first.range.start
    text = hidden_around(first.source.text, start)
    before = text[max(0, start - REACH - 1) : start]
    parts, done = [before], start
    for edit in (first, *(edit for edit in others if edit.source == first.source)):
        parts += text[done : min(edit.range.start, done + REACH)], hidden(edit.text)[:REACH]
        done = edit.range.end
    parts.append(text[done : done + REACH])
    return line_at("".join(parts), len(before), first.source.place(start).line)


def _edit(edit: Edit) -> str:
    old = safe(edit.source.text[edit.range.start : edit.range.end], 60)
    new = safe(edit.text, 60)
    if not old:
        return f"insert `{new}`"
    return f"replace `{old}` by `{new}`" if new else f"delete `{old}`"
