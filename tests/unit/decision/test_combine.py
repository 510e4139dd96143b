"""How the layers combine: the tables of requirements, and that an explicit deny wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.decision.combine import Decision, Outcome, common, decide
from simulator.decision.requirements import (
    DELEGATED,
    ORDINARY,
    OTHER_ACCOUNT,
    UNSIGNED,
    Relation,
    Requirement,
)
from simulator.decision.verdict import Layer, Verdict
from simulator.matcher.principals import Reach

if TYPE_CHECKING:
    from simulator.matcher.truth import Truth

GUARDRAILS = frozenset({Layer.SCP, Layer.ENDPOINT})  # EVAL-6, EVAL-60
LIMITS = GUARDRAILS | {Layer.BOUNDARY, Layer.SESSION}
CALLER = LIMITS | {Layer.IDENTITY}
GRANTORS = (Layer.TRUST, Layer.RESOURCE)


def constant(layer: Layer, *, allows: Truth) -> Verdict:
    """Return the verdict of a layer that says the same of everyone."""
    return Verdict(layer, (allows, allows, allows, allows), denies=False)


def naming(layer: Layer, reach: Reach, truth: Truth = True) -> Verdict:  # noqa: FBT002 - a truth value
    """Return the verdict of a resource's policy that names the caller so strongly at most."""
    _, account, entity, direct = (truth if r <= reach else False for r in Reach)
    return Verdict(layer, (account, account, entity, direct), denies=False)


def verdicts(grantor: Layer, reach: Reach, *silent: Layer, **denies: Truth) -> dict[Layer, Verdict]:
    """Return the verdicts of all layers: those named do not allow, the others do."""
    found = {layer: constant(layer, allows=layer not in silent) for layer in Layer}
    if grantor not in silent:
        found[grantor] = naming(grantor, reach)
    for name, truth in denies.items():
        layer = Layer(name)
        found[layer] = found[layer]._replace(denies=truth)
    return found


# For each way in which the caller is named, which layers besides the resource's policy have to
# allow. RCPs deny only (EVAL-50), and one of the two policies of resources is nobody's.
NEEDED = {
    (Relation.ORDINARY, Reach.NOBODY): CALLER,  # EVAL-10
    (Relation.ORDINARY, Reach.ACCOUNT): CALLER,  # EVAL-10
    (Relation.ORDINARY, Reach.ENTITY): LIMITS,  # EVAL-11
    (Relation.ORDINARY, Reach.DIRECT): GUARDRAILS,  # EVAL-12, EVAL-13
    (Relation.DELEGATED, Reach.ACCOUNT): CALLER,  # EVAL-21
    (Relation.DELEGATED, Reach.ENTITY): LIMITS,  # EVAL-23
    (Relation.DELEGATED, Reach.DIRECT): GUARDRAILS,  # EVAL-22, EVAL-24
    (Relation.OTHER_ACCOUNT, Reach.ACCOUNT): CALLER,  # EVAL-30x
    (Relation.OTHER_ACCOUNT, Reach.ENTITY): CALLER,  # EVAL-31x
    (Relation.OTHER_ACCOUNT, Reach.DIRECT): CALLER,
    (Relation.UNSIGNED, Reach.ACCOUNT): GUARDRAILS,  # EVAL-70
    (Relation.UNSIGNED, Reach.ENTITY): GUARDRAILS,
    (Relation.UNSIGNED, Reach.DIRECT): GUARDRAILS,
}
#: Where the resource's policy has to speak, whatever others say.
GRANTING = (Relation.DELEGATED, Relation.OTHER_ACCOUNT, Relation.UNSIGNED)

each_grantor = pytest.mark.parametrize("grantor", GRANTORS)
each_need = pytest.mark.parametrize(("relation", "reach"), NEEDED)


def test_every_relation_has_a_table() -> None:
    routes = [Requirement(Layer.TRUST, relation).routes for relation in Relation]
    assert routes == [ORDINARY, DELEGATED, OTHER_ACCOUNT, UNSIGNED]
    for table in routes:
        strengths = [route.reach for route in table]
        assert strengths == sorted(strengths, reverse=True)


@pytest.mark.parametrize("layer", Layer)
@each_need
@each_grantor
def test_requirement(grantor: Layer, relation: Relation, reach: Reach, layer: Layer) -> None:
    if layer is grantor:
        return  # it names the caller as the row says: the next test is about its silence
    found = decide(verdicts(grantor, reach, layer), Requirement(grantor, relation))
    needed = layer in NEEDED[relation, reach]
    assert found.outcome is (Outcome.IMPLICIT_DENY if needed else Outcome.ALLOWED)
    assert found.missing == ((layer,) if needed else ())


@pytest.mark.parametrize("relation", GRANTING)
@each_grantor
def test_without_the_resources_policy_nothing_helps(grantor: Layer, relation: Relation) -> None:
    found = decide(verdicts(grantor, Reach.DIRECT, grantor), Requirement(grantor, relation))
    assert (found.outcome, found.missing) == (Outcome.IMPLICIT_DENY, (grantor,))  # EVAL-20
    nobody = decide(verdicts(grantor, Reach.NOBODY), Requirement(grantor, relation))
    assert (nobody.outcome, nobody.missing) == (Outcome.IMPLICIT_DENY, (grantor,))


@each_grantor
def test_an_ordinary_resource_needs_one_side(grantor: Layer) -> None:
    wanted = Requirement(grantor, Relation.ORDINARY)
    assert decide(verdicts(grantor, Reach.DIRECT, grantor), wanted).outcome is Outcome.ALLOWED
    found = decide(verdicts(grantor, Reach.DIRECT, grantor, Layer.IDENTITY), wanted)
    assert (found.outcome, found.missing) == (Outcome.IMPLICIT_DENY, (Layer.IDENTITY,))


@pytest.mark.parametrize("layer", Layer)
@each_need
@each_grantor
def test_an_explicit_deny_wins(
    grantor: Layer, relation: Relation, reach: Reach, layer: Layer
) -> None:
    wanted = Requirement(grantor, relation)
    found = decide(verdicts(grantor, reach, **{layer.value: True}), wanted)
    assert found == Decision(Outcome.EXPLICIT_DENY, denying=(layer,), missing=found.missing)
    if reach is not Reach.NOBODY:
        assert found.missing == ()
    alone = decide(verdicts(grantor, reach, *Layer, **{layer.value: True}), wanted)
    assert alone.outcome is Outcome.EXPLICIT_DENY
    assert (grantor if relation in GRANTING else Layer.IDENTITY) in alone.missing


@pytest.mark.parametrize("layer", Layer)
@pytest.mark.parametrize("relation", Relation)
@each_grantor
def test_a_deny_that_may_apply(grantor: Layer, relation: Relation, layer: Layer) -> None:
    wanted = Requirement(grantor, relation)
    found = decide(verdicts(grantor, Reach.DIRECT, **{layer.value: None}), wanted)
    assert (found.outcome, found.open) == (Outcome.UNDECIDED, (layer,))
    denied = decide(verdicts(grantor, Reach.DIRECT, Layer.SCP, **{layer.value: None}), wanted)
    assert denied.outcome is Outcome.IMPLICIT_DENY


@pytest.mark.parametrize("layer", Layer)
@each_need
@each_grantor
def test_a_layer_that_nobody_knows_matters_only_where_it_is_needed(
    grantor: Layer, relation: Relation, reach: Reach, layer: Layer
) -> None:
    if layer is grantor:
        return
    open_ = verdicts(grantor, reach) | {layer: constant(layer, allows=None)}
    found = decide(open_, Requirement(grantor, relation))
    asked = layer in NEEDED[relation, reach]
    assert found.outcome is (Outcome.UNDECIDED if asked else Outcome.ALLOWED)
    assert found.open == ((layer,) if asked else ())


@pytest.mark.parametrize("relation", Relation)
@each_grantor
def test_a_policy_of_the_resource_that_nobody_knows(grantor: Layer, relation: Relation) -> None:
    wanted = Requirement(grantor, relation)
    unknown = {grantor: constant(grantor, allows=None)}
    found = decide(verdicts(grantor, Reach.DIRECT) | unknown, wanted)
    if relation is Relation.ORDINARY:
        assert found == Decision(Outcome.ALLOWED)
        found = decide(verdicts(grantor, Reach.DIRECT, Layer.IDENTITY) | unknown, wanted)
    assert found == Decision(Outcome.UNDECIDED, open=(grantor,))


@pytest.mark.parametrize(
    ("relation", "outcome"),
    [
        (Relation.ORDINARY, Outcome.UNDECIDED),
        (Relation.DELEGATED, Outcome.UNDECIDED),
        (Relation.OTHER_ACCOUNT, Outcome.IMPLICIT_DENY),
        (Relation.UNSIGNED, Outcome.ALLOWED),
    ],
)
@each_grantor
def test_a_statement_that_may_name_more_strongly(
    grantor: Layer, relation: Relation, outcome: Outcome
) -> None:
    # One statement names the account for sure, another the user himself, if a fact is so.
    unsure = Verdict(grantor, (True, True, None, None), denies=False)
    found = verdicts(grantor, Reach.DIRECT, Layer.IDENTITY) | {grantor: unsure}
    decision = decide(found, Requirement(grantor, relation))
    assert decision.outcome is outcome
    assert decision.open == ((grantor,) if outcome is Outcome.UNDECIDED else ())
    assert decision.missing == ((Layer.IDENTITY,) if outcome is Outcome.IMPLICIT_DENY else ())


def test_what_several_decisions_have_in_common() -> None:
    first = Decision(Outcome.IMPLICIT_DENY, missing=(Layer.IDENTITY, Layer.TRUST))
    other = Decision(Outcome.IMPLICIT_DENY, missing=(Layer.TRUST,))
    assert common([first, other]) == other
    apart = Decision(Outcome.IMPLICIT_DENY, missing=(Layer.IDENTITY,))
    assert common([other, apart]).missing == (Layer.TRUST, Layer.IDENTITY)
