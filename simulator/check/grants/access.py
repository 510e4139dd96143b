"""What it does to access that an entry of a statement comes to match more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnostic import Access
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from simulator.policy.model import Statement


def after_matching_more(statement: Statement) -> Access:
    """Return what becomes of access if a resource of a statement matches what it did not."""
    resources = statement.resources
    excludes = resources is not None and resources.negated  # RES-11
    allows = statement.effect is Effect.ALLOW
    return Access.NARROWED if allows is excludes else Access.WIDENED
