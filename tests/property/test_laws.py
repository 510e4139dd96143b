"""Laws of effects, order and lists: what must hold whatever the documents say.

Each test begins with the id of its law. The laws speak of worlds in which no fact is open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.decision.verdict import Layer
from simulator.evaluation.evaluate import explain_level
from simulator.policy import kinds
from tests import strategies, worlds
from tests.strategies import policy, statements_of
from tests.transformations import (
    backwards,
    doubled,
    each_statement,
    in_lists,
    in_other_case,
    reordered,
    split,
    with_sids,
)

if TYPE_CHECKING:
    from tests.strategies import Case, World

EVERYTHING: World = {"Action": "*", "Resource": "*"}
TRUSTED: World = {"Principal": {"AWS": "*"}, "Action": "sts:*"}
OF_EVERYONE: World = {**EVERYTHING, "Principal": "*"}
#: Of each layer a statement about everything, without its effect.
WHOLE: dict[str, World] = dict.fromkeys(strategies.LAYERS, EVERYTHING) | {
    "trust": TRUSTED,
    "rcps": OF_EVERYONE,
}
SHORT_NAMES = {"session_policies": "session", "scps": "scp", "rcps": "rcp"}


@st.composite
def additions(draw: st.DrawFn, effect: str) -> tuple[Case, Case, str]:
    """Return a case, the case with a statement more, and the layer in which it is."""
    case = draw(strategies.known_cases())
    there = [layer for layer in strategies.LAYERS if case.world.get(layer)]
    granting = [layer for layer in there if layer != "rcps" or effect == "Deny"]
    layer = draw(st.sampled_from([*granting, "identity"]))
    caller, role = case.world["caller"], case.world["role"]["arn"]
    drawn = draw(strategies.statements(SHORT_NAMES.get(layer, layer), caller, role))
    return case, case.adding(layer, {**drawn, "Effect": effect}), layer


@given(additions("Deny"))
def test_a01_a_deny_more_allows_nothing_more(cases: tuple[Case, Case, str]) -> None:
    before, after, _ = cases
    assert after.outcome != "allowed" or before.outcome == "allowed"


@given(additions("Allow"))
def test_a02_an_allow_more_denies_nothing_more(cases: tuple[Case, Case, str]) -> None:
    before, after, _ = cases
    assert before.outcome != "allowed" or after.outcome == "allowed"


@given(strategies.known_cases())
def test_a03_deny_of_everything_in_any_layer_is_an_explicit_deny(case: Case) -> None:
    assume(case.answer.decisive)  # else STS refuses the caller before it looks at a policy
    for layer in strategies.LAYERS:
        if layer in ("identity", "rcps") or case.world.get(layer):
            outcome, layers = case.adding(layer, {"Effect": "Deny", **WHOLE[layer]}).said
            assert outcome == "explicitDeny"
            assert SHORT_NAMES.get(layer, layer) in layers


@given(strategies.known_cases())
def test_a04_without_an_allow_nothing_is_allowed(case: Case) -> None:
    def without(document: World) -> World:
        return {**document, "Statement": [{**s, "Effect": "Deny"} for s in statements_of(document)]}

    # A trust policy must allow in any case; across accounts identity policies as well.
    assert case.mapped(without, "trust").outcome != "allowed"
    assert case.same_account or case.mapped(without, "identity").outcome != "allowed"


@given(strategies.known_cases())
def test_a05_order_of_statements_documents_and_levels_is_irrelevant(case: Case) -> None:
    after = case.having(**{layer: reordered(case.world.get(layer)) for layer in strategies.LAYERS})
    assert after.said == case.said


@given(strategies.known_cases())
def test_a06_duplicates_are_irrelevant(case: Case) -> None:
    after = case.having(**{layer: doubled(case.world.get(layer)) for layer in strategies.LAYERS})
    assert after.said == case.said


@given(strategies.known_cases())
def test_a07_several_identity_policies_are_one(case: Case) -> None:
    apart = case.mapped(lambda document: {**document, "Version": "2012-10-17"}, "identity")
    documents = apart.world["identity"]
    assume(documents)
    merged = policy(*(s for document in documents for s in statements_of(document)))
    assert apart.having(identity=[merged]).said == apart.said


@given(strategies.known_cases())
def test_a08_a_list_of_actions_is_as_many_statements(case: Case) -> None:
    assert case.mapped(split("Action")).said == case.said


@given(strategies.known_cases())
def test_a09_a_list_of_resources_is_as_many_statements(case: Case) -> None:
    assert case.mapped(split("Resource")).said == case.said


@given(strategies.known_cases())
def test_a11_a_list_of_principals_is_as_many_statements(case: Case) -> None:
    assert case.mapped(split("Principal")).said == case.said


@given(strategies.known_cases())
def test_a12_a_value_is_a_list_of_one(case: Case) -> None:
    after = case.mapped(each_statement(in_lists))
    assert after.said == case.said


@given(strategies.known_cases())
def test_a13_order_of_keys_and_sids_are_irrelevant(case: Case) -> None:
    assert case.mapped(with_sids).mapped(backwards).said == case.said


@st.composite
def single(draw: st.DrawFn, element: str) -> tuple[Case, World]:
    """Return a case and a statement of an identity policy in which an element is not negated."""
    case = draw(strategies.known_cases())
    caller, role = case.world["caller"], case.world["role"]["arn"]
    statement = draw(strategies.statements("identity", caller, role))
    assume(element in statement)
    assume(case.answer.decisive)
    return case, statement


def applies(case: Case, statement: World) -> bool:
    """Whether a statement of an identity policy applies to the AssumeRole request of a case."""
    evaluation = case.answer.evaluations[0]
    compiled = worlds.compiled(policy(statement), kinds.IDENTITY)
    (match,) = explain_level(evaluation, (compiled,))
    assert match.applies is not None
    return match.applies


@given(single("Action"))
def test_a14_either_action_or_not_action(drawn: tuple[Case, World]) -> None:
    case, statement = drawn
    rest = {k: v for k, v in statement.items() if k != "Action"}
    both = [applies(case, {**rest, form: statement["Action"]}) for form in ("Action", "NotAction")]
    assert sum(both) == applies(case, {**rest, "Action": "*"})


@given(single("Resource"))
def test_a21_either_resource_or_not_resource(drawn: tuple[Case, World]) -> None:
    case, statement = drawn
    assume("${" not in str(statement["Resource"]))  # NOTRES-VAR
    rest = {k: v for k, v in statement.items() if k != "Resource"}
    forms = ("Resource", "NotResource")
    both = [applies(case, {**rest, form: statement["Resource"]}) for form in forms]
    assert sum(both) == applies(case, {**rest, "Resource": "*"})


@given(strategies.known_cases())
def test_a15_letter_case_of_actions_and_keys_is_irrelevant(case: Case) -> None:
    after = case.mapped(each_statement(in_other_case))
    context = {key.swapcase(): value for key, value in case.context.items()}
    assert after._replace(context=context).said == case.said


@given(strategies.known_cases())
def test_a19_with_every_allow_flipped_nothing_is_allowed(case: Case) -> None:
    after = case.mapped(
        lambda d: {**d, "Statement": [{**s, "Effect": "Deny"} for s in statements_of(d)]}
    )
    assert after.outcome != "allowed"


@given(strategies.known_cases())
def test_a20_identity_policies_are_the_pairs_that_they_allow(case: Case) -> None:
    assume(case.answer.decisive)
    answer = case.answer
    resource = case.world["role"]["arn"]
    pairs = [
        {"Effect": "Allow", "Action": evaluation.request.action, "Resource": resource}
        for evaluation in answer.evaluations
        if evaluation.verdicts[Layer.IDENTITY].grants()
    ]
    denies = [
        {"Effect": "Deny", "Action": evaluation.request.action, "Resource": resource}
        for evaluation in answer.evaluations
        if evaluation.verdicts[Layer.IDENTITY].denies
    ]
    after = case.having(identity=[policy(*pairs, *denies)] if pairs or denies else [])
    assert after.said == case.said


@given(strategies.known_cases())
def test_a22_statements_about_other_actions_are_idle(case: Case) -> None:
    answer = case.answer
    assume(answer.decisive)

    def change(document: World) -> World:
        kept = [
            s
            for s in statements_of(document)
            if any(worlds.speaks_of(s, action) for action in strategies.ACTIONS)
        ]
        return {**document, "Statement": kept or statements_of(document)}

    assert case.mapped(change).said == case.said


@given(additions("Allow"))
def test_a23_an_allow_more_ends_no_explicit_deny(cases: tuple[Case, Case, str]) -> None:
    before, after, _ = cases
    assert before.outcome != "explicitDeny" or after.said == before.said


@given(additions("Deny"))
def test_a23_a_deny_more_goes_from_allowed_to_denied_only(cases: tuple[Case, Case, str]) -> None:
    before, after, _ = cases
    order = ("allowed", "error", "implicitDeny", "explicitDeny")
    assert order.index(after.outcome) >= order.index(before.outcome)


@given(strategies.known_cases())
def test_f03_without_the_deny_statements_the_explicit_deny_ends(case: Case) -> None:
    def change(document: World) -> World:
        kept = [s for s in statements_of(document) if s["Effect"] == "Allow"]
        idle = {"Effect": "Deny", "Action": "sts:GetSessionToken", "Resource": "*"}
        return {**document, "Statement": kept or [idle]}

    def of_trust(document: World) -> World:
        kept = [s for s in statements_of(document) if s["Effect"] == "Allow"]
        service = {"Service": "ec2.amazonaws.com"}
        idle = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": service}
        return {**document, "Statement": kept or [idle]}

    after = case.mapped(change, "identity", "boundary", "session_policies", "scps")
    assert after.mapped(of_trust, "trust").having(rcps=[]).outcome != "explicitDeny"
