"""The workload that the benchmarks use is decided right, all ten requests of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks import workload
from simulator.evaluation.evaluate import evaluate

if TYPE_CHECKING:
    from simulator.request.request import Request

GIVEN = workload.read()


@pytest.mark.parametrize(
    ("request_", "outcome"),
    workload.requests(GIVEN),
    ids=[request["name"] for request in GIVEN["requests"]],
)
def test_request(request_: Request, outcome: str) -> None:
    assert evaluate(request_, workload.policies(GIVEN)).decision.outcome == outcome
