"""Which findings are told: those of some codes, without those of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.check.table import CODES
from simulator.policy import codes as structure
from simulator.syntax import TITLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.diagnostic import Diagnostic

KNOWN = frozenset(
    {*CODES, *map(str, TITLES), *(v for n, v in vars(structure).items() if n.isupper())}
)


class Selection(NamedTuple):
    """The beginnings of codes that are told, of all if there are none, and of those ignored."""

    told: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    def of(self, findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return the findings that are told."""
        return tuple(
            found
            for found in findings
            if (not self.told or found.code.startswith(self.told))
            and not (self.ignored and found.code.startswith(self.ignored))
        )


ALL = Selection()


def is_code(beginning: str) -> bool:
    """Whether there are codes that begin so."""
    return any(code.startswith(beginning) for code in KNOWN)
