"""MFA that is asked for in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.check.trust.mfa import check_mfa
from simulator.diagnostic import Access
from simulator.policy import kinds
from tests.unit.check.trust.told import ALICE, found, mended, statement, told

if TYPE_CHECKING:
    from tests.unit.check.trust.told import Json

PRESENT, AGE = "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"


@pytest.mark.parametrize(
    ("condition", "operator"),
    [
        ({"BoolIfExists": {PRESENT: "true"}}, "Bool"),
        ({"BoolIfExists": {"AWS:multifactorauthpresent": True}}, "Bool"),
        ({"ForAllValues:Bool": {PRESENT: "true"}}, "Bool"),
        ({"StringEqualsIfExists": {PRESENT: "true"}}, "StringEquals"),
        ({"NumericLessThanIfExists": {AGE: "3600"}}, "NumericLessThan"),
    ],
)
def test_an_allow_that_lets_access_keys_in(condition: Json, operator: str) -> None:
    (finding,) = found(check_mfa, statement(ALICE, condition))
    ((written, tests),) = condition.items()
    assert told([finding]) == [("IAM601", "warning", written)]
    assert finding.access is Access.NARROWED
    assert mended(finding)["Condition"] == {operator: tests}
    assert found(check_mfa, mended(finding)) == ()


def test_an_allow_with_a_negated_test_has_no_plain_repair() -> None:
    (finding,) = found(check_mfa, statement(ALICE, {"StringNotEquals": {PRESENT: "false"}}))
    assert (finding.code, finding.edits) == ("IAM601", ())


@pytest.mark.parametrize(
    "beside",
    [{"BoolIfExists": {PRESENT: "true", "aws:SecureTransport": "true"}},
     {"BoolIfExists": {PRESENT: "true"}, "Bool": {"aws:SecureTransport": "true"}}],
)  # fmt: skip
def test_an_operator_with_other_tests_is_not_renamed(beside: Json) -> None:
    (finding,) = found(check_mfa, statement(ALICE, beside))
    assert (finding.code, finding.edits) == ("IAM601", ())


@pytest.mark.parametrize(
    ("condition", "operator"),
    [
        ({"Bool": {PRESENT: "false"}}, "BoolIfExists"),
        ({"StringEquals": {PRESENT: "false"}}, "StringEqualsIfExists"),
        ({"NumericGreaterThan": {AGE: "3600"}}, "NumericGreaterThanIfExists"),
    ],
)
def test_a_deny_that_does_not_stop_access_keys(condition: Json, operator: str) -> None:
    deny = statement(None, condition, Effect="Deny", Action="*", Resource="*")
    (finding,) = found(check_mfa, deny, kind=kinds.IDENTITY)
    ((written, tests),) = condition.items()
    assert told([finding]) == [("IAM602", "warning", written)]
    assert finding.access is Access.NARROWED
    assert mended(finding)["Condition"] == {operator: tests}
    assert found(check_mfa, mended(finding), kind=kinds.IDENTITY) == ()


@pytest.mark.parametrize("value", ["false", False])
def test_an_allow_that_lets_sessions_without_mfa_in(value: object) -> None:
    (finding,) = found(check_mfa, statement(ALICE, {"Null": {PRESENT: value}}))
    assert told([finding]) == [("IAM603", "warning", "Null")]
    assert finding.access is Access.NARROWED
    assert mended(finding)["Condition"] == {"Bool": {PRESENT: "true"}}


def test_either_value_of_the_key_is_no_question_of_mfa() -> None:
    (finding,) = found(check_mfa, statement(ALICE, {"StringLike": {PRESENT: "*"}}))
    assert (finding.code, finding.edits) == ("IAM603", ())


@pytest.mark.parametrize(
    ("effect", "condition"),
    [
        ("Allow", {"Bool": {PRESENT: "true"}}),  # CND-50
        ("Allow", {"BoolIfExists": {PRESENT: "true"}, "Null": {PRESENT: "false"}}),
        ("Allow", {"Bool": {PRESENT: "true"}, "Null": {PRESENT: "false"}}),
        ("Allow", {"NumericLessThan": {AGE: "3600"}}),  # CND-55
        ("Allow", {"Null": {AGE: "false"}}),  # there is an age only with MFA
        ("Allow", {"BoolIfExists": {PRESENT: "false"}}),  # what one may do without, to set MFA up
        ("Allow", {"BoolIfExists": {"aws:SecureTransport": "true"}}),
        ("Deny", {"BoolIfExists": {PRESENT: "false"}}),  # CND-53
        ("Deny", {"Null": {PRESENT: "true"}}),
        ("Deny", {"Bool": {PRESENT: "true"}}),
    ],
)
def test_what_is_as_it_should_be(effect: str, condition: Json) -> None:
    assert found(check_mfa, statement(ALICE, condition, Effect=effect)) == ()


@pytest.mark.parametrize(
    "condition", [{"Bool": {PRESENT: "false"}}, {"NumericGreaterThan": {AGE: "3600"}}]
)
def test_another_deny_that_stops_access_keys_is_enough(condition: Json) -> None:
    other = statement(ALICE, {"BoolIfExists": {PRESENT: "false"}}, Effect="Deny")
    lax = statement(ALICE, {"BoolIfExists": {PRESENT: "true"}})
    assert found(check_mfa, statement(ALICE, condition, Effect="Deny"), other, lax) == ()
    assert len(found(check_mfa, statement(ALICE, condition, Effect="Deny"), lax)) == 2


def test_an_operator_that_a_template_leaves_open_is_not_judged() -> None:
    lax = statement(ALICE, {"BoolIfExists": {PRESENT: "true"}})
    place = ("Statement", 0, "Condition", "BoolIfExists")
    assert found(check_mfa, lax, unknown=[place]) == ()
