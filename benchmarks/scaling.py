"""How the cost of a decision grows: with statements that cannot match, and with hostile policies.

The first table has one decision of the common workload among more and more statements about other
actions, and in the trust policy about other principals. The second has what attackers would write.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from benchmarks import workload
from benchmarks.clock import cpu_microseconds
from simulator.evaluation.quick import outcome_of
from simulator.matcher.conditions import compile_test
from simulator.matcher.glob import compile_glob, read_glob
from simulator.policy.model import ConditionTest, Values
from simulator.request.context import RequestContext

if TYPE_CHECKING:
    from collections.abc import Callable

_TIMES = (1, 10, 100)
_SIZES = (1_000, 4_000, 16_000, 64_000)


def main() -> None:
    """Print both tables."""
    print("unrelated statements, as multiples of those of the workload")
    taken = cpu_microseconds({f"x {times}": _among(times) for times in _TIMES})
    first = taken["x 1"]
    for name, time in taken.items():
        print(f"{name:>8}{time:10.1f} us{time / first:8.2f}")
    print(f"\n{'characters or values':40}" + "".join(f"{size:>10,}" for size in _SIZES))
    for name, make in _WORST.items():
        times = cpu_microseconds({str(size): make(size) for size in _SIZES})
        print(f"{name:40}" + "".join(f"{time:10.0f}" for time in times.values()) + "  us")


def _among(times: int) -> Callable[[], object]:
    given = workload.read()
    policies, asked = workload.policies(padded(given, times)), workload.requests(given)
    return lambda: [outcome_of(request, policies) for request, _ in asked]


def padded(given: dict[str, Any], times: int) -> dict[str, Any]:
    """Return the workload with statements about other actions and other principals added."""
    padded = copy.deepcopy(given)
    trusted = padded["resource_policy"]["document"]["Statement"]
    documents = [
        *(policy["document"] for policy in padded["identity_policies"]),
        *(policy["document"] for level in padded["scps"] for policy in level["policies"]),
        padded["boundary"]["document"],
    ]
    for document in documents:
        for number in range((times - 1) * len(document["Statement"])):
            document["Statement"].append(_elsewhere(number))
    for number in range((times - 1) * len(trusted)):
        trusted.append(_of_others(number))
    return padded


def _elsewhere(number: int) -> dict[str, Any]:
    return {
        "Effect": "Deny" if number % 2 else "Allow",
        "Action": [f"s3:Get{number}", f"ec2:Run{number}*"],
        "Resource": f"arn:aws:s3:::bucket-{number}/*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": f"team-{number}"}},
    }


def _of_others(number: int) -> dict[str, Any]:
    return {
        "Effect": "Deny" if number % 2 else "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{number:012}:role/other"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": f"id-{number}"}},
    }


def _glob(pattern: str, text: str) -> Callable[[], object]:
    fits = compile_glob(read_glob(pattern))
    return lambda: fits(text)


def _condition(operator: str, texts: tuple[str, ...], value: str) -> Callable[[], object]:
    path = ("Condition", operator, "aws:UserAgent")
    values = Values(path, texts, listed=True)
    test = ConditionTest(path, operator, None, if_exists=False, key="aws:UserAgent", values=values)
    holds, context = compile_test(test, variables=True), RequestContext({"aws:UserAgent": value})
    return lambda: holds(context)


_WORST: dict[str, Callable[[int], Callable[[], object]]] = {
    "`*a` x 50, then `*b*`, against a...a": lambda n: _glob("*a" * 50 + "*b*", "a" * n),
    "`*a?` x 50, then `*b?*`, against a...a": lambda n: _glob("*a?" * 50 + "*b?*", "a" * n),
    "`*` for each character": lambda n: _glob("*" * n, "a" * n),
    "`?` for each character": lambda n: _glob("?" * n, "a" * n),
    "StringEquals with as many values": lambda n: _condition(
        "StringEquals", tuple(f"v{i}" for i in range(n)), "v"
    ),
    "StringLike with as many values": lambda n: _condition(
        "StringLike", tuple(f"v{i}*" for i in range(n)), "w"
    ),
    "StringLike, two stars each": lambda n: _condition(
        "StringLike", tuple(f"*v{i}*" for i in range(n)), "w"
    ),
    "ArnLike with as many values": lambda n: _condition(
        "ArnLike", tuple(f"arn:aws:iam::*:role/v{i}" for i in range(n)), "arn:aws:iam::1:role/w"
    ),
    "NumericEquals with as many values": lambda n: _condition(
        "NumericEquals", tuple(str(i) for i in range(n)), "0.5"
    ),
}


if __name__ == "__main__":
    main()
