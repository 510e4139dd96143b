"""What is told about tokens and assertions, which are secrets: their characters are never shown."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NoReturn

from simulator.diagnostic import Diagnostic, DocumentError, Label, Severity
from simulator.source import Range, Source, Span
from simulator.syntax import TITLES as SYNTAX_TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.federation.codes import Code

_TITLES: Final = {str(code): title for code, title in SYNTAX_TITLES.items()}
_CHARACTER: Final = re.compile(r"[^\s.]")


def _masked(source: Source) -> Source:
    """Return a source of the same length in which nothing can be read."""
    return Source(source.name, _CHARACTER.sub("*", source.text))


@contextmanager
def concealing() -> Iterator[None]:
    """Have errors about a text that is secret show the places only.

    Raises:
        DocumentError: the text cannot be used.
    """
    try:
        yield
    except DocumentError as error:
        raise DocumentError(tuple(map(concealed, error.diagnostics))) from None


def concealed(diagnostic: Diagnostic) -> Diagnostic:
    """Return a diagnostic about a text that is secret, of which it then shows the places only."""
    labels = tuple(_concealed(label) for label in diagnostic.labels)
    echoes = "`" in diagnostic.message and diagnostic.code in _TITLES
    message = _TITLES[diagnostic.code] if echoes else diagnostic.message
    return diagnostic._replace(message=message, labels=labels, edits=())


def _concealed(label: Label) -> Label:
    source, place = label.span.in_file()
    return label._replace(span=Span(_masked(source), place))


def whole(source: Source) -> Range:
    """Return where a text stands without the white space around it."""
    text = source.text
    start = len(text) - len(text.lstrip())
    return Range(start, max(start, len(text.rstrip())))


def error(
    code: Code, message: str, span: Span, label: str, advice: str | None = None
) -> Diagnostic:
    """Return why a text cannot be used."""
    return Diagnostic(code, Severity.ERROR, message, (Label(span, label),), advice)


def note(code: Code, message: str, span: Span, label: str, advice: str | None = None) -> Diagnostic:
    """Return what is to be known about a text that can be used."""
    return Diagnostic(code, Severity.WARNING, message, (Label(span, label),), advice)


def refuse(code: Code, message: str, span: Span, label: str, advice: str | None = None) -> NoReturn:
    """Raise the one thing that is wrong with a text."""
    raise DocumentError((error(code, message, span, label, advice),))
