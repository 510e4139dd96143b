"""Workflow commands, read back as a runner of GitHub reads them, and the summary of a job."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import NamedTuple

import pytest

from simulator.check.report import Report
from simulator.diagnostic import Diagnostic, Label, Severity
from simulator.rendering.github import ROWS, github_text, summary_markdown
from simulator.source import Range, Source, Span
from simulator.storing.refusal import Refusal
from tests.reports import checked, policy, report_on

CLEAN = policy({"Resource": "arn:aws:s3:::bucket/*"})
WRONG = policy({"Action": "s3:GetObjet"})
ONLY = "IAM129"
EVIL = (
    "\n::error::x",
    "\r::set-output name=x::y",
    "%0A::add-mask::x",
    ",line=1::y",
    "::",
    "##[error]x",
    "\x1b[2J\u202e",
)


class Command(NamedTuple):
    """A command as a runner reads it."""

    name: str
    properties: dict[str, str]
    message: str


def commands_of(text: str) -> tuple[list[Command], list[str]]:
    """Return the commands in an output, and the lines that are none."""
    found, others = [], []
    for line in text.removesuffix("\n").split("\n"):
        match = re.fullmatch(r"::(error|warning|notice) (.*?)::(.*)", line)
        if match is None:
            others.append(line)
            continue
        pairs = (each.split("=", 1) for each in match[2].split(","))
        properties = {key: read(value, ":,") for key, value in pairs}
        found.append(Command(match[1], properties, read(match[3])))
    return found, others


def read(text: str, further: str = "") -> str:
    """Return a value without the escapes of its place."""
    for char in f"{further}\r\n%":  # the per cent sign last
        text = text.replace(f"%{ord(char):02X}", char)
    return text


def told(*found: Diagnostic) -> Report:
    """Return a report about one document of which just this is told."""
    return Report((checked(CLEAN)._replace(diagnostics=found),))


def test_a_finding() -> None:
    ((command,), others) = commands_of(github_text(report_on(WRONG, only=ONLY)))
    assert command == Command(
        "warning",
        {
            "file": "0.json",
            "line": "6",
            "endLine": "6",
            "col": "17",
            "endColumn": "30",
            "title": "IAM129: AWS has no action `s3:GetObjet`",
        },
        "no request is for this, so it never matches\n"
        "did you mean `s3:GetObject` or `s3:GetObjectAcl`?",
    )
    assert others == ["1 identity-based policy checked: 1 warning"]


def test_the_most_severe_come_first() -> None:
    found = [Diagnostic("IAM129", severity, "x") for severity in reversed(Severity)]
    bad = Diagnostic("IAM014", Severity.ERROR, "the file is empty")
    commands, _ = commands_of(github_text(Report(told(*found, *found).checked, (bad,))))
    assert [each.name for each in commands] == [*["error"] * 3, *["warning"] * 2, *["notice"] * 2]
    assert commands[0].properties == {"title": "IAM014: the file is empty"}
    assert commands[0].message == "the file is empty"


def test_of_several_lines_no_columns_are_told() -> None:
    document = checked(CLEAN).document
    label = Label(document.span(("Statement",)), "all of it")
    ((command,), _) = commands_of(github_text(told(Diagnostic("X", Severity.NOTE, "x", (label,)))))
    assert command.properties.keys() == {"file", "line", "endLine", "title"}
    assert int(command.properties["line"]) < int(command.properties["endLine"])


@pytest.mark.parametrize("name", ["a/b.json", "./a/b.json", "a/./c/../b.json"])
def test_a_file_is_named_as_github_knows_it(name: str) -> None:
    ((command,), _) = commands_of(github_text(Report((checked(WRONG, name, only=ONLY),))))
    assert command.properties["file"] == "a/b.json"


def test_the_document_and_the_answer_of_aws_are_told() -> None:
    refusal = Refusal("MalformedPolicyDocument", "Syntax errors in policy.", ())
    found = tuple(Diagnostic("IAM104", severity, "x", help="y") for severity in Severity)
    one = checked(CLEAN)._replace(diagnostics=found, refusal=refusal, name="Resources.Role")
    commands, _ = commands_of(github_text(Report((one,))))
    answer = "AWS answers MalformedPolicyDocument: Syntax errors in policy."
    assert [each.message for each in commands] == [
        f"y\nin Resources.Role\n{answer}",
        "y\nin Resources.Role",
        "y\nin Resources.Role",
    ]


@pytest.mark.parametrize(("count", "is_told"), [(10, False), (11, True)])
def test_that_github_shows_ten_is_told(count: int, is_told: bool) -> None:  # noqa: FBT001
    found = [Diagnostic("IAM129", Severity.WARNING, str(number)) for number in range(count)]
    commands, others = commands_of(github_text(told(*found)))
    assert len(commands) == count
    assert ("GitHub shows 10 annotations of each severity; here are all" in others) is is_told


@pytest.mark.parametrize("evil", EVIL)
def test_no_text_of_a_file_makes_a_command(evil: str) -> None:
    source = Source(f"{evil}.json", "x")
    label = Label(Span(source, Range(0, 1)), evil)
    found = Diagnostic("IAM129", Severity.WARNING, f"`{evil}`", (label,), evil)
    text = github_text(Report((checked(CLEAN)._replace(diagnostics=(found,), name=evil),)))
    ((command,), others) = commands_of(text)
    assert len(others) == 1
    assert command.properties.keys() == {"file", "line", "endLine", "col", "endColumn", "title"}
    shown = evil.translate({ord(char): rf"\x{ord(char):02x}" for char in "\n\r\x1b"})
    shown = shown.replace("\u202e", r"\u202e")
    assert command.message.split("\n") == [shown, shown, f"in {shown}"]
    assert command.properties["file"] == f"{shown}.json"
    assert command.properties["title"] == f"IAM129: `{shown}`"


class Cells(HTMLParser):
    """What a browser finds in HTML: the tags, and the texts of cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.add(tag)
        assert attrs == []

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data)


def test_the_summary_is_a_table() -> None:
    text = summary_markdown(report_on(WRONG, only=ONLY))
    assert text.startswith(
        "### iamsim check\n\n1 identity-based policy checked: 1 warning\n\n<table>\n"
    )
    assert (
        "<tr><td>warning</td><td><code>0.json:6:17</code></td>"
        "<td>IAM129 <code>AWS has no action `s3:GetObjet`</code></td></tr>\n"
    ) in text


def test_without_findings_there_is_no_table() -> None:
    text = summary_markdown(report_on(CLEAN, only=ONLY))
    assert text == "### iamsim check\n\n1 identity-based policy checked: no findings\n"


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=x>',
        "</code></td></table>\n\n# pwned",
        "![x](https://evil.example/x.png)",
        "@everyone `| a | b |`",
        "\r\n\r\n[x](javascript:x)",
        "&lt;b&gt;",
    ],
)
def test_no_text_of_a_file_is_html_or_markdown(evil: str) -> None:
    source = Source(f"{evil}.json", "x")
    found = Diagnostic("IAM129", Severity.WARNING, evil, (Label(Span(source, Range(0, 1)), ""),))
    text = summary_markdown(told(found))
    head, table = text.split("<table>\n")
    assert evil not in head
    assert "\n\n" not in table  # which would end the block of HTML
    parsed = Cells(f"<table>\n{table}")
    assert parsed.tags == {"table", "tr", "th", "td", "code"}
    shown = evil.replace("\n", r"\x0a").replace("\r", r"\x0d")
    assert shown in parsed.texts
    assert f"{shown}.json:1:1" in parsed.texts


def test_the_summary_stays_below_the_limit() -> None:
    found = [Diagnostic("IAM129", Severity.WARNING, '"' * 10_000)] * (ROWS + 5)
    text = summary_markdown(told(*found))
    assert text.count("<tr>") == ROWS + 1
    assert text.endswith("\n5 more are in the log.\n")
    assert len(text.encode()) < 1_000_000
