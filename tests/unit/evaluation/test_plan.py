"""A decision looks at the statements that can match, and at no others: counted, not timed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks import workload
from benchmarks.scaling import padded
from simulator.decision.verdict import Layer
from simulator.evaluation.evaluate import evaluate
from simulator.evaluation.policies import NO_GRANT, NO_LIMIT, Policies
from simulator.evaluation.quick import outcome_of
from simulator.policy import kinds
from simulator.request.context import RequestContext
from simulator.request.principal import parse_principal
from simulator.request.request import Request
from tests import worlds

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.matcher.statement import CompiledStatement
    from simulator.matcher.truth import Truth

ALICE = "arn:aws:iam::111111111111:user/alice"


def statements(policies: Policies) -> list[CompiledStatement]:
    """Return the statements of all layers."""
    return [s for layer in Layer for c in policies.documents(layer) for s in c.statements]


class Counted:
    """The policies of the workload, with every look at a statement's conditions counted."""

    def __init__(self, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.given = padded(workload.read(), times)
        self.policies = workload.policies(self.given)
        self.looks = 0
        for statement in statements(self.policies):
            monkeypatch.setattr(statement, "_holds", self._counting(statement.holds))

    def _counting(self, holds: Callable[[Request], Truth]) -> Callable[[Request], Truth]:
        def counted(request: Request) -> Truth:
            self.looks += 1
            return holds(request)

        return counted

    def decide(self) -> int:
        """Decide all requests; return how many looks that took."""
        for request, outcome in workload.requests(self.given):
            assert outcome_of(request, self.policies) == outcome
        return self.looks


def test_unrelated_statements_cost_no_look(monkeypatch: pytest.MonkeyPatch) -> None:
    alone, among_others = (Counted(times, monkeypatch).decide() for times in (1, 20))
    assert 0 < alone == among_others


def test_what_is_never_asked_is_never_compiled() -> None:
    policies = workload.policies(workload.read())
    for request, _ in workload.requests(workload.read()):
        outcome_of(request, policies)
    compiled = [s for s in statements(policies) if s.is_compiled]
    assert {str(s.statement.sid) for s in compiled} >= {"AssumeOps", "OperatorsWithMfa"}
    assert not [s for s in compiled if not s.speaks_of("sts:assumerole")]


def request(action: str) -> Request:
    """Return a request of a user on nothing in particular."""
    return Request(parse_principal(ALICE), action, "*", RequestContext({}), "111111111111")


def test_a_plan_serves_every_request_of_its_action() -> None:
    policies = Policies({})
    assert policies.plan("s3:GetObject") is policies.plan("s3:GetObject")
    assert policies.plan("s3:GetObject") is not policies.plan("s3:PutObject")


def test_plans_are_not_kept_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.evaluation.policies._MOST_PLANS", 10)
    policies = Policies({})
    first = policies.plan("s3:GetObject")
    for number in range(10):
        policies.plan(f"s3:Get{number}")
    assert policies.plan("s3:GetObject") is not first


def test_a_layer_that_is_not_given_grants_or_limits_nothing() -> None:
    policies = Policies({})
    assert policies.levels(Layer.IDENTITY) == NO_GRANT
    assert policies.levels(Layer.BOUNDARY) == NO_LIMIT
    assert outcome_of(request("s3:GetObject"), policies) == "implicitDeny"


def test_replacing_a_layer_leaves_the_others_and_the_original() -> None:
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    level = (worlds.compiled({"Version": "2012-10-17", "Statement": allow}, kinds.IDENTITY),)
    before = Policies({Layer.IDENTITY: (level,)})
    after = before.having({Layer.SCP: NO_GRANT})
    assert outcome_of(request("s3:GetObject"), before) == "allowed"
    assert outcome_of(request("s3:GetObject"), after) == "implicitDeny"
    assert after.levels(Layer.IDENTITY) == (level,)


ALLOW_ALICE = {"Effect": "Allow", "Principal": {"AWS": ALICE}, "Action": "*", "Resource": "*"}
ROLE = "arn:aws:iam::111111111111:role/r"
BUCKET = "arn:aws:s3:::b/k"


@pytest.mark.parametrize("layer", [Layer.TRUST, Layer.RESOURCE])
@pytest.mark.parametrize("documents", ["one", "none", "unknown"])
@pytest.mark.parametrize(
    ("action", "resource"), [("sts:AssumeRole", ROLE), ("iam:GetRole", ROLE), ("s3:Get", BUCKET)]
)
def test_the_quick_way_asks_the_same_policy_of_the_resource(
    layer: Layer, documents: str, action: str, resource: str
) -> None:
    document = {"Version": "2012-10-17", "Statement": ALLOW_ALICE}
    levels = {"one": ((worlds.compiled(document, kinds.RESOURCE),),), "none": (), "unknown": None}
    policies = Policies({layer: levels[documents]})
    asked = request(action)._replace(resource=resource)
    assert outcome_of(asked, policies) is evaluate(asked, policies).decision.outcome
