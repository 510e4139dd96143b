"""What nobody told of a call is open, as far as such a call can have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.decision.combine import Outcome
from simulator.incident.opening import opened_call, opened_question
from simulator.simulate import simulate
from simulator.sts.answer import answer_to
from tests import worlds

if TYPE_CHECKING:
    from simulator.sts.call import Call

HOME = "111111111111"
ALICE = "arn:aws:iam::111111111111:user/alice"
CI = "arn:aws:sts::111111111111:assumed-role/ci/build"


def document(effect: str = "Allow", **statement: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a policy of one statement."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": effect, **statement}]}


def call(caller: str, condition: dict[str, Any], **parameters: str) -> Call:
    """Return a call of AssumeRole under a condition of the trust policy."""
    trust = document(
        Principal={"AWS": "arn:aws:iam::111111111111:root"},
        Action="sts:AssumeRole",
        Condition=condition,
    )
    world = {
        "caller": {"arn": caller},
        "role": {"arn": "arn:aws:iam::222222222222:role/deploy"},
        "trust": trust,
        "identity": [document(Action="*", Resource="*")],
    }
    # in a closed world, as worlds are, nobody leaves anything out
    return worlds.call(world, parameters, {})._replace(closed_world=False)


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"sts:ExternalId": "x"}},
        {"StringEquals": {"aws:RequestTag/team": "red"}},
        {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
        {"StringEquals": {"sts:SourceIdentity": "alice"}},
    ],
)
def test_what_may_have_been_passed_is_open(condition: dict[str, Any]) -> None:
    asked = call(ALICE, condition)
    assert answer_to(asked).outcome is Outcome.IMPLICIT_DENY
    assert answer_to(opened_call(asked)).outcome is Outcome.UNDECIDED


@pytest.mark.parametrize(
    ("caller", "condition"),
    [
        (CI, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),  # CTX-41
        (CI, {"StringEquals": {"aws:username": "alice"}}),
        (ALICE, {"StringEquals": {"aws:SourceAccount": "111111111111"}}),
        (ALICE, {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111111111111:user/bob"}}),
    ],
)
def test_what_such_a_call_cannot_have_stays_absent(caller: str, condition: dict[str, Any]) -> None:
    assert answer_to(opened_call(call(caller, condition))).outcome is Outcome.IMPLICIT_DENY


def test_what_was_told_counts() -> None:
    condition = {"StringEquals": {"sts:ExternalId": "x"}}
    right, wrong = (opened_call(call(ALICE, condition, external_id=id_)) for id_ in ("xx", "yy"))
    assert answer_to(wrong).outcome is Outcome.IMPLICIT_DENY
    assert answer_to(right).outcome is Outcome.IMPLICIT_DENY
    exact = opened_call(call(ALICE, {"StringEquals": {"sts:ExternalId": "xx"}}, external_id="xx"))
    assert answer_to(exact).outcome is Outcome.ALLOWED


def test_variables_are_open_too() -> None:
    policy = document(Action="s3:GetObject", Resource="arn:aws:s3:::b/${s3:prefix}")
    world = {"caller": {"arn": ALICE}, "identity": [policy]}
    request = {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "resource_account": HOME}
    question = worlds.question(world, request, {})
    assert "s3:prefix" not in opened_question(question).doubtful  # s3:GetObject has none
    policy = document(Action="s3:ListBucket", Resource="arn:aws:s3:::${s3:prefix}")
    request = {"action": "s3:ListBucket", "resource": "arn:aws:s3:::b", "resource_account": HOME}
    listing = worlds.question({**world, "identity": [policy]}, request, {})
    listing = listing._replace(closed_world=False)
    assert opened_question(listing).doubtful == ("s3:prefix",)
    assert simulate(listing).decision.outcome is Outcome.IMPLICIT_DENY
    assert simulate(opened_question(listing)).decision.outcome is Outcome.UNDECIDED
