"""The policies of resources and endpoints: what is refused, and in the words of which service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.policy import kinds
from simulator.storing.storing import refusal_of
from simulator.syntax import Number
from tests.unit.storing.documents import GONE, OPEN, ROLE, SHARING, but, policy

if TYPE_CHECKING:
    from simulator.storing.refusal import Refusal
    from simulator.syntax import Path

S = ("Statement", 0)
NOT_CORRECT = (
    "The request was rejected because the specified policy is not syntactically or semantically"
    " correct."
)
SYNTAX = "Invalid policy syntax."


def refused(document: Any, service: str | None = None) -> Refusal | None:  # noqa: ANN401
    return refusal_of(document, kinds.RESOURCE, service=service)


def one(**elements: Any) -> Any:  # noqa: ANN401 - whatever AWS may be sent
    return policy(but(SHARING, **elements))


REFUSED: list[tuple[str, Any, str, Path]] = [
    ("an unknown element", policy(SHARING, Comment="x"), SYNTAX, ("Comment",)),
    ("an id that is a number", policy(SHARING, Id=Number("7")), SYNTAX, ("Id",)),
    (
        "an unknown version",
        policy(SHARING, Version="2026-01-01"),
        "The policy must contain a valid version string",
        ("Version",),
    ),
    ("a statement that is a string", policy(SHARING, "x"), SYNTAX, ("Statement", 1)),
    ("a Sid that is a list", one(Sid=[]), SYNTAX, (*S, "Sid")),
    ("both actions", one(NotAction="s3:*"), SYNTAX, (*S, "NotAction")),
    ("no effect", one(Effect=GONE), "Missing required field Effect", S),
    ("another effect", one(Effect="hello"), "Invalid effect: hello", (*S, "Effect")),
    ("an effect that is a list", one(Effect=[]), SYNTAX, (*S, "Effect")),
    ("no principal", one(Principal=GONE), "Missing required field Principal", S),
    ("a list of principals", one(Principal=[ROLE]), SYNTAX, (*S, "Principal")),
    (
        "a type that is none",
        one(Principal={"Role": ROLE}),
        "Invalid principal in policy",
        (*S, "Principal", "Role"),
    ),
    (
        "a principal that is an object",
        one(Principal={"AWS": {}}),
        SYNTAX,
        (*S, "Principal", "AWS"),
    ),
    (
        "nobody",
        one(Principal={"AWS": [ROLE, "role/deploy"]}),
        "Invalid principal in policy",
        (*S, "Principal", "AWS", 1),
    ),
    ("no action", one(Action=GONE), "Missing required field Action", S),
    ("no vendor", one(Action="GetObject"), "Policy has invalid action", (*S, "Action")),
    ("two colons", one(Action="s3:a:b"), "Policy has invalid action", (*S, "Action")),
    ("a number for principals", one(Principal=Number("7")), SYNTAX, (*S, "Principal")),
    ("an action that is null", one(Action=None), SYNTAX, (*S, "Action")),
    ("null among resources", one(Resource=["*", None]), SYNTAX, (*S, "Resource", 1)),
    ("a condition that is a string", one(Condition="x"), SYNTAX, (*S, "Condition")),
]


@pytest.mark.parametrize(
    ("document", "text", "path"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_refused_by_s3(document: Any, text: str, path: Path) -> None:  # noqa: ANN401
    given = refusal_of(document, kinds.RESOURCE, service="s3")
    assert given is not None
    assert (given.code, given.message, given.path) == ("MalformedPolicy", text, path)
    assert refusal_of(document, kinds.ENDPOINT) == (
        "InvalidPolicyDocument",
        "The Policy Document is not valid.",
        path,
        False,
    )


@pytest.mark.parametrize(
    ("document", "text", "path"),
    [
        (policy(Statement=GONE), "Missing required field Statement", ()),
        (policy(), "Could not parse the policy: Statement is empty!", ("Statement",)),
        (one(Resource=GONE), "Missing required field Resource", S),
        (one(Action="sqs:SendMessage"), "Policy has invalid action", (*S, "Action")),
        (one(Resource="*"), "Policy has invalid resource", (*S, "Resource")),
        (one(Resource=["arn:aws:s3:::b", "b"]), "Policy has invalid resource", (*S, "Resource", 1)),
    ],
)
def test_what_only_buckets_must_have(document: Any, text: str, path: Path) -> None:  # noqa: ANN401
    found = refused(document, "s3")
    assert found is not None
    assert (found.message, found.path) == (text, path)


@pytest.mark.parametrize(
    ("actions", "service", "code"),
    [
        ("s3:*", None, "MalformedPolicy"),
        (["S3:GetObject", "s3:PutObject"], None, "MalformedPolicy"),
        ("sqs:*", None, "InvalidAttributeValue"),
        ("sns:Publish", None, "InvalidParameter"),
        ("kms:*", None, "MalformedPolicyDocumentException"),
        ("ecr:*", None, "InvalidParameterException"),
        ("secretsmanager:*", None, "MalformedPolicyDocumentException"),
        ("backup:*", None, "MalformedPolicyDocument"),
        (["s3:*", "sqs:*"], None, "MalformedPolicyDocument"),
        ("s3:*", "sqs", "InvalidAttributeValue"),
    ],
)
def test_words_are_those_of_the_service(actions: Any, service: str | None, code: str) -> None:  # noqa: ANN401
    found = refused(policy(but(SHARING, Action=actions), Version="2026-01-01"), service)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (one(Principal=GONE), "Policy contains a statement with no principal."),
        (
            one(Principal={"AWS": "nobody"}),
            "Policy contains a statement with one or more invalid principals.",
        ),
        (
            one(Resource=GONE),
            NOT_CORRECT,
        ),
    ],
)
def test_words_of_kms(document: Any, text: str) -> None:  # noqa: ANN401
    found = refused(document, "kms")
    assert found is not None
    assert found.message == text


def test_a_topic_speaks_of_its_own_service() -> None:
    found = refused(one(Action=["sns:Publish", "sqs:SendMessage"]), "sns")
    assert found is not None
    assert found.message == "Invalid parameter: Policy statement action out of service scope!"


@pytest.mark.parametrize(
    "document",
    [
        policy(SHARING, Version=GONE),
        policy(Statement=SHARING, Id="x"),
        one(Principal="*"),
        one(Principal=GONE, NotPrincipal={"AWS": ROLE}),
        one(Principal={"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}),
        one(Principal={"Service": "anybody", "Federated": "x", "CanonicalUser": "0a"}),
        one(Principal={}),
        one(Resource=GONE),
        one(Action="sqs:*"),
        policy(but(SHARING, Sid="a b"), but(SHARING, Sid="a b")),
        policy(OPEN),
        one(Effect=OPEN, Principal=OPEN, Action=OPEN, Resource=OPEN, Condition=OPEN),
        one(Principal={"AWS": [OPEN]}, Action=[OPEN]),
    ],
)
def test_stored(document: Any) -> None:  # noqa: ANN401
    assert refusal_of(document, kinds.RESOURCE, unknown=frozenset({("Statement",)})) is None
