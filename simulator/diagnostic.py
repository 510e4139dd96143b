"""What is told about a text: a diagnostic with its labels, help and edits."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from simulator.source import Range

if TYPE_CHECKING:
    from simulator.source import Source, Span


class Severity(StrEnum):
    """How bad it is: an error stops the document from being used, a note is advice only."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Access(StrEnum):
    """What a change does to who may do what."""

    UNCHANGED = "unchanged"
    NARROWED = "narrowed"
    WIDENED = "widened"


class Label(NamedTuple):
    """A place in a text and what is to be seen there."""

    span: Span
    text: str


class Edit(NamedTuple):
    """The replacement of one range of a source by another text."""

    source: Source
    range: Range
    text: str

    def in_file(self) -> Edit:
        """Return the same edit of the outermost text, through every decoding."""
        source, (start, end), text = self
        while source.origin is not None:
            outer, offsets, encode, rewrite = source.origin
            if rewrite is None:
                start, end, text = offsets[start], offsets[end], encode(text)
            else:
                (start, end), text = rewrite(Range(start, end), text)
            source = outer
        return Edit(source, Range(start, end), text)


class Diagnostic(NamedTuple):
    """One thing that is wrong with a document: the headline, where, and what to do.

    The first label is the primary one. `edits` repair it together; they are empty where no plain
    repair exists. `access` is what they do to who may do what, where that can be said: nobody can
    say it of a document that AWS does not store, or that was meant otherwise.
    """

    code: str
    severity: Severity
    message: str
    labels: tuple[Label, ...] = ()
    help: str | None = None
    edits: tuple[Edit, ...] = ()
    access: Access | None = None


class DocumentError(Exception):
    """A document that cannot be used, with everything that is wrong with it."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("; ".join(d.message for d in diagnostics))
        self.diagnostics = diagnostics
