"""Actions that principals cannot use, and those that they cannot do without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.check.check import check
from simulator.check.trust.actions import check_actions, check_companions, check_roles_anywhere
from simulator.diagnostic import Access
from simulator.policy import kinds
from simulator.policy.model import UNKNOWN
from tests.unit.check.trust.told import (
    ALICE,
    ASSUME,
    CLUSTER,
    GITHUB,
    HOME,
    ROLE,
    ROOT,
    SAML,
    WITH_TOKEN,
    codes,
    document_of,
    found,
    mended,
    provider,
    statement,
    told,
)

if TYPE_CHECKING:
    from tests.unit.check.trust.told import Json

WITH_SAML = "sts:AssumeRoleWithSAML"
EC2 = {"Service": "ec2.amazonaws.com"}
OKTA, TOKENS = {"Federated": SAML}, provider(GITHUB)


@pytest.mark.parametrize(
    ("principal", "action", "right"),
    [
        (OKTA, ASSUME, WITH_SAML),
        (OKTA, WITH_TOKEN, WITH_SAML),
        (TOKENS, "STS:assumerole", WITH_TOKEN),
        ({"Federated": "cognito-identity.amazonaws.com"}, ASSUME, WITH_TOKEN),
        ({"AWS": ROOT}, WITH_SAML, ASSUME),
        ({"AWS": [ALICE, ROLE]}, WITH_TOKEN, ASSUME),
        (EC2, WITH_TOKEN, ASSUME),
    ],
)
def test_an_action_for_none_of_the_principals(principal: Json, action: str, right: str) -> None:
    ((kind, texts),) = principal.items()
    places = texts if isinstance(texts, list) else [texts]
    made = found(check_actions, statement(principal, Action=action))
    assert told(made) == [("IAM608", "error", place) for place in places]
    assert made[0].access is Access.WIDENED
    assert mended(made[0]) == statement({kind: texts}, Action=right)
    denying = found(check_actions, statement(principal, Action=action, Effect="Deny"))
    assert denying[0].access is Access.NARROWED


def test_one_principal_among_others_without_an_action() -> None:
    made = found(check_actions, statement({"AWS": ROOT, **OKTA}))
    assert told(made) == [("IAM608", "error", SAML)]
    assert made[0].edits == ()  # the action is right for the other one


def test_an_action_that_nobody_can_use_is_removed() -> None:
    (finding,) = found(check_actions, statement(TOKENS, Action=[ASSUME, WITH_TOKEN]))
    assert told([finding]) == [("IAM608", "warning", ASSUME)]
    assert finding.access is Access.UNCHANGED
    assert mended(finding) == statement(TOKENS, Action=[WITH_TOKEN])


def test_an_action_that_was_meant_otherwise_is_replaced() -> None:
    (finding,) = found(check_actions, statement(TOKENS, Action=[ASSUME, "sts:TagSession"]))
    assert told([finding]) == [("IAM608", "warning", ASSUME)]
    assert finding.access is Access.WIDENED
    assert mended(finding) == statement(TOKENS, Action=[WITH_TOKEN, "sts:TagSession"])


def test_a_federated_user_assumes_no_role() -> None:
    carol = f"arn:aws:sts::{HOME}:federated-user/carol"
    made = found(check_actions, statement([carol, ALICE]))
    assert told(made) == [("IAM608", "error", carol)]


@pytest.mark.parametrize(
    ("principal", "action"),
    [
        ({"AWS": ROOT, **OKTA}, [ASSUME, WITH_SAML]),
        (OKTA, "sts:AssumeRole*"),
        (TOKENS, "sts:*"),
        (TOKENS, "sts:TagSession"),  # a companion is for each call
        (OKTA, ["sts:SetSourceIdentity", "sts:TagSession"]),
        ({"AWS": "*"}, WITH_TOKEN),  # STAR-SERVICE
        ({"AWS": "*"}, [ASSUME, WITH_TOKEN]),
        ({"AWS": "AIDAEXAMPLE000000001"}, WITH_TOKEN),  # who that was nobody knows
        (OKTA, f"sts:{UNKNOWN}"),
        (EC2, ASSUME),
    ],
)
def test_actions_that_fit(principal: Json, action: str | list[str]) -> None:
    place = ("Statement", 0, "Action", 0)
    unknown = [place] if UNKNOWN in action else []
    listed = [action] if unknown else action
    assert found(check_actions, statement(principal, Action=listed), unknown=unknown) == ()


@pytest.mark.parametrize(
    ("condition", "companion"),
    [
        ({"StringEquals": {"aws:RequestTag/team": "red"}}, "sts:TagSession"),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}}, "sts:TagSession"),
        ({"Null": {"sts:TransitiveTagKeys": "false"}}, "sts:TagSession"),
        ({"StringLike": {"sts:SourceIdentity": "*"}}, "sts:SetSourceIdentity"),
    ],
)
def test_a_test_of_what_nobody_may_pass(condition: Json, companion: str) -> None:
    ((tests,),) = (condition.values(),)
    (key,) = tests
    made = statement(ROLE, condition)
    (finding,) = found(check_companions, made)
    assert told([finding]) == [("IAM625", "error", key)]
    assert finding.access is Access.WIDENED
    assert mended(finding)["Action"] == [ASSUME, companion]
    for enough in (
        [statement(ROLE, condition, Action=[ASSUME, companion])],
        [made, statement(ROLE, Action=companion)],
        [made, statement(ROLE, Action="sts:*")],
    ):
        assert found(check_companions, *enough) == ()
    assert codes(found(check_companions, made, statement(ROLE, Action=companion, Effect="Deny")))


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEqualsIfExists": {"aws:RequestTag/team": "red"}},
        {"StringNotEquals": {"aws:RequestTag/team": "red"}},
        {"ForAllValues:StringEquals": {"aws:TagKeys": "team"}},
        {"Null": {"sts:SourceIdentity": "true"}},
        {"StringEquals": {"aws:PrincipalTag/team": "red"}},
    ],
)
def test_a_test_that_a_call_without_it_meets(condition: Json) -> None:
    assert found(check_companions, statement(ROLE, condition)) == ()


def test_a_statement_that_denies_or_that_a_template_leaves_open_needs_no_companion() -> None:
    condition = {"StringEquals": {"aws:RequestTag/team": "red"}}
    assert found(check_companions, statement(ROLE, condition, Effect="Deny")) == ()
    other = statement(ROLE, Action=["sts:TagSession"])
    open_ = [("Statement", 1, "Action")]
    assert found(check_companions, statement(ROLE, condition), other, unknown=open_) == ()


def test_roles_anywhere_needs_three_actions() -> None:
    anywhere = {"Service": "rolesanywhere.amazonaws.com"}
    (finding,) = found(check_roles_anywhere, statement(anywhere))
    assert told([finding]) == [("IAM626", "error", "rolesanywhere.amazonaws.com")]
    assert finding.access is Access.WIDENED
    all_three = [ASSUME, "sts:SetSourceIdentity", "sts:TagSession"]
    assert mended(finding)["Action"] == all_three
    assert found(check_roles_anywhere, statement(anywhere, Action=all_three)) == ()
    others = statement(anywhere, Action=all_three[1:])
    assert found(check_roles_anywhere, statement(anywhere), others) == ()
    assert found(check_roles_anywhere, statement(provider(CLUSTER))) == ()
    assert found(check_roles_anywhere, statement(anywhere, Effect="Deny")) == ()


@pytest.mark.parametrize(
    "key", ["sts:RequestContextProviders", "sts:RequestContext/identitystore:UserId"]
)
def test_a_test_of_a_context_is_told_in_one_way(key: str) -> None:
    asked = statement(ALICE, {"StringEquals": {key: "x"}})
    made = check(document_of(asked), kinds.TRUST)
    assert {"IAM630"} <= {each.code for each in made.diagnostics}
    assert not any("SetContext" in str(each.help) for each in made.diagnostics)
    assert found(check_companions, asked) == ()
