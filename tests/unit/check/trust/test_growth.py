"""How the work of the rules grows with a statement of many principals, tests and values."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from simulator.check.subject import NOBODYS, subject_of
from simulator.check.trust.table import ROWS
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.findings import Findings
from tests.unit.check.trust.told import GITHUB, HOME, WITH_TOKEN, document_of, statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.check.row import Row
    from simulator.check.subject import Subject
    from tests.unit.check.trust.told import Json

FEW, MANY = 100, 400
"""How many there are; names have the number in them, so that no cache knows them."""
BOTH = {"Action": [WITH_TOKEN, "sts:AssumeRole"]}


def _issuers(count: int, *, same: bool = False) -> list[str]:
    name = GITHUB if same else "x{}-{}.example.com"
    return [
        f"arn:aws:iam::{HOME[:-4]}{at:04}:oidc-provider/{name.format(count, at)}"
        for at in range(count)
    ]


def values_of_one_issuer(count: int) -> Json:
    values = [f"repo:octo{at}*/site:ref:{at}" for at in range(count)]
    return statement(
        {"Federated": _issuers(count, same=True)}, {"StringLike": {f"{GITHUB}:sub": values}}, **BOTH
    )


def claims_of_one_issuer(count: int) -> Json:
    tests = {f"{GITHUB}:claim{count}-{at}": "x" for at in range(count)}
    return statement({"Federated": _issuers(count, same=True)}, {"StringEquals": tests}, **BOTH)


def claims_of_each_issuer(count: int) -> Json:
    tests = {f"x{count}-{at}.example.com:sub": "*" for at in range(count)}
    return statement({"Federated": _issuers(count)}, {"StringLikeIfExists": tests}, **BOTH)


def claims_of_other_issuers(count: int) -> Json:
    tests = {f"y{count}-{at}.example.com:sub": "*" for at in range(count)}
    return statement({"Federated": _issuers(count)}, {"StringLike": tests}, **BOTH)


def tags_without_values(count: int) -> Json:
    tests: Json = {f"aws:PrincipalTag/{count}-{at}": [] for at in range(count)}
    services = [f"x{count}-{at}.amazonaws.com" for at in range(count)]
    return statement({"Service": services, "AWS": f"arn:aws:iam::{HOME}:role/x"}, {"Null": tests})


def sources_of_services(count: int) -> Json:
    services = [f"x{count}-{at}.amazonaws.com" for at in range(count)]
    sources = [f"arn:aws:x:eu-west-1:{HOME}:{at}" for at in range(count)]
    return statement({"Service": services}, {"ArnLike": {"aws:SourceArn": sources}})


def _subject(made: Json) -> Subject:
    return subject_of(build(document_of(made), kinds.TRUST), NOBODYS)


def _work(row: Row, subject: Subject) -> int:
    """Return how many functions are called while a rule looks at a policy."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    findings, before = Findings(subject.document), sys.getprofile()
    sys.setprofile(count)
    try:
        row.rule(findings, subject)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.codes[0])
@pytest.mark.parametrize(
    "made",
    [
        *(values_of_one_issuer, claims_of_one_issuer, claims_of_each_issuer),
        *(claims_of_other_issuers, tags_without_values, sources_of_services),
    ],
)
def test_work_grows_with_the_size_of_a_statement(made: Callable[[int], Json], row: Row) -> None:
    few, many = _subject(made(FEW)), _subject(made(MANY))
    _work(row, _subject(made(1)))  # what is imported and read once
    assert _work(row, many) < 6 * _work(row, few) + 2_000
