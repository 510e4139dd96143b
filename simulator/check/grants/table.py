"""The rules about what statements grant, and which of them do nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from simulator.check.row import Row

ROWS: Final[tuple[Row, ...]] = ()
