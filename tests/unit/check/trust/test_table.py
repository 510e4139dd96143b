"""The rows of the rules about whom a policy admits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.check.check import check
from simulator.check.subject import NOBODYS, subject_of
from simulator.check.trust.table import ROWS
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.envelope import unwrap
from simulator.policy.findings import Findings
from simulator.source import Source
from tests import counting
from tests.unit.check.trust.told import ASSUME, GITHUB, HOME, document_of, provider, statement
from tests.user_cases.cases import CASES, Case

if TYPE_CHECKING:
    from simulator.policy.model import Document
    from tests.unit.check.trust.told import Json


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


@pytest.mark.parametrize("key", ["aws:PrincipalArn", "aws:MultiFactorAuthPresent", f"{GITHUB}:sub"])
def test_a_long_policy_takes_work_in_proportion(key: str) -> None:
    few, many = (calls(document_of(long(size, key))) for size in (500, 1_000))
    assert many < 2.5 * few


def long(size: int, key: str) -> Json:
    names = [f"arn:aws:iam::{HOME}:user/u{number}" for number in range(size)]
    values = [f"repo:octo/r{number}:*" for number in range(size)]
    actions = [ASSUME, "sts:AssumeRoleWithWebIdentity"] * (size // 10)
    principal = {"AWS": names, **provider(GITHUB)}
    return statement(principal, {"StringLike": {key: values}}, Action=actions)


def calls(document: Document) -> int:
    """Return how many functions the rules call for a trust policy: work, on whatever machine."""
    policy = build(document, kinds.TRUST)

    def work() -> None:
        for row in ROWS:
            row.rule(Findings(document), subject_of(policy, NOBODYS))

    return counting.calls(work)
