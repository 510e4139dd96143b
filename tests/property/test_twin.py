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

from tests import differences, oracle, strategies, worlds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.sts.answer import Answer
    from tests.strategies import Case, World

FIXTURES = Path(__file__).parents[2] / "fixtures" / "conformance"


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


def agree(case: Case) -> None:
    """Assert that both say the same, or that the engine rightly knows more."""
    ours, theirs = engine(case), oracle.assume_role(*case)
    if summary(ours) == summary(theirs):
        return
    dumped = case.dump(**theirs)
    difference = f"engine: {ours}\ntwin says\n{dumped}"
    with differences.saved("assume-role", dumped):
        knows_more(case, ours, difference)


def knows_more(case: Case, ours: dict[str, Any], difference: str) -> None:
    """Assert that what the engine says is so, whatever the facts are on which it hangs."""
    asked = json.dumps(case.world).lower()
    assert any(key.lower() in asked for key in case.open_facts()), difference
    assert ours["decision"] != "undecided", difference
    for known in case.known_worlds():
        assert is_so(ours, oracle.assume_role(*known)), f"{difference}\nof {known.context}"


def is_so(ours: dict[str, Any], known: dict[str, Any]) -> bool:
    """Whether what the engine says while facts are open is so once they are known."""
    if known["decision"] != ours["decision"]:
        return known["decision"] in strategies.CONSISTENT[ours["decision"]]
    actions = strategies.ACTIONS
    if known["action"] != ours["action"]:  # an action that was open before is refused as well
        return actions.index(known["action"]) < actions.index(ours["action"])
    return set(ours["layers"]) <= set(known["layers"])


@given(strategies.cases())
def test_engine_is_its_twin(case: Case) -> None:
    agree(case)


def _cases(file: Path) -> Iterator[Case]:
    for group in json.loads(file.read_text())["groups"]:
        for case in group["cases"]:
            if "request" not in case:  # these are in `test_twin_requests.py`
                world = {**group["given"], **case.get("given", {})}
                parameters, context = case.get("with", {}), case.get("context", {})
                yield strategies.Case(world, parameters, context)


CASES_BY_FILE = {file.stem: tuple(_cases(file)) for file in sorted(FIXTURES.glob("*.json"))}


@pytest.mark.parametrize("file", [file for file, found in CASES_BY_FILE.items() if found])
def test_engine_is_its_twin_on_conformance_cases(file: str) -> None:
    for case in CASES_BY_FILE[file]:
        agree(case)


def _case(trust: World, caller: World, context: World | None = None, **more: object) -> Case:
    role = {"arn": strategies.role_arn(strategies.HOME, "deploy")}
    world = {"caller": caller, "role": role, "trust": trust, **more}
    return strategies.Case(world, {}, context or {})


def _trusting(name: str, condition: World | None = None) -> World:
    statement: World = {"Effect": "Allow", "Principal": {"AWS": name}, "Action": "sts:AssumeRole"}
    return strategies.policy({**statement, "Condition": condition} if condition else statement)


ALICE = {"arn": strategies.user_arn(strategies.HOME, "alice")}
SESSION = {"arn": strategies.session_arn(strategies.HOME, "deploy", "ci")}
NEVER = {"IpAddress": {"aws:SourceIp": "no address"}}
#: Worlds that hypothesis found, in which the engine was wrong.
FOUND = {
    "settled-with-a-wildcard-that-is-none": _case(
        _trusting("*", {"StringNotEquals": {"aws:UserAgent": "*cli*"}}), ALICE
    ),
    "role-given-without-a-path": _case(
        _trusting(strategies.role_arn(strategies.HOME, "team/deploy")),
        {**SESSION, "role_arn": strategies.role_arn(strategies.HOME, "deploy")},
    ),
    "settled-with-the-layers-of-one-value": _case(
        _trusting("*", {"DateLessThan": {"aws:TokenIssueTime": "2026-11-24T00:00:00Z"}}),
        SESSION,
        scps=[
            [
                strategies.policy(
                    {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": NEVER}
                )
            ]
        ],
    ),
    "no-values-for-a-fact": _case(
        _trusting("*", {"StringNotEquals": {"aws:UserAgent": []}}), ALICE, identity=None
    ),
    "one-key-read-in-two-ways": _case(
        _trusting(
            strategies.role_arn(strategies.HOME, "deploy"),
            {"DateEquals": {"aws:EpochTime": "2026"}},
        ),
        SESSION,
        boundary=strategies.policy(
            {
                "Effect": "Allow",
                "Action": "*",
                "Resource": "*",
                "Condition": {"NumericNotEquals": {"aws:EpochTime": "2026"}},
            }
        ),
    ),
    "empty-list-is-there": _case(
        _trusting("*", {"Null": {"app:List": "true"}}), ALICE, {"app:List": []}
    ),
}


@pytest.mark.parametrize("case", FOUND.values(), ids=FOUND)
def test_what_was_found(case: Case) -> None:
    agree(case)
