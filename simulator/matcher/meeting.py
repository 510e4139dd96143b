"""Whether two patterns have a text in common.

A no is always true; a yes may be wrong where a text would have to have the value of a variable.
"""

from __future__ import annotations

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
