"""What the `.gitignore` files of a folder, of those in it and of those around it leave out.

https://git-scm.com/docs/gitignore
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pathspec import GitIgnoreSpec

_NAME: Final = ".gitignore"
_EXCLUDED: Final = (".git", "info", "exclude")
# What is inside of a folder, and not the folder itself, of which a later pattern may speak.
_INSIDE: Final = re.compile(r"/\*\* *$")
_MOST_READ: Final = 1024 * 1024


class _Level(NamedTuple):
    """The patterns of one file, which speak of what is below a folder."""

    folder: str
    spec: GitIgnoreSpec


class Ignored(NamedTuple):
    """The patterns that hold in a folder, those of the outermost folder first."""

    levels: tuple[_Level, ...] = ()

    def within(self, folder: str) -> Ignored:
        """Return what holds in a folder below."""
        level = _level(folder, os.path.join(folder, _NAME))
        return Ignored((*self.levels, level)) if level else self

    def has(self, path: str, *, is_folder: bool) -> bool:
        """Whether a file or folder is left out; the innermost pattern that speaks of it counts."""
        for folder, spec in reversed(self.levels):
            inner = os.path.relpath(path, folder) + ("/" if is_folder else "")
            verdict = spec.check_file(inner).include
            if verdict is not None:
                return verdict
        return False


def ignored_around(folder: str) -> Ignored:
    """Return what holds in a folder by the files around it, up to its repository.

    Whoever names a folder that is left out wants it all the same.
    """
    chain = tuple(_up_to_repository(folder))
    if not _is_repository(chain[-1]):
        return Ignored()
    excluded = _level(chain[-1], os.path.join(chain[-1], *_EXCLUDED))
    found = Ignored((excluded,) if excluded else ())
    for outer, inner in reversed(tuple(zip(chain[1:], chain, strict=False))):
        found = found.within(outer)
        if found.has(inner, is_folder=True):
            return Ignored()
    return found


def _up_to_repository(folder: str) -> Iterator[str]:
    """Yield a folder and those around it, up to the first that is a repository, or to the last."""
    yield folder
    while not _is_repository(folder) and (parent := os.path.dirname(folder)) != folder:
        yield (folder := parent)


def _is_repository(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, ".git"))


def _level(folder: str, name: str) -> _Level | None:
    try:
        with open(name, encoding="utf-8", errors="replace") as file:
            lines = [_INSIDE.sub("/**/*", line) for line in file.read(_MOST_READ).splitlines()]
    except OSError:
        return None
    return _Level(folder, _spec(lines))


def _spec(lines: Iterable[str]) -> GitIgnoreSpec:
    # It costs 40 ms to import, and most folders of policies have no such file.
    from pathspec import GitIgnoreSpec  # noqa: PLC0415

    lines = tuple(lines)
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines([line for line in lines if _is_pattern(line)])


def _is_pattern(line: str) -> bool:
    """Whether git would take a line: it passes over one that is no pattern."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - as above

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
