"""What the diagnosis costs before anything is diagnosed."""

from __future__ import annotations

import subprocess
import sys


def imported_with(module: str) -> set[str]:
    """Return the modules that are there once a module is imported, in a program of its own."""
    code = f"import sys, {module}; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_the_catalogue_is_read_only_where_an_answer_needs_it() -> None:
    found = imported_with("simulator.diagnosis.diagnose")
    assert "simulator.diagnosis.fixes" in found
    assert found.isdisjoint({"simulator.catalog.actions", "simulator.catalog.condition_keys"})
    # what AWS stores is asked of documents alone, and most fixes are of the call
    assert "simulator.storing.storing" not in found


def test_a_yes_needs_neither_causes_nor_fixes() -> None:
    found = imported_with("simulator.diagnosis.diagnosis")
    assert "simulator.diagnosis.allowed_if" in found
    assert found.isdisjoint(
        {"simulator.diagnosis.causes", "simulator.diagnosis.codes", "simulator.diagnosis.fixes"}
    )
