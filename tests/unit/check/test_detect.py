"""The kind of a policy, told from nothing but the policy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulator.check.detect import kind_of
from simulator.policy import kinds
from simulator.policy.envelope import unwrap
from simulator.source import Source

if TYPE_CHECKING:
    from simulator.policy.kinds import PolicyKind

EVERYONE: dict[str, Any] = {"Principal": "*"}
ALICE: dict[str, Any] = {"Principal": {"AWS": "111111111111"}}
ASSUME: dict[str, Any] = {"Action": "sts:AssumeRole"}
ALL: dict[str, Any] = {"Resource": "*"}
CASES: list[tuple[PolicyKind, list[Any]]] = [
    (kinds.IDENTITY, [{"Action": "s3:GetObject"} | ALL]),
    (kinds.IDENTITY, [{"Action": "*"} | ALL]),
    (kinds.IDENTITY, [ASSUME | {"Resource": "arn:aws:iam::222222222222:role/deploy"}]),
    (kinds.IDENTITY, []),
    (kinds.IDENTITY, ["nonsense", 7]),
    (kinds.TRUST, [ALICE | ASSUME]),
    (kinds.TRUST, [ALICE | ASSUME | ALL]),  # POL-14: AWS refuses it, and says why
    (kinds.TRUST, [ASSUME]),  # the principal was forgotten
    (kinds.TRUST, [ALICE | {"Action": ["sts:AssumeRole", "STS:TagSession"]}]),
    (kinds.TRUST, [ALICE | {"Action": "*"}]),
    (kinds.TRUST, [ALICE | {"NotAction": "sts:AssumeRole"}]),
    (kinds.RESOURCE, [ALICE | {"Action": "ecr:BatchGetImage"}]),  # which has no resource
    (kinds.RESOURCE, [EVERYONE | {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]),
    (kinds.RESOURCE, [ALICE | ASSUME, ALICE | {"Action": "s3:GetObject"} | ALL]),
    (kinds.RESOURCE, [{"NotPrincipal": {"AWS": "111111111111"}, "Action": "sqs:*"} | ALL]),
    (kinds.RCP, [{"Effect": "Deny", "Action": "s3:*"} | EVERYONE | ALL]),
    (kinds.RCP, [{"Effect": "Deny"} | ASSUME | EVERYONE | {"Resource": ["*"]}]),
    (kinds.RESOURCE, [{"Effect": "Allow", "Action": "sqs:*"} | EVERYONE | ALL]),
]


@pytest.mark.parametrize(("kind", "statements"), CASES)
def test_the_elements_tell(kind: PolicyKind, statements: list[Any]) -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    assert kind_of(unwrap(Source("p.json", text)).document) is kind


def test_one_statement_needs_no_list() -> None:
    text = json.dumps({"Statement": ALICE | ASSUME})
    assert kind_of(unwrap(Source("p.json", text)).document) is kinds.TRUST


def test_what_get_role_prints_is_a_trust_policy_whatever_is_in_it() -> None:
    text = json.dumps({"Role": {"AssumeRolePolicyDocument": {"Statement": []}}})
    assert kind_of(unwrap(Source("p.json", text)).document) is kinds.TRUST
