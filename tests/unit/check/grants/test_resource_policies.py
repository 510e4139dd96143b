"""Policies of resources: other services, other buckets, keys that nobody can manage."""

from __future__ import annotations

import pytest

from simulator.check.subject import NOBODYS, Setting
from simulator.diagnostic import Severity
from simulator.policy import kinds
from simulator.policy.model import UNKNOWN
from tests.unit.check.grants.checking import Json, found, read, seen, written

HOME, AWAY = "111111111111", "222222222222"
ROOT = f"arn:aws:iam::{HOME}:root"
ROLE = f"arn:aws:iam::{HOME}:role/deploy"


def admit(action: object, resource: object = None, principal: object = ROLE) -> Json:
    named = principal if principal == "*" else {"AWS": principal}
    made: Json = {"Effect": "Allow", "Principal": named, "Action": action}
    return {**made, "Resource": resource} if resource is not None else made


# --- IAM683


@pytest.mark.parametrize(
    ("statements", "label"),
    [
        ([admit(["s3:GetObject", "sqs:*"], "arn:aws:s3:::b/*")], '"sqs:*"'),
        ([admit("s3:*", "arn:aws:s3:::b"), admit("kms:Decrypt", "*")], '"kms:Decrypt"'),
        ([admit(["kms:*", "kms:Get*", "s3:GetObject"], "*")], '"s3:GetObject"'),
        ([admit(["sns:Publish", "lambda:*", "lambda:Get*"])], '"sns:Publish"'),
    ],
)
def test_another_service(statements: list[Json], label: str) -> None:
    [finding] = found("IAM683", written(*statements), kinds.RESOURCE)
    assert finding.severity is Severity.WARNING
    assert seen(finding) == [label]


@pytest.mark.parametrize(
    "statements",
    [
        [admit(["s3:GetObject", "s3:Put*"], "arn:aws:s3:::b/*")],
        [admit(["s3:GetObject", "*"], "arn:aws:s3:::b/*")],
        [admit(["s3:GetObject", "sqs:SendMessage"], "arn:aws:s3:::b/*")],  # told as IAM134
        [admit(["s3:GetObject", "sqs:*"], "*", "*")],  # perhaps that of an endpoint
        [admit(["s3:GetObject", "no-such-service:*"], "*")],
        [admit(["es:*", "opensearch:ApplicationAccessAll"], "*")],
    ],
)
def test_no_other_service(statements: list[Json]) -> None:
    assert found("IAM683", written(*statements), kinds.RESOURCE) == []


def test_an_endpoint_is_for_many_services() -> None:
    text = written(admit(["kms:*", "s3:GetObject"], "*"))
    assert found("IAM683", text, kinds.ENDPOINT) == []


# --- IAM684


def test_another_bucket() -> None:
    both = ["arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::c/*", "arn:aws:s3:::d"]
    [finding] = found("IAM684", written(admit("s3:*", both)), kinds.RESOURCE)
    assert seen(finding) == ['"arn:aws:s3:::c/*"']
    assert "`c` beside `b`" in finding.message


@pytest.mark.parametrize(
    "resources",
    [
        ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
        ["arn:aws:s3:::b", "arn:aws:s3:::b-*/x"],
        ["arn:aws:s3:::b", f"arn:aws:s3:::{UNKNOWN}/x"],
        ["arn:aws:s3:eu-west-1:111111111111:accesspoint/a", "arn:aws:s3:::b"],
        "*",
    ],
)
def test_one_bucket(resources: object) -> None:
    assert found("IAM684", read(written(admit("s3:*", resources))), kinds.RESOURCE) == []


def test_what_names_everyone_may_be_an_endpoint_policy() -> None:
    text = written(admit("s3:*", ["arn:aws:s3:::b", "arn:aws:s3:::c"], "*"))
    assert found("IAM684", text, kinds.RESOURCE) == []


# --- IAM685


@pytest.mark.parametrize(
    ("statements", "setting", "said"),
    [
        ([admit("kms:Decrypt", "*", ROOT)], NOBODYS, "nobody can change"),
        ([admit("kms:*", "*", ROLE)], NOBODYS, "does not name its account"),
        ([admit("kms:Put*", "*", [ROLE, ROLE])], NOBODYS, "does not name its account"),
        ([admit("kms:*", "*", AWAY)], Setting(frozenset({HOME})), "another account"),
    ],
)
def test_a_key_that_its_account_cannot_manage(
    statements: list[Json], setting: Setting, said: str
) -> None:
    [finding] = found("IAM685", written(*statements), kinds.RESOURCE, setting)
    assert finding.severity is Severity.WARNING
    assert said in finding.message


@pytest.mark.parametrize(
    "statements",
    [
        [admit("kms:*", "*", ROOT), admit("kms:Decrypt", "*")],
        [admit("kms:*", "*", HOME)],
        [admit("kms:*", "*", ["*"])],
        [admit("kms:*", "*", f"arn:aws:iam::{UNKNOWN}:root")],
        [admit("kms:*", "*", AWAY)],
        [admit("s3:*", "arn:aws:s3:::b")],
        [admit(["kms:Decrypt", "s3:*"], "*")],
        [{**admit("kms:*", "*"), "Effect": "Deny"}],
    ],
)
def test_a_key_that_can_be_managed(statements: list[Json]) -> None:
    assert found("IAM685", read(written(*statements)), kinds.RESOURCE) == []
