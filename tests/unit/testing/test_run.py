"""What tests come to: passed, failed or error; and how that is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator.decision.combine import Outcome
from simulator.rendering.test_report import report_text, report_value
from simulator.testing.expect import WORDS, is_expectable, is_met
from simulator.testing.run import run
from tests.unit.testing import files
from tests.unit.testing.files import ALICE, DEPLOY

CLOSED = files.accounts(deploy={"trust_policy": files.trusting("333333333333")})
TEXT = f"User: {ALICE} is not authorized to perform: sts:AssumeRole on resource: {DEPLOY}"


@pytest.mark.parametrize(
    ("expected", "outcome", "code", "met"),
    [
        *((word, Outcome(word), None, True) for word in WORDS if word != "denied"),
        ("denied", Outcome.IMPLICIT_DENY, "AccessDenied", True),
        ("denied", Outcome.EXPLICIT_DENY, "AccessDenied", True),
        ("denied", Outcome.ERROR, "AccessDenied", True),
        ("denied", Outcome.ERROR, "ValidationError", False),
        ("denied", Outcome.UNDECIDED, None, False),
        ("implicitDeny", Outcome.EXPLICIT_DENY, "AccessDenied", False),
        ("AccessDenied", Outcome.EXPLICIT_DENY, "AccessDenied", True),
        ("ValidationError", Outcome.ERROR, "ValidationError", True),
        ("allowed", Outcome.UNDECIDED, None, False),
    ],
)
def test_what_meets_an_expectation(
    expected: str, outcome: Outcome, code: str | None, *, met: bool
) -> None:
    assert is_expectable(expected)
    assert is_met(expected, outcome, code) is met


@pytest.mark.parametrize(
    ("case", "mismatch"),
    [
        ({"expect": "allowed"}, "expected allowed, decided implicitDeny"),
        ({"expect": "explicitDeny"}, "expected explicitDeny, decided implicitDeny"),
        (
            {"expect": "denied", "because": "identity"},
            "expected because of identity, decided because of IAM301 (trust)",
        ),
        (
            {"expect": "denied", "message": "no"},
            f"expected the text `no`, AWS would say `{TEXT}`",
        ),
        (
            {"expect": "allowed", "with": {"duration_seconds": 1}},
            "expected allowed, decided error (ValidationError)",
        ),
        ({"expect": "denied", "because": "IAM301", "message": TEXT}, None),
        ({"expect": "AccessDenied", "because": "trust"}, None),
    ],
)
def test_mismatch(case: dict[str, Any], mismatch: str | None) -> None:
    result = files.result(case, accounts=CLOSED)
    assert result.mismatch == mismatch
    assert result.mark == ("failed" if mismatch else "passed")


def test_because_of_a_yes_is_never_met() -> None:
    result = files.result({"because": "trust"})
    assert result.mismatch == "expected because of trust, decided because of nothing"


def test_causes_and_fixes_are_there_where_they_are_wanted() -> None:
    found = files.file({}, {"expect": "denied"}, {"expect": "undecided"}, accounts=CLOSED)
    data = [("t.json", json.dumps(found).encode())]
    some = run(data).results
    assert [bool(result.causes) for result in some] == [True, False, True]
    assert [bool(result.fixes) for result in some] == [True, False, False]
    assert all(result.causes for result in run(data, all_causes=True).results)


def test_other_files_still_run() -> None:
    good = json.dumps(files.file({})).encode()
    report = run([("a.json", b"{"), ("b.json", "cannot read `b.json`"), ("c.json", good)])
    assert [(r.id, r.mark) for r in report.results] == [
        ("a.json", "error"),
        ("b.json", "error"),
        ("c.json::t0", "passed"),
    ]


def _all() -> Any:  # noqa: ANN401
    found = files.file({}, {"expect": "denied"}, {"caller": "x"}, {"with": {"duration_seconds": 1}})
    cases = files.file({"name": "no"}, accounts=CLOSED)
    return run(
        [
            ("a.json", json.dumps(found).encode()),
            ("b.json", json.dumps(cases).encode()),
            ("c.json", b'{"tests": [{}]}'),
            ("d.json", "cannot read `d.json`: no"),
        ],
        all_causes=True,
    )


def test_json() -> None:
    value = report_value(_all())
    assert json.loads(json.dumps(value)) == value
    assert [value[key] for key in ("passed", "failed", "errors")] == [1, 3, 3]
    assert {(t["id"], t["outcome"], t["expected"], t["decision"]) for t in value["tests"]} == {
        ("a.json::t0", "passed", "allowed", "allowed"),
        ("a.json::t1", "failed", "denied", "allowed"),
        ("a.json::t2", "error", "allowed", None),
        ("a.json::t3", "failed", "allowed", "error"),
        ("b.json::no", "failed", "allowed", "implicitDeny"),
        ("c.json", "error", None, None),
        ("d.json", "error", None, None),
    }
    no, unusable = value["tests"][4], value["tests"][5]
    assert no["causes"][0].keys() >= {"code", "layer", "message", "location", "wanted", "given"}
    assert no["causes"][0]["location"]["file"] == "b.json"
    assert unusable["causes"][0]["location"] == {"file": "c.json", "line": 1, "column": 12}
    assert [cause["message"] for cause in unusable["causes"]] == [
        "the key `name` is missing",
        "the key `expect` is missing",
    ]


def test_text() -> None:
    lines = report_text(_all()).splitlines()
    assert lines[0] == "pass  a.json::t0"
    assert lines[1:3] == [
        "FAIL  a.json::t1",
        "      expected denied, decided allowed",
    ]
    assert lines[3].startswith("      allowed by the trust policy at a.json:1:")
    assert lines[4].startswith("      allowed by the identity-based policy at a.json:1:")
    start = lines.index("FAIL  b.json::no")
    assert lines[start + 2].startswith("      cause[IAM301]: the trust policy names account")
    assert lines[start + 3].startswith("        at b.json:1:")
    assert lines[start + 4].startswith("      fix (access widened): ")
    assert "ERROR d.json" in lines
    assert lines[-2:] == ["", "1 passed, 3 failed, 3 errors"]


def test_many_errors_are_cut_short() -> None:
    data = json.dumps({"tests": [{"name": str(n)} for n in range(9)]}).encode()
    text = report_text(run([("t.json", data)]))
    assert text.count("the key `expect` is missing") == 5
    assert "and 4 more errors: `--format json` has them all" in text
    assert text.endswith("0 passed, 0 failed, 1 error\n")


def test_names_cannot_steer_the_terminal() -> None:
    text = report_text(files.report(files.file({"name": "\x1b[31m\nx"})))
    assert text.startswith("pass  t.json::\\x1b[31m\\x0ax\n")


def test_statements_that_allowed_are_cut_short() -> None:
    alice = {"policies": [files.policy(Sid=f"S{number}") for number in range(9)]}
    report = files.report(files.file({"expect": "denied"}, accounts=files.accounts(alice)))
    text = report_text(report)
    assert text.count("allowed by the") == 6
    assert "(statement S0)" in text
    assert "and 4 more statements: `--trace` has them all" in text


def test_trace_of_failed_tests_only() -> None:
    report = files.report(files.file({}, {"expect": "denied"}, {"caller": "x"}))
    passed, failed, error = report_value(report, trace=True)["tests"]
    assert ("trace" in passed, "trace" in error) == (False, False)
    assert [trace["action"] for trace in failed["trace"]] == ["sts:AssumeRole"]
    text = report_text(report, trace=True)
    assert text.count("      trace of sts:AssumeRole on ") == 1
    assert "trace of" not in report_text(report)
    assert "trace" not in report_value(report)["tests"][1]
