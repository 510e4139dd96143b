"""Every conformance case holds: decision, layers, action, error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simulator.evaluation.quick import outcome_of
from simulator.simulate import simulate
from tests import worlds

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[2] / "fixtures" / "conformance"


def _cases() -> Iterator[Any]:
    for file in sorted(FOLDER.glob("*.json")):
        topic = json.loads(file.read_text())
        for group in topic["groups"]:
            for case in group["cases"]:
                world = {**group["given"], **case.get("given", {})}
                yield pytest.param(world, case, id=f"{topic['topic']}::{case['id']}")


CASES = list(_cases())


@pytest.mark.parametrize(("world", "case"), [c for c in CASES if "request" not in c.values[1]])
def test_case(world: dict[str, Any], case: dict[str, Any]) -> None:
    answer = worlds.answer(world, case.get("with"), case.get("context"))
    assert answer.outcome == case["decision"]
    assert worlds.layers(answer) == set(case.get("layers", ()))
    if case["decision"] not in ("allowed", "undecided"):
        assert answer.error is not None
        assert worlds.action(answer) == case.get("action", "sts:AssumeRole")
        assert answer.error.code == case.get("error_code", answer.error.code)
        assert answer.error.message == case.get("message", answer.error.message)


@pytest.mark.parametrize(("world", "case"), [c for c in CASES if "request" in c.values[1]])
def test_request(world: dict[str, Any], case: dict[str, Any]) -> None:
    question = worlds.question(world, case["request"], case.get("context"))
    evaluation = simulate(question)
    assert evaluation.decision.outcome == case["decision"]
    assert worlds.evaluation_layers(evaluation) == set(case.get("layers", ()))
    if not evaluation.supposed:
        quick = outcome_of(evaluation.request, evaluation.policies)
        assert quick is evaluation.decision.outcome
