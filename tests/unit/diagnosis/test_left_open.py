"""What nobody said stands beside a cause, and what one passes oneself is a fix of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.diagnosis.diagnose import diagnose
from simulator.sts.answer import answer_to
from tests import worlds
from tests.unit.diagnosis.test_causes import policy

if TYPE_CHECKING:
    from simulator.diagnosis.diagnosis import Diagnosis

ALICE = "arn:aws:iam::111111111111:user/alice"


def _told(condition: dict[str, Any], **parameters: object) -> Diagnosis:
    statement = {"Effect": "Allow", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"}
    world = {
        "caller": {"arn": ALICE},
        "role": {"arn": "arn:aws:iam::222222222222:role/deploy"},
        "trust": policy({**statement, "Condition": condition}),
        "identity": [policy({"Effect": "Allow", "Action": "*", "Resource": "*"})],
    }
    call = worlds.call(world, parameters)._replace(closed_world=False)
    return diagnose(call, answer_to(call))


def test_what_is_passed_with_the_call_is_chosen_too() -> None:
    found = _told(
        {
            "StringEquals": {"sts:ExternalId": "blue-7"},
            "StringLike": {"sts:RoleSessionName": "alice-*"},
        }
    )
    assert [cause.code for cause in found.causes] == ["IAM313"]
    (fix,) = found.fixes
    assert [remedy.title.split()[1] for remedy in fix.remedies] == [
        "`--external-id",
        "`--role-session-name",
    ]
    assert str(fix.access) == "unchanged"


def test_a_fact_that_no_change_of_the_call_settles_is_told_beside_the_cause() -> None:
    found = _told(
        {
            "StringEquals": {"sts:ExternalId": "blue-7"},
            "DateGreaterThan": {"aws:CurrentTime": "2026-11-24T12:00:00Z"},
        }
    )
    assert [(cause.code, str(cause.layer)) for cause in found.causes] == [
        ("IAM313", "trust"),
        ("IAM901", "fact"),
    ]
    assert [cause.blocker for cause in found.causes] == [1, 2]
    assert found.fixes == ()


def test_nothing_is_left_open_where_a_fix_was_found() -> None:
    found = _told({"StringEquals": {"sts:ExternalId": "blue-7"}})
    assert [cause.code for cause in found.causes] == ["IAM313"]
    assert len(found.fixes) == 1
