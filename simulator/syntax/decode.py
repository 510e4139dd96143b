"""Decoding a document: quickly with the standard library, or with lark if anything is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnostic import Diagnostic, DocumentError, Label, Severity
from simulator.source import Range, Source, Span
from simulator.syntax.codes import Code
from simulator.syntax.hopeless import hopeless
from simulator.syntax.quick import decode_quickly

if TYPE_CHECKING:
    from simulator.syntax.values import JsonValue


def decode(source: Source) -> JsonValue:
    """Return the value of a document, or raise all that is wrong with it."""
    try:
        return decode_quickly(source.text)
    except (ValueError, RecursionError) as anomaly:
        problem = hopeless(source.text)
        if problem is not None:
            raise DocumentError((problem.diagnostic(source),)) from None
        # lark costs 40 ms to import, and a document without errors never needs it.
        from simulator.syntax.report import parse  # noqa: PLC0415

        parse(source)
        raise _unexplained(source, anomaly) from anomaly


def _unexplained(source: Source, anomaly: Exception) -> DocumentError:
    """Return an error for a document that only the standard library refuses.

    The two ways of reading agree; should they ever not, the document is still refused.
    """
    at = min(getattr(anomaly, "pos", 0), len(source.text))
    label = Label(Span(source, Range(at, at)), "here")
    message = f"the document cannot be read: {anomaly}".lower()
    return DocumentError((Diagnostic(Code.UNEXPECTED, Severity.ERROR, message, (label,)),))
