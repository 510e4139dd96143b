"""The engine and its naive twin answer every case of `fixtures/storing` as AWS does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests import storing_answers, storing_oracle

FOLDER = Path(__file__).parents[2] / "fixtures" / "storing"


def _cases() -> list[Any]:
    topics = [json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))]
    return [
        pytest.param(case, id=f"{topic['topic']}::{case['id']}")
        for topic in topics
        for case in topic["cases"]
    ]


CASES = _cases()


@pytest.mark.parametrize("case", CASES)
def test_the_engine(case: dict[str, Any]) -> None:
    _holds(case, storing_answers.answer(case["kind"], storing_answers.text_of(case)))


@pytest.mark.parametrize("case", CASES)
def test_the_twin(case: dict[str, Any]) -> None:
    _holds(case, storing_oracle.answer(case["kind"], storing_answers.text_of(case)))


def _holds(case: dict[str, Any], answer: tuple[str, str] | None) -> None:
    expected = case["expected"]
    if expected == "stored":
        assert answer is None
        return
    assert answer is not None
    assert answer[0] == expected["code"]
    if "message" in expected:
        assert answer[1] == expected["message"]


def test_names_are_given_once() -> None:
    ids = [case.id for case in CASES]
    assert len(set(ids)) == len(ids) >= 500
