"""The rows of the rules about whom a policy admits."""

from __future__ import annotations

import json

import pytest

from simulator.check.check import check
from simulator.check.trust.table import ROWS
from simulator.policy import kinds
from simulator.policy.envelope import unwrap
from simulator.source import Source
from tests.unit.check.trust.told import ASSUME, HOME, document_of, statement
from tests.user_cases.cases import CASES, Case


def test_each_code_has_one_row() -> None:
    codes = [code for row in ROWS for code in row.codes]
    assert sorted(codes) == [f"IAM6{number:02}" for number in range(1, 30)]


def test_a_plain_policy_of_a_service_is_shown_to_few_rules() -> None:
    document = document_of(statement({"Service": "ec2.amazonaws.com"}))
    text = document.source.text.lower()
    asked = [
        row.codes
        for row in ROWS
        if (not row.kinds or kinds.TRUST in row.kinds)
        and any(word in text for word in row.words or ("",))
    ]
    assert asked == [("IAM622",), ("IAM629",)]
    assert check(document, kinds.TRUST).diagnostics == ()


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("UC-010", "IAM601"),
        ("UC-072", "IAM609"),
        ("UC-073", "IAM612"),
        ("UC-084", "IAM608"),
        ("UC-112", "IAM623"),
    ],
)
def test_what_surprised_people_is_told(case: str, code: str) -> None:
    (found,) = (each for each in CASES if each["id"] == case)
    document = unwrap(Source(case, found["trust_policy"])).document
    assert code in {each.code for each in check(document, kinds.TRUST).diagnostics}


#: Policies that let somebody in, but for the one that lets everybody in.
GOOD = [
    case
    for case in CASES
    if case["trust_policy"] and case["expected"]["decision"] == "allowed" and case["id"] != "UC-072"
]


@pytest.mark.parametrize("case", GOOD, ids=[case["id"] for case in GOOD])
def test_no_error_is_told_of_a_policy_that_let_somebody_in(case: Case) -> None:
    document = unwrap(Source("trust.json", case["trust_policy"])).document
    ours = [f for f in check(document, kinds.TRUST).diagnostics if f.code.startswith("IAM6")]
    assert [f.code for f in ours if f.severity == "error"] == []


def test_a_long_policy_takes_time_in_proportion() -> None:
    names = [f"arn:aws:iam::{HOME}:user/u{number}" for number in range(2_000)]
    values = [f"repo:octo/r{number}:*" for number in range(2_000)]
    key = "token.actions.githubusercontent.com:sub"
    provider = f"arn:aws:iam::{HOME}:oidc-provider/token.actions.githubusercontent.com"
    document = document_of(
        statement(
            {"AWS": names, "Federated": provider},
            {"StringLike": {key: values, "aws:PrincipalArn": names}},
            Action=[ASSUME, "sts:AssumeRoleWithWebIdentity"] * 100,
        )
    )
    assert len(json.dumps(document.value)) > 200_000
    told = check(document, kinds.TRUST).diagnostics
    assert {each.code for each in told} >= {"IAM612"}
