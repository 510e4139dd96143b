"""What an answer costs: the plans of policies are made once, however many calls there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.evaluation import policies
from simulator.evaluation.plan import make_plan
from simulator.sts.answer import answer_to
from tests import worlds

if TYPE_CHECKING:
    import pytest

WORLD: worlds.World = {
    "caller": {"arn": "arn:aws:iam::111111111111:user/alice"},
    "role": {"arn": "arn:aws:iam::222222222222:role/deploy"},
    "identity": [
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    ],
    "trust": {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": "111111111111"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        },
    },
}


def test_plans_are_made_once_for_each_action(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def counting(action: str, *args: object, **more: object) -> object:
        made.append(action)
        return make_plan(action, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(policies, "make_plan", counting)
    call = worlds.call(WORLD, {"tags": {"team": "red"}})
    for number in range(20):
        named = call._replace(parameters=call.parameters._replace(role_session_name=f"s{number}1"))
        assert answer_to(named).outcome == "allowed"
    assert sorted(made) == ["sts:AssumeRole", "sts:TagSession"]
