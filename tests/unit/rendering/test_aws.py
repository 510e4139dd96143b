"""Where a statement begins and ends as AWS's simulator counts; its recordings hold the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import ALICE, marked, run

PLAIN = '"Effect": "Allow", "Action": "*", "Resource": "*"'


@pytest.mark.parametrize(
    "text",
    [
        f'{{"Statement": {{«{PLAIN}}}»}}',  # one without a list
        f'{{"Statement": [«{{{PLAIN}}}»]}}',
        f'{{"Statement":[«{{{PLAIN}}}»« , {{{PLAIN}}}»]}}',
        f'{{\n  "Statement": [«\n    {{\n      {PLAIN}\n    }}»«,\n    {{{PLAIN}}}»\n  ]\n}}',
        f'{{"Statement" :\r\n[« {{{PLAIN}}}»]}}',
        f'{{"Id": "é☃𝄞", "Statement": [«{{{PLAIN}}}»]}}',
    ],
)
def test_places(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plain = marked(text).text
    Path("policy.json").write_text(plain, encoding="utf-8", newline="")
    options = ("--policy", "policy.json", "--format", "aws", "--query", "EvaluationResults[0]")
    result = run("simulate", "--as", ALICE, "--action", "iam:ListUsers", *options)
    found = json.loads(result.out)["MatchedStatements"]
    ends = [(each["StartPosition"], each["EndPosition"]) for each in found]
    assert [(_offset(plain, a), _offset(plain, b)) for a, b in ends] == _ranges(text)


def _offset(text: str, place: dict[str, int]) -> int:
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: place["Line"] - 1]) + place["Column"] - 1


def _ranges(text: str) -> list[tuple[int, int]]:
    """Return the offsets between « and », in the text without them."""
    found, rest, done = [], text, 0
    while "«" in rest:
        before, _, rest = rest.partition("«")
        inside, _, rest = rest.partition("»")
        found.append((done + len(before), done + len(before) + len(inside)))
        done += len(before) + len(inside)
    return found
