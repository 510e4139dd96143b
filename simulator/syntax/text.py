"""From the bytes of a file to its text."""

from __future__ import annotations

from typing import Final

from simulator.diagnostic import Diagnostic, DocumentError, Label, Severity
from simulator.source import Range, Source, Span
from simulator.syntax.codes import Code

SIZE_LIMIT: Final = 1024 * 1024
"""The bytes a document may have. Read at most one more of a file: then it is known to be larger."""

_BOM: Final = "\ufeff"
_START: Final = Range(0, 0)


def decode_text(
    name: str, data: bytes, limit: int = SIZE_LIMIT
) -> tuple[Source, tuple[Diagnostic, ...]]:
    """Return the text of a file, without a byte order mark, and the warnings about it."""
    if len(data) > limit:
        raise _error(Source(name, ""), Code.TOO_LARGE, _too_large(limit), help_=None)
    source = Source(name, _utf8(name, data))
    warnings: tuple[Diagnostic, ...] = ()
    if source.text.startswith(_BOM):
        source = Source(name, source.text[1:])
        warnings = (_byte_order_mark(source),)
    if not source.text.strip(" \t\r\n"):
        raise _error(source, Code.EMPTY, "the document is empty", help_=None)
    return source, warnings


def _utf8(name: str, data: bytes) -> str:
    if _is_utf16(data):
        # Plain letters of it would pass for UTF-8 with a NUL beside each.
        shown = Source(name, data.decode("utf-16", errors="replace"))
        raise _not_utf8(shown, data, max(0, data.find(0, 0, 2)), "this is UTF-16: save as UTF-8", 0)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        shown = Source(name, data.decode(errors="replace"))
        at = len(data[: error.start].decode())
        raise _not_utf8(shown, data, error.start, "save the file as UTF-8", at) from None


def _not_utf8(shown: Source, data: bytes, offset: int, help_: str, at: int) -> DocumentError:
    message = f"the document is not UTF-8: byte {data[offset]:#04x} at offset {offset}"
    return _error(shown, Code.NOT_UTF8, message, help_, Range(at, at + 1))


def _is_utf16(data: bytes) -> bool:
    return data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:2]


def _too_large(limit: int) -> str:
    return f"the document is larger than {limit:,} bytes"


def _byte_order_mark(source: Source) -> Diagnostic:
    return Diagnostic(
        Code.BYTE_ORDER_MARK,
        Severity.WARNING,
        "the document starts with a byte order mark (U+FEFF), which was left out",
        (Label(Span(source, _START), "here"),),
        "save as UTF-8 without a byte order mark (PowerShell: `-Encoding utf8NoBOM`)",
    )


def _error(
    source: Source, code: Code, message: str, help_: str | None, place: Range = _START
) -> DocumentError:
    labels = (Label(Span(source, place), "here"),)
    return DocumentError((Diagnostic(code, Severity.ERROR, message, labels, help_),))
