"""Laws of effects, order and lists, for requests of any kind.

Each test begins with the id of its law. The laws speak of worlds in which no fact is open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.evaluation.relation import UNDENIABLE
from simulator.simulate import as_request
from tests import questions, strategies, transformations, worlds
from tests.strategies import policy, statements_of
from tests.transformations import each_statement

if TYPE_CHECKING:
    from tests.questions import Ask
    from tests.strategies import World

GRANTING = (
    "identity",
    "boundary",
    "session_policies",
    "scps",
    "resource_policy",
    "endpoint_policies",
)


@given(questions.known_asks())
def test_what_is_known_in_full_is_decided(ask: Ask) -> None:
    assert ask.outcome != "undecided"


@given(questions.additions("Deny"))
def test_a01_a_deny_more_allows_nothing_more(asks: tuple[Ask, Ask, str]) -> None:
    before, after, _ = asks
    assert after.outcome != "allowed" or before.outcome == "allowed"


@given(questions.additions("Allow"))
def test_a02_an_allow_more_denies_nothing_more(asks: tuple[Ask, Ask, str]) -> None:
    before, after, _ = asks
    assert before.outcome != "allowed" or after.outcome == "allowed"


def whole(ask: Ask, layer: str) -> World:
    """Return a statement of a layer about everything and everybody, without its effect."""
    if ask.kind(layer).only_role_actions:
        return {"Principal": {"AWS": "*", "Service": [SERVICE]}, "Action": "sts:*"}
    everything = {"Action": "*", "Resource": "*"}
    named = layer in ("resource_policy", "rcps", "endpoint_policies")
    return {**everything, "Principal": "*"} if named else everything


SERVICE = "cloudtrail.amazonaws.com"


def in_force(ask: Ask) -> list[str]:
    """Return the layers whose documents speak of the caller."""
    evaluation = ask.evaluation
    by_name = {str(layer): bool(evaluation.policies.levels(layer)) for layer in evaluation.verdicts}
    named = ("resource_policy", "rcps", "endpoint_policies")
    elsewhere = as_request(ask.question).other_partition  # EVAL-33x: nobody is named
    return [
        layer
        for layer in ask.layers
        if by_name[ask.name(layer)] and not (elsewhere and layer in named)
    ]


@given(questions.known_asks())
def test_a03_deny_of_everything_in_any_layer_is_an_explicit_deny(ask: Ask) -> None:
    assume(ask.request["action"].lower() not in UNDENIABLE)
    assume(ask.world["caller"].get("service", SERVICE) == SERVICE)
    assume(not ask.is_role or ask.request["action"].lower().startswith("sts:"))
    for layer in in_force(ask):
        outcome, layers = ask.adding(layer, {"Effect": "Deny", **whole(ask, layer)}).said
        assert outcome == "explicitDeny"
        assert ask.name(layer) in layers


@given(questions.known_asks())
def test_a03_nobody_is_kept_from_asking_who_he_is(ask: Ask) -> None:
    for action in ("sts:GetCallerIdentity", "sts:GetSessionToken"):
        assert ask.asking(action=action, resource="*").outcome == "allowed"


@given(questions.known_asks())
def test_a04_without_an_allow_nothing_is_allowed(ask: Ask) -> None:
    assume(":root" not in ask.world["caller"].get("arn", ""))
    assume(ask.request["action"].lower() not in UNDENIABLE)
    after = ask.mapped(each_statement(flipped), "identity", "resource_policy")
    assert after.outcome != "allowed"


def flipped(statement: World) -> World:
    """Return a statement that denies."""
    return {**statement, "Effect": "Deny"}


@given(questions.known_asks())
def test_a05_order_of_statements_documents_and_levels_is_irrelevant(ask: Ask) -> None:
    assert ask.everywhere(transformations.reordered).said == ask.said


@given(questions.known_asks())
def test_a06_duplicates_are_irrelevant(ask: Ask) -> None:
    assert ask.everywhere(transformations.doubled).said == ask.said


@given(questions.known_asks())
def test_a07_several_identity_policies_are_one(ask: Ask) -> None:
    apart = ask.mapped(lambda document: {**document, "Version": "2012-10-17"}, "identity")
    documents = apart.world.get("identity")
    assume(documents)
    merged = policy(*(s for document in documents or () for s in statements_of(document)))
    assert apart.having(identity=[merged]).said == apart.said


@given(questions.known_asks(), st.sampled_from(("Action", "Resource", "Principal")))
def test_a08_a09_a11_a_list_is_as_many_statements(ask: Ask, element: str) -> None:
    assert ask.mapped(transformations.split(element)).said == ask.said


@given(questions.known_asks(), st.sampled_from(("NotAction", "NotResource")))
def test_a10_a_list_of_exceptions_is_less_than_as_many_statements(ask: Ask, element: str) -> None:
    change = transformations.split(element)
    wider = ask.mapped(lambda d: of_effect(d, "Allow", change))
    assert ask.outcome != "allowed" or wider.outcome == "allowed"
    denying = ask.mapped(lambda d: of_effect(d, "Deny", change))
    assert denying.outcome != "allowed" or ask.outcome == "allowed"


def of_effect(document: World, effect: str, change: Any) -> World:  # noqa: ANN401
    """Return a document in which the statements of one effect are changed."""
    found = statements_of(document)
    changed = [
        made
        for statement in found
        for made in (
            change(policy(statement))["Statement"] if statement["Effect"] == effect else [statement]
        )
    ]
    return {**document, "Statement": changed}


@given(questions.known_asks())
def test_a12_a_value_is_a_list_of_one(ask: Ask) -> None:
    assert ask.mapped(each_statement(transformations.in_lists)).said == ask.said


@given(questions.known_asks())
def test_a13_order_of_keys_and_sids_are_irrelevant(ask: Ask) -> None:
    assert ask.mapped(transformations.with_sids).mapped(transformations.backwards).said == ask.said


@given(questions.known_asks(), st.sampled_from(("Action", "Resource")))
def test_a14_a21_what_is_listed_and_the_rest_are_all(ask: Ask, element: str) -> None:
    def both(statement: World) -> list[World]:
        if not statement.get(element) or "${" in str(statement[element]):  # EMPTY-NOT, NOTRES-VAR
            return [statement]
        rest = {k: v for k, v in statement.items() if k != element}
        return [statement, {**rest, f"Not{element}": statement[element]}]

    def every(statement: World) -> list[World]:
        if len(both(statement)) == 1:
            return [statement]
        return [{**statement, element: "*"}]

    layers = [layer for layer in ask.layers if not ask.kind(layer).only_role_actions]
    assume(layers)
    apart, whole_ = (
        ask.mapped(transformations.statements_into(change), *layers) for change in (both, every)
    )
    assert apart.said == whole_.said


@given(questions.known_asks())
def test_a15_letter_case_of_actions_and_keys_is_irrelevant(ask: Ask) -> None:
    context = {key.swapcase(): value for key, value in ask.context.items()}
    swapped = ask.asking(action=ask.request["action"].swapcase())._replace(context=context)
    assert swapped.said == ask.said
    assert ask.mapped(each_statement(transformations.in_other_case)).said == ask.said


@given(questions.known_asks(), st.sampled_from(("Action", "Resource")), st.integers(0, 9))
def test_a16_wildcards_only_add(ask: Ask, element: str, place: int) -> None:
    def change(statement: World) -> World:
        if element not in statement:
            return statement
        found = strategies.listed(statement[element])
        return {**statement, element: [wider(text, place) for text in found]}

    for effect in ("Allow", "Deny"):
        after = ask.mapped(lambda d, e=effect: of_effect(d, e, each_statement(change)))  # type: ignore[misc]
        less, more = (ask, after) if effect == "Allow" else (after, ask)
        assert less.outcome != "allowed" or more.outcome == "allowed"


def wider(text: str, place: int) -> str:
    """Return a pattern in which a character behind the last colon may be any."""
    head, colon, tail = text.rpartition(":")
    if "$" in tail or not tail or "*" in head or text.count(":") not in (1, 5):
        return text
    at = place % len(tail)
    return f"{head}{colon}{tail[:at]}?{tail[at + 1 :]}" if tail[at] != "*" else text


@given(questions.known_asks())
def test_a19_with_every_allow_flipped_nothing_is_allowed(ask: Ask) -> None:
    assume(":root" not in ask.world["caller"].get("arn", ""))
    assume(ask.request["action"].lower() not in UNDENIABLE)
    assert ask.mapped(each_statement(flipped)).outcome != "allowed"


@given(questions.known_asks())
def test_a22_statements_about_other_actions_are_idle(ask: Ask) -> None:
    def change(document: World) -> World:
        found = [s for s in statements_of(document) if worlds.speaks_of(s, ask.request["action"])]
        return {**document, "Statement": found or statements_of(document)}

    assert ask.mapped(change).said == ask.said


@given(questions.additions("Allow"))
def test_a23_an_allow_more_ends_no_explicit_deny(asks: tuple[Ask, Ask, str]) -> None:
    before, after, _ = asks
    assert before.outcome != "explicitDeny" or after.said == before.said


@given(questions.additions("Deny"))
def test_a23_a_deny_more_goes_from_allowed_to_denied_only(asks: tuple[Ask, Ask, str]) -> None:
    before, after, _ = asks
    order = ("allowed", "implicitDeny", "explicitDeny")
    assert order.index(after.outcome) >= order.index(before.outcome)
