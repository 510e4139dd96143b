"""The engine and its naive twin, `tests/oracle.py`, say the same of requests of any kind.

The engine may know more: where the twin says that an answer hangs on an open fact, the engine also
looks whether every value of the fact leads to the same. Then the twin is asked with such values.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from tests import differences, oracle, questions, strategies
from tests.questions import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator

FIXTURES = Path(__file__).parents[2] / "fixtures" / "conformance"


def agree(ask: Ask) -> None:
    """Assert that both say the same, or that the engine rightly knows more."""
    decision, layers = ask.said
    theirs = oracle.request(*ask)
    if decision == theirs["decision"] and layers == set(theirs["layers"]):
        return
    said = {"decision": theirs["decision"], "layers": theirs["layers"]}
    dumped = ask.dump(**said)
    difference = f"engine: {decision} {sorted(layers)}\ntwin says\n{dumped}"
    with differences.saved("requests", dumped):
        assert theirs["decision"] == "undecided", difference
        knows_more(ask, difference)


def knows_more(ask: Ask, difference: str) -> None:
    """Assert that what the engine says is so, whatever the facts are on which it hangs."""
    decision, layers = ask.said
    assert decision != "undecided", difference
    assert ask.open_facts(), difference
    for known in ask.known_worlds():
        assert is_so(decision, layers, oracle.request(*known)), f"{difference}\nof {known.context}"


def is_so(decision: str, layers: set[str], known: dict[str, Any]) -> bool:
    """Whether what the engine says while facts are open is so once they are known."""
    if known["decision"] != decision:
        return known["decision"] in strategies.CONSISTENT[decision]
    return set(layers) <= set(known["layers"])


@given(questions.asks())
def test_engine_is_its_twin(ask: Ask) -> None:
    agree(ask)


def _asks(file: Path) -> Iterator[Ask]:
    for group in json.loads(file.read_text())["groups"]:
        for case in group["cases"]:
            if "request" in case:
                world = {**group["given"], **case.get("given", {})}
                yield Ask(world, case["request"], case.get("context", {}))


ASKS_BY_FILE = {file.stem: tuple(_asks(file)) for file in sorted(FIXTURES.glob("*.json"))}


@pytest.mark.parametrize("file", [file for file, found in ASKS_BY_FILE.items() if found])
def test_engine_is_its_twin_on_conformance_cases(file: str) -> None:
    for ask in ASKS_BY_FILE[file]:
        agree(ask)


ALLOW_ALL = strategies.ALLOW_ALL
#: Worlds that hypothesis found, in which the engine was wrong.
FOUND = {
    "a-policy-of-another-partition-nobody-knows": Ask(
        {
            "caller": {"arn": "arn:aws-cn:iam::111111111111:user/alice"},
            "identity": [ALLOW_ALL],
            "resource_policy": None,
        },
        {
            "action": "sqs:SendMessage",
            "resource": "arn:aws:sqs:eu-west-1:111111111111:queue",
        },
        {},
    ),
    "an-owner-in-another-partition-whom-nobody-knows": Ask(
        {
            "caller": {"arn": "arn:aws-cn:iam::111111111111:user/alice"},
            "identity": [ALLOW_ALL],
        },
        {"action": "s3:ListBucket", "resource": "arn:aws:s3:::bucket"},
        {},
    ),
    "an-rcp-where-the-owner-may-be-the-management-account": Ask(
        {
            "caller": {"arn": "arn:aws:iam::111111111111:user/alice"},
            "identity": [ALLOW_ALL],
            "resource_policy": strategies.policy(
                {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
            ),
            "rcps": [
                [
                    strategies.policy(
                        {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
                    )
                ]
            ],
            "management_account": "111111111111",
        },
        {"action": "s3:ListBucket", "resource": "arn:aws:s3:::bucket"},
        {},
    ),
}


@pytest.mark.parametrize("ask", FOUND.values(), ids=FOUND)
def test_what_was_found(ask: Ask) -> None:
    agree(ask)
