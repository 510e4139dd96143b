"""SARIF as the standard and GitHub want it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft4Validator

from simulator import __version__
from simulator.check.report import Report
from simulator.check.titles import CODES
from simulator.diagnostic import Access, Diagnostic, Edit, Label, Severity
from simulator.policy.envelope import unwrap
from simulator.rendering import sarif
from simulator.rendering.json import to_json
from simulator.rendering.sarif import FINGERPRINT, Place, sarif_value, uri_of
from simulator.source import Range, Source, Span
from simulator.storing.refusal import Refusal
from simulator.syntax import apply_edits
from tests.reports import checked, policy, report_on

SCHEMA = Path(__file__).parents[2] / "data" / "sarif-schema-2.1.0.json"
VALIDATOR = Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
HERE = Place("/home/me/project")
PAGES = "https://example.org/docs"
CLEAN = policy({"Resource": "arn:aws:s3:::bucket/*"})
WRONG = policy({"Action": "s3:GetObjet"})
RANGE = policy(
    {"Action": "s3:GetObject", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.1/8"}}}
)
ONLY = ("IAM128", "IAM129")
UNUSABLE = Diagnostic("IAM014", Severity.ERROR, "the file is empty")


def run_of(report: Report, place: Place = HERE) -> dict[str, Any]:
    """Return the only run of a report, which is valid, also once it is written and read."""
    value = json.loads(to_json(sarif_value(report, place)))
    VALIDATOR.validate(value)
    (run,) = value["runs"]
    return dict(run)


def result_of(report: Report, place: Place = HERE) -> dict[str, Any]:
    """Return the only result of a report."""
    (result,) = run_of(report, place)["results"]
    return dict(result)


def told(*found: Diagnostic, text: str = CLEAN) -> Report:
    """Return a report about one document of which just this is told."""
    return Report((checked(text)._replace(diagnostics=found),))


def region_of(located: dict[str, Any]) -> tuple[int, ...]:
    region = located["physicalLocation"]["region"]
    return tuple(region[f"{end}{unit}"] for end in ("start", "end") for unit in ("Line", "Column"))


def test_the_schema_is_a_schema_and_refuses_what_is_none() -> None:
    Draft4Validator.check_schema(VALIDATOR.schema)
    value = sarif_value(report_on(WRONG), HERE)
    value["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert not VALIDATOR.is_valid(value)


@pytest.mark.parametrize(
    "report",
    [
        Report(()),
        report_on(CLEAN),
        report_on(WRONG, RANGE, policy({"Resourc": "*"}), json.dumps({"Statement": []})),
        Report((), (UNUSABLE,), 3, ("a note",)),
        told(Diagnostic("IAM127", Severity.NOTE, "without a place")),
    ],
)
def test_every_report_is_valid(report: Report) -> None:
    run_of(report)
    run_of(report, HERE._replace(pages=PAGES))


def test_the_tool_and_its_units() -> None:
    run = run_of(report_on(WRONG))
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["semanticVersion"]) == ("iamsim", __version__)
    assert run["columnKind"] == "utf16CodeUnits"
    assert run["newlineSequences"] == ["\r\n", "\n", "\r"]  # those of `Source.place`


def test_rules_are_the_same_in_every_run() -> None:
    rules = run_of(Report(()))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(CODES)
    assert rules == run_of(report_on(WRONG))["tool"]["driver"]["rules"]


def test_a_rule_has_what_github_asks_for() -> None:
    for rule in run_of(Report(()), HERE._replace(pages=PAGES))["tool"]["driver"]["rules"]:
        assert 0 < len(rule["name"]) <= 255
        assert rule["name"].isalnum()
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
        assert 0 < len(rule["properties"]["tags"]) <= 10


def test_a_rule_leads_to_its_page() -> None:
    pages = Path(__file__).parents[3] / "docs"
    for rule in run_of(Report(()), HERE._replace(pages=PAGES))["tool"]["driver"]["rules"]:
        page, _, anchor = rule["helpUri"].removeprefix(f"{PAGES}/").partition("#")
        text = (pages / page).read_text(encoding="utf-8")
        assert anchor.startswith(rule["id"].lower()) if anchor else text.startswith("# IAM")
        assert f"# {rule['id']}: " in text


def test_without_pages_a_rule_has_no_address() -> None:
    assert "helpUri" not in run_of(Report(()))["tool"]["driver"]["rules"][0]


def test_a_result() -> None:
    result = result_of(report_on(WRONG, only=ONLY[1]))
    assert result["ruleId"] == CODES[result["ruleIndex"]] == "IAM129"
    assert result["level"] == "warning"
    assert result["message"]["text"].splitlines() == [
        "AWS has no action `s3:GetObjet`",
        "no request is for this, so it never matches",
        "did you mean `s3:GetObject` or `s3:GetObjectAcl`?",
    ]
    (located,) = result["locations"]
    assert located["physicalLocation"]["artifactLocation"] == {"uri": "0.json"}
    assert region_of(located) == (6, 17, 6, 30)
    assert "fixes" not in result
    assert "logicalLocations" not in located


@pytest.mark.parametrize("severity", list(Severity))
def test_the_severities_are_levels(severity: Severity) -> None:
    assert result_of(told(Diagnostic("IAM129", severity, "x")))["level"] == str(severity)


def test_the_name_of_a_document_is_told() -> None:
    one = checked(WRONG, name="Resources.Role", only=ONLY[1])
    (located,) = result_of(Report((one,)))["locations"]
    assert located["logicalLocations"] == [{"fullyQualifiedName": "Resources.Role"}]


def test_columns_are_those_of_utf16() -> None:
    value = {"Id": "😀", **json.loads(policy({"Action": "s3:GetObjet"}))}
    text = json.dumps(value, ensure_ascii=False)
    (located,) = result_of(Report((checked(text, only=ONLY[1]),)))["locations"]
    units = text.encode("utf-16-le")
    _, start, _, end = region_of(located)
    assert units[2 * start - 2 : 2 * end - 2].decode("utf-16-le") == '"s3:GetObjet"'


def test_other_labels_are_related_locations() -> None:
    document = unwrap(Source("p.json", CLEAN)).document
    labels = [Label(document.span((step,)), f"this is {step}") for step in ("Version", "Statement")]
    result = result_of(told(Diagnostic("IAM129", Severity.ERROR, "x", tuple(labels))))
    (related,) = result["relatedLocations"]
    assert (related["id"], related["message"]["text"]) == (1, "this is Statement")
    assert region_of(related)[0] == 3


def test_the_answer_of_aws_is_told_with_errors() -> None:
    refusal = Refusal("MalformedPolicyDocument", "Syntax errors in policy.", ())
    found = [Diagnostic("IAM104", severity, "x") for severity in Severity]
    one = checked(CLEAN)._replace(diagnostics=tuple(found), refusal=refusal)
    messages = [each["message"]["text"] for each in run_of(Report((one,)))["results"]]
    assert messages == [
        "x\nAWS answers MalformedPolicyDocument: Syntax errors in policy.",
        "x",
        "x",
    ]


def test_a_fix_repairs_the_text() -> None:
    report = report_on(RANGE, only=ONLY[0])
    (fix,) = result_of(report)["fixes"]
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    region = replacement["deletedRegion"]
    line = RANGE.splitlines()[region["startLine"] - 1]
    assert region["endLine"] == region["startLine"]
    start, end = region["startColumn"] - 1, region["endColumn"] - 1
    mended = f"{line[:start]}{replacement['insertedContent']['text']}{line[end:]}"
    (found,) = report.checked[0].diagnostics
    assert mended in apply_edits(RANGE, found.edits).splitlines()
    assert change["artifactLocation"] == {"uri": "0.json"}


@pytest.mark.parametrize("access", list(Access))
def test_a_fix_says_what_it_does_to_access(access: Access) -> None:
    edit = Edit(Source("p.json", "ab"), Range(1, 1), "x")
    found = Diagnostic("IAM129", Severity.NOTE, "x", edits=(edit,), access=access)
    (fix,) = result_of(told(found))["fixes"]
    assert fix["description"]["text"] == f"access {access}"
    region = fix["artifactChanges"][0]["replacements"][0]["deletedRegion"]
    assert (region["startColumn"], region["endColumn"]) == (2, 2)


def test_a_fix_that_would_write_a_secret_is_not_offered() -> None:
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # noqa: S105 - AWS's own example
    edit = Edit(Source("p.json", "ab"), Range(1, 1), f'"{secret}"')
    found = Diagnostic("IAM129", Severity.NOTE, f"`{secret}`", edits=(edit,))
    result = result_of(told(found))
    assert "fixes" not in result
    assert secret not in json.dumps(result)


def test_fingerprints_are_stable() -> None:
    def prints(*texts: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for each in run_of(report_on(*texts, only=ONLY[1]))["results"]:
            uri = each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            found.setdefault(uri, set()).add(each["partialFingerprints"][FINGERPRINT])
        return found

    two = policy({"Action": ["s3:GetObjet", "s3:PutObjet"]})
    before, after = prints(WRONG, two), prints("\n\n" + WRONG, CLEAN, two)
    assert before["0.json"] == after["0.json"]
    assert before["1.json"] == after["2.json"]
    assert len(before["1.json"]) == 2


def test_the_fingerprint_of_github_is_left_to_github() -> None:
    assert list(result_of(report_on(WRONG, only=ONLY[1]))["partialFingerprints"]) == [FINGERPRINT]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("a/b.json", "a/b.json"),
        ("./a//b.json", "a/b.json"),
        ("a/../b.json", "b.json"),
        ("../b.json", "../b.json"),
        ("/home/me/project/a/b.json", "a/b.json"),
        ("/home/me/project2/b.json", "file:///home/me/project2/b.json"),
        ("a b%#?.json", "a%20b%25%23%3F.json"),
        ("c:d.json", "c%3Ad.json"),
        ("ü😀.json", "%C3%BC%F0%9F%98%80.json"),
        ("\udcff\n\x1b.json", "%FF%0A%1B.json"),
        ("-", "-"),
    ],
)
def test_the_name_of_a_file_as_a_reference(file: str, uri: str) -> None:
    assert uri_of(file, HERE) == uri


def test_from_the_root_every_file_is_below() -> None:
    assert uri_of("/etc/p.json", Place("/")) == "etc/p.json"


def test_a_name_with_bytes_that_are_no_text_comes_back() -> None:
    name = b"\xff.json"
    uri = uri_of(name.decode("utf-8", "surrogateescape"), HERE)
    assert unquote(uri, encoding="latin-1").encode("latin-1") == name


def test_files_that_cannot_be_used_are_told() -> None:
    source = Source("bad.json", "[")
    place = Label(Span(source, Range(0, 1)), "never closed")
    bad = UNUSABLE._replace(labels=(place,), help="close it")
    (invocation,) = run_of(Report((), (bad, UNUSABLE), 0, ("a note",)))["invocations"]
    assert invocation["executionSuccessful"] is False
    first, second, note = invocation["toolExecutionNotifications"]
    assert first["message"]["text"] == "the file is empty\nnever closed\nclose it"
    assert first["descriptor"]["id"] == "IAM014"
    assert region_of(first["locations"][0]) == (1, 1, 1, 2)
    assert second["locations"] == []
    assert (note["level"], note["message"]["text"]) == ("note", "a note")


def test_a_run_without_such_files_was_successful() -> None:
    (invocation,) = run_of(report_on(WRONG))["invocations"]
    assert invocation == {"executionSuccessful": True, "toolExecutionNotifications": []}


def test_of_more_than_github_shows_the_most_severe_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sarif, "RESULTS", 3)
    found = [Diagnostic("IAM129", severity, str(severity)) for severity in reversed(Severity)] * 2
    run = run_of(told(*found))
    assert [each["level"] for each in run["results"]] == ["warning", "error", "error"]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "3 less severe findings are left out"


def unescaped(text: str) -> str:
    """Return a message as a reader of SARIF shows it that knows no arguments."""
    return text.replace("{{", "{").replace("}}", "}")


@pytest.mark.parametrize("text", ["${aws:username}", "{0}", "{{", "}{", "[a]", "a\\b"])
def test_a_message_has_no_placeholders(text: str) -> None:
    message = result_of(told(Diagnostic("IAM129", Severity.NOTE, text)))["message"]["text"]
    assert unescaped(message) == text
    assert message.count("{") % 2 == message.count("}") % 2 == 0


def test_a_message_has_no_links() -> None:
    found = Diagnostic("IAM129", Severity.NOTE, r"[here](https://evil.example) \[x](1)")
    message = result_of(told(found))["message"]["text"]
    assert message == r"\[here\](https://evil.example) \\\[x\](1)"


def test_nothing_in_a_message_acts_or_hides() -> None:
    evil = "\x1b[2J\x07\u202e\u009b\n\u2028<script>"
    text = policy({"Sid": evil, "Action": f"s3:{evil}"})
    for result in run_of(Report((checked(text, f"{evil}.json", evil),)))["results"]:
        message = result["message"]["text"]
        assert not any(char in message for char in "\x1b\x07\u202e\u009b\u2028")
        assert len(message.splitlines()) <= 3
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert uri.isascii()
        assert uri.isprintable()


def test_a_long_text_is_cut() -> None:
    result = result_of(told(Diagnostic("IAM129", Severity.NOTE, "x" * 10**6)))
    assert len(result["message"]["text"]) <= 1000


def test_what_fits_is_small_enough_for_github() -> None:
    each = len(json.dumps(result_of(report_on(WRONG, only=ONLY[1]))))
    assert each * sarif.RESULTS < 10_000_000  # even when it is not compressed
