"""The formats of `iamsim check` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator.cli.check_formats import FORMATS
from tests.cli.command import run
from tests.reports import policy

WRONG = policy({"Action": "s3:GetObjet"})
CODE = "IAM129"
SELECT = ("--select", CODE)


@pytest.fixture(autouse=True)
def files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a policy with one finding, and forget what a runner of GitHub may have set."""
    (folder / "p.json").write_text(WRONG, encoding="utf-8")
    for name in ("GITHUB_STEP_SUMMARY", "IAMSIM_DOCS_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("format_", FORMATS)
def test_each_tells_the_finding_and_fails(format_: str) -> None:
    result = run("check", "p.json", *SELECT, "--format", format_)
    assert result.status == 1
    assert CODE in result.out
    assert result.err == ""


@pytest.mark.parametrize("format_", FORMATS)
def test_each_is_there_without_findings(format_: str) -> None:
    result = run("check", "p.json", "--select", "IAM004", "--format", format_)
    assert result.status == 0
    assert result.out


@pytest.mark.parametrize("format_", FORMATS)
def test_a_file_that_cannot_be_used_is_told_besides_the_others(format_: str) -> None:
    Path("bad.json").write_text("[", encoding="utf-8")
    result = run("check", "bad.json", "p.json", *SELECT, "--format", format_)
    assert result.status == 2
    assert CODE in result.out
    assert "bad.json:1:" in result.err
    if format_ != "text":
        assert "bad.json" in result.out


def test_text_is_the_default() -> None:
    assert run("check", "p.json").out == run("check", "p.json", "--format", "text").out


def test_a_query_is_asked_of_json_and_sarif() -> None:
    found = run("check", "p.json", *SELECT, "--query", "documents[].findings[].code")
    assert json.loads(found.out) == [CODE]
    query = "runs[].results[].ruleId"
    assert json.loads(run("check", "p.json", "--format", "sarif", "--query", query).out)
    refused = run("check", "p.json", "--format", "github", "--query", query)
    assert (refused.status, refused.out) == (2, "")
    assert "`--query` goes with" in refused.err


def test_sarif_names_files_from_here(folder: Path) -> None:
    query = "runs[].results[].locations[].physicalLocation.artifactLocation.uri"
    call = ("check", str(folder / "p.json"), *SELECT, "--format", "sarif", "--query", query)
    assert json.loads(run(*call).out) == ["p.json"]


def test_sarif_leads_to_the_pages_where_they_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    query = f"runs[0].tool.driver.rules[?id=='{CODE}'].helpUri"
    call = ("check", "p.json", "--format", "sarif", "--query", query)
    assert json.loads(run(*call).out) == []
    monkeypatch.setenv("IAMSIM_DOCS_URL", "https://example.org/docs/")
    (address,) = json.loads(run(*call).out)
    assert address.startswith("https://example.org/docs/diagnoses/structure.md#iam129-")


def test_the_summary_of_a_job_is_added_to(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = folder / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    run("check", "p.json", *SELECT, "--format", "github")
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("before\n### iamsim check\n")
    assert CODE in text
    run("check", "p.json", *SELECT)
    assert summary.read_text(encoding="utf-8") == text


def test_a_summary_that_cannot_be_written_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "no" / "such"))
    result = run("check", "p.json", "--format", "github")
    assert (result.status, result.out) == (2, "")
    assert "cannot write `$GITHUB_STEP_SUMMARY`" in result.err
