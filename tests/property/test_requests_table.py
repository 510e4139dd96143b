"""Which laws of `docs/reference/properties.md` the tests of this folder hold the engine to.

A test begins with the ids of its laws. `UNTESTED` says of each of the others why it has none.
"""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reference" / "properties.md"
NO_GRAPH = "nobody can ask yet who can assume a role"
NO_DIFF = "two policies cannot be compared yet"
NO_SYMBOLS = "nothing is decided for all requests at once yet"
ELSEWHERE = "shown by examples, in "

UNTESTED = {
    "D11": "there is one reading; test_doubts.py holds opened ones to it",
    "E10": NO_GRAPH,
    "F02": "no answer names decisive statements yet",
    "F06": NO_DIFF,
    "F07": NO_DIFF,
    "F08": NO_DIFF,
    "F09": "no policy is written anew: fixes edit the text",
    "F10": f"{ELSEWHERE}tests/unit/syntax",
    "F11": f"{ELSEWHERE}tests/unit/syntax, and for every text in test_syntax.py",
    "F12": NO_SYMBOLS,
    "F13": NO_SYMBOLS,
    "F14": "the twin is test_twin.py, the quick way test_quick.py; there are no batches yet",
    "F15": f"{ELSEWHERE}tests/cli",
    "F16": "there is no endpoint yet",
    "F17": "CloudTrail is not read yet",
    "F18": f"{ELSEWHERE}tests/cli",
    "F19": "nothing is redacted yet",
    "F20": "held by counting in tests/unit, and by benchmarks/",
    "F21": "test_syntax.py, without the id",
    "F22": "there is no earlier release",
}


def laws() -> set[str]:
    """Return the ids of all laws."""
    return set(re.findall(r"(?m)^\| ([A-F]\d\d) \|", PAGE.read_text(encoding="utf-8")))


def covered() -> set[str]:
    """Return the ids with which tests begin."""
    names = [
        name
        for module in HERE.glob("test_*.py")
        for name in re.findall(r"(?m)^def test_((?:[a-f]\d\d_)+)", module.read_text("utf-8"))
    ]
    return {law.upper() for name in names for law in name.split("_") if law}


def test_each_law_has_a_test_or_a_reason_why_not() -> None:
    assert len(laws()) == 111
    assert covered() | UNTESTED.keys() == laws()
    assert not covered() & UNTESTED.keys()
