"""The rules about condition tests that hold for other requests than they seem to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from simulator.check.row import Row

ROWS: Final[tuple[Row, ...]] = ()
