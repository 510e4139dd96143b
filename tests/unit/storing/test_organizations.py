"""SCPs and RCPs: which documents AWS Organizations refuses, all with one text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.policy import kinds
from simulator.storing.storing import refusal_of
from tests.unit.storing.documents import GONE, LIMITING, OPEN, READING, but, policy

if TYPE_CHECKING:
    from simulator.syntax import Path

S = ("Statement", 0)
TEXT = "The provided policy document does not meet the requirements of the specified policy type."
FULL_ACCESS = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def scp(**elements: Any) -> Any:  # noqa: ANN401 - whatever AWS may be sent
    return policy(but(READING, **elements))


def rcp(**elements: Any) -> Any:  # noqa: ANN401 - likewise
    return policy(but(LIMITING, **elements))


REFUSED: list[tuple[str, kinds.PolicyKind, Any, Path]] = [
    ("a list", kinds.SCP, [], ()),
    ("no version", kinds.SCP, policy(READING, Version=GONE), ()),
    ("the old version", kinds.RCP, policy(LIMITING, Version="2008-10-17"), ("Version",)),
    ("an unknown element", kinds.SCP, scp(Comment="x"), (*S, "Comment")),
    ("an effect in other letters", kinds.SCP, scp(Effect="deny"), (*S, "Effect")),
    (
        "a Sid twice",
        kinds.SCP,
        policy(but(READING, Sid="a b"), but(READING, Sid="a b")),
        ("Statement", 1, "Sid"),
    ),
    ("a principal", kinds.SCP, scp(Principal="*"), (*S, "Principal")),
    ("other principals", kinds.SCP, scp(NotPrincipal="*"), (*S, "NotPrincipal")),
    ("no action", kinds.SCP, scp(Action=GONE), S),
    ("no resources", kinds.SCP, scp(Resource=[]), (*S, "Resource")),
    ("no ARN", kinds.SCP, scp(Resource=["*", "bucket"]), (*S, "Resource", 1)),
    ("no vendor", kinds.SCP, scp(NotAction="Get", Action=GONE), (*S, "NotAction")),
    ("no principal", kinds.RCP, rcp(Principal=GONE), S),
    ("some principals", kinds.RCP, rcp(Principal={"AWS": "111111111111"}), (*S, "Principal")),
    ("all but some", kinds.RCP, rcp(Principal=GONE, NotPrincipal="*"), (*S, "NotPrincipal")),
    ("all actions but some", kinds.RCP, rcp(Action=GONE, NotAction="s3:*"), (*S, "NotAction")),
    ("all actions", kinds.RCP, rcp(Action=["s3:*", "*"]), (*S, "Action")),
    ("what is allowed", kinds.RCP, rcp(Effect="Allow"), (*S, "Effect")),
    ("no resource", kinds.RCP, rcp(Resource=GONE), S),
    ("no ARN", kinds.RCP, rcp(Resource="bucket"), (*S, "Resource")),
]


@pytest.mark.parametrize(
    ("kind", "document", "path"),
    [row[1:] for row in REFUSED],
    ids=[f"{row[1].name}: {row[0]}" for row in REFUSED],
)
def test_refused(kind: kinds.PolicyKind, document: Any, path: Path) -> None:  # noqa: ANN401
    found = refusal_of(document, kind)
    assert found is not None
    assert found == ("MalformedPolicyDocumentException", TEXT, path, False)


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        (kinds.SCP, scp(Condition={"Bool": {"aws:SecureTransport": "false"}})),
        (
            kinds.SCP,
            scp(NotAction="s3:*", Action=GONE, NotResource="arn:aws:s3:::x", Resource=GONE),
        ),
        (kinds.SCP, scp(Sid="any name, with blanks", Action="s3:*Bucket*")),
        (kinds.SCP, policy(but(READING, Sid=""), but(READING, Sid=""))),
        (kinds.RCP, rcp(NotResource="arn:aws:s3:::x", Resource=GONE)),
        (kinds.RCP, rcp(Principal={"AWS": "*"})),
        (kinds.RCP, policy(FULL_ACCESS)),
        (kinds.SCP, scp(Action=OPEN)),
        (kinds.SCP, scp(Effect=OPEN)),
        (kinds.SCP, policy(READING, Version=OPEN)),
        (kinds.SCP, scp(Resource=[OPEN])),
        (kinds.RCP, rcp(Principal=OPEN)),
        (kinds.RCP, rcp(Principal={"AWS": [OPEN]})),
        (kinds.RCP, rcp(Effect=OPEN, Action=OPEN)),
    ],
)
def test_stored(kind: kinds.PolicyKind, document: Any) -> None:  # noqa: ANN401
    assert refusal_of(document, kind, unknown=frozenset({("Statement",)})) is None
