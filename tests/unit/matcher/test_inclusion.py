"""Which patterns cover which others."""

from __future__ import annotations

import pytest

from simulator.matcher.inclusion import (
    ACTIONS,
    covers_action,
    covers_principal,
    covers_resource,
    resources,
)
from simulator.policy.model import UNKNOWN, PrincipalEntry

OBJECTS = "arn:aws:s3:::bucket/"
ROLE = "arn:aws:iam::111111111111:role/deploy"
USER = "arn:aws:iam::111111111111:user/alice"
ROOT = "arn:aws:iam::111111111111:root"
SESSION = "arn:aws:sts::111111111111:assumed-role/deploy/ci"


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("*", "s3:GetObject"),
        ("*", "*:*"),
        ("s3:*", "S3:Get*"),
        ("s3:Get*", "s3:GetObject*"),
        ("s3:*Object", "s3:Get*Object"),
        ("s*:Get*", "s3:GetObject"),
        ("s3:GetObject", "S3:getobject"),
        ("s3:*?", "s3:?*"),
        ("s3:Get?bject", "s3:GetObject"),
        ("ec2:*Instance*", "ec2:*Instances"),
    ],
)
def test_actions_that_are_covered(wide: str, narrow: str) -> None:
    assert covers_action(wide, narrow)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("*:*", "*"),
        ("s3:Get*", "s3:*"),
        ("s3:GetObject", "s3:GetObjectAcl"),
        ("s3:?*", "s3:*"),
        ("s3:Get?", "s3:Get*"),
        ("s3:*", "s*:Get"),
        ("s3:*", "sqs:SendMessage"),
        ("*", f"s3:{UNKNOWN}"),
        (f"s3:{UNKNOWN}*", f"s3:{UNKNOWN}*"),
    ],
)
def test_actions_that_are_not_covered(wide: str, narrow: str) -> None:
    assert not covers_action(wide, narrow)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("*", f"{OBJECTS}*"),
        (f"{OBJECTS}*", f"{OBJECTS}home/*"),
        (f"{OBJECTS}*", f"{OBJECTS}${{aws:username}}/x"),
        (f"{OBJECTS}${{aws:username}}/*", f"{OBJECTS}${{AWS:UserName}}/x"),
        (f"{OBJECTS}${{*}}*", f"{OBJECTS}${{*}}/x"),
        ("arn:aws:iam::*:role/*", ROLE),
        ("arn:aws:iam", ROLE),
        ("arn:aws:s3:*:*:*", OBJECTS),
        ("arn:aws:s3:::*", f"{OBJECTS}*"),
    ],
)
def test_resources_that_are_covered(wide: str, narrow: str) -> None:
    assert covers_resource(wide, narrow, variables=True)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("arn:*:*:*:*:*", "*"),  # what has no ARN
        (f"{OBJECTS}home/*", f"{OBJECTS}*"),
        (f"{OBJECTS}${{aws:username}}/*", f"{OBJECTS}${{aws:userid}}/*"),
        (f"{OBJECTS}${{aws:username}}", f"{OBJECTS}${{aws:username, 'x'}}"),
        (f"{OBJECTS}?*", f"{OBJECTS}${{aws:username}}"),  # which may be empty
        (f"{OBJECTS}${{aws:username}}", f"{OBJECTS}alice"),
        (f"{OBJECTS}${{*}}", f"{OBJECTS}x"),
        ("arn:aws:i*:role/x", "arn:aws:iam::1:role/x"),  # a wildcard stays within its field
        ("x*", "xy"),  # neither is an ARN
        (f"{OBJECTS}*", UNKNOWN),
    ],
)
def test_resources_that_are_not_covered(wide: str, narrow: str) -> None:
    assert not covers_resource(wide, narrow, variables=True)


def test_without_variables_a_dollar_is_text() -> None:
    assert covers_resource(f"{OBJECTS}?*", f"{OBJECTS}${{aws:username}}", variables=False)
    assert not covers_resource(
        f"{OBJECTS}${{aws:username}}*", f"{OBJECTS}${{AWS:username}}", variables=False
    )


def entry(text: str) -> PrincipalEntry:
    kind = "Service" if text.endswith(".com") else "AWS"
    return PrincipalEntry("*", "*", ()) if text == "**" else PrincipalEntry(kind, text, ())


@pytest.mark.parametrize(
    ("wide", "narrow", "names", "as_strongly"),
    [
        ("**", "ec2.amazonaws.com", True, True),
        ("**", "*", True, True),
        ("*", "**", False, False),
        ("*", "ec2.amazonaws.com", False, False),
        ("*", SESSION, True, True),
        (USER, USER, True, True),
        (USER, ROLE, False, False),
        (ROLE, SESSION, False, False),  # the path is not known
        ("111111111111", ROOT, True, True),
        (ROOT, "111111111111", False, False),  # which is that of any partition
        (ROOT, USER, True, False),
        ("111111111111", SESSION, True, False),
        ("111111111112", USER, False, False),
        (ROOT, "arn:aws-cn:iam::111111111111:user/alice", False, False),
        ("ec2.amazonaws.com", "ec2.amazonaws.com", True, True),
        ("*", UNKNOWN, False, False),
    ],
)
def test_principals(wide: str, narrow: str, *, names: bool, as_strongly: bool) -> None:
    pair = entry(wide), entry(narrow)
    assert covers_principal(*pair, as_strongly=False) is names
    assert covers_principal(*pair, as_strongly=True) is as_strongly


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("S3:Get*", "s3:get"),
        ("s3:GetObject", "s3:getobject"),
        ("*:Get", ""),
    ],
)
def test_start_of_an_action(text: str, start: str) -> None:
    assert ACTIONS.start(text) == start


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("arn:aws:s3:::b", None),
        ("arn:aws:s3:::b*", "arn:aws:s3:::b"),
        ("arn:aws:s3:::${aws:username}*", "arn:aws:s3:::"),
        ("arn:aws:s3", "arn:aws:s3:"),
        ("*", ""),
    ],
)
def test_prefix(text: str, prefix: str | None) -> None:
    assert resources(variables=True).prefix(text) == prefix


def test_start_of_a_resource() -> None:
    text = "arn:aws:s3:::b/${aws:username}"
    assert resources(variables=True).start(text) == "arn:aws:s3:::b/"
    assert resources(variables=False).start(text) == text
