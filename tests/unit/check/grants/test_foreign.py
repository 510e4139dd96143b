"""Resources of services that no action beside them is of."""

from __future__ import annotations

import pytest

from simulator.diagnostic import Severity
from simulator.policy.model import UNKNOWN
from tests.unit.check.grants.checking import allow, deny, found, read, seen, written

BUCKET, QUEUE = "arn:aws:s3:::b/*", "arn:aws:sqs:eu-west-1:111111111111:queue"
TOPIC = "arn:aws:sns:eu-west-1:111111111111:topic"


@pytest.mark.parametrize(
    ("actions", "resources", "label"),
    [
        ("s3:GetObject", [BUCKET, QUEUE], [QUEUE]),
        (["s3:Get*", "sns:Publish"], [QUEUE, TOPIC, BUCKET], [QUEUE]),
        ("S3:*", [QUEUE, TOPIC], [QUEUE, TOPIC]),
        (["s3:GetObject", "s3:Put*"], QUEUE, [QUEUE]),
    ],
)
def test_a_resource_of_another_service(
    actions: object, resources: object, label: list[str]
) -> None:
    for statement in (allow(actions, resources), deny(actions, resources)):
        [finding] = found("IAM686", written(statement))
        assert finding.severity is Severity.WARNING
        assert seen(finding) == [f'"{each}"' for each in label]


@pytest.mark.parametrize(
    ("actions", "resources"),
    [
        ("s3:GetObject", QUEUE),  # told as an action that is done to none of them
        ("s3:*", BUCKET),
        (["s3:*", "sqs:*"], [BUCKET, QUEUE]),
        ("*", [BUCKET, QUEUE]),
        ("s3:*", ["*", QUEUE]),
        ("s3:*", [BUCKET, "arn:aws:*:*:*:x", UNKNOWN, "x"]),
        (["s3:*", "no-such-service:*"], [BUCKET, QUEUE]),
        ("sts:*", "arn:aws:iam::111111111111:role/x"),
        ("codestar-connections:*", "arn:aws:codeconnections:*:*:connection/x"),
        ([], QUEUE),
    ],
)
def test_resources_that_some_action_may_be_done_to(actions: object, resources: object) -> None:
    assert found("IAM686", read(written(allow(actions, resources)))) == []


def test_what_is_excluded_may_be_anything() -> None:
    statement = {"Effect": "Deny", "Action": "s3:*", "NotResource": [BUCKET, QUEUE]}
    assert found("IAM686", written(statement)) == []
