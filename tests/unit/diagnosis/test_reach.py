"""Tests of who else succeeds after a fix: exactly those whose answer the edited file changes."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simulator.decision.combine import Outcome
from simulator.diagnosis.diagnose import diagnose
from simulator.simulate import Question
from simulator.sts.answer import answer_to
from simulator.sts.chain import follow
from simulator.syntax import apply_edits
from simulator.testing.asks import read_case
from simulator.testing.load import read_file, read_text
from simulator.testing.policies import PolicyStore
from simulator.testing.run import run
from simulator.testing.world import World

HOME, AWAY = "111111111111", "222222222222"
ROLE = f"arn:aws:iam::{AWAY}:role/target"
PEOPLE = {
    f"arn:aws:iam::{HOME}:user/alice": f"arn:aws:iam::{HOME}:user/alice",
    f"arn:aws:iam::{HOME}:user/bob": f"arn:aws:iam::{HOME}:user/bob",
    f"arn:aws:iam::{HOME}:role/ci": f"arn:aws:sts::{HOME}:assumed-role/ci/session",
    f"arn:aws:iam::{AWAY}:user/carol": f"arn:aws:iam::{AWAY}:user/carol",
}
ALICE = next(iter(PEOPLE))

_PRINCIPALS = st.sampled_from([*PEOPLE, f"arn:aws:iam::{HOME}:root", AWAY, "444444444444"])
_CONDITIONS = st.sampled_from(
    [
        {},
        {"StringEquals": {"aws:PrincipalTag/team": "red"}},
        {"StringEquals": {"aws:PrincipalAccount": AWAY}},
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{HOME}:user/b*"}},
    ]
)


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """Return accounts with a role, and with users and roles that may or may not assume it."""

    def statement(effect: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        condition = draw(_CONDITIONS)
        found = {"Effect": effect, "Action": "sts:AssumeRole", **more}
        return {**found, "Condition": condition} if condition else found

    def holder() -> dict[str, Any]:
        allowed = draw(st.lists(st.just(statement("Allow", Resource=ROLE)), max_size=1))
        tags = {"team": draw(st.sampled_from(["red", "blue"]))}
        return {
            "policies": [{"Version": "2012-10-17", "Statement": s} for s in allowed],
            "tags": tags,
        }

    trusted = draw(st.lists(_PRINCIPALS, min_size=1, max_size=2, unique=True))
    statements = [statement("Allow", Principal={"AWS": each}) for each in trusted]
    if draw(st.integers(0, 3)) == 3:
        statements.append(statement("Deny", Principal={"AWS": "*"}))
    trust = {"Version": "2012-10-17", "Statement": statements}
    return {
        HOME: {"users": {"alice": holder(), "bob": holder()}, "roles": {"ci": holder()}},
        AWAY: {"users": {"carol": holder()}, "roles": {"target": {"trust_policy": trust}}},
    }


def written(accounts: dict[str, Any]) -> str:
    """Return a test file in which everybody asks for the role."""
    asks = {"assume_role": ROLE, "with": {"role_session_name": "s1"}, "expect": "allowed"}
    tests = [{"name": name, "caller": {"arn": arn}, **asks} for name, arn in PEOPLE.items()]
    return json.dumps({"accounts": accounts, "tests": tests}, indent=1)


def allowed(text: str) -> set[str]:
    """Return who may assume the role."""
    results = run([("w.iamtest.json", text.encode())]).results
    assert len(results) == len(PEOPLE)
    return {r.id.partition("::")[2] for r in results if r.decision is Outcome.ALLOWED}


@given(worlds())
def test_those_are_told_whose_answer_changes(accounts: dict[str, Any]) -> None:
    text = written(accounts)
    source = read_text("w.iamtest.json", text.encode())
    shape = read_file(source)
    hops = read_case(World(source, shape, PolicyStore(), None), shape.tests[0], ("tests", 0))
    assert not isinstance(hops, Question)
    call = follow(hops)[-1].call
    answer = answer_to(call)
    if answer.outcome is Outcome.ALLOWED:
        return
    before = allowed(text)
    for fix in diagnose(call, answer).fixes:
        edits = [edit.in_file() for remedy in fix.remedies for edit in remedy.edits]
        if not edits:
            assert fix.others is None
            continue
        more = allowed(apply_edits(text, edits)) - before - {ALICE}
        assert fix.others is not None
        if more:
            names = ", ".join(f"`{name}`" for name in PEOPLE if name in more)
            assert fix.others == f"of the known users and roles {len(more)} more: {names}"
        else:
            assert fix.others == "of the known users and roles nobody else"
