"""A policy that names somebody else comes to name the caller: corrected, or beside the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.diagnosis.diagnose import diagnose
from simulator.diagnosis.what_if import edited
from simulator.policy.model import Document
from simulator.request.principal import ServicePrincipal
from simulator.sts.answer import answer_to
from simulator.syntax import decode
from tests import worlds

if TYPE_CHECKING:
    from simulator.diagnosis.diagnosis import Diagnosis
    from simulator.sts.call import Call

HOME = "arn:aws:iam::111111111111"
ALICE = f"{HOME}:user/alice"
ROLE = "arn:aws:iam::222222222222:role/R"


def call_with(principal: dict[str, Any], caller: dict[str, Any]) -> Call:
    """Return a call of a role whose trust policy has one statement, by one who may call it."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    allow = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    world = {
        "caller": caller,
        "role": {"arn": ROLE},
        "trust": {"Version": "2012-10-17", "Statement": [statement]},
        "identity": [{"Version": "2012-10-17", "Statement": [allow]}],
    }
    return worlds.call(world, None, None)


def explained(call: Call) -> Diagnosis:
    """Return why a call does not succeed."""
    return diagnose(call, answer_to(call))


def principal_after(found: Diagnosis, number: int = 0) -> Any:  # noqa: ANN401 - plain values
    """Return the principals of the trust policy that a fix makes."""
    edits = [edit for remedy in found.fixes[number].remedies for edit in remedy.edits]
    source = edits[0].source
    value: Any = edited(Document(source, (), decode(source)), edits).value
    return value["Statement"][0]["Principal"]


@pytest.mark.parametrize(
    "named",
    [
        f"{HOME}:user/Alice",
        f"{HOME}:user/team/alice",
        f"{HOME}:user//alice",
        "arn:aws:iam:us-east-1:111111111111:user/alice",
    ],
)
def test_a_name_that_can_be_nobodys_is_corrected_in_its_place(named: str) -> None:
    bob = f"{HOME}:user/bob"
    found = explained(call_with({"AWS": [bob, named]}, {"arn": ALICE}))
    assert principal_after(found) == {"AWS": [bob, ALICE]}


def test_a_name_that_may_be_somebodys_stays_beside_the_caller() -> None:
    call = call_with({"AWS": f"{HOME}:user/alicee"}, {"arn": ALICE})
    assert principal_after(explained(call)) == {"AWS": [f"{HOME}:user/alicee", ALICE]}


def test_a_name_is_corrected_where_there_certainly_is_nobody_of_it() -> None:
    call = call_with({"AWS": f"{HOME}:user/alicee"}, {"arn": ALICE})
    found = explained(call._replace(lacks=lambda arn: arn.name == "alicee"))
    assert principal_after(found) == {"AWS": ALICE}


@pytest.mark.parametrize(
    ("named", "after"),
    [
        ("ec2.amazonaws.com.cn", {"Service": "ec2.amazonaws.com"}),
        ("ec2.amazon.com", {"Service": "ec2.amazonaws.com"}),
        ("ecs.amazonaws.com", {"Service": "ecs.amazonaws.com"}),
    ],
)
def test_a_service_is_corrected_where_none_calls_by_the_name(named: str, after: object) -> None:
    call = call_with({"Service": named}, {"arn": ALICE})
    found = explained(call._replace(caller=ServicePrincipal("ec2.amazonaws.com")))
    assert principal_after(found) == after


def test_the_caller_alone_is_named_before_the_whole_account() -> None:
    call = call_with({"AWS": "arn:aws:iam::111111111112:root"}, {"arn": ALICE})
    first, second = explained(call).fixes
    assert first.title == f"name `{ALICE}` in its place"
    assert second.title == "correct the account id to `111111111111`"
