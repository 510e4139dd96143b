"""What check finds, as JSON."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from simulator.check.report import Report
from simulator.diagnostic import Access, Diagnostic, Edit, Label, Severity
from simulator.rendering.check_json import check_value
from simulator.rendering.json import to_json
from simulator.source import Range, Source, Span
from simulator.storing.refusal import Refusal
from simulator.syntax import apply_edits
from tests.reports import checked, policy, report_on

CLEAN = policy({"Resource": "arn:aws:s3:::bucket/*"})
WRONG = policy({"Action": "s3:GetObjet"})
ONLY = "IAM129"


def value_of(report: Report) -> dict[str, Any]:
    """Return a report as JSON, once it is written and read."""
    return dict(json.loads(to_json(check_value(report))))


def finding(found: Diagnostic) -> dict[str, Any]:
    """Return the only finding of a document of which just this is told."""
    (document,) = value_of(Report((checked(CLEAN)._replace(diagnostics=(found,)),)))["documents"]
    (value,) = document["findings"]
    return dict(value)


def test_all_of_it() -> None:
    place = {"file": "0.json", "line": 6, "column": 17, "end_line": 6, "end_column": 30}
    label = "no request is for this, so it never matches"
    assert value_of(report_on(WRONG, only=ONLY)) == {
        "documents": [
            {
                "file": "0.json",
                "name": None,
                "kind": "identity-based policy",
                "stored": True,
                "error": None,
                "findings": [
                    {
                        "code": "IAM129",
                        "severity": "warning",
                        "message": "AWS has no action `s3:GetObjet`",
                        "location": place,
                        "labels": [{"location": place, "text": label}],
                        "help": "did you mean `s3:GetObject` or `s3:GetObjectAcl`?",
                        "fix": None,
                    }
                ],
            }
        ],
        "errors": [],
        "notes": [],
        "summary": {
            "documents": 1,
            "findings": {"error": 0, "warning": 1, "note": 0},
            "errors": 0,
            "skipped": 0,
        },
    }


@pytest.mark.parametrize(
    ("code", "status"), [("MalformedPolicyDocument", 400), ("LimitExceeded", 409)]
)
def test_what_aws_refuses(code: str, status: int) -> None:
    refusal = Refusal(code, "no", (), recorded=False)
    (document,) = value_of(Report((checked(CLEAN)._replace(refusal=refusal),)))["documents"]
    assert document["stored"] is False
    assert document["error"] == {
        "code": code,
        "message": "no",
        "status": status,
        "recorded": False,
    }


def test_of_what_a_template_leaves_open_nobody_knows() -> None:
    one = checked(CLEAN, name="Resources.Role")
    open_ = one.document._replace(unknown=frozenset({("Statement", 0, "Resource")}))
    (document,) = value_of(Report((one._replace(document=open_),)))["documents"]
    assert (document["stored"], document["name"]) == (None, "Resources.Role")


@pytest.mark.parametrize("access", [*Access, None])
def test_a_fix_is_edits(access: Access | None) -> None:
    source = Source("p.json", "{\n  1\n}")
    edits = (Edit(source, Range(4, 5), "2"), Edit(source, Range(5, 5), ", 3"))
    found = Diagnostic("IAM129", Severity.NOTE, "x", edits=edits, access=access)
    fix = finding(found)["fix"]
    assert fix["access"] == access
    assert [each["text"] for each in fix["edits"]] == ["2", ", 3"]
    assert fix["edits"][0]["location"] == {
        "file": "p.json",
        "line": 2,
        "column": 3,
        "end_line": 2,
        "end_column": 4,
    }
    assert apply_edits(source.text, edits) == "{\n  2, 3\n}"


def test_without_a_place_there_is_none() -> None:
    value = finding(Diagnostic("IAM127", Severity.NOTE, "x"))
    assert (value["location"], value["labels"]) == (None, [])


def test_what_cannot_be_used_and_what_is_odd() -> None:
    bad = Diagnostic("IAM014", Severity.ERROR, "the file is empty")
    value = value_of(Report((), (bad,), 4, ("a note",)))
    assert [each["message"] for each in value["errors"]] == ["the file is empty"]
    assert value["notes"] == ["a note"]
    assert (value["summary"]["errors"], value["summary"]["skipped"]) == (1, 4)


def test_no_secret_is_told() -> None:
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # noqa: S105 - AWS's own example
    source = Source("p.json", "x")
    label = Label(Span(source, Range(0, 1)), f"`{secret}`")
    edit = Edit(source, Range(0, 1), f'"{secret}"')
    found = Diagnostic("IAM129", Severity.NOTE, f"`{secret}`", (label,), f"`{secret}`", (edit,))
    one = checked(CLEAN)._replace(
        diagnostics=(found,), refusal=Refusal("MalformedPolicyDocument", f"`{secret}`", ())
    )
    assert secret not in to_json(check_value(Report((one,), (found,), notes=(secret,))))


def test_all_of_it_is_ascii() -> None:
    evil = "\x1b[2J\u202e\u2028\udcff"
    text = policy({"Action": "s3:GetObjet", "Sid": "\x1b[2J\u202e\u2028"})
    told = to_json(check_value(Report((checked(text, f"{evil}.json", evil),))))
    assert told.isascii()
    assert not re.search(r"\\u[dD][89a-fA-F]", told.replace(r"\\", ""))  # half of a pair
    assert not any(char < " " and char != "\n" for char in told)
