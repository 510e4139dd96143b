"""Facts about condition keys, as AWS's references have them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.catalog import keys
from simulator.catalog.actions import actions_of, services
from simulator.catalog.condition_keys import can_carry, find_key, is_known_key, nearest_keys
from simulator.catalog.global_keys import (
    ENDPOINT_SERVICES,
    GLOBAL_KEYS,
    WITHOUT_RESOURCE_ACCOUNT,
    ConditionKey,
    Presence,
)
from simulator.catalog.key_tables import listed_under

DOCS = Path(__file__).parents[3] / "docs" / "reference"
SEMANTICS = (DOCS / "semantics.md").read_text(encoding="utf-8")
KEY = re.compile(r"(?<![\w:])[a-z0-9]+:[A-Za-z]\w*(?:/k\b)?(?![\w*{])")


def found(name: str) -> ConditionKey:
    """Return a key that is there."""
    key = find_key(name)
    assert key is not None, name
    return key


def of_d7() -> list[str]:
    """Return the keys that the reference names for an AssumeRole call."""
    rows = re.findall(r"(?m)^\| CTX-\d+ ([^|]+) \|", SEMANTICS)
    return sorted({key for row in rows for key in KEY.findall(row)})


def of_cnd_40() -> list[str]:
    """Return the keys of which the reference says that they have several values."""
    rule = re.search(r"(?m)^- \*\*CND-40\*\*.*$", SEMANTICS)
    assert rule is not None
    return [
        key.replace("<issuer>", "oidc.example.com") for key in re.findall(r"`(\S+:\w+)`", rule[0])
    ]


def test_the_reference_is_read() -> None:
    assert {"aws:PrincipalArn", "sts:ExternalId", "aws:ViaAWSMCPService", "ec2:RoleDelivery"} < set(
        of_d7()
    )
    assert {"aws:TagKeys", "sts:TransitiveTagKeys", "oidc.example.com:amr"} < set(of_cnd_40())


@pytest.mark.parametrize("name", of_d7())
def test_key_of_an_assume_role_call(name: str) -> None:
    assert find_key(name) is not None
    assert is_known_key(name) is True


@pytest.mark.parametrize("name", [*of_cnd_40(), "saml:edupersonaffiliation", "saml:givenName"])
def test_several_values(name: str) -> None:
    assert found(name).multivalued
    assert keys.is_multivalued(name.lower())


@pytest.mark.parametrize(
    ("name", "several"),
    [
        ("dynamodb:LeadingKeys", True),  # with a service, the type tells it
        ("kms:GrantOperations", True),
        ("s3:prefix", False),
        ("aws:PrincipalOrgID", False),
        ("sts:ExternalId", False),
        ("saml:sub", False),
        ("oidc.example.com:sub", False),
        ("aws:NoSuchKey", False),
        ("nowhere:Key", False),
    ],
)
def test_several_values_or_one(name: str, *, several: bool) -> None:
    assert keys.is_multivalued(name.lower()) is several


def test_the_short_list_and_the_tables_agree() -> None:
    ours = {key.name.lower() for key in GLOBAL_KEYS if key.multivalued}
    assert ours == {key for key in keys.MULTIVALUED if key.startswith("aws:")}
    for prefix in ("saml", "sts"):
        listed = [f"{prefix}:{rest}" for rest in listed_under(prefix)]
        several = {name.lower() for name in listed if found(name).multivalued}
        assert several == {key for key in keys.MULTIVALUED if key.startswith(f"{prefix}:")}


@pytest.mark.parametrize("name", keys.KNOWN)
def test_what_is_offered_at_a_call_is_spelt_as_aws_does(name: str) -> None:
    assert found(name).name == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("aws:multifactorauthpresent", ("aws:MultiFactorAuthPresent", "Bool", Presence.MFA)),
        ("AWS:SOURCEIP", ("aws:SourceIp", "IPAddress", Presence.PUBLIC)),
        ("aws:principaltag/Team", ("aws:PrincipalTag/Team", "String", Presence.PRINCIPAL_TAGS)),
        ("aws:RequestTag/a:b/c", ("aws:RequestTag/a:b/c", "String", Presence.TAGS)),
        ("sts:externalid", ("sts:ExternalId", "String", Presence.LISTED)),
        ("s3:Prefix", ("s3:prefix", "String", Presence.LISTED)),
        ("s3:existingobjecttag/Team", ("s3:ExistingObjectTag/Team", "String", Presence.LISTED)),
        ("kms:EncryptionContext:App", ("kms:EncryptionContext:App", "String", Presence.LISTED)),
        ("ec2:sourceinstancearn", ("ec2:SourceInstanceArn", "ARN", Presence.CREDENTIALS)),
        ("iam:PolicyArn", ("iam:PolicyARN", "ARN", Presence.LISTED)),
        ("SAML:aud", ("saml:aud", "String", Presence.ASSERTION)),
        (
            "token.actions.githubusercontent.com:SUB",
            ("token.actions.githubusercontent.com:sub", "String", Presence.TOKEN),
        ),
        (
            "agent.acme.buildkite.dev:cluster_id",
            ("agent.acme.buildkite.dev:cluster_id", "String", Presence.TOKEN),
        ),
        (
            "oidc.eks.eu-west-1.amazonaws.com/id/ABC:aud",
            ("oidc.eks.eu-west-1.amazonaws.com/id/ABC:aud", "String", Presence.TOKEN),
        ),
    ],
)
def test_key(name: str, expected: tuple[str, str, str]) -> None:
    key = found(name)
    assert (key.name, key.type, key.presence) == expected


def test_since() -> None:
    assert found("aws:PrincipalOrgID").since == "2018-05-17"
    assert found("aws:ResourceOrgPaths").since == "2022-04-27"
    assert found("aws:CurrentTime").since is None
    assert found("sts:ExternalId").since is None
    dates = [key.since for key in GLOBAL_KEYS if key.since]
    assert all(re.fullmatch(r"20[12]\d-[01]\d(-[0-3]\d)?", date) for date in dates)


def test_the_page_has_our_table() -> None:
    page = (DOCS / "catalog.md").read_text(encoding="utf-8")
    table = page.partition("| key | type | since |")[2].splitlines()[2:]
    assert [[cell.strip() for cell in row.strip("|").split("|")] for row in table] == [
        [
            f"`{key.name}`",
            f"{key.type}, several" if key.multivalued else key.type,
            key.since or "",
            key.presence,
        ]
        for key in GLOBAL_KEYS
    ]


def test_our_tables_name_what_there_is() -> None:
    assert all(find_key(name) for name in ENDPOINT_SERVICES)
    assert set().union(*ENDPOINT_SERVICES.values()) <= services()
    for name in WITHOUT_RESOURCE_ACCOUNT:
        service, _, rest = name.partition(":")
        assert actions_of(service)[rest.lower()].name == name


def test_each_listed_key_is_found() -> None:
    listed = [f"{service}:{rest}" for service in services() for rest in listed_under(service)]
    assert len(listed) > 1_000
    for name in listed:
        # Keys of our own table, too: AWS's pages differ in how they write ec2:SourceInstanceARN.
        assert found(name).name.lower() == name.lower()
        assert is_known_key(name)


@pytest.mark.parametrize("name", ["ec2:osuser", "identitystore:GroupId", "iot:JobId"])
def test_a_key_that_another_service_lists(name: str) -> None:
    assert found(name).name == name


def test_keys_of_the_service_of_the_action() -> None:
    assert find_key("catalog:ChangeType", "aws-marketplace:StartChangeSet") is not None
    assert find_key("nowhere:Key", "s3:GetObject") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("aws:MFAPresent", False),
        ("aws:PrincipalTag", False),  # a tag is missing
        ("aws:PrincipalTag/", False),
        ("aws:ARN", False),
        ("s3:NoSuchKey", False),
        ("saml:NoSuchKey", False),
        ("MultiFactorAuthPresent", False),
        ("", False),
        ("token.actions.githubusercontent.com:repo", False),  # AWS lists what it takes
        ("oidc.example.com:department", None),
        ("nowhere:Key", None),
        ("\u212ams:ViaService", None),  # the Kelvin sign
    ],
)
def test_unknown_key(name: str, *, expected: bool | None) -> None:
    assert find_key(name) is None
    assert is_known_key(name) is expected


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("aws:MFAPresent", "aws:MultiFactorAuthPresent"),
        ("aws:MultiFactorAuthenticationAge", "aws:MultiFactorAuthAge"),
        ("MultiFactorAuthPresent", "aws:MultiFactorAuthPresent"),
        ("aws:PrincipalOrganizationID", "aws:PrincipalOrgID"),
        ("aws:SourceIpAddress", "aws:SourceIp"),
        ("aws:Region", "aws:RequestedRegion"),
        ("aws:ExternalId", "sts:ExternalId"),
        ("sst:ExternalId", "sts:ExternalId"),
        ("sts:SourceIp", "aws:SourceIp"),
        ("aws:PrincipleTag/Team", "aws:PrincipalTag/Team"),
        ("aws:ResourceTag", "aws:ResourceTag/${TagKey}"),
        ("aws:arn", "aws:PrincipalArn"),
        ("s3:prefx", "s3:prefix"),
        ("s33:prefix", "s3:prefix"),
        ("iam:PassedService", "iam:PassedToService"),
        ("kms:EncryptContext:App", "kms:EncryptionContext:${EncryptionContextKey}"),
        ("oidc.example.com:subject", "oidc.example.com:sub"),
        (
            "token.actions.githubusercontent.com:repositoryid",
            "token.actions.githubusercontent.com:repository_id",
        ),
    ],
)
def test_nearest(name: str, first: str) -> None:
    assert nearest_keys(name)[0] == first


def test_no_more_than_asked_for() -> None:
    assert len(nearest_keys("aws:SourceVpcs")) == 3
    assert nearest_keys("aws:SourceVpcs", most=1) == ("aws:SourceVpc",)


@pytest.mark.parametrize("name", ["", ":", "::::", "aws:xyzzy", "x" * 5000, "\ud800:\ud800"])
def test_nothing_is_near(name: str) -> None:
    assert nearest_keys(name) == ()


TAGGED = ("aws:PrincipalTag/", "aws:RequestTag/", "iam:ResourceTag/", "s3:ExistingObjectTag/")


@given(st.sampled_from([*keys.KNOWN, "s3:prefix", "saml:sub", *(f"{t}Team" for t in TAGGED)]))
def test_letter_case_does_not_count(name: str) -> None:
    assert [
        found(typed).name.lower() for typed in (name.upper(), name.lower(), name.swapcase())
    ] == [name.lower()] * 3
    assert found(name.upper())[1:] == found(name)[1:]


@given(st.sampled_from(TAGGED), st.text(min_size=1))
def test_a_tag_is_kept_as_it_is_written(start: str, tag: str) -> None:
    assert found(start.lower() + tag).name == start + tag


@given(st.text() | st.text().map("aws:{}".format) | st.text().map("{}:ExternalId".format))
def test_nearest_are_keys(name: str) -> None:
    near = nearest_keys(name)
    assert all(is_known_key(other) for other in near)
    assert len(set(near)) == len(near) <= 3


@pytest.mark.parametrize(
    ("action", "key", "expected"),
    [
        ("sts:AssumeRole", "sts:ExternalId", True),
        ("sts:assumerole", "STS:externalid", True),
        ("sts:AssumeRole", "sts:DurationSeconds", False),  # CTX-22
        ("sts:AssumeRole", "aws:MultiFactorAuthPresent", True),
        ("sts:AssumeRole", "aws:MFAPresent", False),
        ("sts:AssumeRole", "aws:RequestTag/team", True),
        ("sts:AssumeRole", "aws:TagKeys", True),
        ("sts:AssumeRole", "aws:ResourceTag/team", True),  # CTX-16
        ("sts:AssumeRole", "iam:ResourceTag/team", True),
        ("sts:AssumeRole", "ec2:SourceInstanceArn", True),  # CTX-28
        ("sts:AssumeRole", "aws:VpceOrgID", None),  # AWS does not name sts
        ("sts:AssumeRole", "saml:sub", True),  # STS-63
        ("sts:AssumeRole", "saml:mail", False),
        ("sts:AssumeRole", "oidc.example.com:sub", True),
        ("sts:AssumeRole", "oidc.example.com:email", False),
        ("sts:AssumeRole", "oidc.example.com:department", None),
        ("sts:AssumeRole", "token.actions.githubusercontent.com:ref", False),
        ("sts:AssumeRoleWithWebIdentity", "token.actions.githubusercontent.com:ref", True),
        ("sts:AssumeRoleWithWebIdentity", "token.actions.githubusercontent.com:sub", True),
        ("sts:AssumeRoleWithWebIdentity", "oidc.example.com:email", True),
        ("sts:AssumeRoleWithWebIdentity", "aws:MultiFactorAuthPresent", False),  # CTX-42
        ("sts:AssumeRoleWithSAML", "aws:MultiFactorAuthPresent", False),
        ("sts:AssumeRoleWithSAML", "aws:PrincipalArn", False),
        ("sts:AssumeRoleWithSAML", "aws:SourceIp", True),
        ("sts:AssumeRoleWithSAML", "saml:mail", True),
        ("sts:AssumeRoleWithSAML", "oidc.example.com:sub", False),
        ("s3:ListBucket", "s3:prefix", True),
        ("s3:GetObject", "s3:prefix", False),
        ("s3:GetObject", "s3:ExistingObjectTag/team", True),
        ("s3:GetObject", "aws:RequestTag/team", False),
        ("secretsmanager:GetSecretValue", "secretsmanager:ResourceTag/team", True),
        ("ssm:DeregisterManagedInstance", "ssm:resourceTag/team", True),
        ("ssm:GetParameter", "ssm:DocumentType", False),
        ("s3:GetObject", "aws:VpceOrgID", True),
        ("iam:PassRole", "iam:PassedToService", True),
        ("iam:PassRole", "aws:VpceOrgID", False),
        ("ec2:RunInstances", "iam:PassedToService", False),
        ("ec2:DescribeInstances", "aws:ResourceTag/team", False),
        ("ec2:CreateVpcEndpoint", "aws:ResourceAccount", False),
        ("ebs:GetSnapshotBlock", "aws:ResourceOrgID", False),
        ("sts:AssumeRole", "aws:ResourceAccount", True),
        ("partnercentral:UseSession", "aws:IsMcpServiceAction", None),
        ("nowhere:Get", "aws:SourceIp", True),
        ("nowhere:Get", "aws:ResourceOrgID", True),
        ("nowhere:Get", "aws:ResourceTag/team", None),
        ("nowhere:Get", "aws:VpceOrgID", None),
        ("nowhere:Get", "s3:prefix", None),
        ("nowhere:Get", "saml:sub", True),
        ("nowhere:Get", "nowhere:Key", None),
    ],
)
def test_can_carry(action: str, key: str, *, expected: bool | None) -> None:
    assert can_carry(action, key) is expected


@pytest.mark.parametrize("service", ["sts", "iam", "s3", "ec2", "dynamodb", "secretsmanager"])
def test_requests_carry_what_is_listed(service: str) -> None:
    for action in actions_of(service).values():
        for key in action.condition_keys:
            assert can_carry(action.name, key) is True, (action.name, key)
