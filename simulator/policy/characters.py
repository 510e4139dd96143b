"""The characters of a policy: which AWS does not store, as they are or as escapes.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.diagnostic import Diagnostic, Label, Severity
from simulator.policy import codes
from simulator.policy.elements import is_string
from simulator.policy.model import UNKNOWN
from simulator.source import Range, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.policy.findings import Findings
    from simulator.policy.model import Document
    from simulator.syntax import JsonValue, Path

_NOT_STORED: Final = re.compile(r"[^\t\n\r\x20-\xff]")  # POL-22
_NOR_OPEN: Final = re.compile(rf"[^\t\n\r\x20-\xff{UNKNOWN}]")


def check_characters(findings: Findings) -> None:
    """Tell of the first character of a document that AWS does not store."""
    text = findings.document.source.text
    if not text.isascii():
        # Around the document, a role's description may well hold other characters.
        span = findings.document.whole()
        odd = _sought(findings.document).search(text, *span.range)
        if odd is not None:
            place = Span(span.source, Range(*odd.span()))
            findings.add(_not_stored(odd[0], place, "this one"))
            return
    if "\\" in text:
        _check_escaped(findings)


def _sought(document: Document) -> re.Pattern[str]:
    """Return what is sought: what a template leaves open may come to anything."""
    return _NOR_OPEN if document.unknown else _NOT_STORED


def _check_escaped(findings: Findings) -> None:
    """Report the first character that AWS does not store and that stands as an escape."""
    document = findings.document
    for path, on_key, text in _texts((), document.value):
        odd = _sought(document).search(text)
        if odd is not None:
            span = document.key_span(path) if on_key else document.span(path)
            findings.add(_not_stored(odd[0], span, "in here, as an escape"))
            return


def _texts(path: Path, value: JsonValue) -> Iterator[tuple[Path, bool, str]]:
    """Yield each string below a value with its path, and whether it is the key at that path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*path, name), True, name
            yield from _texts((*path, name), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts((*path, index), inner)
    elif is_string(value):
        yield path, False, str(value)


def _not_stored(char: str, span: Span, label: str) -> Diagnostic:
    rule = "only characters up to U+00FF" if char > "\xff" else "no control characters"
    return Diagnostic(  # POL-22
        codes.CHARACTER,
        Severity.WARNING,
        f"AWS stores {rule}, and U+{ord(char):04X} is in here",
        (Label(span, label),),
        _combining_help(char),
    )


def _combining_help(char: str) -> str | None:
    from unicodedata import combining, name  # noqa: PLC0415 - hardly any policy has one

    if not combining(char):
        return None
    return (
        f"this is {name(char, 'an accent')}, a mark on the letter before it: a name in which both"
        " are one character is another name, since names are compared as they are written"
    )
