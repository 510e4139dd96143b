"""A statement against a request: actions, resources, conditions, and their negations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.matcher.principals import Reach, names_of
from simulator.matcher.statement import explain
from simulator.matcher.truth import all_of
from simulator.policy import kinds
from simulator.request.context import RequestContext
from simulator.request.principal import parse_principal
from simulator.request.request import Request
from tests.worlds import compiled

if TYPE_CHECKING:
    from simulator.matcher.statement import CompiledStatement
    from simulator.matcher.truth import Truth

ROLE = "arn:aws:iam::222222222222:role/team/deploy"
CONTEXT = RequestContext({"aws:username": "deploy"}, unknown=["aws:userid", "aws:SourceIp"])


def request(action: str = "sts:AssumeRole", resource: str = ROLE) -> Request:
    """Return a request of a user's."""
    caller = parse_principal("arn:aws:iam::111111111111:user/alice")
    return Request(caller, action, resource, CONTEXT)


def match(statement: CompiledStatement, request: Request) -> tuple[Truth, Reach]:
    """Return whether a statement applies, and how strongly it names the caller."""
    naming = statement.naming(names_of(request, frozenset()))
    assert naming.sure is naming.most
    spoken = all_of((statement.speaks_of(request.action.lower()), statement.holds(request)))
    applies = all_of((naming.sure > Reach.NOBODY, spoken))
    assert explain(statement, request).applies is applies
    return applies, naming.sure


def applies(version: str = "2012-10-17", **elements: Any) -> Truth:  # noqa: ANN401 - JSON
    """Return whether an identity policy's statement with some elements applies."""
    defaults = {} if "NotAction" in elements else {"Action": "*"}
    defaults |= {} if "NotResource" in elements else {"Resource": "*"}
    statement = {"Effect": "Allow", **defaults, **elements}
    policy = compiled({"Version": version, "Statement": statement}, kinds.IDENTITY)
    return match(policy.statements[0], request())[0]


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("sts:AssumeRole", True),
        ("STS:assumerole", True),
        ("*", True),
        ("*:*", True),
        ("sts:*", True),
        ("sts:Assume*", True),
        ("sts:AssumeRol?", True),
        ("s?s:AssumeRole", True),
        ("sts:AssumeRole?", False),
        ("sts:AssumeRoleWithSAML", False),
        ("sts:AssumRole", False),
        ("iam:*", False),
        ("?ts:Assume*", True),
        ("*:AssumeRole", True),
        ("s3:*", False),
        (["s3:*", "sts:*"], True),
        ([], False),
    ],
)
def test_action(action: str | list[str], *, expected: bool) -> None:
    assert applies(Action=action) is expected
    assert applies(NotAction=action) is (not expected and action != [])  # ACT-5, EMPTY-NOT


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (ROLE, True),
        ("*", True),
        ("arn:aws:iam::222222222222:role/*", True),
        ("arn:aws:iam::222222222222:*", True),
        ("arn:aws:iam::*:role/team/deploy", True),
        ("arn:aws:iam::2222????????:role/*/deploy", True),
        ("arn:aws:iam", True),  # RES-6
        ("arn:aws:iam::222222222222", True),
        ("arn:aws:sts", False),
        ("arn:aws:iam::222222222222:role/${aws:username}", False),
        ("arn:aws:iam::222222222222:role/team/${aws:username}", True),
        ("arn:aws:iam::222222222222:role/deploy", False),  # RES-10
        ("arn:aws:iam::222222222222:role/team/Deploy", False),  # RES-9
        ("arn:aws:iam::*:deploy", False),  # RES-4
        ("arn:*:role/team/deploy", False),
        ("arn:aws-cn:iam::222222222222:role/team/deploy", False),
        ("arn:aws:iam::222222222222:role/${aws:nobody}*", False),  # VAR-5
        ("bucket/*", False),
        (["arn:aws:s3:::b", ROLE], True),
        ([], False),
    ],
)
def test_resource(resource: str | list[str], *, expected: bool) -> None:
    assert applies(Resource=resource) is expected
    assert applies(NotResource=resource) is (not expected and resource != [])  # RES-11


def test_variables_of_2008_are_plain_text() -> None:
    resource = "arn:aws:iam::222222222222:role/team/${aws:username}"
    assert applies(version="2008-10-17", Resource=resource) is False  # POL-4
    assert applies(version="2008-10-17", NotResource=resource) is True


def test_an_unknown_variable_in_a_resource() -> None:
    resource = "arn:aws:iam::222222222222:role/${aws:userid}"
    assert applies(Resource=resource) is None
    assert applies(NotResource=resource) is None
    assert applies(Resource=[resource, "*"]) is True
    assert applies(Resource=resource, Action="s3:*") is False


def test_conditions_are_all_asked() -> None:
    true = {"StringEquals": {"aws:username": "deploy"}}
    false = {"StringEquals": {"aws:username": "x"}}
    unknown = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    assert applies(Condition=true) is True
    assert applies(Condition=false) is False
    assert applies(Condition=unknown) is None
    assert applies(Condition={**true, **unknown}) is None
    assert applies(Condition={**false, **unknown}) is False
    assert applies(Condition={}) is True  # POL-20
    assert applies(Condition={"Bool": {}}) is True


def test_explain_looks_at_everything() -> None:
    condition = {"StringEquals": {"aws:username": "x"}, "Null": {"aws:x": "true"}}
    statement = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": condition}
    policy = compiled({"Version": "2012-10-17", "Statement": statement}, kinds.IDENTITY)
    found = explain(policy.statements[0], request())
    assert (found.action, found.resource, found.reach) == (False, True, Reach.DIRECT)
    assert [(each.holds, each.actual) for each in found.tests] == [(False, ("deploy",)), (True, ())]
    assert found.applies is False


def test_a_trust_policy_speaks_of_its_own_role() -> None:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}
    policy = compiled({"Version": "2012-10-17", "Statement": [statement]}, kinds.TRUST)
    assert match(policy.statements[0], request()) == (True, Reach.DIRECT)
    assert match(policy.statements[0], request("sts:TagSession")) == (False, Reach.DIRECT)
