"""Laws of the AssumeRole call: its parameters, MFA, chaining, tags and source identity.

Each test begins with the id of its law.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.decision.verdict import Layer
from simulator.evaluation.evaluate import explain_level
from simulator.policy.model import Effect
from tests import strategies
from tests.strategies import (
    ALLOW_ALL,
    HOME,
    Case,
    account_of,
    policy,
    role_arn,
    session_arn,
    statements_of,
    user_arn,
)

if TYPE_CHECKING:
    from tests.strategies import World

ALICE = {"arn": user_arn(HOME, "alice")}
CODE = {"serial_number": f"arn:aws:iam::{HOME}:mfa/alice", "token_code": "123456"}


def trusting(name: str, condition: World | None = None, action: str = "sts:*") -> World:
    statement: World = {"Effect": "Allow", "Principal": {"AWS": name}, "Action": action}
    return policy({**statement, "Condition": condition} if condition else statement)


def open_role(condition: World | None = None, caller: World | None = None) -> Case:
    """Return a call that only a condition of the trust policy can keep from succeeding."""
    role = {"arn": role_arn(HOME, "deploy"), "max_session_duration": 43200}
    trust = trusting("*", condition)
    return Case({"caller": caller or ALICE, "role": role, "trust": trust}, {}, {})


@given(strategies.known_cases(), st.sampled_from(("Ext-42", "other-1")))
def test_e01_an_external_id_that_nobody_asks_for_is_inert(case: Case, value: str) -> None:
    if not case.mentions("sts:ExternalId"):
        assert case.passing(external_id=value).said == case.passing(external_id=None).said


@given(strategies.known_cases(), st.sampled_from(("ci", "alice")))
def test_e01_a_session_name_that_nobody_asks_for_is_inert(case: Case, value: str) -> None:
    if not case.mentions("sts:RoleSessionName"):
        assert case.passing(role_session_name=value).said == case.said


@given(strategies.known_cases())
def test_e01_an_mfa_code_that_nobody_asks_for_is_inert(case: Case) -> None:
    caller = {**case.world["caller"], **ALICE}
    plain = case.having(caller=caller).passing(serial_number=None, token_code=None)
    if not case.mentions("MultiFactorAuth"):
        assert plain.passing(**CODE).said == plain.said


ASKED = ("RequestTag", "TagKeys", "SourceIdentity")


@given(strategies.known_cases())
def test_e02_without_tags_and_source_identity_no_call_is_lost(case: Case) -> None:
    less = case.passing(tags=None, transitive_tag_keys=None, source_identity=None)
    if case.outcome == "allowed" and not case.mentions(*ASKED):
        assert less.outcome == "allowed"


external_ids = st.text("aA1=@:/-", min_size=2, max_size=4)


@given(external_ids, st.none() | external_ids)
def test_e03_the_external_id_must_be_equal(wanted: str, passed: str | None) -> None:
    call = open_role({"StringEquals": {"sts:ExternalId": wanted}})
    for given_id in (passed, wanted, wanted.swapcase()):
        allowed = call.passing(external_id=given_id).outcome == "allowed"
        assert allowed == (given_id == wanted)


@given(strategies.known_cases())
def test_e04_across_accounts_both_sides_name_each_other(case: Case) -> None:
    if case.same_account or case.outcome != "allowed":
        return
    for evaluation in case.answer.evaluations:
        for layer in (Layer.TRUST, Layer.IDENTITY):
            (level,) = evaluation.policies.levels(layer)
            matches = explain_level(evaluation, level)
            assert any(m.applies and m.statement.effect is Effect.ALLOW for m in matches)


@given(strategies.known_cases())
def test_e05_identity_policies_of_a_caller_named_directly_only_deny(case: Case) -> None:
    caller = case.world["caller"]
    if not case.same_account:
        return
    named = case.having(trust=trusting(strategies.own_role(caller)))
    allowing = [
        {**document, "Statement": [{**s, "Effect": "Allow"} for s in statements_of(document)]}
        for document in named.world["identity"]
    ]
    assert named.having(identity=allowing).said == named.having(identity=[]).said
    if named.outcome == "allowed":
        assert named.having(identity=[]).outcome == "allowed"


@given(
    strategies.known_cases(),
    st.sampled_from(((strategies.TAG, "tags"), (strategies.SOURCE, "source"))),
)
def test_e06_what_is_passed_must_be_allowed(case: Case, asked: tuple[str, str]) -> None:
    action, what = asked
    parameters: World = {"tags": {"cost": "1"}} if what == "tags" else {"source_identity": "alice"}
    caller = {k: v for k, v in case.world["caller"].items() if k != "source_identity"}
    call = case.having(caller=caller).passing(transitive_tag_keys=None, **parameters)
    answer = call.answer
    if answer.outcome == "allowed":
        assert action in [evaluation.request.action for evaluation in answer.evaluations]
        assert all(e.decision.outcome == "allowed" for e in answer.evaluations)
        forbidden: World = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": action}
        assert call.adding("trust", forbidden).outcome == "explicitDeny"


MFA_TESTS = (  # CND-50..54: what each statement says of no key, of false and of true
    ("Allow", {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, (False, False, True)),
    ("Allow", {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, (True, False, True)),
    ("Deny", {"Bool": {"aws:MultiFactorAuthPresent": "false"}}, (True, False, True)),
    ("Deny", {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}, (False, False, True)),
    ("Allow", {"Null": {"aws:MultiFactorAuthPresent": "false"}}, (False, True, True)),
)


@given(st.sampled_from(MFA_TESTS), st.sampled_from(("trust", "identity")))
def test_e07_mfa_is_of_the_session_or_of_the_call(
    row: tuple[str, World, tuple[bool, bool, bool]], layer: str
) -> None:
    effect, condition, expected = row
    call = open_role()
    if layer == "identity":
        statement: World = {"Effect": effect, "Action": "*", "Resource": "*"}
        identity = policy({**statement, "Condition": condition})
        allow = [ALLOW_ALL] if effect == "Deny" else []
        call = call.having(trust=trusting(HOME), identity=[identity, *allow])
    elif effect == "Allow":
        call = open_role(condition)
    else:
        denying = {**trusting("*", condition)["Statement"][0], "Effect": "Deny"}
        call = call.adding("trust", denying)
    absent, false, true = (
        call,
        call.having(caller={**ALICE, "credentials": "session_token"}),
        call.having(caller={**ALICE, "credentials": "session_token_with_mfa"}),
    )
    said = [one.outcome == "allowed" for one in (absent, false, true)]
    assert tuple(said) == expected
    assert absent.passing(**CODE).outcome == "allowed"


temporary = st.sampled_from(
    (
        {**ALICE, "credentials": "session_token"},
        {**ALICE, "credentials": "session_token_with_mfa"},
        {"arn": session_arn(HOME, "other", "ci")},
    )
)


@given(st.integers(900, 43200), st.sampled_from((3600, 7200, 43200)), temporary)
def test_e08_a_chained_session_lasts_an_hour_at_most(
    seconds: int, maximum: int, caller: World
) -> None:
    role = {"arn": role_arn(HOME, "deploy"), "max_session_duration": maximum}
    call = open_role().having(role=role).passing(duration_seconds=seconds)
    assert (call.outcome == "allowed") == (seconds <= maximum)
    assert (call.having(caller=caller).outcome == "allowed") == (seconds <= 3600)


@given(strategies.known_cases(), st.sampled_from((":root", ":federated-user/alice")))
def test_e09_root_and_federated_users_never_succeed(case: Case, who: str) -> None:
    service = "iam" if who == ":root" else "sts"
    caller = {"arn": f"arn:aws:{service}::{HOME}{who}"}
    for trust in (case.world["trust"], trusting("*"), trusting(caller["arn"])):
        asked = case.having(caller=caller, trust=trust, identity=[ALLOW_ALL])
        assert asked.outcome == "error"


@given(strategies.known_cases(), st.sampled_from(("", "team/")))
def test_e11_a_role_that_assumes_itself_needs_the_same_trust(case: Case, path: str) -> None:
    own, other = role_arn(HOME, f"{path}deploy"), role_arn(HOME, "robot")
    role = {**case.world["role"], "arn": own, "exists": True}
    tested = case.having(role=role).mapped(without_conditions)

    def as_role(arn: str) -> Case:
        caller = {"arn": session_arn(HOME, arn, "ci"), "role_arn": arn}
        return tested.having(caller=caller)

    assert as_role(own).having(trust=trusting(other)).outcome != "allowed"
    for name in (HOME, "*"):
        said = [as_role(arn).having(trust=trusting(name)).said for arn in (own, other)]
        assert said[0] == said[1]
    named = [as_role(arn).having(trust=trusting(arn)).said for arn in (own, other)]
    assert named[0] == named[1]


def without_conditions(document: World) -> World:
    """Return a document in which no statement has a condition."""
    kept = [{k: v for k, v in s.items() if k != "Condition"} for s in statements_of(document)]
    return {**document, "Statement": kept}


@given(strategies.known_cases(), st.integers(0, 5), st.sampled_from("xyD"))
def test_e12_a_misspelt_role_is_another_role(case: Case, place: int, letter: str) -> None:
    arn = role_arn(HOME, "deploy")
    wrong = "deploy"[:place] + letter + "deploy"[place + 1 :]
    assume(wrong != "deploy")
    call = case.having(
        trust=trusting(account_of(case.world["caller"]["arn"])),
        role={"arn": arn},
        identity=[policy({"Effect": "Allow", "Action": "*", "Resource": role_arn(HOME, wrong)})],
    )
    assert call.outcome != "allowed"
