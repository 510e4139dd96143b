"""What one warm decision costs, as a multiple of Cedar's on the same workload and run.

CPU time; no answer is remembered; names of context keys are lower-cased in each decision of ours,
while Cedar's contexts are converted beforehand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks import cedar, workload
from benchmarks.clock import cpu_microseconds
from simulator.decision.verdict import Layer
from simulator.evaluation.evaluate import evaluate, explain_level
from simulator.evaluation.policies import Policies
from simulator.evaluation.quick import outcome_of
from simulator.matcher.statement import compile_policy
from simulator.request.context import RequestContext
from simulator.request.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.policy.model import PolicyDocument


def main() -> None:
    """Decide the workload, check every answer, and print what each step costs."""
    given = workload.read()
    policies, asked = workload.policies(given), workload.requests(given)
    contexts = [request["context"] for request in given["requests"]]
    by_cedar = cedar.decider(policies, given["requests"])
    right = [outcome_of(r, policies) == _outcome(r, policies) == outcome for r, outcome in asked]
    right_cedar = [by_cedar(number) == outcome for number, (_, outcome) in enumerate(asked)]
    print(f"{sum(right)} of {len(asked)} answers right; Cedar's: {sum(right_cedar)}")
    requests = [request for request, _ in asked]
    documents = {
        layer: [[c.policy for c in level] for level in policies.levels(layer)] for layer in Layer
    }
    works: dict[str, Callable[[], object]] = {
        "cedarpy": lambda: [by_cedar(number) for number in range(len(asked))],
        "outcome, context lower-cased": lambda: [
            outcome_of(_fresh(r, c), policies) for r, c in zip(requests, contexts, strict=True)
        ],
        "outcome with the verdict of each layer": lambda: [evaluate(r, policies) for r in requests],
        "the same, each statement explained": lambda: [_explained(r, policies) for r in requests],
        "compile, index and decide once": lambda: [_compiled(documents, r) for r in requests],
        "decode, build, compile": lambda: [workload.policies(given) for _ in requests],
    }
    taken = {name: time / len(asked) for name, time in cpu_microseconds(works).items()}
    print(f"{'':42}{'us':>10}{'a CPU second':>14}{'x cedarpy':>11}")
    for name, time in taken.items():
        ratio = taken["cedarpy"] / time
        print(f"{name:42}{time:10.1f}{1e6 / time:14,.0f}{ratio:11.1f}")


def _outcome(request: Request, policies: Policies) -> str:
    return evaluate(request, policies).decision.outcome


def _fresh(request: Request, context: dict[str, Any]) -> Request:
    return Request(
        request.principal, request.action, request.resource, RequestContext(context), request.owner
    )


def _explained(request: Request, policies: Policies) -> object:
    evaluation = evaluate(request, policies)
    return [
        list(explain_level(evaluation, level))
        for layer in Layer
        for level in policies.levels(layer)
    ]


def _compiled(documents: dict[Layer, list[list[PolicyDocument]]], request: Request) -> object:
    layers = {
        layer: tuple(tuple(map(compile_policy, level)) for level in levels)
        for layer, levels in documents.items()
    }
    return outcome_of(request, Policies(layers))


if __name__ == "__main__":
    main()
