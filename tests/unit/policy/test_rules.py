"""Each rule about the form of a policy: what breaks it is refused for that reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from simulator.diagnostic import DocumentError, Severity
from simulator.policy import codes, kinds
from simulator.policy.build import build
from simulator.policy.model import Document
from simulator.source import Source
from simulator.syntax import Code, decode

if TYPE_CHECKING:
    from simulator.policy.kinds import PolicyKind

VERSION: Final = "2012-10-17"
MISSING: Final = object()
ROLE = "arn:aws:iam::111111111111:role/R"


def policy(kind: PolicyKind, **elements: object) -> dict[str, Any]:
    """Return a policy of one statement that a kind allows, with some elements replaced."""
    statement: dict[str, Any] = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    if kind is kinds.TRUST:
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ROLE}}
    if kind in (kinds.RESOURCE, kinds.RCP):
        statement |= {"Effect": "Deny", "Principal": "*"}
    found = {k: v for k, v in {**statement, **elements}.items() if v is not MISSING}
    return {"Version": VERSION, "Statement": [found]}


def reasons(document: object, kind: PolicyKind) -> list[str]:
    """Return the codes of what is wrong with a document, none where it is read."""
    text = document if isinstance(document, str) else json.dumps(document)
    source = Source("policy.json", text)
    try:
        build(Document(source, (), decode(source)), kind)
    except DocumentError as refusal:
        return [d.code for d in refusal.diagnostics if d.severity is Severity.ERROR]
    return []


ID, S, T, R = kinds.IDENTITY, kinds.SESSION, kinds.TRUST, kinds.RESOURCE
ONE = policy(ID)["Statement"][0]

BROKEN: tuple[tuple[str, PolicyKind, object, str], ...] = (
    ("POL-1 a list of policies", ID, [policy(ID)], codes.NOT_AN_OBJECT),
    ("POL-2 no statements", ID, {"Version": VERSION, "Statement": []}, codes.MISSING_ELEMENT),
    ("POL-2 no Statement", ID, {"Version": VERSION}, codes.MISSING_ELEMENT),
    ("POL-2 a text", ID, {"Version": VERSION, "Statement": ["x"]}, codes.WRONG_TYPE),
    ("POL-3 an unknown version", ID, policy(ID) | {"Version": "2013-10-17"}, codes.UNKNOWN_WORD),
    ("POL-7 of a policy", ID, policy(ID) | {"Foo": 1}, codes.UNKNOWN_ELEMENT),
    ("POL-7 of a statement", ID, policy(ID, Foo=1), codes.UNKNOWN_ELEMENT),
    ("POL-8", ID, '{"Id": "a", "Id": "a", "Statement": []}', Code.DUPLICATE_KEY),
    (
        "POL-9",
        ID,
        policy(ID, Condition={"StringEquals": {"aws:username": "a", "aws:UserName": "b"}}),
        codes.KEY_TWICE,
    ),
    ("POL-10", ID, policy(ID, action="s3:*"), codes.UNKNOWN_ELEMENT),
    ("POL-11 letter case", ID, policy(ID, Effect="allow"), codes.UNKNOWN_WORD),
    ("POL-11 another word", ID, policy(ID, Effect="Permit"), codes.UNKNOWN_WORD),
    ("POL-12 both", ID, policy(ID, NotAction="s3:*"), codes.CONTRADICTING_ELEMENTS),
    ("POL-12 none", ID, policy(ID, Action=MISSING), codes.MISSING_ELEMENT),
    ("POL-13 both", ID, policy(ID, NotResource="*"), codes.CONTRADICTING_ELEMENTS),
    ("POL-13 none", ID, policy(ID, Resource=MISSING), codes.MISSING_ELEMENT),
    ("POL-14", T, policy(T, Resource="*"), codes.FORBIDDEN_ELEMENT),
    ("POL-15 identity", ID, policy(ID, Principal="*"), codes.FORBIDDEN_ELEMENT),
    ("POL-15 SCP", kinds.SCP, policy(kinds.SCP, Principal="*"), codes.FORBIDDEN_ELEMENT),
    ("POL-15 trust", T, policy(T, Principal=MISSING), codes.MISSING_ELEMENT),
    (
        "POL-16",
        T,
        policy(T, Principal=MISSING, NotPrincipal={"AWS": ROLE}),
        codes.FORBIDDEN_ELEMENT,
    ),
    ("POL-17 a blank", ID, policy(ID, Sid="a b"), codes.SID_FORM),
    (
        "POL-17 twice",
        ID,
        {"Version": VERSION, "Statement": [ONE | {"Sid": "a"}] * 2},
        codes.SID_FORM,
    ),
    ("POL-18 a list in a list", ID, policy(ID, Action=[["s3:*"]]), codes.WRONG_TYPE),
    ("POL-23", ID, policy(ID, Resource=["*", None]), codes.WRONG_TYPE),
    ("RES-7", S, policy(S, Resource="arn:aws:s3"), codes.RESOURCE_FORM),
    ("PRN-1", T, policy(T, Principal={"aws": ROLE}), codes.PRINCIPAL_FORM),
    (
        "PRN-2 a group",
        T,
        policy(T, Principal={"AWS": ROLE.replace("role", "group")}),
        codes.PRINCIPAL_FORM,
    ),
    (
        "PRN-5 a wildcard",
        T,
        policy(T, Principal={"Service": "*.amazonaws.com"}),
        codes.PRINCIPAL_FORM,
    ),
    ("PRN-6", T, policy(T, Principal={"AWS": f"{ROLE}*"}), codes.PRINCIPAL_FORM),
    ("PRN-8", T, policy(T, Principal="*"), codes.PRINCIPAL_FORM),
    (
        "PRN-11 a principal",
        T,
        policy(T, Principal={"AWS": f"{ROLE}/${{aws:userid}}"}),
        codes.VARIABLE_FORM,
    ),
    ("PRN-11 an action", ID, policy(ID, Action="s3:${aws:userid}"), codes.ACTION_FORM),
    ("TRU-1 another service", T, policy(T, Action="s3:*"), codes.NOT_A_ROLE_ACTION),
    ("TRU-1 everything", T, policy(T, Action="*"), codes.NOT_A_ROLE_ACTION),
    ("VAR-2", ID, policy(ID, Resource="arn:aws:s3:::b/${"), codes.VARIABLE_FORM),
    ("CND-5", ID, policy(ID, Condition={"StringIs": {"aws:userid": "a"}}), codes.UNKNOWN_OPERATOR),
    (
        "CND-5 of Null",
        ID,
        policy(ID, Condition={"NullIfExists": {"aws:userid": True}}),
        codes.UNKNOWN_OPERATOR,
    ),
    ("EVAL-53", kinds.RCP, policy(kinds.RCP, Effect="Allow"), codes.UNKNOWN_WORD),
)
KEPT: tuple[tuple[str, PolicyKind, object], ...] = (
    ("POL-1 in any order", ID, {"Statement": policy(ID)["Statement"], "Version": VERSION}),
    ("POL-3 no version", R, {"Statement": policy(R)["Statement"]}),
    ("POL-5 the version of 2008", T, policy(T) | {"Version": "2008-10-17"}),
    ("POL-6 Id", ID, policy(ID) | {"Id": "x"}),
    ("POL-15 everyone", kinds.RCP, policy(kinds.RCP)),
    ("POL-17 empty ones", ID, {"Version": VERSION, "Statement": [ONE | {"Sid": ""}] * 2}),
    ("POL-17 of another service", R, policy(R, Sid="a b")),
    ("POL-22", ID, policy(ID, Resource="arn:aws:s3:::b/\u00e9")),
    ("POL-26", kinds.SCP, policy(kinds.SCP, Condition={"Bool": {"aws:SecureTransport": True}})),
    ("PRN-8 in the map", T, policy(T, Principal={"AWS": "*"})),
)


@pytest.mark.parametrize(
    ("kind", "document", "code"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_what_breaks_a_rule_is_refused(kind: PolicyKind, document: object, code: str) -> None:
    assert code in reasons(document, kind)


@pytest.mark.parametrize(("kind", "document"), [r[1:] for r in KEPT], ids=[r[0] for r in KEPT])
def test_what_keeps_the_rules_is_read(kind: PolicyKind, document: object) -> None:
    assert reasons(document, kind) == []
