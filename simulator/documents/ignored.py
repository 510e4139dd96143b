"""What the `.gitignore` files of a folder, of those in it and of those around it leave out.

https://git-scm.com/docs/gitignore
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.documents.regular import read_regular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

_NAME: Final = ".gitignore"
_EXCLUDED: Final = (".git", "info", "exclude")
# What is inside of a folder, and not the folder itself, of which a later pattern may speak.
_INSIDE: Final = re.compile(r"/\*\* *$")
_MOST_READ: Final = 1024 * 1024

# How pathspec writes as regular expressions: a first `**/`, a later one, and a `*` with what stands
# between it and another.
_ANYWHERE: Final = "^(?:.+/)?"
_FOLDERS: Final = "(?:/.+)?"
_BETWEEN_STARS: Final = re.compile(
    r"\[\^/\]\*((?:\\.|(?!\[\^/\]\*)\[\^?\]?[^\]]*\]|[^/\\\[(])*)(?=\[\^/\]\*)"
)
_TAME: Final = 3  # wildcards


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
        text = read_regular(name, _MOST_READ).decode(errors="replace")
    except OSError:
        return None
    lines = [_INSIDE.sub("/**/*", line) for line in text.splitlines()]
    return _Level(folder, _spec(lines))


def _spec(lines: Iterable[str]) -> GitIgnoreSpec:
    # It costs 40 ms to import, and most folders of policies have no such file.
    from pathspec import GitIgnoreSpec  # noqa: PLC0415

    lines = tuple(lines)
    try:
        spec = GitIgnoreSpec.from_lines(lines)
    except ValueError:
        spec = GitIgnoreSpec.from_lines([line for line in lines if _is_pattern(line)])
    return GitIgnoreSpec([_tame(pattern) for pattern in spec.patterns])


def _tame(pattern: GitIgnoreSpecPattern) -> GitIgnoreSpecPattern:
    """Return a pattern that takes no exponential time, whatever its line is.

    What follows a `*` and stands before another is taken at the first place where it fits, which is
    never worse than a later one, and so is what stands between two `/**/`. So there is nothing to
    go back to but the last of them.
    """
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern  # noqa: PLC0415 - as above

    regex = pattern.regex
    if regex is None or regex.pattern.count("*") + regex.pattern.count("+") < _TAME:
        return pattern
    stars = _BETWEEN_STARS.sub(r"(?>[^/]*?\1)", regex.pattern)
    first, *between = stars.split(_FOLDERS)
    if between:
        *between, last = between
        if first.startswith(_ANYWHERE):
            first = f"^(?>(?:[^/]+/)*?{first.removeprefix(_ANYWHERE)}(?=/))"
        stars = "".join(
            (first, *(f"(?>(?:/[^/]+)*?{each}(?=/))" for each in between), _FOLDERS, last)
        )
    return GitIgnoreSpecPattern(re.compile(stars), pattern.include)


def _is_pattern(line: str) -> bool:
    """Whether git would take a line: it passes over one that is no pattern."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - as above

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
