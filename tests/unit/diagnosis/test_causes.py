"""Whose each cause is, which of them are alternatives, and in which order they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.catalog.doubts import Doubt
from simulator.diagnosis.cause import Owner
from simulator.diagnosis.diagnose import diagnose, diagnose_doubts, diagnose_request
from simulator.simulate import simulate
from simulator.sts.answer import answer_to
from tests import sts_engine, worlds

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.diagnosis.cause import Cause
    from simulator.sts.call import Call

HOME, AWAY, HEAD = "111111111111", "222222222222", "333333333333"
ALICE = f"arn:aws:iam::{HOME}:user/alice"
ROLE = f"arn:aws:iam::{AWAY}:role/R"
ALL = {"Action": "*", "Resource": "*"}
NONE = {"Action": "s3:*", "Resource": "*"}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """Return a policy of statements that allow, if they do not say otherwise."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **s} for s in statements]}


def trusting(*statements: dict[str, Any]) -> dict[str, Any]:
    """Return a trust policy of statements that name alice's account."""
    return policy(
        *({"Principal": {"AWS": HOME}, "Action": "sts:AssumeRole", **s} for s in statements)
    )


def under(**conditions: str) -> dict[str, Any]:
    """Return a statement under conditions on keys of the call."""
    tests = {f"sts:{key}": value for key, value in conditions.items()}
    return {"Condition": {"StringEquals": tests}}


def called(
    parameters: dict[str, Any] | None = None,
    change: Callable[[Call], Call] | None = None,
    **more: Any,  # noqa: ANN401 - parts of a world
) -> tuple[Cause, ...]:
    """Return the causes of alice's call, which would succeed if nothing more was said."""
    world = {
        "caller": {"arn": ALICE},
        "role": {"arn": ROLE},
        "trust": trusting({}),
        "identity": [policy(ALL)],
        **more,
    }
    call = worlds.call(world, parameters)
    call = change(call) if change else call
    return diagnose(call, answer_to(call)).causes


def member_of(account: str) -> Callable[[Call], Call]:
    """Return the change that makes an organization known, with its management account."""
    return lambda call: call._replace(management_account=HEAD, members=frozenset({account}))


OWNERS: tuple[tuple[dict[str, Any], Owner], ...] = (
    ({"trust": trusting({"Principal": {"AWS": AWAY}})}, Owner(AWAY, "the role's account")),
    ({"identity": []}, Owner(HOME, "the caller's account")),
    ({"boundary": policy(NONE)}, Owner(HOME, "the caller's account")),
    (
        {"scps": [[policy(NONE)]]},
        Owner(None, "the management account of the caller's organization"),
    ),
    (
        {"scps": [[policy(NONE)]], "change": member_of(HOME)},
        Owner(HEAD, "the management account of the caller's organization"),
    ),
    (
        {"rcps": [[policy({**ALL, "Effect": "Deny", "Principal": "*"})]]},
        Owner(None, "the management account of the role's organization"),
    ),
    (
        {
            "rcps": [[policy({**ALL, "Effect": "Deny", "Principal": "*"})]],
            "change": member_of(AWAY),
        },
        Owner(HEAD, "the management account of the role's organization"),
    ),
    (
        {
            "rcps": [[policy({**ALL, "Effect": "Deny", "Principal": "*"})]],
            "change": member_of(HOME),
        },
        Owner(None, "the management account of the role's organization"),
    ),
    (
        {"endpoint_policies": [policy({**NONE, "Principal": "*"})]},
        Owner(None, "the account of the VPC endpoint"),
    ),
    ({"role": {"arn": ROLE, "exists": False}}, Owner(None, "whoever makes the call")),
    ({"parameters": {"duration_seconds": 7200}}, Owner(None, "whoever makes the call")),
    ({"identity": None}, Owner(None, "whoever asks")),
)


@pytest.mark.parametrize(("asked", "owner"), OWNERS)
def test_whose_the_thing_is_that_has_to_change(asked: dict[str, Any], owner: Owner) -> None:
    assert [cause.owner for cause in called(**asked)] == [owner]


@pytest.mark.parametrize(
    ("caller", "account"),
    [
        ({"arn": f"arn:aws:sts::{HOME}:assumed-role/W/s"}, None),
        ({"arn": f"arn:aws:sts::{HOME}:federated-user/f", "user_arn": ALICE}, HOME),
    ],
)
def test_a_session_policy_is_of_whoever_made_the_session(
    caller: dict[str, Any], account: str | None
) -> None:
    world = {"caller": caller, "identity": [policy(ALL)], "session_policies": [policy(NONE)]}
    question = worlds.question(world, {"action": "iam:ListUsers"})
    (cause,) = diagnose_request(question, simulate(question)).causes
    assert cause.owner == Owner(account, "whoever made the caller's session")


def test_a_resource_is_of_the_account_that_was_said_to_own_it() -> None:
    world = {
        "caller": {"arn": ALICE},
        "resource_policy": policy({**ALL, "Principal": {"AWS": HEAD}}),
    }
    asked = {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "resource_account": AWAY}
    question = worlds.question(world, asked)
    causes = diagnose_request(question, simulate(question)).causes
    of_resource = [cause.owner for cause in causes if cause.layer == "resource"]
    assert of_resource == [Owner(AWAY, "the resource's account")]


def test_a_provider_is_of_the_account_of_the_role() -> None:
    claims = {"aud": "other", "sub": "s"}
    issuer = "accounts.example.org"
    role = {"trust_policy": trusting({"Principal": {"AWS": HOME}})}
    providers = {issuer: {"client_ids": ["mine"]}}
    (link,) = sts_engine.links(
        {
            "accounts": {AWAY: {"roles": {"R": role}, "oidc_providers": providers}},
            "tests": [
                {
                    "name": "t",
                    "web_identity": {"provider": issuer, "claims": claims},
                    "assume_role": ROLE,
                    "expect": "allowed",
                }
            ],
        }
    )
    first, *_ = diagnose(link.call, answer_to(link.call)).causes
    assert (first.code, first.owner) == ("IAM713", Owner(AWAY, "the role's account"))


def test_a_doubt_is_for_whoever_asks_to_settle() -> None:
    (cause,) = diagnose_doubts([Doubt.SESSION_MFA]).causes
    assert cause.owner == Owner(None, "whoever asks")


def grouped(causes: tuple[Cause, ...]) -> list[tuple[str | None, int, int]]:
    """Return what each cause wants, of which blocker it is, and of which alternative."""
    return [(cause.wanted, cause.blocker, cause.alternative) for cause in causes]


def test_of_several_statements_one_is_enough() -> None:
    trust = trusting(under(ExternalId="one"), under(ExternalId="two"))
    assert grouped(called(trust=trust)) == [("one", 1, 1), ("two", 1, 2)]


def test_all_conditions_of_one_statement_have_to_hold() -> None:
    trust = trusting(
        under(ExternalId="one", RoleSessionName="alice"),
        under(ExternalId="two", RoleSessionName="bob"),
    )
    found = called({"role_session_name": "ci"}, trust=trust)
    assert grouped(found) == [("one", 1, 1), ("alice", 1, 1), ("two", 1, 2), ("bob", 1, 2)]


def test_each_layer_is_a_blocker_of_its_own() -> None:
    found = called(trust=trusting(under(ExternalId="one")), identity=[], scps=[[policy(NONE)]])
    assert [(c.layer, c.blocker) for c in found] == [("scp", 1), ("trust", 2), ("identity", 3)]


def test_what_two_actions_lack_is_told_once_by_the_one_with_fewer_ways_out() -> None:
    both = ["sts:AssumeRole", "sts:TagSession"]
    trust = trusting(under(ExternalId="one"), {**under(ExternalId="two"), "Action": both})
    found = called({"tags": {"team": "red"}}, trust=trust)
    assert grouped(found) == [("two", 1, 1)]


def test_two_documents_of_one_file_are_not_taken_for_one() -> None:
    denying = policy({**ALL, "Effect": "Deny"})
    found = called(scps=[[policy(ALL, {**ALL, "Effect": "Deny"})], [policy(ALL), denying]])
    assert [cause.code for cause in found] == ["IAM410", "IAM410"]


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (
            (
                under(ExternalId="one", RoleSessionName="alice", SourceIdentity="alice"),
                under(ExternalId="two"),
                under(ExternalId="three", RoleSessionName="bob"),
            ),
            [("two", 1), ("three", 2), ("bob", 2), ("one", 3), ("alice", 3), ("alice", 3)],
        ),
        (
            (under(RoleSessionName="alice"), under(ExternalId="one"), under(ExternalId="two")),
            [("alice", 1), ("one", 2), ("two", 3)],
        ),
        (
            (under(ExternalId="one", RoleSessionName="ci"), under(RoleSessionName="alice")),
            [("one", 1), ("alice", 2)],
        ),
    ],
    ids=["fewest-first", "then-by-place", "what-is-met-is-no-change"],
)
def test_statements_are_told_by_how_many_changes_away_they_are(
    statements: tuple[dict[str, Any], ...], told: list[tuple[str, int]]
) -> None:
    found = called({"role_session_name": "ci"}, trust=trusting(*statements))
    assert [(cause.wanted, cause.alternative) for cause in found] == told


def asked_of_own(caller: dict[str, Any], **more: Any) -> list[tuple[str, int, int]]:  # noqa: ANN401
    """Return the causes of a request for an object in the caller's account."""
    request = {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "resource_account": HOME}
    question = worlds.question({"caller": caller, **more}, request)
    found = diagnose_request(question, simulate(question)).causes
    return [(str(cause.layer), cause.blocker, cause.alternative) for cause in found]


SILENT = {"Action": "ec2:*", "Resource": "*"}
VPCE = {"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}
SESSION = {
    "arn": f"arn:aws:sts::{HOME}:assumed-role/R/s",
    "role_arn": f"arn:aws:iam::{HOME}:role/R",
}


def test_in_one_account_either_policy_is_enough() -> None:
    direct = policy({**ALL, "Principal": {"AWS": ALICE}, **VPCE})
    user = {"arn": ALICE}
    either = [("identity", 1, 1), ("resource", 1, 2)]
    assert asked_of_own(user, resource_policy=direct) == either  # EVAL-10, EVAL-13
    limited = asked_of_own(user, resource_policy=direct, boundary=policy(SILENT))
    assert limited == [("resource", 1, 1), ("identity", 1, 2), ("boundary", 1, 2)]  # EVAL-13
    role = policy({**ALL, "Principal": {"AWS": SESSION["role_arn"]}, **VPCE})
    of_role = asked_of_own(SESSION, resource_policy=role, boundary=policy(SILENT))
    assert of_role == [*either, ("boundary", 2, 1)]  # EVAL-11


def test_the_policy_of_the_resource_is_told_only_where_it_would_help() -> None:
    direct = policy({**ALL, "Principal": {"AWS": ALICE}, **VPCE})
    allowed, scps = [policy(ALL)], [[policy(SILENT)]]
    told = asked_of_own({"arn": ALICE}, resource_policy=direct, identity=allowed, scps=scps)
    assert told == [("scp", 1, 1)]
    account = policy({**ALL, "Principal": {"AWS": HOME}, **VPCE})
    assert asked_of_own({"arn": ALICE}, resource_policy=account) == [("identity", 1, 1)]  # EVAL-10


def test_how_a_statement_names_the_caller_decides_what_else_it_takes() -> None:
    role = f"arn:aws:iam::{HOME}:role/R"
    two = {"ExternalId": "two", "SourceIdentity": "alice"}
    found = called(
        role={"arn": role},
        trust=trusting(under(ExternalId="one"), {**under(**two), "Principal": {"AWS": ALICE}}),
        identity=[],
    )
    assert [(str(c.layer), c.wanted, c.blocker, c.alternative) for c in found][:2] == [
        ("trust", "one", 1, 1),
        ("identity", f"sts:AssumeRole on {role}", 1, 1),
    ]  # EVAL-21
    assert [(c.wanted, c.alternative) for c in found[2:]] == [("two", 2), ("alice", 2)]  # EVAL-22
