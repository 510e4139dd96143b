"""Engine and twin store the same documents, and refuse others in the same words.

Drawn is what anyone knows: where nobody does (`fixtures/storing/README.md`), each may answer as it
likes. Of two faults, too, nobody knows in most kinds which is told: then the twin has no words.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from tests import storing_answers, storing_oracle

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION: Final = "2012-10-17"
ACCOUNT: Final = "111122223333"
GITHUB: Final = "token.actions.githubusercontent.com"
PROVIDERS: Final = f"arn:aws:iam::{ACCOUNT}:oidc-provider"

#: What any element may be, and is to nobody's liking but for single elements.
ODD: Final[tuple[Any, ...]] = (7, True, None, {}, {"x": "y"}, [7], [[]], [{}], [True])
ACTIONS: Final = ("s3:GetObject", "s3:*", "sqs:Send*", "s3:Get Object", "iam:asdf")
BAD_ACTIONS: Final = ("s3", "", "s3:Get:Object", "s 3:Get", "s3/x:Get", "s3*:Get", "?:Get")
BUCKET: Final = "arn:aws:s3:::reports/*"
QUEUE: Final = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:orders"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/deploy"
USER: Final = f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}"
RESOURCES: Final = ("*", BUCKET, QUEUE, ROLE, USER, "arn:aws:s3:::*")
BAD_RESOURCES: Final = (
    "reports",
    "",
    "arn:azure:s3:::reports",
    "arn:aws:*:::reports",
    "arn:aws:?qs:eu-west-1:1:orders",
    "arn:aws:s3:eu-west-1::reports",
    f"arn:aws:s3::{ACCOUNT}:reports",
    "arn:aws:iam::111122223333:deploy",
    f"arn:aws:iam:eu-west-1:{ACCOUNT}:role/deploy",
    f"arn:aws:s3:eu-west-1:{ACCOUNT}:reports",
    "arn:aws:s3:our-reports",
    "arn:aws:sqs",
    "arn:aws::::reports",
    "arn:aws:sqs:eu-west-1:${aws:PrincipalAccount}:orders",
)
TAG: Final = "aws:PrincipalTag/team"
TESTS: Final[tuple[tuple[str, Any], ...]] = (
    ("StringEquals", {TAG: "blue"}),
    ("StringLike", {TAG: ["b*", "?ed"]}),
    ("StringEqualsIfExists", {TAG: []}),
    ("ForAllValues:StringNotLike", {"aws:TagKeys": ["a", "b"]}),
    ("ForAnyValue:StringEqualsIfExists", {"aws:TagKeys": "a"}),
    ("Bool", {"aws:SecureTransport": True}),
    ("Null", {TAG: "false"}),
    ("NumericLessThan", {"s3:max-keys": 10}),
    ("IpAddress", {"aws:SourceIp": "192.0.2.0/24"}),
    ("ArnLike", {"aws:SourceArn": QUEUE}),
    ("DateLessThan", {"aws:CurrentTime": "2026-12-31T23:59:59Z"}),
    ("DateGreaterThan", {"aws:EpochTime": 1_700_000_000}),
    ("NumericNotEquals", {"s3:max-keys": ["1e3", "-2.5"]}),
    ("NotIpAddressIfExists", {"aws:SourceIp": ["2001:db8::1", "::/0"]}),
    ("ArnNotEquals", {"aws:SourceArn": ["*", "arn:*:s3:::reports"]}),
    ("BinaryEquals", {"s3:x-amz-meta-colour": "cmVk"}),
    ("StringMatches", {}),
)
BAD_TESTS: Final[tuple[tuple[str, Any], ...]] = (
    ("StringMatches", {TAG: "blue"}),
    ("NullIfExists", {TAG: "true"}),
    ("IfExistsStringEquals", {TAG: "blue"}),
    ("ForSomeValues:StringEquals", {TAG: "blue"}),
    ("StringEquals", "blue"),
    ("StringEquals", ["blue"]),
    ("StringEquals", None),
    ("StringEquals", {TAG: None}),
    ("StringEquals", {TAG: {}}),
    ("StringEquals", {TAG: ["blue", ["red"]]}),
    ("Null", {TAG: {"blue": "red"}}),
)
BAD_VALUES: Final[tuple[tuple[str, Any], ...]] = (
    ("DateLessThan", {"aws:CurrentTime": "tomorrow"}),
    ("DateGreaterThanIfExists", {"aws:CurrentTime": ["2026-01-01", "2026-13-01"]}),
    ("NumericEquals", {"s3:max-keys": "many"}),
    ("ForAnyValue:IpAddress", {"aws:SourceIp": ["192.0.2.1", "192.0.2.0/33"]}),
    ("ArnEqualsIfExists", {"aws:SourceArn": "orders"}),
    ("BinaryEquals", {"s3:x-amz-meta-colour": "red"}),
)
ASSUMING: Final = (
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:TagSession",
    "sts:SetSourceIdentity",
)
PRINCIPALS: Final[tuple[Any, ...]] = (
    {"AWS": ACCOUNT},
    {"AWS": ROLE},
    {"AWS": [f"arn:aws:iam::{ACCOUNT}:root", ROLE], "Service": "ec2.amazonaws.com"},
    {"AWS": "*"},
    {"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/ci"},
    {"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]},
    {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/Corp"},
    {"Federated": f"{PROVIDERS}/idp.example.com"},
)
BAD_PRINCIPALS: Final[tuple[Any, ...]] = (
    "*",
    {},
    {"AWS": f"arn:aws:iam::{ACCOUNT}:role/*"},
    {"AWS": f"arn:aws:iam::{ACCOUNT}:group/staff"},
    {"AWS": "nobody"},
    {"AWS": ["11112222333", ROLE]},
    {"Service": "ec2"},
    {"Federated": "Corp"},
    {"Users": "deploy"},
    {"AWS": {}},
    {"AWS": [7]},
    {"AWS": []},
    7,
    [],
)


def one_or_more(
    pool: Iterable[Any], bad: Iterable[Any] = (), least: int = 1
) -> st.SearchStrategy[Any]:
    """Draw one value of a pool, or a list of them, now and then with a bad one."""
    good = st.sampled_from(tuple(pool))
    spoilt = good | st.sampled_from((*bad,)) if bad else good
    several = st.lists(spoilt, min_size=least, max_size=3)
    return good | st.lists(good, min_size=1, max_size=3) | spoilt | several


actions: Final = one_or_more(ACTIONS, BAD_ACTIONS, least=0)
plain_actions: Final = one_or_more(ACTIONS, least=0)
resources: Final = one_or_more(RESOURCES, BAD_RESOURCES, least=0)
complete_resources: Final = one_or_more(RESOURCES, ("reports", "", "arn:aws:sqs"), least=0)


def copied(pool: Iterable[Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from(tuple(pool)).map(copy.deepcopy)


@st.composite
def conditions(draw: st.DrawFn, *, values: bool = True) -> Any:  # noqa: ANN401 - a document
    """Draw a condition block, mostly a sound one."""
    pool = list(TESTS)
    if rarely(draw, 5):
        pool += BAD_TESTS
    if values and rarely(draw, 5):
        pool += BAD_VALUES
    return dict(draw(st.lists(copied(pool), max_size=3)))


def rarely(draw: st.DrawFn, often: int = 12) -> bool:
    return draw(st.integers(0, often)) == 0


class Shape(NamedTuple):
    """What the statements of a kind are drawn of; `spoils` is how each element may go wrong."""

    always: dict[str, st.SearchStrategy[Any]]
    often: dict[str, st.SearchStrategy[Any]]
    seldom: dict[str, st.SearchStrategy[Any]]
    spoils: dict[str, tuple[str, ...]]


WAYS: Final = ("drop", "not", "both", "odd", "rename")
FORMS: Final = ("drop", "odd", "rename")
effects: Final = st.sampled_from(("Allow", "Deny"))
other_effects: Final = st.sampled_from(("allow", "DENY", "Permit", "", 7, None))
sids: Final = st.sampled_from(("", "One", "Two", "Three"))
other_sids: Final = st.sampled_from(("no space", "a-b", 7))
principals: Final = copied(PRINCIPALS)
somebody: Final = copied(("*", *PRINCIPALS)).filter(lambda drawn: drawn != {"AWS": "*"})
PERMISSIONS: Final = Shape(
    {"Effect": effects, "Action": actions, "Resource": resources},
    {"Sid": sids, "Condition": conditions()},
    {"Effect": other_effects, "Sid": other_sids, "Principal": principals},
    {"Effect": FORMS, "Action": WAYS, "Resource": WAYS, "Condition": FORMS},
)
SESSIONS: Final = Shape(
    {"Effect": effects, "Action": plain_actions, "Resource": complete_resources},
    {"Condition": conditions(values=False)},
    PERMISSIONS.seldom | {"Sid": st.just(7)},
    PERMISSIONS.spoils,
)
TRUST: Final = Shape(
    {
        "Effect": effects,
        "Principal": principals,
        "Action": one_or_more(ASSUMING, ("s3:GetObject", "*", "sts:GetCallerIdentity", "")),
    },
    {"Sid": sids, "Condition": conditions(values=False)},
    {
        "Effect": other_effects,
        "Principal": copied(BAD_PRINCIPALS),
        "Resource": resources,
        "NotResource": resources,
    },
    {"Effect": FORMS, "Action": FORMS, "Principal": WAYS, "Condition": FORMS},
)
BARE: Final = Shape(
    {"Effect": effects, "Action": one_or_more(("s3:Get*", "*")), "Resource": one_or_more(("*",))},
    {"Sid": st.just("One")},
    {},
    {"Resource": FORMS},
)
OTHERS: Final = Shape(
    {"Effect": effects, "Action": one_or_more(ACTIONS), "Resource": one_or_more(RESOURCES)},
    {"Condition": conditions(values=False), "Principal": somebody},
    {"Effect": other_effects, "Sid": st.just(7)},
    PERMISSIONS.spoils | {"Principal": ("drop", "not", "both", "rename")},
)
BUCKETS: Final = OTHERS._replace(
    always={
        "Effect": effects,
        "Principal": somebody,
        "Action": one_or_more(("s3:GetObject", "s3:*", "s3:Put*")),
        "Resource": one_or_more((BUCKET, "arn:aws:s3:::reports"), ("*",)),
    }
)


@st.composite
def statements(draw: st.DrawFn, shape: Shape) -> Any:  # noqa: ANN401
    """Draw a statement of a shape, now and then with something wrong."""
    drawn = {name: draw(values) for name, values in shape.always.items()}
    drawn |= {name: draw(values) for name, values in shape.often.items() if draw(st.booleans())}
    drawn |= {name: draw(values) for name, values in shape.seldom.items() if rarely(draw)}
    if rarely(draw, 5):
        spoil(draw, drawn, shape)
    return drawn


def spoil(draw: st.DrawFn, statement: dict[str, Any], shape: Shape) -> None:
    """Leave out an element, negate it, add its `Not` form, or make it what none is."""
    name = draw(st.sampled_from(sorted(shape.spoils)))
    way = draw(st.sampled_from(shape.spoils[name]))
    if way == "odd":
        statement[name] = draw(copied(ODD))
    elif way == "both" and name in statement:
        statement[f"Not{name}"] = copy.deepcopy(statement[name])
    elif name in statement:
        value = statement.pop(name)
        if way == "not":
            statement[f"Not{name}"] = value
        elif way == "rename":
            statement[draw(st.sampled_from((name.lower(), f"{name}s", "Comment")))] = value


@st.composite
def documents(draw: st.DrawFn, shape: Shape) -> Any:  # noqa: ANN401
    """Draw a document of some statements, with now and then something wrong around them."""
    found = draw(st.lists(statements(shape), min_size=1, max_size=3))
    document: dict[str, Any] = {"Version": VERSION, "Statement": found}
    if len(found) == 1 and draw(st.booleans()):
        document["Statement"] = found[0]
    if rarely(draw):
        document["Id"] = draw(st.sampled_from(("one", "", 7, None)))
    if rarely(draw):
        document["Version"] = draw(st.sampled_from(("2008-10-17", "2012-10-18", "", 7, None)))
    if rarely(draw):
        document[draw(st.sampled_from(("Comment", "Sid", "version")))] = "x"
    if rarely(draw):
        document["Statement"] = draw(copied(([], 7, "", None, [[]])))
    if rarely(draw):
        document.pop(draw(st.sampled_from(("Version", "Statement"))))
    return document


@st.composite
def shared_issuers(draw: st.DrawFn) -> Any:  # noqa: ANN401
    """Draw a statement about an issuer that all its customers share."""
    issuer = draw(st.sampled_from((GITHUB, "gitlab.com", "idp.example.com", "api.pulumi.com/oidc")))
    claim = draw(st.sampled_from(("sub", "aud", "job_workflow_ref", "actor")))
    operator = draw(
        st.sampled_from(("StringEquals", "StringLike", "StringEqualsIgnoreCase", "StringNotLike"))
    )
    value = draw(one_or_more(("repo:acme/app:*", "mine", "*")))
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": f"{PROVIDERS}/{issuer}"},
        "Action": draw(st.sampled_from(ASSUMING)),
    }
    if not rarely(draw):
        statement["Condition"] = {operator: {f"{issuer}:{claim}": value}}
    return {"Version": VERSION, "Statement": [statement]}


def agree(word: str, document: Any) -> None:  # noqa: ANN401
    agree_about_text(word, json.dumps(document))


def agree_about_text(word: str, text: str) -> None:
    engine, twin = storing_answers.answer(word, text), storing_oracle.answer(word, text)
    assert (engine is None) is (twin is None), (engine, twin)
    if engine is not None and twin is not None:
        assert engine[0] == twin[0]
        if twin[1]:
            assert engine[1] == twin[1]


@given(documents(PERMISSIONS), st.sampled_from(("identity", "boundary")))
def test_permissions(document: Any, word: str) -> None:  # noqa: ANN401
    agree(word, document)


@given(documents(SESSIONS))
def test_sessions(document: Any) -> None:  # noqa: ANN401
    agree("session", document)


@given(documents(TRUST) | shared_issuers())
def test_trust(document: Any) -> None:  # noqa: ANN401
    agree("trust", document)


@given(documents(BUCKETS))
def test_buckets(document: Any) -> None:  # noqa: ANN401
    agree("resource", document)


@given(documents(OTHERS), st.sampled_from(("endpoint", "scp", "rcp")))
def test_others(document: Any, word: str) -> None:  # noqa: ANN401
    agree(word, document)


@given(documents(BARE), st.data())
def test_texts(document: Any, data: st.DataObject) -> None:  # noqa: ANN401
    # A character stands in the place of another, or between two.
    text = json.dumps(document, indent=data.draw(st.sampled_from((None, 1))))
    at = data.draw(st.integers(1, len(text)))
    new = data.draw(st.sampled_from(("", *'{}[]":,\\ \t\n01-x\u00e9\u0100\x00\x7f')))
    spoilt = text[:at] + new + text[at + data.draw(st.integers(0, 1)) :]
    agree_about_text(data.draw(st.sampled_from(("identity", "boundary"))), spoilt)
