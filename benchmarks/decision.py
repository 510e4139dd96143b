"""What one warm decision costs: CPU time, and as multiples of decoding its policies' JSON once."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from benchmarks import workload
from simulator.evaluation.evaluate import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable

REPEATS = 300


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of one call, the best of five series."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for _ in range(REPEATS):
            work()
        best = min(best, (time.process_time() - start) / REPEATS)
    return best


def main() -> None:
    """Decide the workload, check every answer, and print a table."""
    given = workload.read()
    policies, requests = workload.policies(given), workload.requests(given)
    wrong = [
        request
        for request, outcome in requests
        if evaluate(request, policies).decision.outcome != outcome
    ]
    texts = [json.dumps(p["document"]) for p in given["identity_policies"]]
    base = cpu_seconds(lambda: [json.loads(text) for text in texts])
    decide = cpu_seconds(lambda: [evaluate(r, policies) for r, _ in requests]) / len(requests)
    prepare = cpu_seconds(lambda: workload.policies(given))
    print(f"{len(requests) - len(wrong)} of {len(requests)} answers right")
    for name, seconds in (
        ("json.loads of the three identity policies", base),
        ("one decision, no memo of answers", decide),
        ("decode, build and compile all eight policies", prepare),
    ):
        print(f"{name:50} {seconds * 1e6:9.1f} us  {seconds / base:6.2f}")


if __name__ == "__main__":
    main()
