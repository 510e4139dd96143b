"""Whether two patterns have a text in common.

A no is always true; a yes may be wrong where a text would have to have the value of a variable.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeAlias

from simulator.matcher.values import is_filled, split_fields, without_variables
from simulator.policy.variables import Variable, Wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.matcher.glob import Glob
    from simulator.policy.variables import Template

_Symbol: TypeAlias = "str | Wildcard"


def can_meet(some: Template, other: Template) -> bool:
    """Whether a text could fit both of two patterns, whatever their variables stand for."""
    symbols = tuple(_symbols(other))
    many = _bits(symbols, Wildcard.ANY)
    single = _bits(symbols, Wildcard.ONE)
    exact: dict[str, int] = {}
    for place, symbol in enumerate(symbols):
        if isinstance(symbol, str):
            exact[symbol] = exact.get(symbol, 0) | 1 << place
    end = 1 << len(symbols)
    # All places of `other` that a text can have come to go on together, each of them one bit.
    reached = _skip(1, many)
    for symbol in _symbols(some):
        if symbol is Wildcard.ANY:
            reached = -(reached & -reached) & (2 * end - 1)
        elif isinstance(symbol, str):
            reached = _skip((reached & (single | exact.get(symbol, 0))) << 1 | reached & many, many)
        else:
            reached = _skip((reached & ~(many | end)) << 1 | reached & many, many)
        if not reached:
            return False
    return bool(reached & end)


def arns_can_meet(some: Template, other: Template) -> bool:
    """Whether an ARN could fit two patterns of ARNs, compared field by field."""  # CND-30
    if is_filled(some) or is_filled(other):
        return can_meet(some, other)  # the value of a variable may have colons
    return all(can_meet(*pair) for pair in zip(_fields(some), _fields(other), strict=False))


def common_text(some: Template, other: Template) -> str | None:
    """Return a text that fits both of two patterns without variables, if there is one.

    That takes time with the product of their lengths.
    """
    ours, theirs = tuple(_symbols(some)), tuple(_symbols(other))
    reached = {(0, 0): ""}
    waiting = deque(reached)
    while waiting:
        place = waiting.popleft()
        if place == (len(ours), len(theirs)):
            return reached[place]
        (one, two), text = (_at(ours, place[0]), _at(theirs, place[1])), reached[place]
        for ours_on, theirs_on, char in _steps(one, two):
            after = (place[0] + ours_on, place[1] + theirs_on)
            if after not in reached:
                reached[after] = text + char
                waiting.append(after)
    return None


def _at(symbols: tuple[_Symbol, ...], place: int) -> _Symbol | None:
    return symbols[place] if place < len(symbols) else None


def _steps(one: _Symbol | None, two: _Symbol | None) -> Iterator[tuple[bool, bool, str]]:
    """Yield whether each of two patterns goes on by a symbol, and the character for which."""
    many = Wildcard.ANY
    if one is many:
        yield True, False, ""
    if two is many:
        yield False, True, ""
    if one is None or two is None:
        return
    chars = {symbol for symbol in (one, two) if not isinstance(symbol, Wildcard)}
    if len(chars) < 2:
        yield one is not many, two is not many, next(iter(chars), "x")


def _fields(pattern: Template) -> list[Glob]:
    return split_fields(without_variables(pattern))


def _symbols(pattern: Template) -> Iterator[_Symbol]:
    """Yield a pattern character by character; of `*` after `*` only the first."""
    before: _Symbol | None = None
    for part in pattern:
        symbol = Wildcard.ANY if isinstance(part, Variable) else part
        if isinstance(symbol, str):
            yield from symbol
        elif symbol is Wildcard.ONE or before is not symbol:
            yield symbol
        before = symbol


def _bits(symbols: tuple[_Symbol, ...], wanted: Wildcard) -> int:
    """Return the number in which the bits of some places are set; the first place is bit 0."""
    marks = "".join("1" if symbol is wanted else "0" for symbol in reversed(symbols))
    return int(marks or "0", 2)


def _skip(reached: int, many: int) -> int:
    return reached | (reached & many) << 1
