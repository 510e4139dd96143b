"""Diagnostics as text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from simulator.diagnostic import Severity
from simulator.rendering.excerpt import REACH, excerpt, line_at, safe
from simulator.secrecy import hidden, hidden_around

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from simulator.diagnostic import Access, Diagnostic, Edit

_SHOWN: Final = 20
_EDITS_SHOWN: Final = 3
_RANKS: Final = {severity: rank for rank, severity in enumerate(Severity)}


def diagnostics_text(diagnostics: Iterable[Diagnostic]) -> str:
    """Return what people read of diagnostics, an empty line between two of them."""
    found = tuple(diagnostics)
    chosen = most_severe(found, _SHOWN)
    shown = (diagnostic_text(each) for index, each in enumerate(found) if index in chosen)
    left = [each for index, each in enumerate(found) if index not in chosen]
    return "\n\n".join((*shown, *more_text(left)))


def most_severe(found: Sequence[Diagnostic], limit: int) -> frozenset[int]:
    """Return the indices of those to show: no error is left out for a warning."""
    order = sorted(range(len(found)), key=lambda index: _RANKS[found[index].severity])
    return frozenset(order[:limit])


def more_text(left: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield how many are left out, if any are."""
    told = counts_text(Counter(each.severity for each in left), "more ")
    if told:
        yield f"and {told}"


def counts_text(counts: Mapping[Severity, int], before: str = "") -> str:
    """Return how many there are of each severity, and nothing where there are none."""
    told = ((counts.get(severity, 0), severity) for severity in Severity)
    return ", ".join(f"{n} {before}{word}{'s' * (n != 1)}" for n, word in told if n)


def diagnostic_text(diagnostic: Diagnostic) -> str:
    """Return the headline, an excerpt for each label, the help and the repair."""
    parts = [f"{diagnostic.severity}[{diagnostic.code}]: {safe(diagnostic.message)}"]
    parts += (excerpt(label.span, label.text) for label in diagnostic.labels)
    if diagnostic.help is not None:
        parts.append(f"help: {safe(diagnostic.help)}")
    if diagnostic.edits:
        parts.append(_repair(diagnostic.edits, diagnostic.access))
    return "\n".join(parts)


def _repair(edits: tuple[Edit, ...], access: Access | None) -> str:
    """Return what is to be changed, what that does to access, and the first changed line."""
    told = [_edit(edit) for edit in edits[:_EDITS_SHOWN]]
    if len(edits) > _EDITS_SHOWN:
        told.append(f"and {len(edits) - _EDITS_SHOWN} more")
    effect = f" (access {access})" if access is not None else ""
    said = f"repair{effect}: {', '.join(told)}"
    outer = [edit.in_file() for edit in edits]
    # A text within another one may stand there otherwise than it reads.
    as_written = all(map(_is_alike, edits, outer))
    return f"{said}\n{_repaired_line(outer)}" if as_written else said


def _is_alike(edit: Edit, outer: Edit) -> bool:
    """Whether an edit of a text within another one looks the same there."""
    return outer.text == edit.text and _old(outer) == _old(edit)


def _old(edit: Edit) -> str:
    return edit.source.text[slice(*edit.range)]


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
    old = safe(_old(edit).strip(", \t\r\n") or _old(edit), 60)
    new = safe(edit.text, 60)
    if not old:
        return f"insert `{new}`"
    return f"replace `{old}` by `{new}`" if new else f"delete `{old}`"
