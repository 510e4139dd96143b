"""What the statements of a layer come to: its verdict, in full and by the quick way."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from simulator.decision.verdict import Layer, Verdict
from simulator.evaluation.evaluate import evaluate
from simulator.evaluation.policies import NO_GRANT, NO_LIMIT, Policies
from simulator.evaluation.quick import outcome_of
from simulator.policy import kinds
from simulator.request.context import RequestContext
from simulator.request.principal import RoleSession, parse_principal
from simulator.request.request import Request
from tests.worlds import arn, compiled

if TYPE_CHECKING:
    from simulator.evaluation.policies import Levels
    from simulator.matcher.truth import Truth

TRUTHS: tuple[Truth, ...] = (False, None, True)
ACCOUNT = "111111111111"
CI = f"arn:aws:iam::{ACCOUNT}:role/ci"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/ci/build"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/R"
CONDITIONS: dict[Truth, Any] = {
    False: {"StringEquals": {"aws:SourceIdentity": "x"}},
    None: {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    True: {},
}


def statement(effect: str, truth: Truth = True, **more: object) -> dict[str, Any]:  # noqa: FBT002
    """Return a statement that applies, that does not, or of which nobody knows."""
    made = {"Effect": effect, "Action": "*", "Condition": CONDITIONS[truth], **more}
    return made if "Principal" in more else {"Resource": "*", **made}


def document(kind: kinds.PolicyKind, *statements: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return a policy ready for matching."""
    return compiled({"Version": "2012-10-17", "Statement": list(statements)}, kind)


def verdict(layer: Layer, levels: Levels | None) -> Verdict:
    """Return the verdict of a layer; the quick way comes to the same."""
    caller = RoleSession(arn(SESSION), arn(CI))
    context = RequestContext({}, unknown=["aws:SourceIp"])
    resource = "arn:aws:s3:::bucket" if layer is Layer.RESOURCE else ROLE
    request = Request(caller, "sts:AssumeRole", resource, context, ACCOUNT)
    policies = Policies({layer: levels})
    found = evaluate(request, policies)
    assert outcome_of(request, policies) is found.decision.outcome
    return found.verdicts[layer]


def test_policies_of_a_level_unite_and_levels_intersect() -> None:
    for truths in product(TRUTHS, repeat=4):
        each = [document(kinds.SCP, statement("Allow", truth)) for truth in truths]
        found = verdict(Layer.SCP, (tuple(each[:2]), tuple(each[2:])))
        ranks = [TRUTHS.index(truth) for truth in truths]
        expected = min(max(ranks[:2]), max(ranks[2:]))
        assert found.grants() is TRUTHS[expected]  # EVAL-41, POL-24


def test_statements_of_a_policy_unite() -> None:
    for truths in product(TRUTHS, repeat=3):
        for effect in ("Allow", "Deny"):
            one = document(kinds.SCP, *(statement(effect, truth) for truth in truths))
            found = verdict(Layer.SCP, ((one,),))
            expected = TRUTHS[max(TRUTHS.index(truth) for truth in truths)]
            said = found.grants() if effect == "Allow" else found.denies
            assert said is expected


def test_one_deny_on_any_level_denies() -> None:
    allow = document(kinds.SCP, statement("Allow"))
    deny = document(kinds.SCP, statement("Deny"))
    assert verdict(Layer.SCP, ((allow,), (allow, deny))).denies is True
    assert verdict(Layer.SCP, ((allow,), (allow,))).denies is False
    assert verdict(Layer.SCP, ((allow,), ())).grants() is False
    unsure = document(kinds.SCP, statement("Deny", None))
    assert verdict(Layer.SCP, ((allow, unsure), (allow,))).denies is None
    assert verdict(Layer.SCP, ((allow, unsure), (allow, deny))).denies is True


@pytest.mark.parametrize(
    ("name", "allows"),
    [
        ("222222222222", (False, False, False, False)),
        (ACCOUNT, (True, True, False, False)),
        (CI, (True, True, True, False)),
        (SESSION, (True, True, True, True)),
        ("*", (True, True, True, True)),
    ],
)
def test_reach_of_a_verdict(name: str, allows: tuple[Truth, Truth, Truth, Truth]) -> None:
    trust = statement("Allow", Principal={"AWS": name}, Action="sts:*")
    found = verdict(Layer.TRUST, ((document(kinds.TRUST, trust),),))
    assert found.allows == allows
    deny = document(kinds.TRUST, {**trust, "Effect": "Deny"})
    assert verdict(Layer.TRUST, ((deny,),)).denies is allows[1]  # TRU-5: however it is named


def test_the_strongest_of_several_statements() -> None:
    weak = statement("Allow", Principal={"AWS": ACCOUNT}, Action="sts:*")
    strong = statement("Allow", None, Principal={"AWS": [SESSION, CI]}, Action="sts:*")
    found = verdict(Layer.TRUST, ((document(kinds.TRUST, weak, strong),),))
    assert found.allows == (True, True, None, None)


def test_rcps_deny_only() -> None:
    deny = statement("Deny", None, Principal="*", Resource="*")
    found = verdict(Layer.RCP, ((document(kinds.RCP, deny),),))
    assert found == Verdict(Layer.RCP, (True, True, True, True), denies=None)  # EVAL-50


GRANTS = (Layer.TRUST, Layer.RESOURCE, Layer.IDENTITY)


@pytest.mark.parametrize("layer", Layer)
def test_a_layer_without_documents(layer: Layer) -> None:
    silent = verdict(layer, NO_GRANT)
    assert (silent.grants(), silent.denies) == (layer is Layer.RCP, False)  # EVAL-1
    if layer not in GRANTS:
        limits = verdict(layer, NO_LIMIT)
        assert (limits.grants(), limits.denies) == (True, False)  # EVAL-6
    unknown = Verdict(layer, (None, None, None, None), denies=False)
    assert verdict(layer, None) == unknown


@pytest.mark.parametrize("layer", Layer)
def test_a_layer_that_is_not_given(layer: Layer) -> None:
    request = Request(parse_principal(SESSION), "a:B", ROLE, RequestContext({}), ACCOUNT)
    found = evaluate(request, Policies({})).verdicts[layer]
    assert (found.grants(), found.denies) == (layer not in GRANTS, False)


def test_statements_of_other_actions_say_nothing() -> None:
    only = document(kinds.SCP, statement("Allow", Action="s3:*"), statement("Deny", Action="iam:*"))
    found = verdict(Layer.SCP, ((only,),))
    assert (found.grants(), found.denies) == (False, False)
