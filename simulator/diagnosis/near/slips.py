"""In what little two texts differ, as somebody would say who has looked at both for long enough.

Every look takes time in proportion to the texts, for policies may be full of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST: Final = 2048
_SHORTEST: Final = 5  # of texts that are shorter any two are nearly alike


class Slip(NamedTuple):
    """A way in which what is given is not what is wanted, and what to say of it."""

    why: str
    fits: Callable[[str, str], bool]


def _case(given: str, wanted: str) -> bool:
    return given.lower() == wanted.lower()


def _blank(given: str, wanted: str) -> bool:
    return given.strip() == wanted.strip()


def _quoted(given: str, wanted: str) -> bool:
    return given.strip("\"'`") == wanted.strip("\"'`")


def _slash(given: str, wanted: str) -> bool:
    return given.strip("/") == wanted.strip("/")


def is_swapped(given: str, wanted: str) -> bool:
    """Whether two texts differ in the order of two neighbouring characters."""
    ours, theirs = differing(given, wanted)
    return len(ours) == 2 and ours == theirs[::-1]


def _one(given: str, wanted: str) -> bool:
    is_long = min(len(given), len(wanted)) >= _SHORTEST
    return is_long and max(map(len, differing(given, wanted))) == 1


_SLIPS: Final = (
    Slip("the two differ in upper and lower case only", _case),  # CND-20, PRN-10
    Slip("the two differ in a blank at the beginning or the end", _blank),
    Slip(
        "the two differ in quotation marks: those of a shell or of YAML are no part of it", _quoted
    ),
    Slip("the two differ in a slash at the beginning or the end", _slash),
    Slip("two characters are swapped", is_swapped),
    Slip("the two differ in one character", _one),
)


def slip(given: str, wanted: str) -> str | None:
    """Return in what little two texts differ, if it is little."""
    if given == wanted or max(len(given), len(wanted)) > _LONGEST or not (given and wanted):
        return None
    return next((each.why for each in _SLIPS if each.fits(given, wanted)), None)


def differing(one: str, other: str) -> tuple[str, str]:
    """Return what is left of two texts without the beginning and the end that both have."""
    start = _common(one, other)
    one, other = one[start:], other[start:]
    end = _common(one[::-1], other[::-1])
    return one[: len(one) - end], other[: len(other) - end]


def _common(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def likeness(one: str, other: str) -> float:
    """Return how much of the longer text is beginning and end of both, between 0 and 1."""
    one, other = one[:_LONGEST], other[:_LONGEST]
    longest = max(len(one), len(other), 1)
    return 1 - max(map(len, differing(one, other))) / longest
