"""Pictures of what others wrote to do harm, row by row of `docs/reference/bad-input.md`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import ALICE, COMMAND, Result, ask, policy, run, spawn
from tests.pages import parsed

if TYPE_CHECKING:
    from collections.abc import Sequence

KEY = "arn:aws:s3:::b/k"


def drawn(
    format_: str, *, sid: str = "S", value: str = "v", resource: str = KEY, file: str = "p.json"
) -> Result:
    """Return a picture of a request that a statement would allow but for a condition."""
    statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": ALICE},
        "Action": "s3:GetObject",
        "Resource": resource,
        "Condition": {"StringEquals": {"aws:SourceVpce": value}},
    }
    document = json.dumps(policy(statement, version="2008-10-17"))
    Path(file).write_text(document, encoding="utf-8")
    asked = ("--as", ALICE, "--action", "s3:GetObject", "--resource", resource)
    files = ("--resource-policy", file, "--resource-account", "111111111111")
    return run("simulate", *asked, *files, "--format", format_)


ROWS: Sequence[tuple[str, str, str]] = (
    ("139", "\x1b[2J\x1b]0;pwn\x07", r"\u001b[2J\u001b]0;pwn\u0007"),
    ("139", "\x1b[2J\x1b]0;pwn\x07", r"\x1b[2J\x1b]0;pwn\x07"),
    (
        "140 OSC 8",
        "\x1b]8;;http://e.x\x1b\\a\x1b]8;;\x1b\\",
        r"\x1b]8;;http://e.x\x1b\a\x1b]8;;\x1b",
    ),
    ("140 C1 and DEL", "a\x9bb\x7fc", r"a\x9bb\x7fc"),
    ("140 bidi", "a\u202eb\u2066c", r"a\u202eb\u2066c"),
    ("140 zero width", "a\u200bb\u200dc\ufeffd", r"a\u200bb\u200dc\ufeffd"),
    ("141", "[bold]x[/bold]", "[bold]x[/bold]"),
    ("142 script", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("142 img", '"><img src=x onerror=alert(1)>', '"><img src=x onerror=alert(1)>'),
    ("142 style", "</style><b>x", "</style><b>x"),
    ("142 url", "javascript:alert(1)", "javascript:alert(1)"),
    ("143", "</script>\u2028", r"</script>\u2028"),
    ("144", "`x` | @user ![](http://e.x/i.png)", "`x` | @user ![](http://e.x/i.png)"),
    ("148", '"];%%{init: {}}%%', '"];%%{init: {}}%%'),
    ("150", "a\nb\r\nc", r"a\x0ab\x0d\x0ac"),
)


@pytest.mark.parametrize(("row", "text", "shown"), ROWS)
def test_a_page_shows_it(row: str, text: str, shown: str) -> None:
    result = drawn("html", sid=text, value=text)
    found = parsed(result.out)
    assert (result.status, shown in found.text) == (1, True), row
    assert result.out.isascii()
    assert not any(char in found.text for char in "\x1b\x9b\x7f\u202e\u2066\u200b\u200d\ufeff\r")


@pytest.mark.parametrize(("row", "text"), [(row, text) for row, text, _ in ROWS])
def test_a_flowchart_has_nothing_in_it_that_acts(row: str, text: str) -> None:
    plain = drawn("mermaid").out
    hostile = drawn("mermaid", resource=f"arn:aws:s3:::b/{text}").out
    assert hostile.isascii()
    acting = ("\n", *'`|@!{}[]"%<>$*_')
    assert [hostile.count(char) for char in acting] == [plain.count(char) for char in acting], row


def test_142_a_page_lets_nothing_in() -> None:
    found = parsed(drawn("html", sid="<script>").out)
    policies = [dict(tag.attributes).get("content") for tag in found.tags if tag.name == "meta"]
    csp = policies[1] or ""
    assert csp.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in csp


def test_147_a_file_name_that_is_no_utf8() -> None:
    result = drawn("html", file=os.fsdecode(b"p\xff.json"))
    assert result.status == 1
    assert r"p\udcff.json" in parsed(result.out).text


@pytest.mark.parametrize("format_", ["html", "mermaid"])
def test_149_ten_thousand_characters_are_cut_in_the_middle(format_: str) -> None:
    long = "a" * 5_000 + "b" * 5_000
    result = drawn(format_, sid=long, value=long, resource=f"arn:aws:s3:::b/{long}")
    assert len(result.out) < 80_000
    text = parsed(result.out).text if format_ == "html" else result.out.replace("#8230;", "…")
    assert "aaa…bbb" in text
    assert "a" * 500 not in text


def test_149_a_page_is_the_same_whatever_the_terminal() -> None:
    Path("p.json").write_text(json.dumps(policy()), encoding="utf-8")
    question = ("simulate", "--as", ALICE, "--action", "s3:GetObject", "--resource", KEY)
    asked = (*question, "--policy", "p.json", "--format", "html")
    plain = {"PATH": str(Path(COMMAND).parent), "LC_ALL": "C", "PYTHONUTF8": "0"}
    pages = {
        spawn(*asked, **plain, **more).out
        for more in ({"TERM": "dumb", "COLUMNS": "1"}, {"COLUMNS": "1000", "NO_COLOR": "1"})
    }
    assert pages == {run(*asked).out}


def test_153_what_looks_like_a_secret_is_masked_in_a_statement() -> None:
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # noqa: S105 - AWS's own example
    result = drawn("html", value=secret)
    assert secret not in result.out
    assert "*" * len(secret) in parsed(result.out).text


def test_153_a_token_is_on_no_page() -> None:
    token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzZWNyZXQifQ.c2lnbmF0dXJl"  # noqa: S105
    result = ask("--external-id", token, "--format", "html")
    assert token not in result.out
