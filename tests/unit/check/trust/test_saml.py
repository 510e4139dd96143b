"""For whom assertions were made."""

from __future__ import annotations

import pytest

from simulator.check.trust.saml import check_saml
from simulator.policy.model import UNKNOWN
from tests.unit.check.trust.told import ROOT, SAML, codes, found, statement, told

OKTA, WITH_SAML = {"Federated": SAML}, "sts:AssumeRoleWithSAML"
SIGN_IN = "https://signin.aws.amazon.com/saml"


@pytest.mark.parametrize(
    "condition",
    [None, {"StringEquals": {"SAML:iss": "x"}}, {"Null": {"SAML:aud": "false"}},
     {"StringNotEquals": {"saml:aud": "x"}}],
)  # fmt: skip
def test_assertions_for_any_address(condition: dict[str, object] | None) -> None:
    made = found(check_saml, statement(OKTA, condition, Action=WITH_SAML))
    assert told(made) == [("IAM617", "warning", SAML)]


@pytest.mark.parametrize(
    "address",
    [
        SIGN_IN,
        "https://eu-west-1.signin.aws.amazon.com/saml",
        "https://us-east-1.signin.aws.amazon.com/saml/acs/SAMLSPEXAMPLE",
        "https://*.signin.aws.amazon.com/saml",
        "https://signin.amazonaws.cn/saml",
        "https://signin.amazonaws-us-gov.com/saml",
        f"https://{UNKNOWN}/saml",
        "${aws:PrincipalTag/x}",
    ],
)
def test_addresses_of_aws(address: str) -> None:
    condition = {"StringLike": {"SAML:aud": address}}
    unknown = [("Statement", 0, "Condition", "StringLike", "SAML:aud", 0)]
    made = statement(OKTA, condition, Action=WITH_SAML)
    assert found(check_saml, made, unknown=unknown if UNKNOWN in address else ()) == ()


@pytest.mark.parametrize(
    "address",
    ["urn:amazon:webservices", f"{SIGN_IN}/", "http://signin.aws.amazon.com/saml", "https://a.b/saml"],
)  # fmt: skip
def test_other_addresses(address: str) -> None:
    condition = {"StringEquals": {"SAML:aud": [SIGN_IN, address]}}
    made = found(check_saml, statement(OKTA, condition, Action=WITH_SAML))
    assert told(made) == [("IAM618", "warning", address)]


def test_only_those_who_let_assertions_in_are_asked() -> None:
    assert found(check_saml, statement(OKTA)) == ()  # told as IAM608
    assert found(check_saml, statement(OKTA, Action=WITH_SAML, Effect="Deny")) == ()
    assert found(check_saml, statement(ROOT, Action=WITH_SAML)) == ()
    assert codes(found(check_saml, statement(OKTA, Action="sts:*"))) == ["IAM617 warning"]
