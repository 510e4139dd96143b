"""What is told about tokens and assertions, which are secrets: their characters are never shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NoReturn

from simulator.diagnostic import Diagnostic, DocumentError, Label, Severity
from simulator.source import Range, Source, Span
from simulator.syntax import TITLES as SYNTAX_TITLES

if TYPE_CHECKING:
    from simulator.federation.codes import Code

_CHARACTER: Final = re.compile(r"[^\s.]")
_SECRET: Final = re.compile(r"(<(?:\w+:)?(?:SignatureValue|CipherValue)\b[^<>]*>)([^<]*)")


def masked(source: Source) -> Source:
    """Return a source of the same length in which nothing can be read."""
    return Source(source.name, _CHARACTER.sub("*", source.text))


def without_signature(source: Source) -> Source:
    """Return a source of the same length in which no signature can be read."""
    return Source(source.name, _SECRET.sub(_hide, source.text))


def _hide(found: re.Match[str]) -> str:
    return found[1] + _CHARACTER.sub("*", found[2])


def concealed(diagnostic: Diagnostic) -> Diagnostic:
    """Return a diagnostic about a text that is secret, of which it then shows the places only."""
    labels = tuple(_concealed(label) for label in diagnostic.labels)
    titles = {str(code): title for code, title in SYNTAX_TITLES.items()}
    echoes = "`" in diagnostic.message and diagnostic.code in titles
    message = titles[diagnostic.code] if echoes else diagnostic.message
    return diagnostic._replace(message=message, labels=labels, edits=())


def _concealed(label: Label) -> Label:
    source, place = label.span.in_file()
    return label._replace(span=Span(masked(source), place))


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
