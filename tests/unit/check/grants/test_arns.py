"""Resources of which there is no type, and resources of sts:AssumeRole that are no roles."""

from __future__ import annotations

import pytest

from simulator.check.grants.arns import no_such_resource
from simulator.diagnostic import Access, Severity
from simulator.policy import kinds
from simulator.policy.model import UNKNOWN
from tests.unit.check.counting import calls
from tests.unit.check.grants.checking import allow, deny, found, mended, read, seen, written

LIMIT = 1_500_000
ACCOUNT = "111111111111"
S3 = "arn:aws:s3:"


# --- IAM680


@pytest.mark.parametrize(
    ("resource", "action", "label", "help_"),
    [
        (
            f"arn:aws:lambda:*:{ACCOUNT}:function/x",
            "lambda:InvokeFunction",
            "probably",
            ":function:",
        ),
        ("arn:aws:states:*:*:statemachine:x", "states:*", "upper and lower case", "stateMachine:"),
        (f"arn:aws:iam::{ACCOUNT}:Role/x", "iam:GetRole", "upper and lower case", ":role/"),
        (f"arn:aws:sqs:*:{ACCOUNT}:queue/x", "sqs:*", None, None),  # a queue may be called so
        ("arn:aws:logs:*:*:/aws/x", "logs:PutLogEvents", "probably", ":log-group:"),
        ("arn:aws:elasticloadbalancing:*:*:alb/x", "elasticloadbalancing:*", "probably", "/"),
    ],
)
def test_a_resource_of_no_type(
    resource: str, action: str, label: str | None, help_: str | None
) -> None:
    for statement in (allow(action, ["arn:aws:s3:::b", resource]), deny(action, resource)):
        findings = found("IAM680", written(statement))
        assert [seen(each) for each in findings] == [[f'"{resource}"']] * bool(label)
        for each in findings:
            assert each.severity is Severity.WARNING
            assert (label or "") in each.labels[0].text
            assert (help_ or "") in str(each.help)


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        f"{S3}::b/*",
        "arn:aws:iam::*:role/*",
        f"arn:aws:iam::{ACCOUNT}:root",
        "arn:aws:ssm:*::document/AWS-RunShellScript",
        "arn:aws:cloudformation:*:aws:transform/Serverless-2016-10-31",
        "arn:aws:apigateway:*::/v2/apis",
        f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/lambda/x:*",
        f"arn:aws:execute-api:*:{ACCOUNT}:x/prod/GET/y",
        "arn:aws:catalog:*:*:product/x",  # of a service with another prefix
        "arn:aws:no-such-service:*:*:thing/x",
        "arn:aws:lambda",
        "arn:aws:*:*:*:function/x",
        f"arn:aws:sqs:*:{ACCOUNT}:${{aws:username}}/x",
        f"arn:aws:lambda:*:{ACCOUNT}:{UNKNOWN}/x",
    ],
)
def test_resources_that_there_may_be(resource: str) -> None:
    document = read(written(allow("servicecatalog:*", resource)))
    assert found("IAM680", document) == []
    assert found("IAM681", document) == []


# --- IAM681


@pytest.mark.parametrize(
    ("resource", "said", "instead"),
    [
        (f"{S3}eu-west-1:{ACCOUNT}:b/*", "no Region and no account id", f"{S3}::b/*"),
        (f"{S3}:{ACCOUNT}:b", "no account id", f"{S3}::b"),
        (f"{S3}eu-west-1::b", "no Region", f"{S3}::b"),
        ("arn:aws:sqs:eu-west-1::queue", "their account id", None),
        (f"arn:aws:kinesis::{ACCOUNT}:stream/x", "their Region", None),
        ("arn:aws:kinesis:::stream/x", "their Region and account id", None),
    ],
)
def test_a_place_that_such_arns_do_not_have(resource: str, said: str, instead: str | None) -> None:
    [finding] = found("IAM681", written(allow("s3:*", resource)))
    assert finding.severity is Severity.WARNING
    assert said in finding.message
    assert finding.access is (Access.WIDENED if instead else None)
    if instead:
        assert mended(finding)["Statement"][0]["Resource"] == instead


@pytest.mark.parametrize(
    ("effect", "element", "access"),
    [
        ("Allow", "Resource", Access.WIDENED),
        ("Allow", "NotResource", Access.NARROWED),
        ("Deny", "Resource", Access.NARROWED),
        ("Deny", "NotResource", Access.WIDENED),
    ],
)
def test_what_a_repair_does_to_access(effect: str, element: str, access: Access) -> None:
    statement = {"Effect": effect, "Action": "s3:*", element: f"{S3}:{ACCOUNT}:b/*"}
    [finding] = found("IAM681", written(statement))
    assert finding.access is access


@pytest.mark.parametrize(
    "resources",
    [
        [f"{S3}:{ACCOUNT}:b{n}" for n in range(5_000)],
        [f"arn:aws:ec2:*:*:{'?*' * 500}/{n}" for n in range(500)],
        ["arn:aws:ec2:*:*:" + "*?" * 100_000],
        [f"arn:aws:elasticloadbalancing:*:*:listener/app/{n}/*/*" for n in range(5_000)],
    ],
)
def test_many_and_long_resources_take_no_long_time(resources: list[str]) -> None:
    # A resource costs some fifty calls, and one of a long text as much as its length.
    assert calls(no_such_resource, read(written(allow("s3:*", resources))), kinds.IDENTITY) < LIMIT


# --- IAM682


@pytest.mark.parametrize(
    ("resource", "label", "role"),
    [
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/ci", "a session", "deploy"),
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/*", "a session", "deploy"),
        (f"arn:aws:iam::{ACCOUNT}:deploy", "`role/` is missing", "deploy"),
        (f"arn:aws:iam::{ACCOUNT}:root", "the account", None),
        (f"arn:aws:iam::{ACCOUNT}:user/alice", "a user", None),
        (f"arn:aws:iam::{ACCOUNT}:instance-profile/web", "a instance profile", None),
        (f"arn:aws:iam::{ACCOUNT}:Role/deploy", "expected `role/`", None),
        (f"arn:aws:iam::{ACCOUNT}:role:deploy", "expected `role/`", None),
        (f"arn:aws:sts::{ACCOUNT}:federated-user/alice", "no role", None),
        (f"arn:aws:sts::{ACCOUNT}:*", "no role", None),
    ],
)
def test_what_cannot_be_assumed(resource: str, label: str, role: str | None) -> None:
    [finding] = found(
        "IAM682", written(allow(["sts:AssumeRole", "sts:SetSourceIdentity"], resource))
    )
    assert finding.severity is Severity.ERROR
    assert label in finding.labels[0].text
    assert finding.access is (Access.WIDENED if role else None)
    if role:
        assert mended(finding)["Statement"][0]["Resource"] == f"arn:aws:iam::{ACCOUNT}:role/{role}"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("sts:AssumeRole", "*"),
        ("sts:AssumeRole", "arn:aws:iam::*:*"),
        ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:r*"),
        ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/team/*"),
        ("sts:AssumeRole", "arn:aws:iam"),
        ("sts:AssumeRole", "arn:aws:s3:::b"),  # told as that of another service
        ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:{UNKNOWN}"),
        (["sts:AssumeRole", "iam:GetUser"], f"arn:aws:iam::{ACCOUNT}:user/alice"),
        ("sts:AssumeRoot", f"arn:aws:iam::{ACCOUNT}:root"),
        (["sts:AssumeRole", "sts:tagSession"], f"arn:aws:sts::{ACCOUNT}:federated-user/alice"),
        (["sts:AssumeRole", "sts:TagSession"], f"arn:aws:sts::{ACCOUNT}:*"),
        (["sts:AssumeRole", "sts:SetContext"], f"arn:aws:sts::{ACCOUNT}:self"),
        ("sts:*", f"arn:aws:sts::{ACCOUNT}:federated-user/x"),
    ],
)
def test_what_may_be_a_role(action: object, resource: str) -> None:
    assert found("IAM682", read(written(allow(action, resource)))) == []


def test_to_deny_more_narrows_access() -> None:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/ci"
    [finding] = found("IAM682", written(deny("sts:AssumeRole", session)))
    assert finding.access is Access.NARROWED


def test_what_the_finding_says_is_not_told_of_the_action_too() -> None:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/ci"
    others = allow("s3:GetObject", "arn:aws:sqs:*:*:x"), allow("sts:AssumeRole", "arn:aws:s3:::b")
    text = written(others[0], allow("sts:AssumeRole", session), others[1])
    assert [each.labels[0].span.text for each in found("IAM134", text)] == [
        '"s3:GetObject"',
        '"sts:AssumeRole"',
    ]
    assert len(found("IAM682", text)) == 1


def test_what_is_excluded_need_not_be_a_role() -> None:
    statement = {
        "Effect": "Deny",
        "Action": "sts:AssumeRole",
        "NotResource": f"arn:aws:iam::{ACCOUNT}:x",
    }
    assert found("IAM682", written(statement), kinds.SCP) == []
