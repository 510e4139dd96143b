"""How strongly each way of naming a principal names each kind of caller."""

from __future__ import annotations

import pytest

from simulator.catalog.doubts import NONE_OPEN, Doubt, Doubts
from simulator.matcher.principals import Naming, Reach, names_of, naming
from simulator.policy.model import PrincipalEntry, PrincipalPattern
from simulator.request.context import RequestContext
from simulator.request.principal import (
    Anonymous,
    FederatedUser,
    Principal,
    RoleSession,
    ServicePrincipal,
    User,
    parse_principal,
)
from simulator.request.request import Request
from tests.worlds import arn

USER = "arn:aws:iam::111111111111:user/team/alice"
SESSION = "arn:aws:sts::111111111111:assumed-role/ci/build"
FEDERATED = "arn:aws:sts::111111111111:federated-user/bob"
ROOT = "arn:aws:iam::111111111111:root"
NOBODY, ACCOUNT, ENTITY, DIRECT = Reach
ROLE = "arn:aws:iam::111111111111:role/r"


def named(
    caller: Principal,
    *entries: tuple[str, str],
    resource: str = ROLE,
    negated: bool = False,
    opened: Doubts = NONE_OPEN,
    canonical_user: str | None = None,
) -> Naming:
    """Return how strongly the principals of a statement name a caller."""
    pattern = PrincipalPattern((), tuple(PrincipalEntry(*e, ()) for e in entries), negated=negated)
    context = RequestContext({})
    request = Request(caller, "a:B", resource, context, canonical_user=canonical_user)
    part_exempts = Doubt.NOTPRINCIPAL not in opened
    return naming(pattern, names_of(request, opened), part_exempts=part_exempts)


def certain(found: Naming) -> Reach:
    """Return how strongly a caller is named, where that is sure."""
    assert found.sure is found.most
    return found.sure


#: Nobody said which user made a federated session: it may be the one that is named.
MAYBE_ENTITY = Naming(NOBODY, ENTITY)  # PRN-35

REACH: tuple[tuple[str, str, dict[str, Reach | Naming]], ...] = (
    ("*", "*", {USER: DIRECT, SESSION: DIRECT, FEDERATED: DIRECT, ROOT: DIRECT}),
    ("AWS", "*", {USER: DIRECT, SESSION: DIRECT, FEDERATED: DIRECT, ROOT: DIRECT}),
    ("AWS", "111111111111", {USER: ACCOUNT, SESSION: ACCOUNT, FEDERATED: ACCOUNT, ROOT: ACCOUNT}),
    ("AWS", ROOT, {USER: ACCOUNT, SESSION: ACCOUNT, FEDERATED: ACCOUNT, ROOT: ACCOUNT}),
    ("AWS", "222222222222", {}),
    ("AWS", "arn:aws-cn:iam::111111111111:root", {}),
    ("AWS", USER, {USER: DIRECT, FEDERATED: MAYBE_ENTITY}),
    ("AWS", "arn:aws:iam::111111111111:user/alice", {FEDERATED: MAYBE_ENTITY}),
    ("AWS", "arn:aws:iam::222222222222:user/team/alice", {}),
    ("AWS", USER.replace("alice", "Alice"), {FEDERATED: MAYBE_ENTITY}),
    ("AWS", "arn:aws:iam::111111111111:role/ci", {SESSION: ENTITY}),
    ("AWS", "arn:aws:iam::111111111111:role/team/ci", {SESSION: ENTITY}),
    ("AWS", "arn:aws:iam::111111111111:role/CI", {}),
    ("AWS", "arn:aws:iam::222222222222:role/ci", {}),
    ("AWS", "arn:aws:iam::111111111111:role/build", {}),
    ("AWS", "arn:aws:iam::111111111111:user/ci", {FEDERATED: MAYBE_ENTITY}),
    ("AWS", SESSION, {SESSION: DIRECT}),
    ("AWS", SESSION + "2", {}),
    ("AWS", "arn:aws:sts::111111111111:assumed-role/ci/*", {}),
    ("AWS", FEDERATED, {FEDERATED: DIRECT}),
    ("AWS", "AIDACKCEVSQ6C2EXAMPLE", {}),
    ("Service", "ec2.amazonaws.com", {}),
    ("Service", "*", {}),
    ("Service", "111111111111", {}),
    ("Federated", "cognito-identity.amazonaws.com", {}),
    ("CanonicalUser", "111111111111", {}),
)


@pytest.mark.parametrize("caller", [USER, SESSION, FEDERATED, ROOT])
@pytest.mark.parametrize(("kind", "value", "reach"), REACH)
def test_reach(kind: str, value: str, reach: dict[str, Reach | Naming], caller: str) -> None:
    expected = reach.get(caller, NOBODY)
    found = named(parse_principal(caller), (kind, value))
    assert found == (expected if isinstance(expected, Naming) else Naming(expected, expected))


def test_unique_ids() -> None:
    user = User(arn(USER), "AIDACKCEVSQ6C2EXAMPLE")
    session = RoleSession(arn(SESSION), arn("arn:aws:iam::111111111111:role/ci"), "AROAEXAMPLE")
    assert certain(named(user, ("AWS", "AIDACKCEVSQ6C2EXAMPLE"))) is DIRECT
    assert certain(named(session, ("AWS", "AROAEXAMPLE"))) is ENTITY
    assert certain(named(session, ("AWS", "AROAOTHER"))) is NOBODY  # PRN-21


def test_a_path_that_is_known_counts() -> None:
    session = RoleSession(arn(SESSION), arn("arn:aws:iam::111111111111:role/team/ci"))
    for path, reach in (("team/ci", ENTITY), ("ci", NOBODY), ("other/ci", NOBODY)):
        entry = ("AWS", f"arn:aws:iam::111111111111:role/{path}")
        assert certain(named(session, entry)) is reach


def test_the_user_behind_a_federated_session() -> None:
    session = FederatedUser(arn(FEDERATED), arn(USER))
    assert certain(named(session, ("AWS", USER))) is ENTITY
    assert certain(named(session, ("AWS", USER.replace("alice", "bob")))) is NOBODY


def test_a_role_of_identity_center_always_has_a_path() -> None:
    name = "AWSReservedSSO_Admin_0123456789abcdef"
    session = parse_principal(f"arn:aws:sts::111111111111:assumed-role/{name}/alice")
    for path, reach in (("aws-reserved/sso.amazonaws.com/", ENTITY), ("", NOBODY)):
        entry = ("AWS", f"arn:aws:iam::111111111111:role/{path}{name}")
        assert certain(named(session, entry)) is reach  # RES-10


@pytest.mark.parametrize(
    ("kind", "value", "by_service", "anonymously"),
    [
        ("*", "*", DIRECT, DIRECT),  # PRN-7, STAR-SERVICE
        ("AWS", "*", NOBODY, DIRECT),
        ("Service", "ec2.amazonaws.com", DIRECT, NOBODY),  # PRN-36
        ("Service", "s3.amazonaws.com", NOBODY, NOBODY),
        ("AWS", "ec2.amazonaws.com", NOBODY, NOBODY),
        ("AWS", ROOT, NOBODY, NOBODY),
    ],
)
def test_who_has_no_account(kind: str, value: str, by_service: Reach, anonymously: Reach) -> None:
    service = ServicePrincipal("ec2.amazonaws.com")
    assert certain(named(service, (kind, value))) is by_service
    assert certain(named(Anonymous(), (kind, value))) is anonymously
    assert certain(named(service, (kind, value), canonical_user=value)) is by_service


def test_a_canonical_user_is_an_account() -> None:
    user, entry = parse_principal(USER), ("CanonicalUser", "79a59d")
    assert certain(named(user, entry, canonical_user="79a59d")) is ACCOUNT
    assert certain(named(user, entry, canonical_user="79a59e")) is NOBODY
    assert certain(named(user, entry)) is NOBODY


@pytest.mark.parametrize("caller", [USER, SESSION, FEDERATED, ROOT])
@pytest.mark.parametrize(
    ("entries", "callers"),
    [
        ((("AWS", "222222222222"),), {USER, SESSION, FEDERATED, ROOT}),
        ((("AWS", USER),), {SESSION, ROOT}),
        ((("AWS", SESSION), ("Service", "ec2.amazonaws.com")), {USER, FEDERATED, ROOT}),
        ((("AWS", FEDERATED),), {USER, SESSION, ROOT}),
        ((("AWS", ROOT),), set()),  # NOTPRINCIPAL
        ((("AWS", "111111111111"), ("AWS", "222222222222")), set()),
        ((("AWS", "*"),), set()),
        ((), set()),  # EMPTY-NOT
    ],
)
def test_not_principal(
    entries: tuple[tuple[str, str], ...], callers: set[str], caller: str
) -> None:
    found = named(parse_principal(caller), *entries, negated=True)
    if (entries, caller) == ((("AWS", USER),), FEDERATED):
        assert found == Naming(NOBODY, DIRECT)  # nobody said which user is behind the session
    else:
        assert certain(found) is (DIRECT if caller in callers else NOBODY)  # PRN-25


@pytest.mark.parametrize(
    ("doubt", "caller", "entry", "reach"),
    [
        (Doubt.STAR_SERVICE, ServicePrincipal("ec2.amazonaws.com"), ("*", "*"), DIRECT),
        (Doubt.UNIQUE_ID, User(arn(USER), "AIDAEXAMPLE"), ("AWS", "AIDAEXAMPLE"), DIRECT),
        (Doubt.UNIQUE_ID, RoleSession(arn(SESSION), None, "AROAX"), ("AWS", "AROAX"), ENTITY),
        (Doubt.TOKEN_DIRECT, User(arn(USER), by_token=True), ("AWS", USER), DIRECT),
        (Doubt.CANONICAL, User(arn(USER)), ("CanonicalUser", "79a59d"), ACCOUNT),
    ],
)
def test_a_doubt_about_a_name(
    doubt: Doubt, caller: Principal, entry: tuple[str, str], reach: Reach
) -> None:
    assert certain(named(caller, entry, canonical_user="79a59d")) is reach
    found = named(caller, entry, canonical_user="79a59d", opened=frozenset({doubt}))
    assert found == Naming(NOBODY, reach)
    others = frozenset(Doubt) - {doubt}
    assert certain(named(caller, entry, canonical_user="79a59d", opened=others)) is reach


def test_the_doubt_about_a_part_of_a_caller_in_not_principal() -> None:
    session = RoleSession(arn(SESSION), arn("arn:aws:iam::111111111111:role/ci"))
    found = named(session, ("AWS", SESSION), negated=True, opened=frozenset({Doubt.NOTPRINCIPAL}))
    assert found == Naming(NOBODY, DIRECT)


def test_a_statement_without_principals_means_whom_it_is_attached_to() -> None:
    request = Request(parse_principal(USER), "a:B", ROLE, RequestContext({}))
    assert certain(naming(None, names_of(request, NONE_OPEN))) is DIRECT


def reach(values: list[str], resource: str = ROLE, *, negated: bool = False) -> Reach:
    """Return how strongly several principals together name a user."""
    entries = [("AWS", value) for value in values]
    return certain(named(parse_principal(USER), *entries, resource=resource, negated=negated))


def test_the_strongest_counts() -> None:
    assert reach(["222222222222", ROOT, USER]) is DIRECT
    assert reach(["222222222222", ROOT]) is ACCOUNT
    assert reach(["222222222222"]) is NOBODY
    assert reach([]) is NOBODY


def test_no_trust_across_partitions() -> None:
    abroad = "arn:aws-us-gov:iam::111111111111:role/r"
    assert reach(["*", USER], abroad) is NOBODY  # EVAL-33x
    assert reach(["222222222222"], abroad, negated=True) is NOBODY
    assert reach(["*", USER], "*") is DIRECT
    assert (
        certain(named(ServicePrincipal("ec2.amazonaws.com"), ("*", "*"), resource=abroad)) is DIRECT
    )
