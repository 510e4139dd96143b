"""A difference is saved as a conformance case, and nothing else is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests import differences

if TYPE_CHECKING:
    from pathlib import Path

GROUP = json.dumps({"given": {"caller": {}}, "cases": [{"id": "new", "decision": "allowed"}]})


def test_a_difference_becomes_a_file(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="differ"), differences.saved("t", GROUP, tmp_path):
        raise AssertionError("they differ")
    (file,) = tmp_path.iterdir()
    topic = json.loads(file.read_text())
    assert (file.stem, topic["topic"]) == ("difference-t", "difference-t")
    assert topic["groups"] == [{"id": "found", **json.loads(GROUP)}]


def test_agreement_leaves_nothing(tmp_path: Path) -> None:
    with differences.saved("t", GROUP, tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []
