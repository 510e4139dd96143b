"""The recordings that `IAMSIM_GROUND_TRUTH` names, and the worlds that they speak of.

They are other people's and no part of this project.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

Case = dict[str, Any]

FOLDER: Final = Path(os.environ.get("IAMSIM_GROUND_TRUTH", ""))
IS_THERE: Final = "IAMSIM_GROUND_TRUTH" in os.environ
NEEDED = pytest.mark.skipif(not IS_THERE, reason="IAMSIM_GROUND_TRUTH names no recordings")


def read_cases(*files: str) -> list[Case]:
    """Return the cases of some files, none where there are no recordings."""
    if not IS_THERE:
        return []
    return [case for file in files for case in json.loads((FOLDER / file).read_text())]


def read_corpus() -> Iterator[Case]:
    """Yield the policy documents that were found in public."""
    for line in (FOLDER / "policy_corpus.jsonl").read_text().splitlines():
        yield json.loads(line)


def texts(case: Case, layer: str) -> list[str]:
    """Return the policies that a case has in a layer."""
    return list((case["policies"] or {}).get(layer) or ())


def is_published(case: Case) -> bool:
    """Whether a case shows its policies, and does not only describe one of them."""
    return not any("<" in text for layer in case["policies"] or {} for text in texts(case, layer))


def values(case: Case) -> dict[str, object]:
    """Return the context of a case as the worlds of the conformance cases have it."""
    return {key: _value(given) for key, given in (case["context"] or {}).items()}


def _value(given: dict[str, Any]) -> object:
    found = [str(value) for value in given["values"] or ()]
    several = len(found) > 1 or given.get("multivalued")
    return found if several else next(iter(found), None)
