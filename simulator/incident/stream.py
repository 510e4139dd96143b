"""Bytes of a file or a pipe, unpacked as they come: a log may be of any size, and a bomb."""

from __future__ import annotations

import zlib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from simulator.incident.model import IncidentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CHUNK: Final = 64 * 1024
_MOST_UNPACKED: Final = 512 * 1024 * 1024
_HIGHEST_RATIO: Final = 200
_TOO_LITTLE_TO_TELL: Final = 1024 * 1024
_UTF16: Final = (BOM_UTF16_LE, BOM_UTF16_BE)
_GZIP: Final = b"\x1f\x8b"
_WITH_HEADER: Final = 31  # of gzip, the largest window
_ARCHIVES: Final = (
    (0, b"PK\x03\x04", "a zip archive"),
    (0, b"PK\x05\x06", "a zip archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"BZh", "packed by bzip2"),
    (0, b"\xfd7zXZ\0", "packed by xz"),
    (0, b"\x28\xb5\x2f\xfd", "packed by zstd"),
    (0, b"PAR1", "a Parquet file"),
)


class Readable(Protocol):
    """What bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes; none at the end."""


class Limits(NamedTuple):
    """How much may come out of a packed file: bytes, and bytes for each that went in."""

    unpacked: int = _MOST_UNPACKED
    ratio: int = _HIGHEST_RATIO


_LIMITS: Final = Limits()


def texts(
    file: Readable, name: str, problems: list[str], limits: Limits = _LIMITS
) -> Iterator[str]:
    """Yield the text of a file in parts; of a damaged one what is whole, and what is wrong.

    It is UTF-8, or what its byte order mark says: `>` of Windows PowerShell writes UTF-16.

    Raises:
        IncidentError: it is an archive, or unpacks to more than it may.
    """
    parts, first = _plain(file, name, problems, limits), b""
    while len(first) < len(BOM_UTF16_LE) and (part := next(parts, None)) is not None:
        first += part
    encoding = "utf-16" if first.startswith(_UTF16) else "utf-8-sig"
    decoder = getincrementaldecoder(encoding)(errors="replace")
    for part in chain((first,), parts):
        yield decoder.decode(part)
    yield decoder.decode(b"", final=True)


def _plain(file: Readable, name: str, problems: list[str], limits: Limits) -> Iterator[bytes]:
    first = file.read(_CHUNK)
    for offset, magic, what in _ARCHIVES:
        if first[offset : offset + len(magic)] == magic:
            raise IncidentError(f"`{name}` is {what}: unpack it, and give the file within")
    parts = _parts(file, first)
    yield from _unpacked(parts, name, problems, limits) if first[:2] == _GZIP else parts


def _parts(file: Readable, first: bytes) -> Iterator[bytes]:
    part = first
    while part:
        yield part
        part = file.read(_CHUNK)


def _unpacked(
    parts: Iterable[bytes], name: str, problems: list[str], limits: Limits
) -> Iterator[bytes]:
    """Yield what is in a gzip file; several that follow each other are one."""
    unpacking, taken, given = zlib.decompressobj(_WITH_HEADER), 0, 0
    for part in parts:
        rest, taken = part, taken + len(part)
        while rest:
            if unpacking.eof:
                unpacking = zlib.decompressobj(_WITH_HEADER)
            try:
                out = unpacking.decompress(rest, _CHUNK)
            except zlib.error as error:
                reason = str(error).rpartition(": ")[2]
                problems.append(f"`{name}` is damaged before byte {taken:,} ({reason})")
                return
            if given == 0 and out[:2] == _GZIP:
                raise IncidentError(f"`{name}` is packed twice: unpack it once")
            given += len(out)
            _check(name, taken, given, limits)
            yield out
            rest = unpacking.unconsumed_tail or unpacking.unused_data.lstrip(b"\0")
    if not unpacking.eof:
        problems.append(f"`{name}` is cut off: it ends at byte {taken:,}, before its end")


def _check(name: str, taken: int, given: int, limits: Limits) -> None:
    too_much = given > limits.unpacked
    too_dense = given > _TOO_LITTLE_TO_TELL and given > limits.ratio * taken
    if too_much or too_dense:
        much = (
            f"more than {limits.unpacked:,} bytes" if too_much else f"{limits.ratio} times as much"
        )
        raise IncidentError(
            f"`{name}` unpacks to {much}, which no log of CloudTrail does: unpack it yourself if"
            " you trust it"
        )
