"""What the diagnosis costs before anything is diagnosed."""

from __future__ import annotations

import subprocess
import sys


def test_the_catalogue_is_read_only_where_an_answer_needs_it() -> None:
    code = "import sys, simulator.diagnosis.diagnose; print(*sorted(sys.modules))"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {"simulator.catalog.actions", "simulator.catalog.condition_keys"}
    assert heavy.isdisjoint(found)
