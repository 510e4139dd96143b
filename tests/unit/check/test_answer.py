"""What AWS refuses has an error that says why or quotes AWS; what is too long, how long it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulator.check.check import check
from simulator.diagnostic import Severity
from simulator.policy import codes, kinds
from simulator.policy.envelope import unwrap
from simulator.source import Source
from tests.unit.storing.documents import GONE, READING, TRUSTING, but, policy

if TYPE_CHECKING:
    from simulator.check.check import Checked
    from simulator.diagnostic import Diagnostic

SID = "a" * 2_000


def checked(document: Any, kind: kinds.PolicyKind = kinds.IDENTITY) -> Checked:  # noqa: ANN401
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return check(unwrap(Source("p.json", text)).document, kind)


def errors(found: Checked) -> list[Diagnostic]:
    return [each for each in found.diagnostics if each.severity is Severity.ERROR]


def one(**elements: Any) -> Any:  # noqa: ANN401 - whatever AWS may be sent
    return policy(but(READING, **elements))


@pytest.mark.parametrize(
    ("document", "code", "underlined"),
    [
        (one(Resource=["*", "bucket/*"]), codes.RESOURCE_FORM, '"bucket/*"'),
        (one(Action=[]), codes.NEVER_APPLIES, "[]"),
        (policy(READING, Version="2008-10-17"), codes.OLD_LANGUAGE, '"2008-10-17"'),
        (
            one(Condition={"DateLessThan": {"aws:CurrentTime": "soon"}}),
            codes.UNREADABLE_VALUE,
            '"soon"',
        ),
        (one(Resource="arn:aws:s3:::\u20ac"), codes.CHARACTER, "\u20ac"),
    ],
)
def test_the_warning_that_says_why_is_an_error(document: Any, code: str, underlined: str) -> None:  # noqa: ANN401
    found = checked(document)
    assert found.refusal is not None
    assert found.stored is False
    (error,) = errors(found)
    assert (error.code, error.labels[0].span.text) == (code, underlined)


def test_a_document_without_a_version() -> None:
    (error,) = errors(checked(policy(READING, Version=GONE)))
    assert error.code == codes.OLD_LANGUAGE
    assert errors(checked(policy(TRUSTING, Version=GONE), kinds.TRUST)) == []


@pytest.mark.parametrize(
    ("document", "kind", "underlined", "said"),
    [
        (
            one(Resource=["*", "arn:aws:s3:eu-west-1::x"]),
            kinds.IDENTITY,
            '"arn:aws:s3:eu-west-1::x"',
            "can not contain region information.",
        ),
        (one(Action="s3*:GetObject"), kinds.IDENTITY, '"s3*:GetObject"', "Action vendors"),
        (
            policy(but(TRUSTING, Principal={"Service": "lambda.amazonaws.com.cn"})),
            kinds.TRUST,
            '"lambda.amazonaws.com.cn"',
            "Invalid principal in policy",
        ),
    ],
)
def test_otherwise_an_error_quotes_aws(
    document: Any,  # noqa: ANN401
    kind: kinds.PolicyKind,
    underlined: str,
    said: str,
) -> None:
    found = checked(document, kind)
    (error,) = errors(found)
    assert (error.code, error.labels[0].span.text) == (codes.NOT_STORED, underlined)
    assert error.message.startswith("AWS does not store this policy: `")
    assert said in error.message


def test_a_long_text_is_cut() -> None:
    (error,) = errors(checked(one(Resource=f"arn:aws:s3:eu-west-1::{'x' * 999}")))
    assert error.code == codes.NOT_STORED
    assert len(error.message) < 350


def test_an_error_that_is_there_is_enough() -> None:
    found = checked(one(Effect="allow", Comment="x"))
    assert [each.code for each in errors(found)] == [codes.UNKNOWN_WORD, codes.UNKNOWN_ELEMENT]
    assert found.refusal is not None
    assert found.refusal.message == "Syntax errors in policy."


def test_stored() -> None:
    found = checked(policy(READING))
    assert (found.refusal, found.stored, errors(found)) == (None, True, [])


@pytest.mark.parametrize(
    ("document", "kind", "severity", "said", "answer"),
    [
        (
            policy(but(TRUSTING, Sid=SID)),
            kinds.TRUST,
            Severity.WARNING,
            "and a trust policy at most 2,048",
            None,
        ),
        (
            policy(but(TRUSTING, Sid=SID * 5)),
            kinds.TRUST,
            Severity.ERROR,
            "and a trust policy at most 8,192",
            "Cannot exceed quota for ACLSizePerRole: 8192",
        ),
        (
            policy(but(READING, Sid=SID * 4)),
            kinds.IDENTITY,
            Severity.WARNING,
            "and a managed policy at most 6,144",
            None,
        ),
        (
            policy(but(READING, Sid=SID * 6)),
            kinds.IDENTITY,
            Severity.WARNING,
            "at most 10,240",
            None,
        ),
        (
            policy(but(READING, Sid=SID * 6)),
            kinds.SCP,
            Severity.ERROR,
            "and an SCP at most 10,240",
            "You have exceeded the maximum policy size.",
        ),
        (
            policy(but(READING, Sid=SID * 11, Principal="*")),
            kinds.ENDPOINT,
            Severity.ERROR,
            "and a VPC endpoint policy at most 20,480",
            None,
        ),
    ],
)
def test_too_long(
    document: Any,  # noqa: ANN401
    kind: kinds.PolicyKind,
    severity: Severity,
    said: str,
    answer: str | None,
) -> None:
    found = checked(document, kind)
    (told,) = [each for each in found.diagnostics if each.code == codes.TOO_LONG]
    assert told.severity is severity
    assert said in told.message
    assert (found.refusal and found.refusal.message) == answer


def test_what_is_refused_otherwise_is_answered_first() -> None:
    found = checked(policy(but(READING, Sid=f"{SID * 6} ")))
    assert found.refusal is not None
    assert found.refusal.message.startswith("Statement IDs (SID) must be alpha-numeric.")
    assert {each.code for each in errors(found)} == {codes.SID_FORM}
