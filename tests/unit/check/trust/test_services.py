"""Services that are let in for whatever they call, or asked for what they do not send."""

from __future__ import annotations

import re

import pytest

from simulator.check.trust.service_sources import IN_RESOURCES, IN_ROLES, NOT_IN_ROLES
from simulator.check.trust.services import check_source_keys, check_sources
from simulator.policy import kinds
from tests.unit.check.trust.told import HOME, codes, found, statement, told

ASKED = {"StringEquals": {"aws:SourceAccount": HOME}}
ASKED_ARN = {"ArnLike": {"aws:SourceArn": f"arn:aws:lambda:eu-west-1:{HOME}:function:f"}}


@pytest.mark.parametrize(
    "name",
    ["ecs-tasks.amazonaws.com", "states.amazonaws.com.cn", "logs.eu-west-1.amazonaws.com"],
)
def test_a_role_for_a_service_that_says_for_whom_it_calls(name: str) -> None:
    made = found(check_sources, statement({"Service": name}))
    assert told(made) == [("IAM622", "note", name)]
    assert "https://docs.aws.amazon.com/" in str(made[0].help)
    assert found(check_sources, statement({"Service": name}, ASKED)) == ()
    assert found(check_sources, statement({"Service": name}, Effect="Deny")) == ()


@pytest.mark.parametrize("name", ["ec2.amazonaws.com", "lambda.amazonaws.com", "x.amazonaws.com"])
def test_a_role_for_a_service_of_which_nothing_is_said(name: str) -> None:
    assert found(check_sources, statement({"Service": name})) == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sns.amazonaws.com", ["IAM622 warning"]),
        ("delivery.logs.amazonaws.com", ["IAM622 warning"]),
        ("ecs-tasks.amazonaws.com", []),
    ],
)
def test_a_resource_for_a_service(name: str, expected: list[str]) -> None:
    queue = statement({"Service": name}, Action="sqs:SendMessage", Resource="*")
    assert codes(found(check_sources, queue, kind=kinds.RESOURCE)) == expected
    assert found(check_sources, queue | {"Condition": ASKED}, kind=kinds.RESOURCE) == ()


@pytest.mark.parametrize("key", ["aws:PrincipalTag/x509Subject/CN", "aws:SourceArn"])
def test_roles_anywhere_is_asked_for_a_certificate_or_an_anchor(key: str) -> None:
    anywhere = {"Service": "rolesanywhere.amazonaws.com"}
    assert codes(found(check_sources, statement(anywhere))) == ["IAM622 note"]
    asked = statement(anywhere, {"StringEquals": {key: "x"}})
    assert found(check_sources, asked) == ()
    assert found(check_source_keys, asked) == ()


def test_of_a_service_that_may_send_it_no_more_is_said() -> None:
    (finding,) = found(check_source_keys, statement({"Service": "pods.eks.amazonaws.com"}, ASKED))
    assert "not among the services known to send it" in finding.message


def test_a_service_that_is_shut_out_is_told_elsewhere() -> None:
    condition = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
    assert found(check_sources, statement({"Service": "rds.amazonaws.com"}, condition)) == ()


@pytest.mark.parametrize(
    ("name", "condition", "expected"),
    [
        ("lambda.amazonaws.com", ASKED_ARN, ["IAM623 warning"]),
        ("lambda.amazonaws.com", ASKED, ["IAM623 note"]),
        ("elastictranscoder.amazonaws.com", ASKED, ["IAM623 note"]),
        ("ec2.amazonaws.com", {"StringEqualsIfExists": {"aws:SourceAccount": HOME}}, []),
        ("ec2.amazonaws.com", {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, []),
        ("ecs-tasks.amazonaws.com", ASKED, []),
        ("amplify.eu-south-1.amazonaws.com", ASKED, []),
    ],
)
def test_what_a_service_may_not_send(
    name: str, condition: dict[str, object], expected: list[str]
) -> None:
    assert codes(found(check_source_keys, statement({"Service": name}, condition))) == expected


def test_the_tables_have_names_of_services_and_pages_of_aws() -> None:
    for table in (IN_ROLES, IN_RESOURCES, NOT_IN_ROLES):
        assert all(page.startswith("https://docs.aws.amazon.com/") for page in table.values())
        assert list(table) == sorted(table)
        assert all(re.fullmatch(r"[a-z0-9.-]+", name) for name in table)
    assert not NOT_IN_ROLES.keys() & IN_ROLES.keys()
