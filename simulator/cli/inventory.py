"""Inventories as they are typed: dumps, exports, folders of them, and policy test files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.inventory.load import load
from simulator.testing.load import read_file, read_text
from simulator.testing.policies import PolicyStore
from simulator.testing.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.cli.files import Reader
    from simulator.inventory.model import Inventory

_TEST_FILES = (".iamtest.yaml", ".iamtest.yml", ".iamtest.json")


def read_inventory(reader: Reader, paths: Iterable[str]) -> Inventory:
    """Return what exists according to files and folders.

    Raises:
        DocumentError: one of them cannot be used.
    """
    store = PolicyStore()
    loaded = load(paths, lambda name, data: _of_test_file(name, data, store))
    reader.warnings += loaded.warnings
    return loaded.inventory


def _of_test_file(name: str, data: bytes, store: PolicyStore) -> Inventory | None:
    """Return what a policy test file says that there is; nothing of any other file."""
    if not name.endswith(_TEST_FILES):
        return None
    written = read_text(name, data)
    return World(written, read_file(written, needs_tests=False), store).inventory("aws")
