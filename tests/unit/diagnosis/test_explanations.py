"""What is told about a no: every blocker, changes that win over what was given, bounded work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.diagnosis import fixes, what_if
from simulator.diagnosis.diagnose import diagnose
from simulator.request.principal import RoleSession, parse_principal
from simulator.sts.answer import answer_to
from tests import worlds

if TYPE_CHECKING:
    from simulator.diagnosis.diagnosis import Diagnosis

ALICE = "arn:aws:iam::111111111111:user/alice"
ROLE = "arn:aws:iam::111111111111:role/R"


def trusting(*statements: dict[str, Any]) -> dict[str, Any]:
    """Return a trust policy of statements that name alice."""
    common = {"Effect": "Allow", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [{**common, **s} for s in statements]}


def told(
    trust: dict[str, Any],
    parameters: dict[str, Any] | None = None,
    context: dict[str, Any] | None = None,
    **more: Any,  # noqa: ANN401 - parts of a world
) -> Diagnosis:
    """Return the diagnosis of alice's call."""
    world = {"caller": {"arn": ALICE}, "role": {"arn": ROLE}, "trust": trust, **more}
    call = worlds.call(world, parameters, context)
    return diagnose(call, answer_to(call))


def test_a_refusal_of_sts_does_not_hide_what_the_policies_say() -> None:
    other = trusting({"Principal": {"AWS": "arn:aws:iam::111111111112:root"}})
    found = told(other, {"serial_number": "arn:aws:iam::111111111111:mfa/alice"})
    assert [cause.code for cause in found.causes] == ["IAM704", "IAM301", "IAM201"]


@pytest.mark.parametrize("key", ["sts:ExternalId", "sts:RoleSessionName"])
def test_a_parameter_wins_over_a_key_given_by_hand(key: str) -> None:
    found = told(trusting({"Condition": {"StringEquals": {key: "wanted"}}}), None, {key: "other"})
    assert [fix.access for fix in found.fixes] == ["unchanged"]
    assert found.allowed_if == ((f"{key} = wanted",),)


def test_a_tag_wins_over_a_key_given_by_hand() -> None:
    condition = {"StringEquals": {"aws:RequestTag/team": "red"}}
    actions = ["sts:AssumeRole", "sts:TagSession"]
    trust = trusting({"Condition": condition, "Action": actions})
    found = told(trust, None, {"aws:RequestTag/team": "blue"})
    assert [fix.title for fix in found.fixes] == ["pass the tag `team=red`"]


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("aws:MultiFactorAuthPresent", "pass an MFA code with the call"),
        ("sts:ExternalId", "pass `--external-id any-value`"),
    ],
)
def test_a_key_that_has_to_be_there(key: str, title: str) -> None:
    found = told(trusting({"Condition": {"Null": {key: "false"}}}))
    assert [fix.title for fix in found.fixes] == [title]


def test_null_without_values_is_told() -> None:
    found = told(trusting({"Condition": {"Null": {"sts:ExternalId": []}}}))
    assert [cause.code for cause in found.causes] == ["IAM313"]


def test_a_long_number_is_no_number() -> None:
    condition = {"NumericEquals": {"aws:EpochTime": "9" * 1_000_000}}
    found = told(trusting({"Condition": condition}))
    assert [cause.code for cause in found.causes] == ["IAM310"]


def test_service_linked_roles_are_not_limited_by_an_organization() -> None:
    session = parse_principal("arn:aws:sts::111111111111:assumed-role/AWSServiceRoleForX/s")
    assert isinstance(session, RoleSession)
    path = "arn:aws:iam::111111111111:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    world = {
        "caller": {"arn": str(session.arn), "role_arn": path},
        "role": {"arn": ROLE},
        "trust": trusting({"Principal": {"AWS": path}}),
        "scps": [[{"Version": "2012-10-17", "Statement": [deny]}]],
    }
    assert worlds.answer(world).outcome == "allowed"  # EVAL-40


def test_the_work_for_an_explanation_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = 0

    def counted(*arguments: Any) -> Any:  # noqa: ANN401 - passed through
        nonlocal tried
        tried += 1
        return remedied(*arguments)

    remedied = what_if.remedied
    monkeypatch.setattr(fixes, "remedied", counted)
    conditions = [{"StringEquals": {f"aws:RequestTag/t{n}": "x"}} for n in range(500)]
    many = trusting(*({"Condition": condition} for condition in conditions))
    found = told(many)
    assert len(found.causes) == 500
    assert 0 < tried <= 200
    tried = 0
    values = [f"id-{n}" for n in range(20_000)]
    told(trusting({"Condition": {"StringEquals": {"sts:ExternalId": values}}}))
    assert 0 < tried <= 20


def test_what_the_account_lacks_is_told_though_a_condition_might_spare_it() -> None:
    account = {"Principal": {"AWS": "111111111111"}}
    spared = {"Condition": {"StringEquals": {"sts:ExternalId": "wanted"}}}
    assert [cause.code for cause in told(trusting(account, spared)).causes] == ["IAM201"]
    assert [cause.code for cause in told(trusting(spared)).causes] == ["IAM313"]


def test_a_tag_of_the_keys_that_a_policy_asks_for_is_passed() -> None:
    keys = {"ForAllValues:StringEquals": {"aws:TagKeys": ["project", "team"]}}
    condition = {**keys, "Null": {"aws:TagKeys": "false"}}
    trust = trusting({"Condition": condition, "Action": ["sts:AssumeRole", "sts:TagSession"]})
    titles = [fix.title for fix in told(trust).fixes]
    assert titles == ["pass the tag `project=any-value`", "pass the tag `team=any-value`"]


def test_a_tag_has_the_value_that_the_same_statement_asks_for() -> None:
    condition = {
        "ForAnyValue:StringEquals": {"aws:TagKeys": "team"},
        "StringEquals": {"aws:RequestTag/team": "red"},
    }
    trust = trusting({"Condition": condition, "Action": ["sts:AssumeRole", "sts:TagSession"]})
    assert [fix.title for fix in told(trust).fixes] == ["pass the tag `team=red`"]


def test_a_call_in_the_region_that_a_deny_spares_comes_before_a_hole_in_it() -> None:
    deny = {
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
    }
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    scp = {"Version": "2012-10-17", "Statement": [allow, deny]}
    found = told(trusting({}), None, {"aws:RequestedRegion": "us-east-1"}, scps=[[scp]])
    (fix,) = found.fixes
    assert (fix.access, fix.title) == ("unchanged", "call STS in the Region `eu-west-1`")
    assert fix.remedies[0].commands == ("export AWS_REGION=eu-west-1",)
