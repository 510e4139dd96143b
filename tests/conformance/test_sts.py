"""Every case of `fixtures/sts` holds, as a test that users could run."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.testing.run import Mark, Result, run

FOLDER = Path(__file__).parents[2] / "fixtures" / "sts"
FILES = sorted(FOLDER.glob("*.iamtest.json"))
RESULTS = run((str(path), path.read_bytes()) for path in FILES).results


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: Path(result.id).name)
def test_case(result: Result) -> None:
    assert result.mark is Mark.PASSED, (result.mismatch, result.errors)


def test_there_are_cases_in_each_file() -> None:
    assert len(FILES) >= 19
    assert len(RESULTS) >= 600
