"""Trust policies: what AWS refuses, in a vocabulary of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.policy import kinds
from simulator.storing.storing import refusal_of
from simulator.syntax import Number
from tests.unit.storing.documents import GONE, OPEN, ROLE, TRUSTING, but, policy

if TYPE_CHECKING:
    from simulator.storing.refusal import Refusal
    from simulator.syntax import Path

S = ("Statement", 0)
JSON = "This policy contains invalid Json"
SYNTAX = "Syntax error in policy."
VERSION = "The policy must contain a valid version string"
EMPTY = "Could not parse the policy: Statement is empty!"
ACTION = "AssumeRole policy may only specify STS AssumeRole actions."
NOBODY = (
    "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: The passed in"
    " policy has a statement with no principals!"
)
FEDERATED = "Federated principals must be valid domain names or SAML metadata ARNs"
COGNITO = "A condition block must be present for the Cognito provider"


def refused(document: Any, *unknown: Path) -> Refusal | None:  # noqa: ANN401
    return refusal_of(document, kinds.TRUST, unknown=frozenset(unknown))


def one(**elements: Any) -> Any:  # noqa: ANN401 - whatever AWS may be sent
    return policy(but(TRUSTING, **elements))


def admitting(**principals: Any) -> Any:  # noqa: ANN401 - likewise
    return one(Principal=principals)


def invalid(kind: str, value: str) -> str:
    return f'Invalid principal in policy: "{kind}":"{value}"'


REFUSED: list[tuple[str, Any, str, Path]] = [
    ("a list", [], JSON, ()),
    ("an unknown element", policy(TRUSTING, Comment="x"), JSON, ("Comment",)),
    ("an unknown version", policy(TRUSTING, Version="2012"), VERSION, ("Version",)),
    ("a version that is a number", policy(TRUSTING, Version=Number("2012")), VERSION, ("Version",)),
    ("no statement", policy(Statement=GONE), EMPTY, ()),
    ("no statements", policy(), EMPTY, ("Statement",)),
    ("an id that is a list", policy(TRUSTING, Id=[]), SYNTAX, ("Id",)),
    ("a statement that is a string", policy("x"), SYNTAX, S),
    ("an unknown element of a statement", one(Conditions={}), JSON, (*S, "Conditions")),
    ("a Sid that is a list", one(Sid=[]), SYNTAX, (*S, "Sid")),
    ("Action and NotAction", one(NotAction="sts:*"), SYNTAX, (*S, "NotAction")),
    ("no effect", one(Effect=GONE), "Missing required field Effect", S),
    ("another effect", one(Effect="allow"), "Invalid effect: allow", (*S, "Effect")),
    ("an effect that is a list", one(Effect=[]), SYNTAX, (*S, "Effect")),
    ("a resource", one(Resource="*"), "Has prohibited field Resource", (*S, "Resource")),
    (
        "other resources",
        one(NotResource="*"),
        "AssumeRole policy must not contain resources.",
        (*S, "NotResource"),
    ),
    (
        "all but some are allowed",
        one(Principal=GONE, NotPrincipal={"AWS": ROLE}),
        "Allow with NotPrincipal is not allowed.",
        (*S, "NotPrincipal"),
    ),
    (
        "all but some are denied",
        one(Effect="Deny", Principal=GONE, NotPrincipal={"AWS": ROLE}),
        "AssumeRole policy must not contain NotPrincipal field.",
        (*S, "NotPrincipal"),
    ),
    ("no principal", one(Principal=GONE), "Missing required field Principal", S),
    ("nobody", admitting(), "Missing required field Principal cannot be empty!", (*S, "Principal")),
    ("no account", admitting(AWS=[]), NOBODY, (*S, "Principal", "AWS")),
    (
        "everybody, without a type",
        one(Principal="*"),
        'AssumeRolepolicy contained an invalid principal: "STAR":"*".',
        (*S, "Principal"),
    ),
    (
        "a role without a type",
        one(Principal=ROLE),
        "Principal must be a JSON object.",
        (*S, "Principal"),
    ),
    ("a list of roles", one(Principal=[ROLE]), SYNTAX, (*S, "Principal")),
    ("a number", admitting(AWS=[ROLE, Number("7")]), SYNTAX, (*S, "Principal", "AWS", 1)),
    (
        "another type",
        admitting(CanonicalUser="x"),
        'Invalid principal in policy: "CanonicalUser"',
        (*S, "Principal", "CanonicalUser"),
    ),
    ("no action", one(Action=GONE), "Missing required field Action", S),
    ("no actions", one(Action=[]), "Missing required field Action", S),
    ("an action that is an object", one(Action={}), SYNTAX, (*S, "Action")),
    ("another action", one(Action=["sts:AssumeRole", "s3:Get"]), ACTION, (*S, "Action", 1)),
    ("all actions but another", one(Action=GONE, NotAction="s3:*"), ACTION, (*S, "NotAction")),
    ("all actions", one(Action="*"), ACTION, (*S, "Action")),
    ("a pattern of others", one(Action="sts:Get*"), ACTION, (*S, "Action")),
    ("a condition that is a list", one(Condition=[]), SYNTAX, (*S, "Condition")),
    (
        "an unknown operator",
        one(Condition={"Is": {"aws:x": "x"}}),
        SYNTAX,
        (*S, "Condition", "Is"),
    ),
    (
        "a Sid twice",
        policy(but(TRUSTING, Sid="a"), but(TRUSTING, Sid="a")),
        "The Statement Ids in the policy are not unique",
        ("Statement", 1, "Sid"),
    ),
]


@pytest.mark.parametrize(
    ("document", "text", "path"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_refused(document: Any, text: str, path: Path) -> None:  # noqa: ANN401
    found = refused(document)
    assert found is not None
    assert (found.code, found.message, found.path) == ("MalformedPolicyDocument", text, path)


@pytest.mark.parametrize(
    "value",
    [
        "12345",
        "alice",
        f"{ROLE} ",
        f"{ROLE}*",
        "arn:aws:iam::111111111111:role/d?ploy",
        "arn:aws:iam::111111111111:*",
        "arn:aws:iam::111111111111:group/admins",
        "arn:aws:iam::111111111111:saml-provider/corp",
        "arn:aws:iam::1111:root",
        "arn:aws:s3:::bucket",
    ],
)
def test_who_is_nobody(value: str) -> None:
    found = refused(admitting(AWS=[ROLE, value]))
    assert found is not None
    assert (found.message, found.path) == (invalid("AWS", value), (*S, "Principal", "AWS", 1))


@pytest.mark.parametrize(
    "value", ["*", "lambda", "lambda.example.com", "eks.amazonaws.com.cn", "*.amazonaws.com"]
)
def test_what_is_no_service(value: str) -> None:
    found = refused(admitting(Service=value))
    assert found is not None
    assert found.message == invalid("SERVICE", value)


@pytest.mark.parametrize(
    "value",
    ["corp", "https://idp.example", "arn:aws:iam::1111:saml-provider/x", "arn:aws:iam//x:saml"],
)
def test_what_is_no_provider(value: str) -> None:
    found = refused(admitting(Federated=value))
    assert found is not None
    assert found.message == FEDERATED


@pytest.mark.parametrize(
    "principals",
    [
        {"AWS": "*"},
        {"AWS": ["111111111111", "1111-1111-1111"]},
        {"AWS": "arn:aws:iam::111111111111:root"},
        {"AWS": "arn:aws-us-gov:iam::111111111111:user/team/alice"},
        {"AWS": "arn:aws:sts::111111111111:assumed-role/deploy/alice"},
        {"AWS": "arn:aws:sts::111111111111:federated-user/alice"},
        {"AWS": "AROACKCEVSQ6C2EXAMPLE"},
        {"AWS": "arn:aws:iam::999999999999:role/that-nobody-has-seen"},
        {"Service": "ec2.amazonaws.com"},
        {"Service": ["ec2.amazonaws.com.cn", "nobody.amazonaws.com"]},
        {"Federated": "arn:aws:iam::111111111111:saml-provider/corp"},
        {"Federated": "arn:aws:iam::111111111111:oidc-provider/idp.example/id/7"},
        {"Federated": "idp.example"},
        {"AWS": ROLE, "Service": "ec2.amazonaws.com"},
    ],
)
def test_who_may_be_named(principals: Any) -> None:  # noqa: ANN401
    assert refused(admitting(**principals)) is None


@pytest.mark.parametrize(
    "document",
    [
        one(Action="sts:*"),  # TRU-1
        one(Action=["sts:AssumeRole*", "sts:tagsession"]),
        policy(Statement=TRUSTING),
        policy(TRUSTING, Version=GONE),
        policy(TRUSTING, Version="2008-10-17", Id="x"),
        one(Effect="Deny", Action=GONE, NotAction="sts:AssumeRole"),
        one(Action=["sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"]),
        one(Sid="My <b> Sid"),
        policy(but(TRUSTING, Sid=""), but(TRUSTING, Sid="")),
        one(Condition={"Whatever": {}, "DateLessThan": {"aws:CurrentTime": "soon"}}),
    ],
)
def test_stored(document: Any) -> None:  # noqa: ANN401
    assert refused(document) is None


GITHUB = "token.actions.githubusercontent.com"


def federated(issuer: str, condition: Any, **elements: Any) -> Any:  # noqa: ANN401
    provider = f"arn:aws:iam::111111111111:oidc-provider/{issuer}"
    return one(
        Principal={"Federated": provider},
        Action="sts:AssumeRoleWithWebIdentity",
        Condition=condition,
        **elements,
    )


def shared_text(issuer: str, keys: str) -> str:
    return (
        f"Trust policy with trusted principal arn:aws:iam::111111111111:oidc-provider/{issuer} must"
        " evaluate, using StringEquals, StringLike or StringEqualsIgnoreCase,"
        f" {keys} which is not scoped to all."
    )


UNSCOPED: list[Any] = [
    GONE,
    {},
    {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}},
    {"StringEquals": {f"{GITHUB}:repository": "acme/web"}},
    {"StringNotEquals": {f"{GITHUB}:sub": "repo:acme/web:*"}},
    {"StringEquals": {"gitlab.com:sub": "x"}},
    {"StringEquals": {f"{GITHUB}:sub": []}},
    {"StringEquals": {f"{GITHUB}:sub": "*"}},
    *({"StringLike": {f"{GITHUB}:sub": all_}} for all_ in ("*", "**", "?", "*?*", ["*", "repo:x"])),
]


@pytest.mark.parametrize("condition", UNSCOPED)
def test_shared_provider_without_a_tenant(condition: Any) -> None:  # noqa: ANN401
    found = refused(federated(GITHUB, condition))
    assert found is not None
    assert found.message == shared_text(GITHUB, f"{GITHUB}:sub or {GITHUB}:job_workflow_ref")
    assert (found.path, found.recorded) == (S, True)


@pytest.mark.parametrize(
    "condition",
    [
        {"StringLike": {f"{GITHUB}:sub": "repo:*"}},
        {"StringLike": {f"{GITHUB}:sub": ["repo:acme/web:*", "*"]}},
        {"StringLike": {f"{GITHUB}:sub": "*", f"{GITHUB}:job_workflow_ref": "acme/*"}},
        {"StringEquals": {f"{GITHUB.upper()}:SUB": "repo:acme/web"}},
        {"StringEquals": {f"{GITHUB}:sub": "**"}},
        {"StringEqualsIgnoreCase": {f"{GITHUB}:sub": ["x"]}},
        {"ForAnyValue:StringLikeIfExists": {f"{GITHUB}:sub": "x"}},
    ],
)
def test_shared_provider_with_a_tenant(condition: Any) -> None:  # noqa: ANN401
    assert refused(federated(GITHUB, condition)) is None


@pytest.mark.parametrize(
    ("issuer", "key"),
    [
        ("gitlab.com", "gitlab.com:sub"),
        ("api.pulumi.com/oidc", "api.pulumi.com/oidc:aud"),
        ("sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d", "sts:RoleSessionName"),
    ],
)
def test_other_shared_providers(issuer: str, key: str) -> None:
    found = refused(federated(issuer, GONE))
    assert found is not None
    assert found.message == shared_text(issuer, key)
    assert refused(federated(issuer, {"StringEquals": {key: "x"}})) is None


@pytest.mark.parametrize(
    "document",
    [
        federated("idp.example", GONE),
        federated(f"{GITHUB}/acme", GONE),
        federated(GITHUB, GONE, Effect="Deny"),
        but(federated(GITHUB, GONE)["Statement"][0], Action="sts:TagSession"),
    ],
)
def test_providers_of_which_no_tenant_is_asked(document: Any) -> None:  # noqa: ANN401
    whole = document if "Statement" in document else policy(document)
    assert refused(whole) is None


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (GONE, COGNITO),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, COGNITO),
        ({"StringEquals": {"cognito-identity.amazonaws.com:aud": "*"}}, COGNITO),
        ({"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:pool"}}, None),
    ],
)
def test_cognito(condition: Any, text: str | None) -> None:  # noqa: ANN401
    provider = {"Federated": "cognito-identity.amazonaws.com"}
    found = refused(one(Principal=provider, Condition=condition))
    assert (found.message if found else None) == text


@pytest.mark.parametrize(
    "document",
    [
        policy(OPEN),
        policy(TRUSTING, Version=OPEN),
        one(Effect=OPEN),
        one(Principal=OPEN),
        admitting(AWS=OPEN),
        admitting(AWS=[OPEN]),
        admitting(Service=OPEN),
        admitting(Federated=OPEN),
        one(Action=OPEN),
        one(Action=[OPEN]),
        one(Condition=OPEN),
        policy(but(TRUSTING, Sid=OPEN), but(TRUSTING, Sid=OPEN)),
        federated(GITHUB, OPEN),
        federated(GITHUB, {"StringLike": {f"{GITHUB}:sub": [OPEN]}}),
        federated(OPEN, GONE),
    ],
)
def test_nothing_open_is_refused(document: Any) -> None:  # noqa: ANN401
    assert refused(document, ("Statement",)) is None
