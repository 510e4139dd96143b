"""The rules about whom a policy admits: principals, MFA, identity providers, third parties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from simulator.check.row import Row

ROWS: Final[tuple[Row, ...]] = ()
