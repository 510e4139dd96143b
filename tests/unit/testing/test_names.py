"""A test that speaks of an action or a condition key that AWS does not have is an error."""

from __future__ import annotations

import pytest

from tests.unit.testing import files
from tests.unit.testing.files import ALICE, HOME

ASKS = {"caller": ALICE, "expect": "allowed"}


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("s3:GetObjet", "AWS lists no action `s3:GetObjet`: did you mean `s3:GetObject`"),
        ("s33:GetObject", "AWS lists no action `s33:GetObject`: did you mean `s3:GetObject`"),
        ("qqqq:Zzzz", "AWS lists no action `qqqq:Zzzz`"),
        ("s3:Get*", "`s3:Get*` is a pattern: a request does one action"),
        ("GetObject", "`GetObject` is no action: expected `service:Action`"),
        ("", "`` is no action"),
    ],
)
def test_unknown_action(action: str, message: str) -> None:
    (told,) = files.told(files.result({**ASKS, "action": action}))
    assert told.startswith(message)


def test_letter_case_of_an_action_does_not_matter() -> None:
    assert files.decided({**ASKS, "action": "S3:listallmybuckets"}) == "allowed"


@pytest.mark.parametrize(
    ("action", "resource", "note"),
    [
        (
            "s3:GetObject",
            "arn:aws:s3:::b",
            "`s3:GetObject` is not done to `arn:aws:s3:::b`, but to",
        ),
        ("iam:ListUsers", "arn:aws:s3:::b", "`iam:ListUsers` is not done to `arn:aws:s3:::b`, but"),
        ("s3:GetObject", "arn:aws:s3:::b/*", "`arn:aws:s3:::b/*` is taken as the name of one"),
    ],
)
def test_odd_resource(action: str, resource: str, note: str) -> None:
    found = files.result({**ASKS, "action": action, "resource": resource, "resource_account": HOME})
    assert (found.mark, len(found.notes)) == ("passed", 1)
    assert found.notes[0].startswith(note)


@pytest.mark.parametrize("key", ["aws:SourceIpp", "s3:prefx"])
def test_unknown_key(key: str) -> None:
    (told,) = files.told(files.result({"context": {key: "x"}}))
    assert told.startswith(f"AWS has no condition key `{key}`: did you mean `")


@pytest.mark.parametrize("key", ["AWS:SOURCEVPC", "aws:PrincipalTag/any", "idp.example.com:sub"])
def test_keys_that_there_may_be(key: str) -> None:
    assert files.decided({"context": {key: "x"}}) == "allowed"
