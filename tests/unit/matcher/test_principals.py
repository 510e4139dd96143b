"""How strongly each way of naming a principal names each kind of caller."""

from __future__ import annotations

import pytest

from simulator.matcher.principals import Reach, compile_principals, entry_reach
from simulator.policy.model import PrincipalEntry, PrincipalPattern
from simulator.request.context import RequestContext
from simulator.request.principal import RoleSession, User, parse_principal
from simulator.request.request import Request
from tests.worlds import arn

USER = "arn:aws:iam::111111111111:user/team/alice"
SESSION = "arn:aws:sts::111111111111:assumed-role/ci/build"
FEDERATED = "arn:aws:sts::111111111111:federated-user/bob"
ROOT = "arn:aws:iam::111111111111:root"
NOBODY, ACCOUNT, ENTITY, DIRECT = Reach

REACH: tuple[tuple[str, str, dict[str, Reach]], ...] = (
    ("AWS", "*", {USER: DIRECT, SESSION: DIRECT, FEDERATED: DIRECT, ROOT: DIRECT}),
    ("AWS", "111111111111", {USER: ACCOUNT, SESSION: ACCOUNT, FEDERATED: ACCOUNT, ROOT: ACCOUNT}),
    ("AWS", ROOT, {USER: ACCOUNT, SESSION: ACCOUNT, FEDERATED: ACCOUNT, ROOT: ACCOUNT}),
    ("AWS", "222222222222", {}),
    ("AWS", "arn:aws-cn:iam::111111111111:root", {}),
    ("AWS", USER, {USER: DIRECT}),
    ("AWS", "arn:aws:iam::111111111111:user/alice", {}),
    ("AWS", USER.replace("alice", "Alice"), {}),
    ("AWS", "arn:aws:iam::111111111111:role/ci", {SESSION: ENTITY}),
    ("AWS", "arn:aws:iam::111111111111:role/team/ci", {SESSION: ENTITY}),
    ("AWS", "arn:aws:iam::111111111111:role/CI", {}),
    ("AWS", "arn:aws:iam::222222222222:role/ci", {}),
    ("AWS", "arn:aws:iam::111111111111:role/build", {}),
    ("AWS", "arn:aws:iam::111111111111:user/ci", {}),
    ("AWS", SESSION, {SESSION: DIRECT}),
    ("AWS", SESSION + "2", {}),
    ("AWS", "arn:aws:sts::111111111111:assumed-role/ci/*", {}),
    ("AWS", FEDERATED, {FEDERATED: DIRECT}),
    ("AWS", "AIDACKCEVSQ6C2EXAMPLE", {}),
    ("Service", "ec2.amazonaws.com", {}),
    ("Service", "*", {}),
    ("Federated", "cognito-identity.amazonaws.com", {}),
    ("CanonicalUser", "111111111111", {}),
)


@pytest.mark.parametrize("caller", [USER, SESSION, FEDERATED, ROOT])
@pytest.mark.parametrize(("kind", "value", "reach"), REACH)
def test_reach(kind: str, value: str, reach: dict[str, Reach], caller: str) -> None:
    entry = PrincipalEntry(kind, value, ())
    assert entry_reach(entry, parse_principal(caller)) is reach.get(caller, NOBODY)


def test_unique_ids() -> None:
    user = User(arn(USER), "AIDACKCEVSQ6C2EXAMPLE")
    session = RoleSession(arn(SESSION), arn("arn:aws:iam::111111111111:role/ci"), "AROAEXAMPLE")
    assert entry_reach(PrincipalEntry("AWS", "AIDACKCEVSQ6C2EXAMPLE", ()), user) is DIRECT
    assert entry_reach(PrincipalEntry("AWS", "AROAEXAMPLE", ()), session) is ENTITY
    assert entry_reach(PrincipalEntry("AWS", "AROAOTHER", ()), session) is NOBODY  # PRN-21


def test_a_path_that_is_known_counts() -> None:
    session = RoleSession(arn(SESSION), arn("arn:aws:iam::111111111111:role/team/ci"))
    for path, reach in (("team/ci", ENTITY), ("ci", NOBODY), ("other/ci", NOBODY)):
        entry = PrincipalEntry("AWS", f"arn:aws:iam::111111111111:role/{path}", ())
        assert entry_reach(entry, session) is reach


def reach(values: list[str], role: str = "arn:aws:iam::111111111111:role/r") -> Reach:
    """Return how strongly several principals together name a user."""
    entries = tuple(PrincipalEntry("AWS", value, ()) for value in values)
    request = Request(parse_principal(USER), "sts:AssumeRole", arn(role), RequestContext({}))
    return compile_principals(PrincipalPattern((), entries, negated=False))(request)


def test_the_strongest_counts() -> None:
    assert reach(["222222222222", ROOT, USER]) is DIRECT
    assert reach(["222222222222", ROOT]) is ACCOUNT
    assert reach(["222222222222"]) is NOBODY
    assert reach([]) is NOBODY


def test_no_trust_across_partitions() -> None:
    assert reach(["*", USER], "arn:aws-us-gov:iam::111111111111:role/r") is NOBODY  # EVAL-33x
