"""Principals that another one of the statement names as well."""

from __future__ import annotations

import pytest

from simulator.check.trust.repeated import check_repeated
from simulator.diagnostic import Access
from simulator.policy import kinds
from tests.unit.check.trust.told import (
    ALICE,
    AWAY,
    HOME,
    ROLE,
    ROOT,
    SESSION,
    found,
    mended,
    statement,
    told,
)


@pytest.mark.parametrize(
    ("principals", "place", "left"),
    [
        ([ALICE, ALICE], ALICE, [ALICE]),
        ([HOME, ROOT], ROOT, [HOME]),
        ([ROOT, HOME], ROOT, [HOME]),  # the id is of any partition, and so stays
        ([ROOT, ROOT], ROOT, [ROOT]),
    ],
)
def test_one_who_is_named_twice(principals: list[str], place: str, left: list[str]) -> None:
    (finding,) = found(check_repeated, statement(principals))
    assert told([finding]) == [("IAM629", "note", place)]
    assert finding.access is Access.UNCHANGED
    assert mended(finding) == statement(left)


def test_a_service_that_is_named_twice() -> None:
    names = {"Service": ["ec2.amazonaws.com"] * 3}
    made = found(check_repeated, statement(names))
    assert [(each.code, each.access) for each in made] == [("IAM629", Access.UNCHANGED)] * 2


@pytest.mark.parametrize(
    ("principals", "place"),
    [
        ([ROLE, SESSION], SESSION),
        ([SESSION, ROLE], SESSION),
        ([HOME, ALICE], ALICE),
        ([ROOT, ROLE], ROLE),
        ([ALICE, ROLE, ROOT], ALICE),  # told once
    ],
)
def test_one_who_is_named_beside_what_he_is_of(principals: list[str], place: str) -> None:
    (finding,) = found(check_repeated, statement(principals))
    assert told([finding]) == [("IAM629", "note", place)]
    assert finding.edits == ()


@pytest.mark.parametrize(
    "principals",
    [
        [ALICE, ROLE],
        [AWAY, ALICE],
        [f"arn:aws:iam::{AWAY}:role/deploy", SESSION],
        [f"arn:aws:iam::{HOME}:role/other", SESSION],
        [HOME, f"arn:aws-cn:iam::{AWAY}:root"],
        [ALICE],
    ],
)
def test_different_principals(principals: list[str]) -> None:
    assert found(check_repeated, statement(principals)) == ()


def test_in_two_statements_and_in_other_policies() -> None:
    assert found(check_repeated, statement(ALICE), statement(ALICE)) == ()
    queue = statement([HOME, ROOT], Action="sqs:*", Resource="*")
    assert len(found(check_repeated, queue, kind=kinds.RESOURCE)) == 1
