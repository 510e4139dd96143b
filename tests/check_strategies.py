"""Policy documents of every kind, as AWS stores them and with one to three faults.

For properties about what AWS stores and what a check says of it. Everything drawn lies where it is
known whether AWS stores a document (``fixtures/storing/README.md`` says what nobody knows); in
which words it refuses one with several faults is not always known. A fault is data: where it is
made, in which element, and what stands there then.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Doc = dict[str, Any]

KINDS: Final = ("identity", "boundary", "session", "trust", "resource", "scp", "rcp", "endpoint")
SELDOM: Final = (*[False] * 15, True)
PERMISSION: Final = ("identity", "boundary")
ACCOUNT: Final = "111122223333"
ASSUME, WITH_TOKEN = "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"
GITHUB: Final = "token.actions.githubusercontent.com"
COGNITO: Final = "cognito-identity.amazonaws.com"


class Fault(NamedTuple):
    """An element that is given another value, or ... to take it away.

    In the document, in one of its statements, or in a copy of one that is put behind it as well.
    """

    element: str
    value: Any
    place: Literal["document", "statement", "both"] = "statement"


def _of(element: str, *values: object) -> tuple[Fault, ...]:
    return tuple(Fault(element, value) for value in values)


def _tests(operator: str, key: str, *values: object) -> tuple[Fault, ...]:
    return _of("Condition", *({operator: {key: value}} for value in values))


def _arn(rest: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:{rest}"


# --- Faults

NOT_JSON: Final[tuple[Callable[[str], str], ...]] = (
    lambda text: text[:-1],
    lambda text: f"{text[:-1]},}}",
    lambda text: text.replace('"', "'"),
    lambda text: f"{text} {text}",
    lambda _: "policy.json",
)
VERSIONS: Final[tuple[Any, ...]] = ("2012-10-18", "latest", 2012, [])
STATEMENTS: Final[tuple[Any, ...]] = (..., [], "all", [[]], ["all"])
OF_DOCUMENT: Final = (
    *(Fault("Version", value, "document") for value in VERSIONS),
    *(Fault("Statement", value, "document") for value in STATEMENTS),
    *(Fault(element, "x", "document") for element in ("Comment", "statement", "Conditions")),
)
ANYWHERE: Final = (
    *_of("Effect", ..., "Permit", "allow", "DENY", 1, ["Allow"]),
    *_of("effect", "Allow"),
    *_of("Comment", "x"),
    *_of("Sid", [], {}, 7),
    *_of("Action", {}, 7, [["s3:GetObject"]], ["s3:GetObject", 7]),
    *_of("Condition", [], "MFA", {"StringEquals": "x"}, {"StringEquals": []}),
    *_tests("StringEquals", "aws:PrincipalTag/team", {}, [["red"]], ["red", {}]),
    *(
        Fault("Condition", {operator: {"aws:PrincipalTag/team": "red"}})
        for operator in (
            *("Matches", "StringEqual", "StringEqualsIfExist", "ForAllValues::StringEquals"),
            *("ForEachValue:StringEquals", "ForAnyValue:", "IfExists", "NullIfExists"),
        )
    ),
)
#: Beside an `Action`: both of the two, which no kind takes.
TWO_OF_ONE: Final = _of("NotAction", "iam:*")
RESOURCES: Final = (
    *_of("Resource", ..., {}, 7, ["*", {}]),
    *_of("NotResource", "*"),
)
A_PRINCIPAL: Final = (
    *_of("Principal", "*", {"AWS": ACCOUNT}, {"Service": "ec2.amazonaws.com"}),
    *_of("NotPrincipal", {"AWS": ACCOUNT}),
)
OLD: Final = (Fault("Version", ..., "document"), Fault("Version", "2008-10-17", "document"))
FORMS: Final = (
    *_of("NotAction", []),
    *_of("Action", [], "SendMessage", "", "sqs", "sqs:Send:Message", "s:q:s:Send", "s qs:Send"),
    *_of("Action", ["sqs:SendMessage", "ReceiveMessage"]),
    *_of("Resource", [], "orders", "", "orders/*", "https://example.com/orders"),
    *_of("Resource", "sqs:orders", "aws:sqs:eu-west-1:1:orders", "arn:amazon:sqs:::orders"),
    *_of("Resource", "arn:aws:s3::our_orders", "arn:aws::orders", "arn:aws::::orders"),
    *_of("Resource", "arn:aws", "arn:aws:*:::orders", "arn:aws:sq?:eu-west-1::orders"),
    *_of("Resource", "arn:aws:s3:eu-west-1::orders", "arn:aws:iam:eu-west-1::role/deploy"),
    *_of("Resource", _arn("deploy"), _arn("ro*"), _arn("assumed-role/deploy/ci")),
    *_of(
        "Resource", "arn:aws:iam::${aws:PrincipalAccount}:role/a", "arn:aws:iam::ACCOUNT_ID:role/a"
    ),
    *_of("Resource", ["*", "orders"]),
    *_tests("DateGreaterThan", "aws:CurrentTime", "tomorrow", "2024-13"),
    *_tests("DateLessThanEquals", "aws:CurrentTime", "2024-05-01t8:00:00.25+3"),
    *_tests("DateLessThan", "aws:CurrentTime", ["2024-05-01", "soon"], "9300000000000000000"),
    *_of("Sid", "send-orders", "Send orders"),
    Fault("Sid", "Twice", "both"),
    Fault("Id", [], "document"),
    Fault("Id", {}, "document"),
)
SHORT_ARNS: Final = _of("Resource", "arn:aws:s3", "arn:aws:sqs:eu-west-1:1", ["*", "arn:aws:s3"])
NO_TRUST: Final = (
    *_of("Resource", "*", _arn("role/deploy")),
    *_of("NotResource", "*"),
    *_of("NotPrincipal", {"AWS": ACCOUNT}),
    *_of("Principal", ..., "*", ACCOUNT, [ACCOUNT], {}, {"AWS": []}, {"aws": ACCOUNT}),
    *_of("Principal", {"AWS": "1111222233"}, {"AWS": "ann"}, {"AWS": _arn("role/*")}),
    *_of("Principal", {"AWS": _arn("group/red")}, {"AWS": _arn("saml-provider/x")}),
    *_of("Principal", {"AWS": [ACCOUNT, _arn("user/*")]}, {"Service": "ec2"}, {"Service": "*"}),
    *_of("Principal", {"Federated": "https://login.example.com"}, {"Federated": "login"}),
    *_of("Action", ..., "*", "s3:GetObject", "sts:Become", [ASSUME, "iam:PassRole"]),
    Fault("Sid", "Twice", "both"),
)
NO_RCP: Final = (
    *_of("Principal", ..., {"AWS": ACCOUNT}, {"Service": "s3.amazonaws.com"}),
    *_of("NotPrincipal", {"AWS": ACCOUNT}),
    *_of("Effect", "Allow"),
)

_PERMISSIONS = (*TWO_OF_ONE, *RESOURCES, *A_PRINCIPAL, *OLD, *FORMS, *_of("Action", ...))
#: What is a fault in documents of one kind, and need not be one in others.
OWN: Final[dict[str, tuple[Fault, ...]]] = {
    "identity": _PERMISSIONS,
    "boundary": _PERMISSIONS,
    "session": (*TWO_OF_ONE, *RESOURCES, *A_PRINCIPAL, *SHORT_ARNS, *_of("Action", ...)),
    "trust": (*TWO_OF_ONE, *NO_TRUST),
    "resource": (*TWO_OF_ONE, *RESOURCES, *_of("Principal", ...), *_of("Resource", "*")),
    "scp": (*TWO_OF_ONE, *RESOURCES, *A_PRINCIPAL, *OLD, *_of("Action", ...)),
    "rcp": (*TWO_OF_ONE, *RESOURCES, *NO_RCP, *OLD, *_of("Action", ...)),
    "endpoint": (*TWO_OF_ONE, *_of("Principal", ...), *_of("Action", ...)),
}
FAULTS: Final = {kind: (*OF_DOCUMENT, *ANYWHERE, *own) for kind, own in OWN.items()}

# --- What AWS stores

CONDITIONS: Final[tuple[Doc, ...]] = (
    {},
    {"StringEquals": {}},
    {"StringEquals": {"aws:PrincipalTag/team": ["red", "blue"]}},
    {"StringLikeIfExists": {"aws:PrincipalArn": _arn("role/*")}},
    {"ForAnyValue:StringNotEquals": {"aws:TagKeys": "team"}},
    {"ForAllValues:Null": {"aws:TagKeys": "true"}},
    {"Bool": {"aws:SecureTransport": True}, "NumericLessThan": {"aws:MultiFactorAuthAge": 3600}},
    {"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", "2001:db8::/32"]}},
    {"ArnLike": {"aws:SourceArn": f"arn:aws:sqs:*:{ACCOUNT}:orders"}},
    {"Null": {"aws:MultiFactorAuthAge": "false"}},
    {"StringEquals": {"colour": []}},
)
DATES: Final[tuple[Doc, ...]] = (
    {"Matches": {}},
    *(
        {"DateGreaterThan": {"aws:CurrentTime": value}}
        for value in (
            *("2024-05-01T10:20:30Z", "2024-05-01t8:00:00.5+02", "2024-05", "07T", "-5000"),
            *("1714521600", ["2024-05-01", "2024-05-01T10:20:30.123456+02:00"]),
        )
    ),
)
ACTIONS: Final = ("*", "sqs:*", "sqs:SendMessage", ["sqs:Send*", "sns:Publish"], "SQS:sendmessage")
ODD_ACTIONS: Final = ("my-queue:Send", "sqs: send it", "frobnicator:Send", ["sqs:SendMessag?", "*"])
ARNS: Final = (
    *("*", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:orders", "arn:aws:s3:::orders/*"),
    ["arn:aws:s3:::orders", "*"],
    _arn("role/*"),
    "arn:aws:logs:eu-west-1:1:log-group:/a:*",
)
ODD_ARNS: Final = (
    *("arn:aws:sqs", "arn:aws:frobnicator", f"arn:aws:sqs:eu-west-1:{ACCOUNT}", "arn:*:sqs:*:*:x"),
    *("arn:aws:sqs:eu-west-1::orders", f"arn:aws:s3:eu-west-1:{ACCOUNT}:accesspoint/orders"),
    *(_arn("root"), _arn("*"), _arn("mfa/ann"), _arn("user/${aws:username}")),
    "arn:aws:ec2:eu-west-1:account-id:instance/*",
)
TRUSTED: Final[tuple[Doc, ...]] = (
    *(
        {"Principal": principal, "Action": action}
        for principal in (
            *({"AWS": ACCOUNT}, {"AWS": "*"}, {"AWS": [_arn("root"), _arn("user/team/ann")]}),
            *({"Service": "ec2.amazonaws.com"}, {"AWS": _arn("role/deploy")}),
            {
                "AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/ci",
                "Service": "delivery.logs.amazonaws.com",
            },
        )
        for action in (ASSUME, [ASSUME, "sts:TagSession", "sts:SetSourceIdentity"])
    ),
    {"Principal": {"Federated": _arn("saml-provider/x")}, "Action": "sts:AssumeRoleWithSAML"},
    {"Principal": {"Federated": _arn("oidc-provider/ci.example.com")}, "Action": WITH_TOKEN},
)
#: By issuer that many share: the claims of which a trust policy must test one.
TENANCY: Final = {
    GITHUB: (f"{GITHUB}:sub", f"{GITHUB}:job_workflow_ref"),
    "gitlab.com": ("gitlab.com:sub",),
    "app.terraform.io": ("app.terraform.io:sub",),
    "studio.datachain.ai/api": ("studio.datachain.ai/api:sub",),
    "oidc.vercel.com": ("oidc.vercel.com:aud",),
    "api.pulumi.com/oidc": ("api.pulumi.com/oidc:aud",),
    COGNITO: (f"{COGNITO}:aud",),
}


def _one(values: Iterable[Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from(tuple(values))


@st.composite
def tokens(draw: st.DrawFn, *, tested: bool) -> Doc:
    """Draw trust in an issuer that many share, whose tenancy claim is tested, or is not."""
    issuer = draw(_one(TENANCY))
    arn = issuer if issuer == COGNITO else _arn(f"oidc-provider/{issuer}")
    found: Doc = {"Effect": "Allow", "Principal": {"Federated": arn}, "Action": WITH_TOKEN}
    audience: Doc = {"StringEquals": {f"{issuer}:amr": "authenticated"}}
    claim = draw(_one(TENANCY[issuer]))
    operator = draw(_one(("StringEquals", "StringLike", "StringEqualsIgnoreCase")))
    enough = (
        {operator: {claim: "acme"}},
        {"Bool": {"aws:SecureTransport": "true"}, operator: {claim: ["acme", "other"]}},
        {"StringLike": {claim: ["acme*", "*"]}},
    )
    too_little = (
        audience,
        {"StringLike": {claim: "*"}},
        {"StringLike": {claim: ["*", "acme"]}},
        {"StringNotEquals": {claim: "acme"}},
    )
    condition = draw(_one(enough if tested else (None, *too_little)))
    return found if condition is None else {**found, "Condition": condition}


@st.composite
def statements(draw: st.DrawFn, kind: str) -> Doc:
    """Draw a statement that a document of a kind may have."""
    wide = kind in PERMISSION
    effect = "Deny" if kind == "rcp" else draw(_one(("Allow", "Deny")))
    actions = (*ACTIONS, *ODD_ACTIONS) if wide else ACTIONS
    arns = {"session": ARNS, "resource": ("arn:aws:s3:::orders/*", ["arn:aws:s3:::orders"])}
    found: Doc = {"Effect": effect}
    if kind == "trust":
        shared = draw(st.booleans())
        found |= draw(tokens(tested=True)) if shared else draw(_one(TRUSTED))
        if shared:
            return found
    elif kind == "resource":
        found |= {"Principal": draw(_one(("*", {"AWS": ACCOUNT}))), "Action": "s3:GetObject"}
    elif kind == "rcp":
        found |= {"Principal": "*", "Action": draw(_one(("s3:*", ["sqs:SendMessage", "kms:*"])))}
    else:
        either = (
            "Action" if kind in ("session", "endpoint") else draw(_one(("Action", "NotAction")))
        )
        found |= {either: draw(_one(actions))}
    if kind == "endpoint":
        found["Principal"] = draw(_one(("*", {"AWS": "*"}, {"AWS": _arn("root")})))
    if kind != "trust":
        element = draw(_one(("Resource", "NotResource")))
        found[element] = draw(_one((*ARNS, *ODD_ARNS) if wide else arns.get(kind, ("*", ARNS[2]))))
    if draw(st.booleans()):
        found["Condition"] = draw(_one((*CONDITIONS, *DATES) if wide else CONDITIONS))
    return dict(draw(st.permutations(list(found.items()))))


@st.composite
def documents(draw: st.DrawFn, kind: str) -> Doc:
    """Draw a document of a kind that AWS stores."""
    several = draw(st.lists(statements(kind), min_size=1, max_size=3))
    if kind in (*PERMISSION, "trust") and draw(st.booleans()):
        several = [{"Sid": f"Sid{place}", **each} for place, each in enumerate(several)]
    bare = len(several) == 1 and draw(st.booleans())
    found: Doc = {"Version": "2012-10-17", "Statement": several[0] if bare else several}
    if kind in ("session", "trust", "resource", "endpoint"):
        version = draw(_one(("2012-10-17", "2008-10-17", None)))
        found = {"Statement": found["Statement"]} | (
            {} if version is None else {"Version": version}
        )
    if kind in ("identity", "boundary", "resource") and draw(st.booleans()):
        found["Id"] = "orders"
    return found


def spoil(document: Doc, fault: Fault, place: int = 0) -> Doc:
    """Return a document with a fault; that of a statement in the one at a place, counted round."""
    if fault.place == "document":
        return _given(document, fault)
    found = document.get("Statement")
    several: list[Any] = list(found) if isinstance(found, list) else [found]
    if not several or not isinstance(several[place % len(several)], dict):
        return document  # an earlier fault has taken the statements away
    spoilt = _given(several[place % len(several)], fault)
    several[place % len(several)] = spoilt
    more = [dict(spoilt)] if fault.place == "both" else []
    return {**document, "Statement": [*several, *more]}


def _given(holder: Doc, fault: Fault) -> Doc:
    rest = {element: value for element, value in holder.items() if element != fault.element}
    return rest if fault.value is ... else {**rest, fault.element: fault.value}


def _family(fault: Fault) -> str:
    return fault.element.removeprefix("Not").lower()


@st.composite
def spoilt_documents(draw: st.DrawFn, kind: str) -> Doc:
    """Draw a document of a kind with one to three faults, no two of which undo each other."""
    found = draw(documents(kind))
    if kind == "trust" and draw(_one(SELDOM)):
        return {**found, "Statement": [draw(tokens(tested=False))]}
    # Those that every kind has would hide the others, for AWS tells of them first.
    some = draw(_one((OWN[kind], FAULTS[kind])))
    for fault in draw(st.lists(_one(some), min_size=1, max_size=3, unique_by=_family)):
        found = spoil(found, fault, draw(st.integers(0, 2)))
    return found


@st.composite
def texts(draw: st.DrawFn, kind: str) -> str:
    """Draw the text of a document of a kind: stored, with faults, or no JSON."""
    spoilt = draw(st.booleans())
    text = json.dumps(
        draw(spoilt_documents(kind) if spoilt else documents(kind)),
        indent=draw(_one((None, 2))),
        separators=draw(_one((None, (",", ":")))),
    )
    return draw(_one(NOT_JSON))(text) if draw(_one(SELDOM)) else text


def submissions() -> st.SearchStrategy[tuple[str, str]]:
    """Draw a kind, and the text of a document that is to be stored as one of that kind."""
    return _one(KINDS).flatmap(lambda kind: st.tuples(st.just(kind), texts(kind)))
