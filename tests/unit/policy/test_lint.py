"""What a policy says that nobody meant is told with its place, and no decision hangs on it.

Each row is a case of `docs/reference/bad-input.md`, as in `tests/cli/test_structure.py`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simulator.catalog.condition_keys import find_key
from simulator.catalog.keys import KNOWN
from simulator.diagnostic import Diagnostic, DocumentError, Severity
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.envelope import unwrap
from simulator.policy.findings import LIMIT
from simulator.policy.lint import lint
from simulator.policy.lint.keys import FAMILIAR, Key
from simulator.source import Source
from simulator.syntax import apply_edits
from tests.cli import test_structure as structure
from tests.cli.command import marked
from tests.cli.test_structure import Row, admitting, allow, statement, when
from tests.counting import lines

if TYPE_CHECKING:
    from simulator.policy.kinds import PolicyKind

KINDS = {**structure.KINDS, "resource": kinds.RESOURCE, "endpoint": kinds.ENDPOINT}
EVERYONE = '"Principal": {"AWS": "*"}'


def found(text: str, kind: PolicyKind) -> tuple[Diagnostic, ...]:
    """Return all that is told about a policy, by the builder first."""
    try:
        policy = build(unwrap(Source("p.json", text)).document, kind)
        return (*policy.warnings, *lint(policy))
    except DocumentError as error:
        return error.diagnostics


def acting(*actions: str, effect: str = "Allow") -> str:
    """Return an identity policy of one statement with some actions."""
    listed = ",\n      ".join(actions)
    return statement(f'"Effect": "{effect}", "Resource": "*",\n     "Action": [{listed}]')


def on(resource: str, actions: str = '"*"') -> str:
    """Return an identity policy of one statement with a resource."""
    return allow(f'"Action": {actions}, "Resource": {resource}')


def shared(inner: str, effect: str = "Allow") -> str:
    """Return a resource-based policy of one statement."""
    return statement(f'"Effect": "{effect}", "Action": "s3:GetObject",\n     {inner}')


WARNINGS = (
    # ------------------------------------------------------------------ names
    Row(
        "49 an action",
        "policy",
        acting('«"sts:AssumRole"»'),
        "IAM129",
        "AWS has no action `sts:AssumRole`",
        repaired=True,
    ),
    *(
        Row(f"49 {action}", "policy", acting(f'«"{action}"»', '"sts:*"'), "IAM129", said)
        for action, said in (
            ("s3:GetObjekt", "did you mean `s3:GetObject`"),
            ("s3:GetObjekt*", "no action of AWS fits `s3:GetObjekt*`"),
            ("s3:GetObjekt?", "did you mean `s3:GetObject`"),
            ("lamda:InvokeFunction", "AWS has no service `lamda`"),
            ("lamda:InvokeFunction", "`lambda:InvokeFunction`"),
            ("lamda:*", "`lambda:*`"),
            ("nonsense:Zzzzzzzz", "the reference data is of 20"),
            ("sts:Assume*Foo", "no action of AWS fits"),
        )
    ),
    Row(
        "49 an action of a NotAction",
        "policy",
        statement('"Effect": "Deny", "Resource": "*", "NotAction": ["iam:*", «"iam:GetUsr"»]'),
        "IAM129",
        "did you mean `iam:GetUser`",
    ),
    *(
        Row(f"49 an action in {layer}", layer, text, "IAM129", "`s3:GetObject`")
        for layer, text in (
            ("boundary", acting('«"s3:GetObjekt"»')),
            ("session_policy", acting('«"s3:GetObjekt"»')),
            ("scp", acting('«"s3:GetObjekt"»', effect="Deny")),
            (
                "rcp",
                statement(
                    '"Effect": "Deny", "Principal": "*", "Resource": "*",\n'
                    ' "Action": «"s3:GetObjekt"»'
                ),
            ),
            ("resource", allow(f'{EVERYONE}, "Action": «"s3:GetObjekt"»')),
            ("endpoint", allow(f'{EVERYONE}, "Resource": "*", "Action": «"s3:GetObjekt"»')),
        )
    ),
    *(
        Row(
            f"100 {key}",
            "policy",
            when(f'"StringEquals": {{«"{key}"»: "x"}}'),
            "IAM129",
            said,
            repaired=repaired,
        )
        for key, said, repaired in (
            ("aws:MFAPresent", "did you mean `aws:MultiFactorAuthPresent`?", True),
            ("aws:ExternalId", "did you mean `sts:ExternalId`?", True),
            ("aws:PrincipalTags/team", "did you mean `aws:PrincipalTag/team`?", True),
            ("sts:ExternalID2", "`sts:ExternalId`", True),
            ("aws:Arn", "`aws:PrincipalArn` or `aws:SourceArn`", False),
            ("MultiFactorAuthPresent", "`aws:MultiFactorAuthPresent`", True),
        )
    ),
    Row(
        "100 a key in a trust policy",
        "trust",
        admitting(f'{EVERYONE}, "Condition": {{"StringEquals": {{«"sts:ExternallId"»: "x"}}}}'),
        "IAM129",
        "did you mean `sts:ExternalId`?",
        repaired=True,
    ),
    Row(
        "100 a variable",
        "policy",
        on('«"arn:aws:s3:::b/${aws:usrname}/*"»', '"s3:GetObject"'),
        "IAM129",
        "did you mean `aws:username`?",
    ),
    Row(
        "100 a variable of a condition",
        "policy",
        when('"StringLike": {"aws:userid": ["x", «"${aws:usrname}:*"»]}'),
        "IAM129",
        "so the variable has no value",
    ),
    # ------------------------------------------------------------------ values
    *(
        Row(
            f"58 {value}",
            "policy",
            when(f'"Bool": {{"aws:SecureTransport": «{value}»}}'),
            "IAM128",
            "expected `true` or `false`",
        )
        for value in ('"yes"', "1", '"on"', '""', '"true "')
    ),
    *(
        Row(
            f"59 {value}",
            "policy",
            when(f'"NumericLessThan": {{"aws:MultiFactorAuthAge": «"{value}"»}}'),
            "IAM128",
            "no sign, exponent or blank",
        )
        for value in ("ten", "1e3", " 5", "-5", "+5", "", "0x10", "1,000")
    ),
    Row(
        "59 a number that is none in a negated test",
        "policy",
        when('"NumericNotEquals": {"aws:MultiFactorAuthAge": [«"ten"», "10"]}'),
        "IAM128",
        "so the test holds for all of them",
    ),
    *(
        Row(
            f"60 {value}",
            "policy",
            when(f'"DateLessThan": {{"aws:CurrentTime": «"{value}"»}}'),
            "IAM128",
            "a time always with its zone",
        )
        for value in (
            "yesterday",
            "2020-02-30T00:00:00Z",
            "2020-02-03T00:00:00",
            "2016-12-31T23:59:60Z",
            "20-02-03",
            "03/02/2020",
        )
    ),
    Row(
        "60 2020",
        "policy",
        when('"DateLessThan": {"aws:CurrentTime": «"2020"»}'),
        "IAM128",
        "is read as a year",
    ),
    *(
        Row(
            f"61 {value}",
            "policy",
            when(f'"{operator}": {{"aws:SourceIp": ["203.0.113.0/24", «"{value}"»]}}'),
            "IAM128",
            said,
            repaired=True,
        )
        for operator, value, said in (
            ("IpAddress", "10.0.0.5/8", "this is the whole range `10.0.0.0/8`"),
            ("NotIpAddress", "203.0.113.7/24", "are ignored"),
            ("IpAddressIfExists", "2001:db8::1/32", "`2001:db8::/32`"),
            ("IpAddress", "::1", "is read as one address"),
        )
    ),
    *(
        Row(
            f"CND-31 {value}",
            "policy",
            when(f'"{operator}": {{"aws:PrincipalArn": «"{value}"»}}'),
            "IAM128",
            "an ARN has six parts between colons",
        )
        for operator, value in (("ArnLike", "*"), ("ArnEquals", "arn:aws:iam"), ("ArnLike", ""))
    ),
    *(
        Row(
            f"66 {operator}",
            "policy",
            when(f'"{operator}": {{"aws:PrincipalTag/team": ["red", «"blue-*"»]}}'),
            "IAM133",
            f"`{better}` reads wildcards",
        )
        for operator, better in (
            ("StringEquals", "StringLike"),
            ("StringNotEquals", "StringNotLike"),
            ("StringEqualsIgnoreCase", "StringLike"),
            ("StringEqualsIfExists", "StringLike"),
        )
    ),
    Row(
        "66 one character",
        "policy",
        when('"StringEquals": {"aws:PrincipalTag/team": «"team-?"»}'),
        "IAM133",
        "takes the `?` of `team-?` literally",
    ),
    *(
        Row(
            f"CND-30 {value}",
            "policy",
            when(f'"ArnLike": {{"aws:PrincipalArn": «"{value}"»}}'),
            "IAM128",
            said,
        )
        for value, said in (
            ("arn:aws:iam:*:role/deploy", "this has no resource"),
            ("arn:aws:iam:*", "this has no account and resource"),
            ("arn:*role/deploy", "this has no service, region, account and resource"),
        )
    ),
    Row(
        "66 beside a variable",
        "trust",
        admitting(
            f'{EVERYONE}, "Condition": {{"StringEquals":\n'
            ' {"sts:RoleSessionName": «"${aws:username}*"»}}'
        ),
        "IAM133",
    ),
    Row(
        "73 a variable in Bool",
        "policy",
        when('"Bool": {"aws:SecureTransport": «"${aws:PrincipalTag/tls}"»}'),
        "IAM115",
        "contradict each other",
    ),
    # ------------------------------------------------------------------ quantifiers and types
    Row(
        "63 TagKeys",
        "trust",
        admitting(
            f'{EVERYONE}, "Condition": {{«"ForAllValues:StringEquals"»: {{"aws:TagKeys": "a"}}}}'
        ),
        "IAM130",
        '`"Null": {"aws:TagKeys": "false"}`',
    ),
    Row(
        "63 with the wrong Null",
        "policy",
        when('«"ForAllValues:StringLike"»: {"aws:TagKeys": "a"}, "Null": {"aws:TagKeys": "true"}'),
        "IAM130",
        "also holds for requests without `aws:TagKeys`",
    ),
    Row(
        "64 no quantifier",
        "policy",
        when('«"StringEquals"»: {"aws:TagKeys": ["a", "b"]}'),
        "IAM140",
        "`ForAnyValue:StringEquals` asks for one of them",
    ),
    Row(
        "64 no quantifier in an SCP",
        "scp",
        statement(
            '"Effect": "Deny", "Action": "*", "Resource": "*", "Condition":\n'
            ' {«"StringNotLike"»: {"aws:PrincipalOrgPaths": "o-1/r-1/ou-1/*"}}'
        ),
        "IAM140",
        "it matches nothing",
    ),
    Row(
        "64 no quantifier on a key of a service",
        "policy",
        on(
            '"*", "Condition": {«"StringEquals"»: {"dynamodb:Attributes": "a"}}',
            '"dynamodb:GetItem"',
        ),
        "IAM131",
        "a quantifier is missing here",
    ),
    *(
        Row(
            f"64 {quantifier} on a key of one value",
            "trust",
            admitting(
                f'{EVERYONE}, "Condition":\n'
                f' {{«"{quantifier}:StringEquals"»: {{"sts:ExternalId": "a"}}}}'
            ),
            "IAM131",
            said,
        )
        for quantifier, said in (
            ("ForAnyValue", "expected no quantifier"),
            ("ForAllValues", "this also holds where the key is absent"),
        )
    ),
    *(
        Row(
            f"CND-34 {operator} on {key}",
            "policy",
            when(f'"{operator}": {{«"{key}"»: "{value}"}}'),
            "IAM132",
            said,
        )
        for operator, key, value, said in (
            ("StringEquals", "aws:MultiFactorAuthAge", "10", "compared as it is written"),
            ("StringEquals", "aws:SecureTransport", "true", "expected `Bool`"),
            ("StringLike", "aws:SourceIp", "10.*", "expected `IpAddress` or `NotIpAddress`"),
            ("StringEquals", "aws:CurrentTime", "2026-01-01", "holds an instant"),
            ("NumericEquals", "aws:username", "7", "holds a text"),
            ("Bool", "sts:ExternalId", "true", "holds a text"),
            ("ArnLike", "aws:username", "arn:aws:iam::1:user/x", "holds a text"),
            ("IpAddress", "aws:UserAgent", "10.0.0.0/8", "holds a text"),
            ("NumericLessThan", "aws:CurrentTime", "7", "holds an instant"),
            ("StringEquals", "s3:TlsVersion", "1.2", "holds a number"),
        )
    ),
    # ------------------------------------------------------------------ resources
    *(
        Row(f"51 {arn}", "policy", on(f'["*", «"{arn}"»]'), "IAM113", said)
        for arn, said in (
            ("arn:aws:s3::bucket", "has `bucket` where the account id stands"),
            ("arn:aws:s3:bucket/*", "has `bucket/*` where the region stands"),
            ("arn:aws:sqs:eu-west-1:12345678901:q", "an account id has 12 digits"),
            ("arn:asw:s3:::b", "there is no `asw`"),
            ("arn:aws:iam:us-east-1:111111111111:role/r", "IAM has none"),
            ("arn::iam::111111111111:role/x", "no partition"),
            ("arn:aws:IAM::111111111111:role/x", "capital letters"),
        )
    ),
    *(
        Row(f"82 {arn}", "policy", on(f'["*", «"{arn}"»]'), "IAM130", "more than one service")
        for arn in ("arn:*", "arn:aws:*:*:*:*", "arn:aws:*", "arn:aws:s?:::b", "arn:*:*:*:*:*")
    ),
    *(
        Row(f"83 {action}", "policy", acting('"sts:*"', f'«"{action}"»'), "IAM130", said)
        for action, said in (
            ("*:Get*", "actions of every service whose prefix fits `*`"),
            ("s?:*", "whose prefix fits `s?`"),
            ("*:*", "expected the prefix of one service"),
        )
    ),
    Row(
        "75 a variable in NotResource",
        "policy",
        allow('"Action": "s3:*", "NotResource": ["*", «"arn:aws:s3:::b/${aws:username}/*"»]'),
        "IAM130",
        "this excludes nothing",
    ),
    *(
        Row(f"105 {name}", "policy", on(resource, actions), "IAM134", said)
        for name, resource, actions, said in (
            (
                "s3:GetObject on a role",
                '"arn:aws:iam::111111111111:role/r"',
                '«"s3:GetObject"»',
                "its resources are `arn:${Partition}:s3:::${BucketName}/${ObjectName}`",
            ),
            (
                "s3:ListBucket on objects",
                '"arn:aws:s3:::b/*"',
                '["s3:GetObject", «"s3:ListBucket"»]',
                "",
            ),
            ("no resource", '"arn:aws:s3:::b"', '«"s3:ListAllMyBuckets"»', "only `*` names it"),
            (
                "AssumeRole on a user",
                '"arn:aws:iam::111111111111:user/u"',
                '«"sts:AssumeRole"»',
                "role/",
            ),
        )
    ),
    # ------------------------------------------------------------------ RCPs, principals
    *(
        Row(
            f"68 RCP {action}",
            "rcp",
            statement(
                '"Effect": "Deny", "Principal": "*", "Resource": "*",\n'
                f' "Action": ["sts:*", «"{action}"»]'
            ),
            "IAM135",
            said,
        )
        for action, said in (
            ("*", "AWS takes no `*` as the action of an RCP"),
            ("route53:*", "RCPs bear on no request of the service `route53`"),
            ("route53:ListHostedZones", "so this denies nothing"),
        )
    ),
    Row(
        "68 RCP NotAction",
        "rcp",
        statement('"Effect": "Deny", "Principal": "*", "Resource": "*", "NotAction": «["s3:*"]»'),
        "IAM135",
        "an RCP has no `NotAction`",
    ),
    *(
        Row(
            f"44 NotPrincipal with Allow in {layer}",
            layer,
            shared(f'{rest}«"NotPrincipal"»: {{"AWS": "111111111111"}}'),
            "IAM130",
            "admits everybody who is not listed",
        )
        for layer, rest in (("resource", ""), ("endpoint", '"Resource": "*", '))
    ),
    *(
        Row(
            f"45 NotPrincipal with Deny in {layer}",
            layer,
            shared('"Resource": "*", «"NotPrincipal"»: {"AWS": "111111111111"}', "Deny"),
            "IAM130",
            "denies every principal with a permissions boundary",
        )
        for layer in ("resource", "endpoint")
    ),
    *(
        Row(
            f"89 a unique id in {layer}",
            layer,
            shared('"Resource": "*", "Principal": {"AWS": «"AIDACKCEVSQ6C2EXAMPLE"»}'),
            "IAM124",
            "probably deleted",
        )
        for layer in ("resource", "endpoint")
    ),
    *(
        Row(
            f"91 {name}",
            "trust",
            admitting(f'"Principal": {{"Service": ["ec2.amazonaws.com", «"{name}"»]}}'),
            "IAM136",
            said,
            repaired=repaired,
        )
        for name, said, repaired in (
            ("lamda.amazonaws.com", "did you mean `lambda.amazonaws.com`?", True),
            ("ecs-task.amazonaws.com", "did you mean `ecs-tasks.amazonaws.com`?", True),
            ("lambda.amazonaws.co", "did you mean `lambda.amazonaws.com`?", True),
            ("lamda.amazonaws.com.cn", "did you mean `lambda.amazonaws.com.cn`?", True),
            ("s3.ap-east-1.amazonaws.com", "in the Region `ap-east-1` only", False),
            ("ec2.eu-south-1.amazonaws.com", "elsewhere it is `ec2.amazonaws.com`", False),
        )
    ),
    Row(
        "92 a partition that does not exist",
        "trust",
        admitting('"Principal": {"AWS": [«"arn:asw:iam::111111111111:root"»]}'),
        "IAM109",
        "there is no `asw`",
    ),
    *(
        Row(f"{number} in {layer}", layer, text, code)
        for layer in ("resource", "endpoint")
        for number, text, code in (
            ("46 Action []", allow(f'{EVERYONE}, "Resource": "*", "Action": «[]»'), "IAM116"),
            ("46 Resource []", shared(f'{EVERYONE}, "Resource": «[]»'), "IAM116"),
            ("46 Principal {}", shared('"Resource": "*", "Principal": «{}»'), "IAM116"),
            ("50 bucket/*", shared(f'{EVERYONE}, "Resource": ["*", «"bucket/*"»]'), "IAM113"),
            ("50 short", shared(f'{EVERYONE}, "Resource": ["*", «"arn:aws:s3"»]'), "IAM113"),
        )
    ),
    Row(
        "84 a combining character",
        "policy",
        when('"StringEquals": {"aws:username": "Jose«\u0301»"}'),
        "IAM118",
        "this is COMBINING ACUTE ACCENT",
    ),
    Row(
        "84 a combining character as an escape",
        "policy",
        when('"StringEquals": {"aws:username": «"Jose\\u0301"»}'),
        "IAM118",
        "names are compared as they are written",
    ),
    *(
        Row(f"46 {name}", "policy", when(f'"{name}": {{"aws:TagKeys": «[]»}}'), "IAM116", said)
        for name, said in (
            ("ForAnyValue:StringEquals", "nothing is listed here"),
            ("ForAnyValue:StringEqualsIfExists", "only where `aws:TagKeys` is absent"),
        )
    ),
)

ERRORS = (
    *(
        Row(
            f"61 {value}",
            "policy",
            when(f'"{operator}": {{"aws:SourceIp": ["203.0.113.0/24", «"{value}"»]}}'),
            "IAM128",
            said,
        )
        for operator, value, said in (
            ("IpAddress", "10.0.0.0/33", "a prefix has at most 32 bits"),
            ("IpAddress", "300.1.1.1", "expected `203.0.113.0/24`"),
            ("NotIpAddress", "010.0.0.1", "no part of an address begins with a zero"),
            ("IpAddress", "10.0.*", "addresses have no wildcards"),
            ("IpAddress", "office", "is not an IP address"),
            ("IpAddress", "10.0.0.0/255.0.0.0", "is not an IP address"),
        )
    ),
    *(
        Row(
            f"62 {value}",
            "policy",
            when(f'"BinaryEquals": {{"app:Blob": «"{value}"»}}'),
            "IAM128",
            "is not base64",
        )
        for value in ("!", "QUJ", "Q U J D", "é")
    ),
    *(
        Row(
            f"73 a variable in {operator}",
            "policy",
            when(f'"{operator}": {{"{key}": «"${{aws:username}}"»}}'),
            "IAM115",
            f"`{operator}` reads no variables",
        )
        for operator, key in (
            ("NumericEquals", "aws:MultiFactorAuthAge"),
            ("DateLessThan", "aws:CurrentTime"),
            ("IpAddress", "aws:SourceIp"),
            ("BinaryEquals", "app:Blob"),
        )
    ),
    *(
        Row(f"PRN-4 Federated in {layer}", layer, text, "IAM109", "has no `Federated` principals")
        for layer, text in (
            ("resource", shared('"Principal": {«"Federated"»: "www.amazon.com"}')),
            ("endpoint", shared('"Resource": "*", "Principal": {«"Federated"»: "www.amazon.com"}')),
        )
    ),
    *(
        Row(f"{name} in {layer}", layer, text, code)
        for layer in ("resource", "endpoint")
        for name, text, code in (
            (
                "43 no Principal",
                f'{{{structure.V}, "Statement":\n [«{{"Effect": "Allow", "Action": "s3:*"}}»]}}',
                "IAM103",
            ),
            ("73 a principal", shared('"Principal": {"AWS": «"${aws:userid}"»}'), "IAM115"),
            (
                "81 a wildcard",
                shared('"Principal": {"AWS": «"arn:aws:iam::111111111111:role/*"»}'),
                "IAM109",
            ),
            ("85 11 digits", shared('"Principal": {"AWS": «"11111111111"»}'), "IAM109"),
            ("85 a number", shared('"Principal": {"AWS": «12345678901»}'), "IAM107"),
            (
                "90 a group",
                shared('"Principal": {"AWS": «"arn:aws:iam::111111111111:group/g"»}'),
                "IAM109",
            ),
            ("91 Service *", shared('"Principal": {"Service": «"*"»}'), "IAM109"),
            ("46 neither", shared(f'{EVERYONE}, "Resource": «7»'), "IAM107"),
            (
                "72 an early variable",
                shared(f'{EVERYONE}, "Resource": «"arn:aws:s3::${{aws:userid}}:b"»'),
                "IAM115",
            ),
        )
    ),
)


def test_the_short_form_that_api_gateway_completes() -> None:
    text = shared(f'{EVERYONE}, "Resource": "execute-api:/prod/GET/pets"')
    (told,) = found(text, kinds.RESOURCE)
    assert (told.code, told.severity) == ("IAM113", Severity.NOTE)


@pytest.mark.parametrize("row", [*WARNINGS, *ERRORS], ids=lambda row: f"{row.layer} {row.name}")
def test_told(row: Row) -> None:
    text, expected = marked(row.text)
    told = found(text, KINDS[row.layer])
    severity = Severity.ERROR if row in ERRORS else Severity.WARNING
    assert [(each.code, each.severity) for each in told if each.severity is severity] == [
        (code, severity) for code in row.codes.split()
    ]
    spans = [each.labels[0].span for each in told if each.severity is severity]
    places = [(*span.place, span.text.split("\n", maxsplit=1)[0]) for span in spans]
    assert tuple(places) == expected
    words = [w for d in told for w in (d.message, d.labels[0].text, d.help or "")]
    assert any(row.said in word for word in words)


@pytest.mark.parametrize(
    "row", [row for row in WARNINGS if row.repaired], ids=lambda row: f"{row.layer} {row.name}"
)
def test_repair(row: Row) -> None:
    text = marked(row.text).text
    edits = [edit for each in found(text, KINDS[row.layer]) for edit in each.edits]
    left = found(apply_edits(text, edits), KINDS[row.layer])
    assert row.codes not in [each.code for each in left]


SILENT = (
    Row("49 actions", "policy", acting('"*"', '"sts:*"', '"s3:Get*"', '"STS:assumerole"'), ""),
    Row("49 all of a service", "policy", acting('"s3:*"', '"sts:TagSess*"'), ""),
    Row(
        "51 whole ARNs",
        "policy",
        on(
            '["arn:aws:s3:::b", "arn:*:s3:::b/*", "arn:aws-cn:iam::aws:policy/p",'
            ' "arn:aws:ec2:us-gov-west-1:111111111111:instance/*", "arn:aws:sqs:*:*:q",'
            ' "arn:aws:bedrock:us-east-1::foundation-model/*", "arn:aws:sqs:eu-west-1",'
            ' "arn:aws:iam::1111*:role/*"]'
        ),
        "",
    ),
    *(
        Row(f"58 {value}", "policy", when(f'"Bool": {{"aws:SecureTransport": {value}}}'), "")
        for value in ('"true"', '"False"', "true")
    ),
    Row("59 numbers", "policy", when('"NumericLessThan": {"aws:MultiFactorAuthAge": "3.5"}'), ""),
    Row(
        "60 dates",
        "policy",
        when(
            '"DateLessThan": {"aws:CurrentTime": ["2026-01-01", "2026-01-01T00:00:00+01:00",'
            ' "1767225600"], "aws:EpochTime": "1767225600"},'
            ' "NumericLessThan": {"aws:EpochTime": "1767225600"}'
        ),
        "",
    ),
    Row(
        "61 ranges",
        "policy",
        when('"IpAddress": {"aws:SourceIp": ["0.0.0.0/0", "203.0.113.7", "2001:db8::/32"]}'),
        "",
    ),
    Row(
        "63 with Null, or in a Deny",
        "trust",
        statement(
            f'"Effect": "Allow", "Action": "sts:AssumeRole", {EVERYONE}, "Condition":'
            ' {"ForAllValues:StringEquals": {"aws:TagKeys": "a"}, "Null": {"aws:tagkeys": "false"}}'
            f'}}, {{"Effect": "Deny", "Action": "sts:AssumeRole", {EVERYONE}, "Condition":'
            ' {"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}'
        ),
        "",
    ),
    Row(
        "64 where it belongs",
        "policy",
        when(
            '"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*", "unknown:Key": "x"},'
            ' "StringEquals": {"aws:PrincipalTag/x": "y", "oidc.example.com:sub": "x"},'
            ' "Null": {"aws:TagKeys": "false"}'
        ),
        "",
    ),
    Row(
        "66 a literal star that was meant",
        "policy",
        when('"StringEquals": {"aws:PrincipalTag/x": "${*}"}, "StringLike": {"aws:userid": "*"}'),
        "",
    ),
    Row(
        "68 an SCP that allows one resource",
        "scp",
        on('"arn:aws:s3:::b/*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}', '"s3:*"'),
        "",
    ),
    Row("68 RCPFullAWSAccess", "rcp", on('"*", "Principal": "*"'), ""),
    Row(
        "73 a text with a variable, in the language of 2008",
        "resource",
        statement(f'"Effect": "Allow", "Action": "s3:GetObject", {EVERYONE}', version="2008-10-17"),
        "",
    ),
    Row(
        "CND-34 an ARN as a text, and a tag as anything",
        "policy",
        when(
            '"StringLike": {"aws:PrincipalArn": "arn:*"},'
            ' "NumericEquals": {"aws:PrincipalTag/level": "7"}'
        ),
        "",
    ),
    Row(
        "79 metacharacters",
        "policy",
        on('"arn:aws:s3:::b/.+()[]{}^$|\\\\"', '"s3:GetObject"'),
        "",
    ),
    Row(
        "80 a newline in a value",
        "policy",
        when('"StringLike": {"aws:PrincipalTag/x": "a\\nb*"}'),
        "",
    ),
    *(
        Row(f"91 {name}", "trust", admitting(f'"Principal": {{"Service": "{name}"}}'), "")
        for name in (
            "ec2.amazonaws.com",
            "ec2.amazonaws.com.cn",
            "delivery.logs.amazonaws.com",
            "logs.eu-west-1.amazonaws.com",
            "s3express.amazonaws.com",
            "something-quite-new.amazonaws.com",
            "vpc-flow-logs.amazonaws.com",
            "logging.s3.amazonaws.com",
            "something-new.s3.amazonaws.com",
            "managed.chatbot.amazonaws.com",
            "iotthings.amazonaws.com",
        )
    ),
    *(
        Row(f"a policy without Resource of {layer}", layer, shared(f"{principal}"), "")
        for layer in ("resource", "endpoint")
        for principal in (
            EVERYONE,
            '"Principal": "*"',
            '"Principal": {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d"}',
        )
    ),
    Row(
        "105 fitting",
        "policy",
        on(
            '["arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:iam::111111111111:role/*"]',
            '["s3:GetObject", "s3:ListBucket", "sts:AssumeRole", "iam:PassRole"]',
        ),
        "",
    ),
)


@pytest.mark.parametrize("row", SILENT, ids=lambda row: f"{row.layer} {row.name}")
def test_silent(row: Row) -> None:
    assert [each.message for each in found(row.text, KINDS[row.layer])] == []


# The rows of `bad-input.md` about the content of policies, and who has them who is not here.
CONTENT = {*range(43, 55), *range(55, 65), 66, 68, *range(70, 76), *range(77, 86)}
CONTENT |= {89, 90, 91, 92, 100, 105}
ELSEWHERE = {
    69: "test_many",
    77: "test_patterns_cost_nothing",
    78: "test_patterns_cost_nothing",
    76: "at the decision: tests/unit/matcher/test_variables.py",
    101: "of the request's context, not of a policy",
}


def test_each_row_has_a_case() -> None:
    rows = [
        *structure.ERRORS,
        *structure.WARNINGS,
        *structure.ACCEPTED,
        *WARNINGS,
        *ERRORS,
        *SILENT,
    ]
    numbers = {int(row.name.split()[0]) for row in rows if row.name.split()[0].isdigit()}
    assert CONTENT - numbers - ELSEWHERE.keys() == set()


@pytest.mark.parametrize(
    "pattern",
    [
        "*a*a*a*a*a*a*a*a*a*b",
        "*" * 2048,
        "?" * 2048,
        "${aws:username}" * 200,
        "${" * 1000,
        "{{" * 999,
    ],
)
def test_patterns_cost_nothing(pattern: str) -> None:
    text = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "s3:GetObject",
                "Resource": [f"arn:aws:s3:::{pattern}", pattern],
                "Condition": {"StringLike": {"aws:username": pattern}},
            },
        }
    )
    found(text, kinds.IDENTITY)  # what is read only once
    assert lines(lambda: found(text, kinds.IDENTITY)) < 150_000


MANY: dict[str, list[dict[str, object]]] = {
    "actions": [
        {"Effect": "Allow", "Action": [f"s3:Get{n}" for n in range(30_000)], "Resource": "*"}
    ],
    "patterns": [
        {"Effect": "Allow", "Action": [f"ec2:D*{'*' * n}" for n in range(1_000)], "Resource": "*"}
    ],
    "services": [
        {"Effect": "Allow", "Action": [f"x{n}:*" for n in range(30_000)], "Resource": "*"}
    ],
    "pairs": [
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"] * 500,
            "Resource": [f"arn:aws:s3:::b{n}" for n in range(1_000)],
        }
    ],
    "keys": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Resource": "*",
            "Condition": {"StringEquals": {f"aws:Key{n}": "x" for n in range(5_000)}},
        }
    ],
    "statements": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}] * 5_000,
}


@pytest.mark.parametrize("name", MANY)
def test_many(name: str) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": MANY[name]})
    assert len(found(policy, kinds.IDENTITY)) <= LIMIT + 1


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_familiar_keys_are_as_the_catalog_has_them(name: str) -> None:
    key = find_key(name, "sts:AssumeRole")
    assert key is not None
    assert FAMILIAR[name.lower()] == Key(key.type, key.multivalued)


def test_a_clean_policy_needs_no_reference_data() -> None:
    text = marked(
        admitting(
            '"Principal": {"AWS": "111111111111", "Service": "ec2.amazonaws.com"}, "Condition":'
            ' {"Bool": {"aws:MultiFactorAuthPresent": "true"},'
            ' "StringLike": {"sts:RoleSessionName": "${aws:username}", "aws:PrincipalTag/x": "y"}}'
        )
    ).text
    own = on('"arn:aws:iam::111111111111:role/*"', '["sts:AssumeRole", "sts:Tag*"]')
    Path("trust.json").write_text(text, encoding="utf-8")
    Path("own.json").write_text(own, encoding="utf-8")
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from simulator.policy import kinds\n"
        "from simulator.policy.build import build\n"
        "from simulator.policy.envelope import unwrap\n"
        "from simulator.policy.lint import lint\n"
        "from simulator.source import Source\n"
        "for name, kind in (('trust', kinds.TRUST), ('own', kinds.IDENTITY)):\n"
        "    document = unwrap(Source(name, Path(name + '.json').read_text())).document\n"
        "    assert lint(build(document, kind)) == ()\n"
        "heavy = {'simulator.catalog.actions', 'simulator.catalog.condition_keys', 'difflib',\n"
        "         'simulator.catalog.data'}\n"
        "sys.exit(str(heavy & sys.modules.keys()) if heavy & sys.modules.keys() else 0)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
