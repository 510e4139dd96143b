"""Doubts about AWS's rules on which a test turns are told, and left open where one is strict."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simulator.rendering.test_report import report_text, report_value
from simulator.testing.run import Report, Result, run
from tests.unit.testing import files
from tests.unit.testing.files import HOME

if TYPE_CHECKING:
    import pytest

_AT = {"DateGreaterThan": {"aws:CurrentTime": "2026/01/01"}}
_POLICIES = [files.policy(), files.policy("Deny", "iam:*", Condition=_AT)]
_NOW = {"aws:CurrentTime": "2026-11-24T12:00:00Z"}
_ASKS = {"action": "iam:ListUsers", "context": _NOW}
_DEVICES = [f"arn:aws:iam::{HOME}:mfa/alice"]


def _report(case: dict[str, Any], *, strict: bool = False, **alice: Any) -> Report:  # noqa: ANN401
    value = files.file(case, accounts=files.accounts({"policies": _POLICIES, **alice}))
    data = [("t.json", json.dumps(value, indent=1).encode())]
    return run(data, all_causes=True, strict=strict)


def _result(case: dict[str, Any], *, strict: bool = False, **alice: Any) -> Result:  # noqa: ANN401
    (found,) = _report(case, strict=strict, **alice).results
    return found


def test_doubts_are_told() -> None:
    found = _result(_ASKS)
    assert (found.mark, found.doubts) == ("passed", ("DATE-FORM",))
    (note,) = found.notes
    assert note.startswith("the answer turns on DATE-FORM, which AWS's documentation leaves open")


def test_strict_leaves_doubts_open() -> None:
    found = _result(_ASKS, strict=True)
    assert found.mismatch == "expected allowed, decided undecided"
    assert [cause.code for cause in found.causes] == ["IAM907"]
    assert found.notes == ()
    assert _result({**_ASKS, "expect": "undecided"}, strict=True).mark == "passed"


def test_strict_changes_nothing_without_doubt() -> None:
    found = _result({}, strict=True)
    assert (found.mark, found.doubts) == ("passed", ())


def test_doubts_about_a_call() -> None:
    policies = [files.policy(), files.policy("Deny", "sts:*", Condition=_AT)]
    found = _result({"context": _NOW}, policies=policies)
    assert (found.mark, found.doubts) == ("passed", ("DATE-FORM",))
    assert _result({"context": _NOW}, strict=True, policies=policies).decision == "undecided"


def test_a_refused_device_is_no_doubt() -> None:
    device = {"serial_number": f"arn:aws:iam::{HOME}:mfa/bob", "token_code": "123456"}
    case = {"with": device, "expect": "AccessDenied"}
    found = _result(case, strict=True, mfa_devices=_DEVICES)
    assert (found.mark, found.doubts) == ("passed", ())


def test_huge_policies_are_not_looked_through_unasked() -> None:
    many = [f"arn:aws:s3:::b{number}" for number in range(5001)]
    huge = [*_POLICIES, files.policy(Resource=many)]
    found = _result(_ASKS, policies=huge)
    assert found.doubts == ()
    assert "too large to look unasked" in found.notes[0]
    assert _result(_ASKS, strict=True, policies=huge).doubts == ("DATE-FORM",)


def test_a_run_does_not_look_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.testing.decide._MOST_TEXTS", 20)
    value = files.file(*[_ASKS] * 5, accounts=files.accounts({"policies": _POLICIES}))
    found = files.report(value).results
    assert [len(each.doubts) for each in found] == [1, 1, 0, 0, 0]
    assert [len(each.notes) for each in found] == [1, 1, 1, 0, 0]
    assert found[2].notes[0].startswith("from this test on nobody looks unasked")


def test_warnings_of_the_policies() -> None:
    report = _report(_ASKS)
    assert [warning.code for warning in report.warnings] == ["IAM128"]
    (told,) = report_value(report)["warnings"]
    assert told["message"] == "`DateGreaterThan` cannot read `2026/01/01`"
    assert told["location"].keys() == {"file", "line", "column"}


def test_a_value_of_no_use_is_an_error() -> None:
    bad = files.policy("Deny", "iam:*", Condition={"IpAddress": {"aws:SourceIp": "1.2.3.4.5"}})
    found = _result(_ASKS, policies=[files.policy(), bad])
    assert (found.mark, bool(found.errors)) == ("error", True)


def test_json_and_text() -> None:
    report = _report(_ASKS)
    (value,) = report_value(report)["tests"]
    assert (value["doubts"], len(value["notes"])) == (["DATE-FORM"], 1)
    assert "\n      note: the answer turns on DATE-FORM" in report_text(report)
    assert "trace" not in report_value(report, trace=True)["tests"][0]
