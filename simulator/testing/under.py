"""The inventories that a test file names: what there is beside what it writes itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.diagnostic import DocumentError
from simulator.inventory.shape import Mistake
from simulator.testing import codes
from simulator.testing.policies import project_of
from simulator.testing.schema import given

if TYPE_CHECKING:
    from simulator.inventory.model import Inventory
    from simulator.testing.load import Written
    from simulator.testing.policies import PolicyStore
    from simulator.testing.schema import FileShape


def read_under(written: Written, shape: FileShape, store: PolicyStore) -> Inventory | None:
    """Return what the inventories of a test file hold; their paths are as seen from the file.

    Raises:
        DocumentError: one of them cannot be used.
    """
    names = given(shape.inventory)
    if not names:
        return None
    from simulator.inventory.load import load  # noqa: PLC0415 - most test files name none

    loaded = load([_path(written, name, number) for number, name in enumerate(names)])
    store.warn(loaded.warnings)
    return loaded.inventory


def _path(written: Written, name: str, number: int) -> str:
    """Return the path of an inventory, which is within the project."""
    found = os.path.normpath(Path(written.source.name).parent / name)
    root = project_of(Path(written.source.name).parent.resolve())
    path = Path(found)
    if not path.resolve().is_relative_to(root) or not path.exists():
        inside = path.resolve().is_relative_to(root)
        reason = "there is none" if inside else f"it is outside of the project (`{root}`)"
        mistake = Mistake(("inventory", number), f"cannot read the inventory `{name}`: {reason}")
        raise DocumentError((written.diagnostic(mistake, codes.UNREADABLE),))
    return found
