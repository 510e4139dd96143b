"""Carrying out the edits of findings in the text they stand in, as far as they are safe.

What does not change access is safe, and what narrows it is so for who asks for it. Of a document
that AWS refuses nobody can say either: there only what the reader of the text cannot tell apart is
mended, letter case of a word of the language, commas and white space.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.diagnostic import Access, DocumentError, Severity
from simulator.source import Source
from simulator.syntax import apply_edits, decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from simulator.check.check import Checked
    from simulator.diagnostic import Diagnostic
    from simulator.source import Range

    Read = Callable[[Source], tuple[Checked, ...]]

_PASSES: Final = 10
"""How often a text is mended: one edit may make room for another."""

_SAFE: Final = (Access.UNCHANGED,)
_NARROWING: Final = (Access.UNCHANGED, Access.NARROWED)
_PUNCTUATION: Final = frozenset(", \t\r\n")


class Fixed(NamedTuple):
    """A text after all edits, and how many findings they mended."""

    source: Source
    mended: int


def fix(source: Source, read: Read, *, narrowing: bool = False) -> Fixed:
    """Return a text with the safe edits of its findings, and with those that narrow access.

    `read` finds the policies in a text and checks them. A text that is then no better is left as
    it was.
    """
    mended = 0
    for _ in range(_PASSES):
        step = _step(source, read, _NARROWING if narrowing else _SAFE)
        if step is None:
            break
        source, mended = step.source, mended + step.mended
    return Fixed(source, mended)


def _step(source: Source, read: Read, allowed: Sequence[Access]) -> Fixed | None:
    """Return the text with all edits that can be made at once, or nothing where there are none."""
    try:
        checked = read(source)
    except DocumentError as error:
        return _mended_syntax(source, read, error.diagnostics)
    taken: list[Range] = []  # two documents may stand at one place, by an alias
    chosen = [_chosen(each.diagnostics, allowed, each.document.source, taken) for each in checked]
    while any(chosen):
        edits = [edit for group in chosen for finding in group for edit in finding.edits]
        text = apply_edits(source.text, [edit.in_file() for edit in edits])
        wrong = _miswritten(source._replace(text=text), read, checked, chosen)
        if not wrong:
            return Fixed(source._replace(text=text), sum(map(len, chosen)))
        chosen = [[] if index in wrong else group for index, group in enumerate(chosen)]
    return None


def _mended_syntax(source: Source, read: Read, found: Sequence[Diagnostic]) -> Fixed | None:
    chosen = _chosen(found, (), source, [])
    text = apply_edits(source.text, [edit for each in chosen for edit in each.edits])
    if not chosen:
        return None
    mended = source._replace(text=text)
    try:
        read(mended)
    except DocumentError as error:
        if _errors(error.diagnostics) >= _errors(found):
            return None
    return Fixed(mended, len(chosen))


def _chosen(
    found: Iterable[Diagnostic], allowed: Sequence[Access], source: Source, taken: list[Range]
) -> list[Diagnostic]:
    """Return the findings that may be mended where nothing is taken, and take their places."""
    chosen: list[Diagnostic] = []
    for each in found:
        if not each.edits or any(edit.source != source for edit in each.edits):
            continue
        if not (each.access in allowed or _says_the_same(each)):
            continue
        places = [edit.in_file().range for edit in each.edits]
        if not any(_meet(place, other) for place in places for other in taken):
            chosen.append(each)
            taken += places
    return chosen


def _says_the_same(finding: Diagnostic) -> bool:
    """Whether the edits of an error change letter case, commas and white space only."""
    if finding.access is not None or finding.severity is not Severity.ERROR:
        return False
    return all(_is_same(edit.source.text[slice(*edit.range)], edit.text) for edit in finding.edits)


def _is_same(old: str, new: str) -> bool:
    return old.casefold() == new.casefold() or _PUNCTUATION.issuperset(old + new)


def _meet(place: Range, other: Range) -> bool:
    overlap = place.start < other.end and other.start < place.end
    return overlap or place.start == other.start


def _errors(found: Iterable[Diagnostic]) -> int:
    return sum(each.severity is Severity.ERROR for each in found)


def _miswritten(
    mended: Source, read: Read, before: Sequence[Checked], chosen: Sequence[Sequence[Diagnostic]]
) -> set[int]:
    """Return the numbers of the documents that do not say what their edits were to make of them.

    An edit is made for JSON, and the file may have another notation.
    """
    try:
        after = read(mended)
    except DocumentError:
        after = ()
    edited = {index for index, group in enumerate(chosen) if group}
    if len(after) != len(before):
        return edited
    return {
        index for index in edited if not _is_as_meant(before[index], chosen[index], after[index])
    }


def _is_as_meant(before: Checked, chosen: Sequence[Diagnostic], after: Checked) -> bool:
    if _errors(after.diagnostics) > _errors(before.diagnostics):
        return False
    source, edits = before.document.source, [edit for each in chosen for edit in each.edits]
    if source.origin is None:
        return True  # the very text that was edited
    meant = decode(Source(source.name, apply_edits(source.text, edits)))
    return decode(after.document.source) == meant
