"""Denials soon after a change of the role, or of the caller."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.incident.changes import SOON, Changes

ROLE = "arn:aws:iam::222222222222:role/team/deploy"
AT = 1_764_000_000


def record(name: str, **passed: str) -> dict[str, Any]:
    """Return a record of a change."""
    return {
        "eventName": name,
        "eventTime": str(AT),
        "requestParameters": passed,
        "userIdentity": {"accountId": "222222222222"},
    }


def told(name: str, arn: str, after: int, **passed: str) -> str | None:
    """Return what is told of a denial some seconds after a change."""
    changes = Changes()
    changes.add(record(name, **passed))
    return changes.before([arn, None], [AT + after])


@pytest.mark.parametrize(
    ("name", "arn", "passed"),
    [
        ("CreateRole", ROLE, {"roleName": "deploy"}),
        ("AttachRolePolicy", "arn:aws:sts::222222222222:assumed-role/ci/s", {"roleName": "ci"}),
        ("PutUserPolicy", "arn:aws:iam::222222222222:user/a/bob", {"userName": "bob"}),
    ],
)
def test_a_change_of_role_or_user(name: str, arn: str, passed: dict[str, str]) -> None:
    assert f"7 seconds after `{name}`" in (told(name, arn, 7, **passed) or "")


@pytest.mark.parametrize(
    ("after", "is_soon"), [(0, True), (SOON, True), (SOON + 1, False), (-1, False)]
)
def test_what_is_soon(after: int, is_soon: object) -> None:
    assert (told("CreateRole", ROLE, after, roleName="deploy") is not None) is is_soon


def test_another_account_or_name_is_another_role() -> None:
    assert told("CreateRole", ROLE.replace("2222", "3333"), 1, roleName="deploy") is None
    assert told("CreateRole", ROLE, 1, roleName="deployer") is None
    assert told("CreateRole", "role", 1, roleName="deploy") is None


@pytest.mark.parametrize(
    "broken",
    [
        {"eventName": 7},
        {"eventName": "CreateRole"},
        {"eventName": "CreateRole", "requestParameters": {"roleName": 7}, "eventTime": "x"},
        record("CreateRole", roleName="deploy") | {"userIdentity": None},
        record("CreateRole", roleName="deploy") | {"errorCode": "AccessDenied"},
    ],
)
def test_what_is_no_change_is_none(broken: dict[str, Any]) -> None:
    changes = Changes()
    changes.add(broken)
    assert changes.before([ROLE], [AT]) is None
