"""The engine and its naive twin, `tests/oracle.py`, say the same of every world.

The engine may know more: where the twin says that an answer hangs on an open fact, the engine also
looks whether every value of the fact leads to the same. Then the twin is asked with such values.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from tests import oracle, strategies, worlds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.sts.assume_role import Answer
    from tests.strategies import Case

FIXTURES = Path(__file__).parents[2] / "fixtures" / "conformance"

#: Values of the facts that nobody gives, such that each side of each test of the pools is there.
INSTANTS = ("2025-01-01T00:00:00Z", "2026-11-24T00:00:00Z", "2026-11-24T00:00:01Z", "2030-01-01")
FACTS: dict[str, tuple[str, ...]] = {
    "aws:SourceIp": ("203.0.113.7", "203.0.113.200", "198.51.100.1", "10.0.0.1", "2001:db8::1"),
    "aws:CurrentTime": INSTANTS,
    "aws:EpochTime": INSTANTS,
    "aws:TokenIssueTime": INSTANTS,
    "aws:RequestedRegion": ("us-east-1", "eu-central-1", "ap-south-1"),
    "aws:UserAgent": ("aws-cli/2", "boto3", "*cli*", "aws-cli/2*"),
    "aws:userid": (strategies.USER_ID, f"{strategies.ROLE_ID}:ci", "AIDAEXAMPLEOTHER0001"),
    "sts:RoleSessionName": ("alice", "Alice", "alice-1", "ci", "bob", "deploy", "red"),
    "aws:MultiFactorAuthAge": ("0", "10", "300", "3600", "40000"),
}


def open_facts(case: Case) -> dict[str, tuple[str, ...]]:
    """Return the facts that can be otherwise in a world: nobody gave them, nothing implies them."""
    caller, parameters = case.world["caller"], case.parameters
    given_keys = {key.lower() for key in case.context}
    with_mfa = caller.get("credentials") == "session_token_with_mfa"
    age_known = "mfa_age_seconds" in caller or "serial_number" in parameters
    fixed = {
        "aws:userid": "unique_id" in caller,
        "aws:CurrentTime": "aws:epochtime" in given_keys,
        "aws:EpochTime": "aws:currenttime" in given_keys,
        "sts:RoleSessionName": "role_session_name" in parameters,
        "aws:MultiFactorAuthAge": age_known or not with_mfa,
        "aws:TokenIssueTime": oracle.credentials_of(caller) == "long_term",
        "aws:SourceIp": "aws:sourcevpce" in given_keys,
    }
    return {
        key: values
        for key, values in FACTS.items()
        if not fixed.get(key) and key.lower() not in given_keys
    }


def known_worlds(case: Case) -> Iterator[Case]:
    """Yield the case with values for all open facts, each value of each fact at least twice."""
    facts = open_facts(case)
    for turn in range(max(map(len, facts.values()), default=0)):
        for step in (1, 2):
            chosen = {
                key: values[(turn * step + place) % len(values)]
                for place, (key, values) in enumerate(facts.items())
                if key != "aws:EpochTime"  # follows from the other
            }
            yield case._replace(context=case.context | chosen)


def summary(found: dict[str, Any]) -> tuple[str, frozenset[str], str | None, str | None]:
    """Return what must be the same: decision, layers, refused action, error code."""
    said_no = found["decision"] not in ("allowed", "undecided")
    layers = frozenset(found["layers"])
    return found["decision"], layers, found["action"] if said_no else None, found["error_code"]


def refused_action(answer: Answer) -> str:
    """Return the refused action: of STS's own rules only where the policies allow."""
    decisive = answer.decisive
    if decisive is not None and decisive.decision.outcome != "allowed":
        return decisive.request.action
    return worlds.action(answer)


def engine(case: Case) -> dict[str, Any]:
    """Return the engine's answer in the words of the conformance cases."""
    answer = case.answer
    return {
        "decision": str(answer.outcome),
        "layers": sorted(worlds.layers(answer)),
        "action": refused_action(answer),
        "error_code": answer.error.code if answer.error else None,
    }


#: A Deny that hangs on an open fact turns one no into another.
SAME = {name: {name} for name in ("allowed", "explicitDeny", "error")}
SAME["implicitDeny"] = {"implicitDeny", "explicitDeny"}


def agree(case: Case) -> None:
    """Assert that both say the same, or that the engine rightly knows more."""
    ours, theirs = engine(case), oracle.assume_role(*case)
    if summary(ours) == summary(theirs):
        return
    difference = f"engine: {ours}\ntwin says\n{case.dump(**theirs)}"
    asked = json.dumps(case.world).lower()
    assert any(key.lower() in asked for key in open_facts(case)), difference
    assert ours["decision"] != "undecided", difference
    for known in known_worlds(case):
        assert is_so(ours, oracle.assume_role(*known)), f"{difference}\nof {known.context}"


def is_so(ours: dict[str, Any], known: dict[str, Any]) -> bool:
    """Whether what the engine says while facts are open is so once they are known."""
    if known["decision"] != ours["decision"]:
        return known["decision"] in SAME[ours["decision"]]
    actions = strategies.ACTIONS
    if known["action"] != ours["action"]:  # an action that was open before is refused as well
        return actions.index(known["action"]) < actions.index(ours["action"])
    return set(ours["layers"]) <= set(known["layers"])


@given(strategies.cases())
def test_engine_is_its_twin(case: Case) -> None:
    agree(case)


def _conformance() -> list[Any]:
    found = []
    for file in sorted(FIXTURES.glob("*.json")):
        topic = json.loads(file.read_text())
        for group in topic["groups"]:
            for case in group["cases"]:
                world = {**group["given"], **case.get("given", {})}
                parameters, context = case.get("with", {}), case.get("context", {})
                drawn = strategies.Case(world, parameters, context)
                found.append(pytest.param(drawn, id=f"{topic['topic']}::{case['id']}"))
    return found


@pytest.mark.parametrize("case", _conformance())
def test_engine_is_its_twin_on_conformance_cases(case: Case) -> None:
    agree(case)
