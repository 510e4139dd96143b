"""The list of what is wrong with one document, gathered while it is built."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache, partialmethod
from typing import TYPE_CHECKING, Final

from simulator.diagnostic import Diagnostic, DocumentError, Edit, Label, Severity
from simulator.policy import codes
from simulator.policy.model import UNKNOWN
from simulator.source import Range, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulator.diagnostic import Access
    from simulator.policy.model import Document
    from simulator.syntax import Path

LIMIT: Final = 50
"""The errors of one document that are told, and likewise the warnings."""


@lru_cache(maxsize=1024)
def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """Return the known word that was probably meant, if one is near."""
    # difflib costs 2 ms to import, and a document without a mistake never asks.
    from difflib import get_close_matches  # noqa: PLC0415

    by_folded = {k.casefold(): k for k in known}
    if word.casefold() in by_folded:
        return by_folded[word.casefold()]
    close = get_close_matches(word.casefold()[:200], by_folded, n=1, cutoff=0.75)
    return by_folded[close[0]] if close else None


class Findings:
    """What was found in one document so far."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.found: list[Diagnostic] = []
        self.counts: Counter[Severity] = Counter()
        self.more: list[Diagnostic] = []

    def nearest(self, word: str, known: tuple[str, ...]) -> str | None:
        """Return the known word that was probably meant, as long as errors are still told."""
        return None if self.counts[Severity.ERROR] > LIMIT else nearest(word, known)

    @property
    def is_full(self) -> bool:
        """Whether no further warning is told, so that what it would say need not be sought."""
        return self.is_full_of(Severity.WARNING)

    def is_full_of(self, *severities: Severity) -> bool:
        """Whether no further finding of any of these severities is told."""
        return all(self.counts[severity] > LIMIT for severity in severities)

    def error(  # noqa: PLR0913 - what a diagnostic is made of
        self,
        code: str,
        path: Path,
        message: str,
        label: str,
        *,
        on_key: bool = False,
        help: str | None = None,  # noqa: A002 - the word of the field
        replacement: str | None = None,
        severity: Severity = Severity.ERROR,
        access: Access | None = None,
        edits: Callable[[], tuple[Edit, ...]] | None = None,
        beside: Sequence[tuple[Path, str]] = (),
    ) -> None:
        """Add a finding at the value of a path, or at the key that leads to it.

        A replacement is the text that repairs the place: of a string, without its quotes; other
        edits are made only if the finding is told. `access` is what the repair does to access,
        `beside` other places with what is to be seen there.
        """
        if path in self.document.unknown and (not on_key or UNKNOWN in str(path[-1])):
            return  # what a template leaves open is never wrong
        self.counts[severity] += 1
        if self.counts[severity] > LIMIT + 1:
            return
        span = self.document.key_span(path) if on_key else self.document.span(path)
        if self.counts[severity] > LIMIT:
            self.more.append(_too_many(severity, span))
            return
        made = edits() if edits is not None else ()
        if replacement is not None:
            made = (_replace(span, replacement), *made)
        others = (Label(self.document.span(place), text) for place, text in beside)
        labels = (Label(span, label), *others)
        self.add(Diagnostic(code, severity, message, labels, help, made, access if made else None))

    def add(self, diagnostic: Diagnostic) -> None:
        """Add a finding that is complete."""
        self.found.append(diagnostic)

    #: Add a finding that does not stop the document from being used.
    warn = partialmethod(error, severity=Severity.WARNING)

    #: Add a finding that is advice.
    note = partialmethod(error, severity=Severity.NOTE)

    def told(self) -> tuple[Diagnostic, ...]:
        """Return all findings in the order of their places."""
        # First that there are more: whoever shows only some of them shows that.
        return (*self.more, *sorted(self.found, key=_place))

    def result(self) -> tuple[Diagnostic, ...]:
        """Return the warnings.

        Raises:
            DocumentError: there are errors; it carries the warnings too.
        """
        found = self.told()
        if any(d.severity is Severity.ERROR for d in found):
            raise DocumentError(found)
        return found


def _too_many(severity: Severity, span: Span) -> Diagnostic:
    message = f"more than {LIMIT} {severity}s"
    labels = (Label(span, "from here on the rest is not told"),)
    return Diagnostic(codes.TOO_MANY, severity, message, labels)


def _replace(span: Span, replacement: str) -> Edit:
    source, (start, end) = span
    quoted = source.text[start : start + 1] == '"' and not replacement.startswith(("{", "["))
    inside = Range(start + 1, end - 1) if quoted else span.range
    return Edit(source, inside, replacement)


def _place(diagnostic: Diagnostic) -> int:
    return diagnostic.labels[0].span.range.start if diagnostic.labels else 0
