"""The policies of identities: what AWS refuses, with which text, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.policy import kinds
from simulator.storing.storing import refusal_of
from simulator.syntax import Number
from tests.unit.storing.documents import GONE, OPEN, READING, but, policy

if TYPE_CHECKING:
    from simulator.syntax import Path

S = ("Statement", 0)
SYNTAX = "Syntax errors in policy."
OLD = "Policy document must be version 2012-10-17 or greater."
LEGACY = "The policy failed legacy parsing"
SID_FORM = (
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular"
    " expression [0-9A-Za-z]*"
)
SID_TWICE = "Statement IDs (SID) in a single policy must be unique."
PRINCIPAL = "Policy document should not specify a principal."
ACTIONS = "Policy statement must contain actions."
RESOURCES = "Policy statement must contain resources."
NO_VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
COLONS = "Actions/Condition can contain only one colon."
WILD = "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards."
FULLY = "Resource vendor must be fully qualified and cannot contain regexes."
IAM_PATH = 'IAM resource path must either be "*", root, or start with user/,'


def one(**elements: Any) -> Any:  # noqa: ANN401 - whatever AWS may be sent
    return policy(but(READING, **elements))


def when(operator: str, value: Any) -> Any:  # noqa: ANN401 - likewise
    return one(Condition={operator: {"aws:x": value}})


REFUSED: list[tuple[str, Any, str, Path]] = [
    ("a list", [], SYNTAX, ()),
    ("null", None, SYNTAX, ()),
    ("an unknown element", policy(READING, Comment="x"), SYNTAX, ("Comment",)),
    ("an unknown version", policy(READING, Version="2012-10-18"), SYNTAX, ("Version",)),
    ("a version that is a list", policy(READING, Version=["2012-10-17"]), SYNTAX, ("Version",)),
    ("an id that is a list", policy(READING, Id=["x"]), SYNTAX, ("Id",)),
    ("no statement", policy(Statement=GONE), SYNTAX, ()),
    ("no statements", policy(), SYNTAX, ("Statement",)),
    ("null for statements", policy(Statement=None), SYNTAX, ("Statement",)),
    ("a statement that is a string", policy(READING, "x"), SYNTAX, ("Statement", 1)),
    ("an unknown element of a statement", one(Effects="x"), SYNTAX, (*S, "Effects")),
    ("a Sid that is an object", one(Sid={}), SYNTAX, (*S, "Sid")),
    ("no effect", one(Effect=GONE), SYNTAX, S),
    ("another effect", one(Effect="Permit"), SYNTAX, (*S, "Effect")),
    ("an effect that is a list", one(Effect=["Allow"]), SYNTAX, (*S, "Effect")),
    ("Action and NotAction", one(NotAction="s3:*"), SYNTAX, (*S, "NotAction")),
    ("Resource and NotResource", one(NotResource=[]), SYNTAX, (*S, "NotResource")),
    ("an action that is a number", one(Action=Number("7")), SYNTAX, (*S, "Action")),
    ("a list in a list", one(Action=["s3:*", []]), SYNTAX, (*S, "Action", 1)),
    ("null among actions", one(Action=["s3:*", None]), SYNTAX, (*S, "Action", 1)),
    ("a resource that is an object", one(Resource={"x": "*"}), SYNTAX, (*S, "Resource")),
    ("a resource that is null", one(Resource=None), SYNTAX, (*S, "Resource")),
    ("a condition that is a list", one(Condition=[]), SYNTAX, (*S, "Condition")),
    ("an operator's text", one(Condition={"Bool": "x"}), SYNTAX, (*S, "Condition", "Bool")),
    (
        "an unknown operator",
        when("StringIs", "x"),
        SYNTAX,
        (*S, "Condition", "StringIs"),
    ),
    ("IfExists of Null", when("NullIfExists", "true"), SYNTAX, (*S, "Condition", "NullIfExists")),
    (
        "an unknown quantifier",
        when("ForEachValue:StringLike", "x"),
        SYNTAX,
        (*S, "Condition", "ForEachValue:StringLike"),
    ),
    ("an object as a value", when("Bool", {}), SYNTAX, (*S, "Condition", "Bool", "aws:x")),
    (
        "null among values",
        when("StringLike", ["x", None]),
        SYNTAX,
        (*S, "Condition", "StringLike", "aws:x", 1),
    ),
    (
        "no base64",
        when("BinaryEquals", "abc"),
        SYNTAX,
        (*S, "Condition", "BinaryEquals", "aws:x"),
    ),
    ("no version", policy(READING, Version=GONE), OLD, ()),
    ("the old version", policy(READING, Version="2008-10-17"), OLD, ("Version",)),
    ("an effect in other letters", one(Effect="DENY"), LEGACY, (*S, "Effect")),
    (
        "no date",
        when("DateLessThan", ["2026-01-01", "soon"]),
        LEGACY,
        (*S, "Condition", "DateLessThan", "aws:x", 1),
    ),
    (
        "no number",
        when("numericEqualsIfExists", "ten"),
        LEGACY,
        (*S, "Condition", "numericEqualsIfExists", "aws:x"),
    ),
    (
        "no address",
        when("ForAnyValue:NotIpAddress", "host.example"),
        LEGACY,
        (*S, "Condition", "ForAnyValue:NotIpAddress", "aws:x"),
    ),
    ("no ARN", when("ArnNotLike", "arn:aws:s3"), LEGACY, (*S, "Condition", "ArnNotLike", "aws:x")),
    ("an ARN without a service", one(Resource="arn:aws::::x"), LEGACY, (*S, "Resource")),
    ("no account", one(Resource=["*", "arn:aws:sns::my_topic"]), LEGACY, (*S, "Resource", 1)),
    (
        "a variable for the account",
        one(NotResource="arn:aws:iam::${aws:PrincipalAccount}:role/x", Resource=GONE),
        LEGACY,
        (*S, "NotResource"),
    ),
    ("a region of one letter", one(Resource="arn:aws:sns:x:*:y"), LEGACY, (*S, "Resource")),
    ("a region with a gap", one(Resource="arn:aws:sns:eu--west-1:*:y"), LEGACY, (*S, "Resource")),
    ("a Sid with a blank", one(Sid="My Sid"), SID_FORM, (*S, "Sid")),
    (
        "a Sid twice",
        policy(but(READING, Sid="a"), but(READING, Sid="b"), but(READING, Sid="a")),
        SID_TWICE,
        ("Statement", 2, "Sid"),
    ),
    ("a principal", one(Principal="*"), PRINCIPAL, (*S, "Principal")),
    ("other principals", one(NotPrincipal={}), PRINCIPAL, (*S, "NotPrincipal")),
    ("no action", one(Action=GONE), ACTIONS, S),
    ("no actions", one(Action=[]), ACTIONS, (*S, "Action")),
    ("no resource", one(Resource=GONE), RESOURCES, S),
    ("no resources", one(Resource=[]), RESOURCES, (*S, "Resource")),
    (
        "no ARN at all",
        one(Resource=["*", "my-bucket/*"]),
        'Resource my-bucket/* must be in ARN format or "*".',
        (*S, "Resource", 1),
    ),
    (
        "a partition that nobody has",
        one(Resource="arn:amazon:s3:::b"),
        'Partition "amazon" is not valid for resource "arn:amazon:s3:::b".',
        (*S, "Resource"),
    ),
    (
        "something else before the partition",
        one(Resource="aws:sqs:eu-west-1:queue"),
        'Partition "sqs" is not valid for resource "arn:sqs:eu-west-1:queue:*:*".',
        (*S, "Resource"),
    ),
    ("any service", one(Resource="arn:aws:*:::b"), FULLY, (*S, "Resource")),
    ("no more than a partition", one(Resource="arn:aws"), FULLY, (*S, "Resource")),
    (
        "a region of IAM",
        one(Resource="arn:aws:iam:eu-west-1::role/x"),
        "IAM resource arn:aws:iam:eu-west-1::role/x cannot contain region information.",
        (*S, "Resource"),
    ),
    (
        "a region of a bucket",
        one(Resource="arn:aws:s3:my-bucket"),
        "Resource arn:aws:s3:my-bucket:*:* can not contain region information.",
        (*S, "Resource"),
    ),
    (
        "an account of a hosted zone",
        one(Resource="arn:aws:route53::111111111111:hostedzone/Z"),
        "Resource arn:aws:route53::111111111111:hostedzone/Z cannot contain an account id.",
        (*S, "Resource"),
    ),
    ("no vendor", one(Action=["s3:*", "GetObject"]), NO_VENDOR, (*S, "Action", 1)),
    ("an empty action", one(NotAction="", Action=GONE), NO_VENDOR, (*S, "NotAction")),
    ("two colons", one(Action="s3:Get:Object"), COLONS, (*S, "Action")),
    ("any vendor", one(Action="*:GetObject"), WILD, (*S, "Action")),
    ("a vendor with a blank", one(Action="my s3:Get"), "Vendor my s3 is not valid", (*S, "Action")),
    ("an empty vendor", one(Action=":Get"), "Vendor  is not valid", (*S, "Action")),
]


@pytest.mark.parametrize(
    ("document", "text", "path"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
@pytest.mark.parametrize("kind", [kinds.IDENTITY, kinds.BOUNDARY], ids=lambda kind: kind.name)
def test_refused(kind: kinds.PolicyKind, document: Any, text: str, path: Path) -> None:  # noqa: ANN401
    found = refusal_of(document, kind)
    assert found is not None
    assert (found.code, found.status) == ("MalformedPolicyDocument", 400)
    assert (found.message, found.path) == (text, path)


@pytest.mark.parametrize("name", ["example", "", "roles/x", "role"])
def test_paths_of_iam(name: str) -> None:
    found = refusal_of(one(Resource=f"arn:aws:iam::111111111111:{name}"), kinds.IDENTITY)
    assert found is not None
    assert found.message.startswith(IAM_PATH)


STORED: list[tuple[str, Any]] = [
    ("one statement that is an object", policy(Statement=READING)),
    ("an id", policy(READING, Id="x")),
    ("empty Sids", policy(but(READING, Sid=""), but(READING, Sid=""))),
    ("null among resources", one(Resource=["*", None])),
    ("no condition", one(Condition={})),
    ("an unknown operator of nothing", one(Condition={"Whatever": {}})),
    ("no value", when("DateEquals", [])),
    ("values of other types", when("StringEquals", ["x", Number("7"), True])),
    ("operators in any letters", when("forallvalues:stringlikeifexists", "x")),
    ("a quantifier of Null", when("ForAllValues:Null", [True])),
    ("base64", when("BinaryEquals", "YWJjZA==")),
    ("a number without quotes", when("NumericEquals", Number("10"))),
    ("any text for Bool", when("Bool", "maybe")),
    ("an action that nobody has", one(Action="nobody.s-here:Do this, and that")),
    ("every action", one(Action="*")),
    ("a service that nobody has", one(Resource="arn:aws:nobody:::x")),
    ("any partition", one(Resource="arn:*:kms:*:${aws:PrincipalAccount}:key/*")),
    ("a short ARN", one(Resource="arn:aws:sqs")),
    ("a short ARN of IAM", one(Resource="arn:aws:iam")),
    ("another partition", one(Resource="arn:aws-cn:s3:::x")),
    ("words for region and account", one(Resource="arn:aws:ec2:region:account-id:instance/*")),
    ("an account of AWS", one(Resource="arn:aws:iam::aws:policy/*")),
    ("a template of roles", one(Resource="arn:aws:iam::aws:role-template/x")),
    ("roots", one(Resource="arn:aws:iam::111111111111:root")),
    ("an access point", one(Resource="arn:aws:s3:eu-west-1:111111111111:accesspoint/x/object/*")),
    ("access points of several Regions", one(Resource="arn:aws:s3::111111111111:accesspoint/x")),
    ("any bucket of anybody", one(Resource="arn:aws:s3:*:*:x")),
    ("a hosted zone", one(Resource="arn:aws:route53:::hostedzone/Z")),
    ("a variable", one(Resource="arn:aws:s3:::x/${aws:username}/*")),
]


@pytest.mark.parametrize("document", [row[1] for row in STORED], ids=[row[0] for row in STORED])
def test_stored(document: Any) -> None:  # noqa: ANN401
    assert refusal_of(document, kinds.IDENTITY) is None


# Of two faults the first is told.
@pytest.mark.parametrize(
    ("document", "text"),
    [
        (policy(but(READING, Action=GONE), but(READING, Foo=1), Version=GONE), SYNTAX),
        (policy(but(READING, Effect="allow"), Version=GONE), OLD),
        (policy(but(READING, Sid="a b"), but(READING, Effect="allow")), LEGACY),
        (policy(but(READING, Principal="*"), but(READING, Sid="a b")), SID_FORM),
        (policy(but(READING, Sid="a", Action=GONE), but(READING, Sid="a")), SID_TWICE),
        (policy(but(READING, Action=GONE, Principal="*")), PRINCIPAL),
        (policy(but(READING, Resource=GONE), but(READING, Action=GONE)), ACTIONS),
        (policy(but(READING, Resource="x"), but(READING, Resource=GONE)), RESOURCES),
        (
            policy(but(READING, Action="x"), but(READING, Resource="x")),
            'Resource x must be in ARN format or "*".',
        ),
    ],
)
def test_order(document: Any, text: str) -> None:  # noqa: ANN401
    found = refusal_of(document, kinds.IDENTITY)
    assert found is not None
    assert found.message == text


@pytest.mark.parametrize("version", [GONE, "2008-10-17"])
def test_inline_policies_may_be_in_the_language_of_2008(version: object) -> None:
    document = policy(READING, Version=version)
    assert refusal_of(document, kinds.IDENTITY, inline=True) is None
    assert refusal_of(document, kinds.IDENTITY) is not None


def test_session_policies() -> None:
    assert refusal_of(policy(READING, Version="2008-10-17"), kinds.SESSION) is None
    found = refusal_of(one(Resource=["*", "arn:aws:sqs"]), kinds.SESSION)
    assert found is not None
    assert (found.message, found.path, found.recorded) == (SYNTAX, (*S, "Resource", 1), False)


@pytest.mark.parametrize("element", ["Version", "Id", "Statement"])
def test_nothing_open_of_a_document_is_refused(element: str) -> None:
    document = policy(READING, **{element: OPEN})
    assert refusal_of(document, kinds.IDENTITY, unknown=frozenset({(element,)})) is None


@pytest.mark.parametrize("element", ["Sid", "Effect", "Action", "Resource", "Condition"])
def test_nothing_open_of_a_statement_is_refused(element: str) -> None:
    path = (*S, element)
    assert refusal_of(one(**{element: OPEN}), kinds.IDENTITY, unknown=frozenset({path})) is None


@pytest.mark.parametrize(
    "document",
    [
        policy(OPEN),
        one(Action=[OPEN, "s3:*"]),
        one(Resource=[OPEN]),
        one(Condition={"Bool": OPEN}),
        when("DateLessThan", [OPEN]),
        when("BinaryEquals", OPEN),
        policy(but(READING, Sid=OPEN), but(READING, Sid=OPEN)),
    ],
)
def test_nothing_open_is_refused(document: Any) -> None:  # noqa: ANN401
    assert refusal_of(document, kinds.IDENTITY, unknown=frozenset({("Statement",)})) is None


def test_what_stands_beside_something_open_is() -> None:
    found = refusal_of(
        one(Action=[OPEN, "Get"]), kinds.IDENTITY, unknown=frozenset({(*S, "Action", 0)})
    )
    assert found is not None
    assert found.path == (*S, "Action", 1)
