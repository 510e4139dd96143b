"""A difference between engine and twin becomes a conformance case: a file, until resolved."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[1] / "fixtures" / "conformance"
NOTE = (
    "The twin's answer, with which the engine disagrees. Decide by the specification which of them"
    " is right, mend the other, give the case an id, rules and a source, and move it to its topic."
)


@contextmanager
def saved(topic: str, group: str, folder: Path = FOLDER) -> Iterator[None]:
    """Save a group of cases, as JSON, where what is asserted within does not hold.

    While hypothesis looks for a smaller one, each overwrites the last.
    """
    try:
        yield
    except AssertionError:
        name = f"difference-{topic}"
        cases = {"topic": name, "note": NOTE, "groups": [{"id": "found", **json.loads(group)}]}
        (folder / f"{name}.json").write_text(json.dumps(cases, indent=1) + "\n", encoding="utf-8")
        raise
