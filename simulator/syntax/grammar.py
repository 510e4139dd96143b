"""The grammar files, and the parsers that lark makes of them, kept from one run to the next."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import lark

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

#: With which rules a text of each grammar may begin.
_STARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "json": ("document", "mistake"),
    "errors": ("denied", "failed", "assuming", "end"),
}
_OURS_ALONE: Final = 0o022  # the bits by which others could write


def grammar_file(name: str = "json") -> Traversable:
    """Return a grammar, which a wheel has within the package and a checkout beside it."""
    packaged = files("simulator") / "grammar" / f"{name}.lark"
    if packaged.is_file():
        return packaged
    return Path(__file__).parents[2] / "grammar" / f"{name}.lark"


@cache
def parser(name: str = "json") -> lark.Lark:
    """Return the parser of a grammar; one that an earlier run left in the cache, if there is."""
    text = grammar_file(name).read_text(encoding="utf-8")
    kept = _cache_file(name, text)
    found = _load(kept) if kept else None
    if found is None:
        found = _build(text, _STARTS[name])
        if kept:
            _save(found, kept)
    return found


def _build(text: str, starts: tuple[str, ...]) -> lark.Lark:
    return lark.Lark(text, parser="lalr", lexer="basic", start=list(starts))


def _cache_file(name: str, grammar: str) -> Path | None:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")  # noqa: PTH111, PTH118 - Path.home() raises without a home
    if not os.path.isabs(base):  # noqa: PTH117 - no home, or a variable that the XDG rules tell to ignore
        return None
    key = "\0".join((grammar, lark.__version__, sys.version, repr(sys.implementation.cache_tag)))
    return Path(base) / "iamsim" / f"{name}-{sha256(key.encode()).hexdigest()[:32]}.lark"


def _load(path: Path) -> lark.Lark | None:
    """Return the parser that is kept in a file.

    Loading unpickles, so that a file which somebody else could have written is not opened; and a
    damaged pickle may raise anything.
    """
    try:
        if not _is_ours(path.parent) or not _is_ours(path):
            return None
        with path.open("rb") as file:
            return lark.Lark.load(file)
    except Exception:  # noqa: BLE001 - whatever is wrong with the cache, the parser can be built
        return None


def _is_ours(path: Path) -> bool:
    status = path.lstat()
    owner = getattr(os, "getuid", lambda: status.st_uid)()
    return status.st_uid == owner and not (os.name == "posix" and status.st_mode & _OURS_ALONE)


def _save(built: lark.Lark, path: Path) -> None:
    """Keep the parser, whole or not at all; a cache that cannot be written is none."""
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made with mode 0600, and put in its place only when it is complete.
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        try:
            with os.fdopen(descriptor, "wb") as file:
                built.save(file)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
