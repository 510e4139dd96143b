"""The table of all rules, in the order in which they are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.check.conditions.table import ROWS as CONDITIONS
from simulator.check.grants.table import ROWS as GRANTS
from simulator.check.trust.table import ROWS as TRUST

if TYPE_CHECKING:
    from simulator.check.row import Row

TABLE: Final[tuple[Row, ...]] = (*TRUST, *CONDITIONS, *GRANTS)
CODES: Final = tuple(sorted({code for row in TABLE for code in row.codes}))
