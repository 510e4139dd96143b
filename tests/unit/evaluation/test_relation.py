"""How caller and resource stand to each other."""

from __future__ import annotations

import pytest

from simulator.catalog.doubts import Doubt
from simulator.decision.requirements import ROUTES, Relation
from simulator.decision.verdict import Layer
from simulator.evaluation.relation import grantor, must_grant, relations
from simulator.request.context import RequestContext
from simulator.request.principal import Anonymous, Principal, ServicePrincipal, parse_principal
from simulator.request.request import Request, owner_of

ALICE = parse_principal("arn:aws:iam::111111111111:user/alice")
ROOT = parse_principal("arn:aws:iam::111111111111:root")
QUEUE = "arn:aws:sqs:eu-west-1:111111111111:q"
KEY = "arn:aws:kms:eu-west-1:111111111111:key/k"
ROLE = "arn:aws:iam::111111111111:role/team/r"
ORDINARY, DELEGATED, OTHER, UNSIGNED = Relation


def asked(principal: Principal, action: str, resource: str, said: str | None = None) -> Request:
    """Return a request on a resource, whose owner may be said."""
    owner = owner_of(resource, principal, said)
    return Request(principal, action, resource, RequestContext({}), owner)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (asked(ALICE, "sqs:SendMessage", QUEUE), [ORDINARY]),
        (asked(ALICE, "ec2:DescribeInstances", "*"), [ORDINARY]),
        (asked(ALICE, "iam:GetPolicy", "arn:aws:iam::aws:policy/P"), [ORDINARY]),
        (asked(ALICE, "kms:Decrypt", KEY), [DELEGATED]),  # EVAL-17
        (asked(ALICE, "KMS:Decrypt", KEY), [DELEGATED]),
        (asked(ALICE, "kms:ListAliases", "*"), [ORDINARY]),
        (asked(ALICE, "kms:Decrypt", KEY.replace("key/", "alias/")), [ORDINARY]),
        (asked(ALICE, "sts:AssumeRole", ROLE), [DELEGATED]),
        (asked(ALICE, "iam:PassRole", ROLE), [ORDINARY]),
        (asked(ALICE, "sqs:SendMessage", QUEUE.replace("111111111111", "222222222222")), [OTHER]),
        (asked(ALICE, "sqs:SendMessage", QUEUE.replace("aws", "aws-cn")), [OTHER]),  # EVAL-33x
        (asked(ALICE, "s3:GetObject", "arn:aws:s3:::b/k"), [ORDINARY, OTHER]),
        (asked(ALICE, "s3:GetObject", "arn:aws:s3:::b/k", "111111111111"), [ORDINARY]),
        (asked(ALICE, "s3:GetObject", "arn:aws:s3:::b/k", "222222222222"), [OTHER]),
        (asked(ServicePrincipal("sns.amazonaws.com"), "sqs:SendMessage", QUEUE), [UNSIGNED]),
        (asked(Anonymous(), "s3:GetObject", "arn:aws:s3:::b/k"), [UNSIGNED]),
    ],
)
def test_relations(request_: Request, expected: list[Relation]) -> None:
    assert list(relations(request_)) == expected


def test_the_account_in_an_arn_outdoes_what_is_said() -> None:
    assert owner_of(QUEUE, ALICE, "222222222222") == "111111111111"


def test_whether_root_needs_the_policy_of_a_key_is_a_doubt() -> None:
    opened = frozenset({Doubt.ROOT_TRUST})
    assert relations(asked(ROOT, "kms:Decrypt", KEY)) == (DELEGATED,)
    assert relations(asked(ROOT, "kms:Decrypt", KEY), opened) == (DELEGATED, ORDINARY)
    assert relations(asked(ALICE, "kms:Decrypt", KEY), opened) == (DELEGATED,)


def test_the_policy_of_a_role_is_its_trust_policy() -> None:
    assert grantor(ROLE) is Layer.TRUST
    assert grantor(QUEUE) is grantor("*") is Layer.RESOURCE
    assert grantor(ROLE.replace("arn:aws:", "arn:aws-us-gov:")) is Layer.TRUST
    for other in (
        "arn:aws:s3:::b/x:iam::111111111111:role/z",
        f"{ROLE[:26]}user/a",
        "arn:aws:iam::",
    ):
        assert grantor(other) is Layer.RESOURCE
    assert must_grant(asked(ALICE, "sts:TagSession", ROLE))


def test_every_relation_has_its_routes_from_the_strongest_naming_to_the_weakest() -> None:
    assert len(ROUTES) == len(Relation)
    for routes in ROUTES:
        reaches = [route.reach for route in routes]
        assert reaches == sorted(reaches, reverse=True)
