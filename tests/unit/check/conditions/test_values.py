"""Values that a key never has, or is not known to have."""

from __future__ import annotations

import pytest

from simulator.check.conditions.forms import FORMS
from simulator.check.conditions.table import ROWS
from simulator.check.conditions.values import impossible_values, misplaced_parts, unknown_values
from simulator.policy import kinds
from tests.unit.check.conditions.asking import allow, found, told
from tests.unit.check.counting import calls
from tests.unit.check.trust.told import document_of

ACCOUNT = "111111111111"
CERTAIN = {
    *("aws:principalaccount", "aws:principalorgid", "aws:resourceorgid", "aws:sourceorgid"),
    *("aws:principalorgpaths", "aws:resourceorgpaths", "aws:sourcevpc", "aws:sourcevpce"),
    *("aws:username", "sts:externalid", "sts:rolesessionname", "aws:principalarn"),
}
PATH = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111"


def test_each_key_of_a_form_is_looked_for() -> None:
    (row,) = [row for row in ROWS if row.rule is impossible_values]
    assert all(any(word in key for word in row.words) for key in FORMS)


@pytest.mark.parametrize(
    ("operator", "key", "text"),
    [
        ("StringEquals", "aws:PrincipalAccount", "12345678901"),
        ("StringEquals", "aws:SourceAccount", "1234567890123"),
        ("StringNotEquals", "AWS:ResourceAccount", f"arn:aws:iam::{ACCOUNT}:root"),
        ("StringLike", "aws:VpceAccount", "1234567890123*"),
        ("StringLike", "aws:PrincipalAccount", "my-*"),
        ("StringEquals", "aws:PrincipalOrgID", "o-short"),
        ("StringEquals", "aws:ResourceOrgID", "O-A1B2C3D4E5"),
        ("StringEquals", "aws:SourceOrgID", "r-ab12"),
        ("ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", PATH),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", PATH),
        ("ForAnyValue:StringLike", "aws:ResourceOrgPaths", "r-ab12/*"),
        ("StringEquals", "aws:SourceVpc", "vpce-1a2b3c4d"),
        ("StringEquals", "aws:SourceVpc", "vpc-12345"),
        ("StringLike", "aws:SourceVpce", "vpce-1a2b3c4d5e6f7a8b9*-x"),
        ("StringEquals", "aws:SourceVpce", "VPCE-1a2b3c4d"),
        ("ForAnyValue:StringEquals", "aws:CalledVia", "athena"),
        ("StringEquals", "iam:PassedToService", "lambda"),
        ("StringEquals", "kms:ViaService", "s3.amazonaws.com"),
        ("StringEquals", "aws:username", f"arn:aws:iam::{ACCOUNT}:user/alice"),
        ("StringEquals", "sts:ExternalId", "has space"),
        ("StringEquals", "sts:RoleSessionName", "a/b"),
        ("StringEquals", "aws:PrincipalArn", ACCOUNT),
        ("StringLike", "aws:SourceArn", "bucket*"),
    ],
)
def test_a_value_of_another_form(operator: str, key: str, text: str) -> None:
    statement = allow({operator: {key: ["${aws:userid}", text]}})
    severity = "error" if key.lower() in CERTAIN else "warning"
    assert told(impossible_values, statement) == [("IAM633", severity, (f'"{text}"',))]


@pytest.mark.parametrize(
    ("operator", "key", "text"),
    [
        ("StringEquals", "aws:PrincipalAccount", ACCOUNT),
        ("StringEquals", "aws:PrincipalAccount", "anonymous"),
        ("StringLike", "aws:PrincipalAccount", "1111*"),
        ("StringEquals", "aws:PrincipalAccount", "${aws:ResourceAccount}"),
        ("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
        ("StringEqualsIgnoreCase", "aws:PrincipalOrgID", "O-A1B2C3D4E5"),
        ("StringLike", "aws:PrincipalOrgID", "o-*"),
        ("ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", f"{PATH}/"),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", f"{PATH}/*"),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/*"),
        ("StringEquals", "aws:SourceVpc", "vpc-111bbb22"),
        ("StringEquals", "aws:SourceVpce", "vpce-0123456789abcdef0"),
        ("ForAnyValue:StringEquals", "aws:CalledVia", "ops.emr-serverless.amazonaws.com"),
        ("StringEquals", "iam:PassedToService", "ec2.amazonaws.com.cn"),
        ("StringLike", "kms:ViaService", "s3.*.amazonaws.com"),
        ("StringEquals", "kms:ViaService", "s3.cn-north-1.amazonaws.com.cn"),
        ("StringLike", "aws:username", "a*@example.com"),
        ("StringEquals", "aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:user/a"),
        ("StringLike", "aws:PrincipalArn", "*:role/x"),
        ("StringEquals", "aws:UserAgent", "anything at all"),
        ("StringEquals", "aws:ResourceAccount", "aws"),
        ("StringEqualsIgnoreCase", "aws:userid", "AIDAEXAMPLEALICE0001"),
        ("StringEqualsIgnoreCase", "aws:userid", "aroaexampledeploy001:CI"),
        ("StringEqualsIgnoreCase", "aws:PrincipalAccount", "Anonymous"),
        ("StringEqualsIgnoreCase", "aws:PrincipalArn", f"ARN:AWS:iam::{ACCOUNT}:user/A"),
        # told as a literal wildcard
        ("StringEquals", "aws:PrincipalAccount", "1111*"),
        ("StringEquals", "aws:PrincipalAccount", "\ufdd0"),
        ("StringEquals", "aws:PrincipalAccount", "a\ufdd0"),
    ],
)
def test_a_value_that_can_be(operator: str, key: str, text: str) -> None:
    assert told(impossible_values, allow({operator: {key: text}})) == []


@pytest.mark.parametrize(
    ("operator", "key", "text", "severity"),
    [
        ("ArnLike", "aws:PrincipalArn", "arn:aws-uk:iam::*:role/x", "warning"),
        ("StringLike", "aws:SourceArn", "arn:AWS:s3:::b", "warning"),
        ("ArnNotEquals", "app:Topic", "arn:aws:iam::role/team:x", "error"),
        ("ArnLike", "aws:SourceArn", "arn:aws:*:log-group:/aws/lambda/x:*", "error"),
        ("StringLike", "aws:SourceArn", "arn:aws:iam::role/team*:x", "error"),
        ("StringEquals", "aws:SourceArn", "arn:aws:iam::role/team:x", "error"),
        ("StringEqualsIgnoreCase", "aws:SourceArn", "arn:UK:iam::1:x", "warning"),
    ],
)
def test_a_part_of_an_arn_that_is_none(operator: str, key: str, text: str, severity: str) -> None:
    assert told(misplaced_parts, allow({operator: {key: text}})) == [
        ("IAM633", severity, (f'"{text}"',))
    ]


@pytest.mark.parametrize(
    ("operator", "key", "text"),
    [
        ("ArnLike", "aws:PrincipalArn", "arn:*:iam::*:role/x"),
        ("ArnLike", "aws:SourceArn", "arn:aws-cn:s3:::b/c"),
        ("ArnLike", "aws:SourceArn", "arn:${aws:PrincipalTag/partition}:s3:::b"),
        ("ArnLike", "aws:SourceArn", "arn:aws:s3"),
        ("StringLike", "aws:userid", "arn:uk:s3:::b"),
        # of texts a wildcard also stands for colons
        ("StringLike", "aws:SourceArn", "arn:aws:*:log-group:/aws/lambda/x:*"),
        ("StringNotLike", "aws:SourceArn", "arn:aws:iam::*role/team:x"),
        ("StringLike", "aws:SourceArn", "arn:aws:iam::11111111111??role/team:x"),
        ("StringEqualsIgnoreCase", "aws:SourceArn", "arn:AWS:iam::1:x"),
    ],
)
def test_parts_of_an_arn(operator: str, key: str, text: str) -> None:
    assert told(misplaced_parts, allow({operator: {key: text}})) == []


def test_a_negated_test_excludes_nothing_by_it() -> None:
    (finding,) = found(
        impossible_values,
        allow({"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}),
        kind=kinds.IDENTITY,
    )
    assert finding.labels[0].text == "this excludes nothing"


@pytest.mark.parametrize(
    "text", ["alice", "AROAEXAMPLEDEPLOY001", f"arn:aws:iam::{ACCOUNT}:user/alice"]
)
def test_of_ids_of_callers_it_is_not_certain(text: str) -> None:
    assert told(impossible_values, allow({"StringEquals": {"aws:userid": text}})) == [
        ("IAM633", "warning", (f'"{text}"',))
    ]


@pytest.mark.parametrize(
    "text", ["AROAEXAMPLEDEPLOY001:ci", "AIDAEXAMPLEALICE0001", ACCOUNT, f"{ACCOUNT}:name"]
)
def test_ids_of_callers(text: str) -> None:
    assert told(impossible_values, allow({"StringEquals": {"aws:userid": text}})) == []


@pytest.mark.parametrize(
    ("operator", "text", "code", "help_"),
    [
        ("StringEquals", "eu-west-9", "IAM634 warning", "did you mean"),
        ("StringEquals", "eu-central-1a", "IAM633 error", "did you mean `eu-central-1`?"),
        ("StringEquals", "us-east", "IAM633 error", "did you mean"),
        ("StringNotEquals", "Ireland", "IAM633 error", "not its name"),
        ("StringLike", "eu_*", "IAM634 warning", "not its name"),
        ("StringEqualsIgnoreCase", "EU-WEST-9", "IAM634 warning", "did you mean"),
    ],
)
def test_a_region_that_is_not_known(operator: str, text: str, code: str, help_: str) -> None:
    statement = allow({operator: {"aws:RequestedRegion": ["eu-west-1", text]}})
    (finding,) = found(unknown_values, statement, kind=kinds.IDENTITY)
    assert f"{finding.code} {finding.severity}" == code
    assert finding.help is not None
    assert help_ in finding.help
    assert finding.labels[0].span.text == f'"{text}"'


@pytest.mark.parametrize(
    ("operator", "key", "text"),
    [
        ("StringEquals", "aws:RequestedRegion", "eusc-de-east-1"),
        ("StringLike", "aws:RequestedRegion", "eu-*"),
        ("StringLike", "ec2:Region", "*"),
        ("StringEqualsIgnoreCase", "ec2:Region", "EU-WEST-1"),
        ("StringEquals", "aws:RequestedRegion", "${aws:PrincipalTag/region}"),
        ("StringEquals", "aws:PrincipalType", "AssumedRole"),
        ("StringLike", "aws:PrincipalType", "*Role"),
        ("StringEqualsIgnoreCase", "aws:PrincipalType", "AssumedRole"),
        ("StringEqualsIgnoreCase", "aws:PrincipalType", "assumedrole"),
        ("StringEquals", "aws:PrincipalTag/region", "nowhere"),
    ],
)
def test_what_is_known(operator: str, key: str, text: str) -> None:
    assert told(unknown_values, allow({operator: {key: text}})) == []


@pytest.mark.parametrize(
    ("text", "near"), [("assumedrole", "`AssumedRole`"), ("Role", "known are Account")]
)
def test_a_type_of_principal_that_is_not_known(text: str, near: str) -> None:
    statement = allow({"StringEquals": {"aws:PrincipalType": text}})
    (finding,) = found(unknown_values, statement, kind=kinds.IDENTITY)
    assert (finding.code, near in str(finding.help)) == ("IAM634", True)


@pytest.mark.parametrize("text", ["eu-west-{}", "zone {}", "?x-{}-*"])
def test_of_many_values_few_more_are_looked_at_than_are_told(text: str) -> None:
    def work(size: int) -> int:
        names = [text.format(number) for number in range(100, 100 + size)]
        statement = allow({"StringLike": {"aws:RequestedRegion": names}})
        return calls(unknown_values, document_of(statement), kinds.IDENTITY)

    assert work(2_000) < 2 * work(1_000)
