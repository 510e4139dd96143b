"""The rules about what statements grant, and which of them do nothing."""

from __future__ import annotations

from typing import Final

from simulator.check.grants import redundancy
from simulator.check.row import Row

ROWS: Final[tuple[Row, ...]] = (
    Row(
        (
            redundancy.NEVER_ALLOWS,
            redundancy.STATEMENT,
            redundancy.ACTION,
            redundancy.RESOURCE,
            redundancy.NOT_COMPARED,
        ),
        redundancy.needless,
        analyzer=("REDUNDANT_ACTION", "REDUNDANT_RESOURCE", "REDUNDANT_STATEMENT"),
    ),
)
