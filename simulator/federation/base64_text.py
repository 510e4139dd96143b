"""Text that stands in base64 within another text."""

from __future__ import annotations

from array import array
from base64 import b64decode
from typing import TYPE_CHECKING, Final

from simulator.source import Origin, Source

if TYPE_CHECKING:
    from simulator.source import Range

_URL_SAFE: Final = b"-_"


def read_base64url(source: Source, place: Range) -> Source:
    """Return what stands in base64url, without padding, in a part of a text.

    https://www.rfc-editor.org/rfc/rfc7515#section-2

    Raises:
        ValueError: it is no base64url, or no UTF-8.
    """
    piece = source.text[place.start : place.end]
    if "=" in piece:
        raise ValueError("padding")
    content = b64decode(piece + "=" * (-len(piece) % 4), altchars=_URL_SAFE, validate=True)
    return _within(content, range(*place), place.end, source)


def read_base64(source: Source, place: Range) -> Source:
    """Return what stands in base64 in a part of a text, on one line or several.

    Raises:
        ValueError: it is no base64, or no UTF-8.
    """
    text = source.text
    digits = [at for at in range(*place) if not text[at].isspace()]
    content = b64decode("".join(text[at] for at in digits), validate=True)
    return _within(content, digits, place.end, source)


def _within(content: bytes, digits: list[int] | range, end: int, source: Source) -> Source:
    decoded = content.decode()
    offsets, at = array("I"), 0
    for char in decoded:
        offsets.append(digits[at * 4 // 3])
        at += len(char.encode())
    offsets.append(end)
    return Source(source.name, decoded, Origin(source, offsets, str))
