"""Laws of principals and of layers of policies: who is named, and what else must allow.

Each test begins with the id of its law. The laws speak of worlds in which no fact is open.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from tests import strategies
from tests.strategies import (
    ALLOW_ALL,
    AWAY,
    HOME,
    account_of,
    listed,
    policy,
    role_arn,
    session_arn,
    statements_of,
    user_arn,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.strategies import Case, World

LIMITS = ("boundary", "session_policies", "scps", "rcps")
DENYING = {"Effect": "Deny", "Action": "*", "Resource": "*"}


def root_arn(account: str) -> str:
    return f"arn:aws:iam::{account}:root"


def trusting(*names: str) -> World:
    """Return a trust policy that lets some callers do everything."""
    return policy({"Effect": "Allow", "Principal": {"AWS": list(names)}, "Action": "sts:*"})


def renamed_principals(case: Case, change: Callable[[str], str]) -> Case:
    """Return the case with every principal of the trust policy under another name."""

    def of_statement(statement: World) -> World:
        names = [change(name) for name in listed(statement["Principal"]["AWS"])]
        return {**statement, "Principal": {**statement["Principal"], "AWS": names}}

    return case.mapped(
        lambda d: {**d, "Statement": [of_statement(s) for s in statements_of(d)]}, "trust"
    )


@given(strategies.known_cases())
def test_c01_an_account_id_is_its_root_arn(case: Case) -> None:
    as_arn = renamed_principals(case, lambda name: root_arn(name) if name.isdigit() else name)
    as_id = renamed_principals(
        case, lambda name: account_of(name) if name.endswith(":root") else name
    )
    assert case.said == as_arn.said == as_id.said


@given(strategies.known_cases())
def test_c02_a_star_is_every_aws_principal(case: Case) -> None:
    deny: World = {"Effect": "Deny", "Action": "sts:*", "Resource": "*"}
    bare, typed = (
        case.having(rcps=[[policy({**deny, "Principal": principal})]])
        for principal in ("*", {"AWS": "*"})
    )
    assert bare.said == typed.said


def own_names(caller: World) -> tuple[str, ...]:
    """Return what a caller may be called by, from the weakest name to the strongest."""
    account = root_arn(account_of(caller["arn"]))
    if ":assumed-role/" in caller["arn"]:
        return account, strategies.own_role(caller), caller["arn"], "*"
    return account, caller["arn"], "*"


@given(strategies.known_cases())
def test_c03_in_one_account_a_stronger_name_allows_what_a_weaker_does(case: Case) -> None:
    if case.same_account:
        names = own_names(case.world["caller"])
        allowed = [case.having(trust=trusting(name)).outcome == "allowed" for name in names]
        assert allowed == sorted(allowed)


@given(strategies.known_cases())
def test_c04_across_accounts_all_names_are_equivalent(case: Case) -> None:
    if not case.same_account:
        names = own_names(case.world["caller"])
        said = [case.having(trust=trusting(name)).said for name in names]
        assert all(one == said[0] for one in said)


@given(st.sampled_from(strategies.SESSIONS), st.sampled_from(("", "team/")))
def test_c06_a_new_role_of_the_old_name_is_somebody_else(session: str, path: str) -> None:
    arn = role_arn(HOME, f"{path}deploy")
    by_id, by_text = trusting(strategies.ROLE_ID), trusting("*")
    by_text["Statement"][0]["Condition"] = {"ArnEquals": {"aws:PrincipalArn": arn}}  # PRN-22
    for trust, expected in (
        (by_id, ["allowed", "implicitDeny"]),
        (by_text, ["allowed", "allowed"]),
    ):
        outcomes = [
            strategies.Case(
                {
                    "caller": {
                        "arn": session_arn(HOME, arn, session),
                        "role_arn": arn,
                        "unique_id": unique_id,
                    },
                    "role": {"arn": role_arn(AWAY, "deploy")},
                    "trust": trust,
                    "identity": [ALLOW_ALL],
                },
                {},
                {},
            ).outcome
            for unique_id in (strategies.ROLE_ID, strategies.OTHER_ID)
        ]
        assert outcomes == expected


@given(strategies.known_cases(), st.sampled_from(("aws-cn", "aws-us-gov")))
def test_c10_nothing_is_allowed_across_partitions(case: Case, partition: str) -> None:
    caller = {"arn": user_arn(HOME, "alice").replace(":aws:", f":{partition}:")}
    names = (HOME, caller["arn"], "*", root_arn(HOME))
    for trust in (case.world["trust"], trusting(*names)):
        assert case.having(caller=caller, trust=trust).outcome != "allowed"


@given(strategies.known_cases())
def test_d01_a_boundary_is_an_intersection(case: Case) -> None:
    account = trusting(account_of(case.world["caller"]["arn"]))  # no direct grant
    boundary = case.world.get("boundary") or policy(*case_statements(case))
    identity = case.world["identity"] or [ALLOW_ALL]
    both = case.having(trust=account, identity=identity, boundary=boundary)
    alone = both.having(boundary=None)
    other = alone.having(identity=[boundary])
    assert (both.outcome == "allowed") == (alone.outcome == other.outcome == "allowed")


def case_statements(case: Case) -> list[World]:
    """Return the statements of all identity policies, or one that allows a little."""
    found = [s for document in case.world["identity"] for s in statements_of(document)]
    return found or [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]


@given(strategies.known_cases())
def test_d02_taking_a_limit_away_takes_no_access_away(case: Case) -> None:
    if case.outcome == "allowed":
        for layer in LIMITS:
            assert case.having(**{layer: None}).outcome == "allowed"


@given(strategies.known_cases())
def test_d03_a_limit_that_allows_everything_is_none(case: Case) -> None:
    for layer, everything in (
        ("boundary", ALLOW_ALL),
        ("session_policies", [ALLOW_ALL]),
        ("scps", [[ALLOW_ALL], [ALLOW_ALL]]),
    ):
        assert case.having(**{layer: everything}).said == case.having(**{layer: None}).said


@given(strategies.known_cases())
def test_d04_across_accounts_both_sides_must_allow(case: Case) -> None:
    if not case.same_account:
        assert case.having(identity=[]).outcome != "allowed"
        nobody = policy(
            {**trusting("*")["Statement"][0], "Principal": {"Service": "x.amazonaws.com"}}
        )
        assert case.having(trust=nobody).outcome != "allowed"


def without_conditions(document: World) -> World:
    """Return a document in which no statement has a condition."""
    return {
        **document,
        "Statement": [
            {k: v for k, v in statement.items() if k != "Condition"}
            for statement in statements_of(document)
        ],
    }


@given(strategies.known_cases())
def test_d05_what_is_allowed_across_accounts_is_within_one(case: Case) -> None:
    caller, role = case.world["caller"]["arn"], case.world["role"]["arn"]
    if case.same_account or AWAY in json.dumps(case.parameters):
        return
    # The caller moves into the account of the role; the documents follow, and speak of the role
    # by its ARN, which stays.
    plain = case.mapped(without_conditions)
    text = json.dumps(plain.world).replace(role, "THE ROLE")
    moved = text.replace(account_of(caller), account_of(role)).replace("THE ROLE", role)
    if (
        plain.outcome == "allowed"
        and plain.passing(serial_number=None).passing(token_code=None).outcome == "allowed"
    ):
        within = plain._replace(world=json.loads(moved)).passing(serial_number=None)
        assert within.passing(token_code=None).outcome == "allowed"


@given(strategies.known_cases())
def test_d08_accounts_may_be_called_otherwise(case: Case) -> None:
    text = json.dumps(case._asdict())
    if "1111111111*" in text or "1111111111??" in text:
        return  # a pattern over a part of an account id
    swapped = text.replace(HOME, "333333333333").replace(AWAY, HOME)
    other = strategies.Case(**json.loads(swapped))
    assert other.said == case.said


@given(strategies.known_cases())
def test_d09_an_explicit_deny_needs_no_other_document(case: Case) -> None:
    outcome, layers = case.said
    if outcome != "explicitDeny":
        return
    names = {"session_policies": "session", "scps": "scp", "rcps": "rcp"}
    for layer in (*LIMITS, "identity"):
        if names.get(layer, layer) not in layers:
            after = case.having(**{layer: [] if layer == "identity" else None})
            assert after.outcome == "explicitDeny"


@given(strategies.known_cases())
def test_d10_filling_the_layers_that_are_missing_allows(case: Case) -> None:
    account = root_arn(account_of(case.world["caller"]["arn"]))
    for _ in strategies.ACTIONS:
        outcome, layers = case.said
        if outcome != "implicitDeny" or "sts" in layers:
            return
        for layer in layers:
            case = filled(case, layer, account)
    assert case.outcome != "implicitDeny" or "sts" in case.said[1]


def filled(case: Case, layer: str, account: str) -> Case:
    """Return the case with one statement more, by which a layer allows."""
    allow = {"Effect": "Allow", "Action": "sts:*"}
    if layer == "trust":
        return case.adding("trust", {**allow, "Principal": {"AWS": account}})
    if layer == "scp":
        levels = [[*level, ALLOW_ALL] for level in case.world["scps"]]
        return case.having(scps=levels)
    name = {"session": "session_policies"}.get(layer, layer)
    return case.adding(name, {**allow, "Resource": "*"})


@given(strategies.known_cases(), st.randoms(use_true_random=False))
def test_d12_levels_and_policies_of_scps_may_repeat_and_move(case: Case, dice: Any) -> None:  # noqa: ANN401
    levels = [[*level, dice.choice(level)] for level in case.world.get("scps") or [[ALLOW_ALL]]]
    levels += [dice.choice(levels)]
    for level in (levels, *levels):
        dice.shuffle(level)
    assert case.having(scps=levels).said == case.having(scps=case.world.get("scps")).said


@given(strategies.known_cases())
def test_d13_no_scp_is_full_access_and_an_empty_level_denies(case: Case) -> None:
    none = case.having(scps=[])
    assert none.said == case.having(scps=[[ALLOW_ALL]]).said
    assert case.having(scps=[[ALLOW_ALL], []]).outcome != "allowed"
    only_deny = policy({**DENYING, "Action": "s3:GetObject"})
    assert case.having(scps=[[only_deny]]).outcome != "allowed"
    assert none.said == case.having(scps=[[ALLOW_ALL, only_deny]]).said


@given(strategies.known_cases())
def test_d14_an_rcp_only_denies(case: Case) -> None:
    without = case.having(rcps=[])
    full = policy({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})
    assert case.having(rcps=[[full]]).said == without.said
    if case.outcome == "allowed":
        assert without.outcome == "allowed"
    outcome, layers = case.said
    assert "rcp" not in layers or outcome == "explicitDeny"


TIMES = ("time", "mfaage", "multifactorauthage")


@given(strategies.known_cases(), st.sampled_from(strategies.INSTANTS))
def test_d18_time_is_irrelevant_where_nobody_asks(case: Case, moment: str) -> None:
    if not case.mentions(*TIMES):
        later = {"aws:CurrentTime": moment, "aws:EpochTime": moment, "aws:TokenIssueTime": moment}
        assert case.knowing(**later).said == case.said
