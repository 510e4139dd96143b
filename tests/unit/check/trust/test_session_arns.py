"""The ARN of a session where that of a role is compared."""

from __future__ import annotations

import pytest

from simulator.check.trust.session_arns import check_session_arns
from simulator.diagnostic import Access
from simulator.policy import kinds
from tests.unit.check.trust.told import HOME, ROLE, ROOT, SESSION, found, mended, statement, told

KEY = "aws:PrincipalArn"
OF_ROLE = f"arn:aws:iam::{HOME}:role/deploy"


@pytest.mark.parametrize(
    ("effect", "operator", "access"),
    [
        ("Allow", "ArnLike", Access.WIDENED),
        ("Allow", "StringNotLike", Access.NARROWED),
        ("Deny", "ArnEquals", Access.NARROWED),
        ("Deny", "ArnNotLike", Access.WIDENED),
        ("Deny", "StringNotEqualsIfExists", Access.WIDENED),
    ],
)
def test_a_session_is_nobody_there(effect: str, operator: str, access: Access) -> None:
    made = statement(ROOT, {operator: {KEY: SESSION}}, Effect=effect)
    (finding,) = found(check_session_arns, made)
    assert told([finding]) == [("IAM628", "error", SESSION)]
    assert finding.access is access
    assert mended(finding)["Condition"] == {operator: {KEY: OF_ROLE}}


def test_a_session_among_others() -> None:
    made = found(check_session_arns, statement(ROOT, {"ArnLike": {KEY: [SESSION, ROLE]}}))
    assert told(made) == [("IAM628", "warning", SESSION)]


def test_a_session_in_any_kind_of_policy() -> None:
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    made = deny | {"Condition": {"ArnNotLike": {KEY: SESSION}}}
    for kind in (kinds.IDENTITY, kinds.SCP, kinds.BOUNDARY):
        assert len(found(check_session_arns, made, kind=kind)) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"arn:aws:sts::{HOME}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/*",
        "*:assumed-role/deploy/*",
    ],
)
def test_a_role_whose_path_nobody_knows_is_not_written(text: str) -> None:
    (finding,) = found(check_session_arns, statement(ROOT, {"StringLike": {KEY: text}}))
    assert (finding.code, finding.edits) == ("IAM628", ())


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (KEY, ROLE),
        (KEY, f"arn:aws:iam::{HOME}:role/assumed-role/x"),
        (KEY, f"arn:aws:sts::{HOME}:federated-user/carol"),
        (KEY, "arn:aws:*::*:*"),
        ("aws:SourceArn", SESSION),
    ],
)
def test_what_the_key_can_be(key: str, text: str) -> None:
    assert found(check_session_arns, statement(ROOT, {"ArnLike": {key: text}})) == ()
