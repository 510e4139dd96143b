"""How the layers combine: the table of requirements, and that an explicit deny wins."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from simulator.decision.combine import Outcome, decide
from simulator.decision.verdict import Applies, Layer, Verdict, constant, judge
from simulator.matcher.principals import Reach

if TYPE_CHECKING:
    from simulator.matcher.truth import Truth

LIMITS = (Layer.SCP, Layer.RCP, Layer.BOUNDARY, Layer.SESSION)
TRUTHS: tuple[Truth, ...] = (False, None, True)


def trust(reach: Reach, truth: Truth = True) -> Verdict:  # noqa: FBT002 - a truth value
    """Return the verdict of a trust policy that names the caller so strongly at most."""
    nobody, account, entity, direct = (truth if r <= reach else False for r in Reach)
    return Verdict(Layer.TRUST, (nobody, account, entity, direct), denies=False)


def verdicts(reach: Reach, *silent: Layer, **denies: Truth) -> dict[Layer, Verdict]:
    """Return the verdicts of all layers: those named do not allow, the others do."""
    found = {layer: constant(layer, allows=layer not in silent) for layer in Layer}
    if Layer.TRUST not in silent:
        found[Layer.TRUST] = trust(reach)
    for name, truth in denies.items():
        layer = Layer(name)
        found[layer] = found[layer]._replace(denies=truth)
    return found


# For each way in which the caller is named, which layers besides the trust policy have to allow.
NEEDED = {
    (True, Reach.ACCOUNT): {Layer.IDENTITY, *LIMITS},  # EVAL-21
    (True, Reach.ENTITY): set(LIMITS),  # EVAL-23
    (True, Reach.DIRECT): {Layer.SCP, Layer.RCP},  # EVAL-22, EVAL-24
    (False, Reach.ACCOUNT): {Layer.IDENTITY, *LIMITS},  # EVAL-30x
    (False, Reach.ENTITY): {Layer.IDENTITY, *LIMITS},  # EVAL-31x
    (False, Reach.DIRECT): {Layer.IDENTITY, *LIMITS},
}


@pytest.mark.parametrize("layer", [layer for layer in Layer if layer is not Layer.TRUST])
@pytest.mark.parametrize(("same_account", "reach"), NEEDED)
def test_requirement(same_account: bool, reach: Reach, layer: Layer) -> None:  # noqa: FBT001 - a row
    found = decide(verdicts(reach, layer), same_account=same_account)
    needed = layer in NEEDED[same_account, reach]
    assert found.outcome is (Outcome.IMPLICIT_DENY if needed else Outcome.ALLOWED)
    assert found.missing == ((layer,) if needed else ())


@pytest.mark.parametrize("same_account", [True, False])
def test_without_the_trust_policy_nothing_helps(*, same_account: bool) -> None:
    found = decide(verdicts(Reach.DIRECT, Layer.TRUST), same_account=same_account)
    assert (found.outcome, found.missing) == (Outcome.IMPLICIT_DENY, (Layer.TRUST,))  # EVAL-20


@pytest.mark.parametrize("layer", Layer)
@pytest.mark.parametrize(("same_account", "reach"), NEEDED)
def test_an_explicit_deny_wins(same_account: bool, reach: Reach, layer: Layer) -> None:  # noqa: FBT001
    found = decide(verdicts(reach, **{layer.value: True}), same_account=same_account)
    assert (found.outcome, found.denying) == (Outcome.EXPLICIT_DENY, (layer,))
    alone = decide(verdicts(reach, *Layer, **{layer.value: True}), same_account=same_account)
    assert alone.outcome is Outcome.EXPLICIT_DENY
    assert Layer.TRUST in alone.missing


@pytest.mark.parametrize("layer", Layer)
def test_a_deny_that_may_apply(layer: Layer) -> None:
    found = decide(verdicts(Reach.DIRECT, **{layer.value: None}), same_account=True)
    assert (found.outcome, found.open) == (Outcome.UNDECIDED, (layer,))
    denied = decide(verdicts(Reach.DIRECT, Layer.SCP, **{layer.value: None}), same_account=True)
    assert denied.outcome is Outcome.IMPLICIT_DENY


def test_unknown_identity_policies_matter_only_where_they_are_needed() -> None:
    for (same_account, reach), needed in NEEDED.items():
        open_ = verdicts(reach) | {Layer.IDENTITY: constant(Layer.IDENTITY, allows=None)}
        found = decide(open_, same_account=same_account)
        asked = Layer.IDENTITY in needed
        assert found.outcome is (Outcome.UNDECIDED if asked else Outcome.ALLOWED)
        assert found.open == ((Layer.IDENTITY,) if asked else ())


def test_a_statement_that_may_name_more_strongly() -> None:
    # One statement names the account for sure, another the user himself, if a fact is so.
    unsure = Verdict(Layer.TRUST, (True, True, None, None), denies=False)
    found = verdicts(Reach.DIRECT, Layer.IDENTITY) | {Layer.TRUST: unsure}
    assert decide(found, same_account=True).outcome is Outcome.UNDECIDED
    assert decide(found, same_account=False).outcome is Outcome.IMPLICIT_DENY


def test_policies_of_a_level_unite_and_levels_intersect() -> None:
    for truths in product(TRUTHS, repeat=4):
        statements = [Applies(allows=True, truth=truth, reach=Reach.DIRECT) for truth in truths]
        found = judge(Layer.SCP, [statements[:2], statements[2:]])
        ranks = [TRUTHS.index(truth) for truth in truths]
        expected = min(max(ranks[:2]), max(ranks[2:]))
        assert found.grants() is TRUTHS[expected]  # EVAL-41


def test_one_deny_on_any_level_denies() -> None:
    allow = Applies(allows=True, truth=True, reach=Reach.DIRECT)
    deny = Applies(allows=False, truth=True, reach=Reach.ACCOUNT)
    assert judge(Layer.SCP, [[allow], [allow, deny]]).denies is True
    assert judge(Layer.SCP, [[allow], [allow]]).denies is False
    assert judge(Layer.SCP, [[allow], []]).grants() is False


def test_reach_of_a_verdict() -> None:
    found = judge(Layer.TRUST, [[Applies(allows=True, truth=True, reach=Reach.ENTITY)]])
    assert found.allows == (True, True, True, False)
