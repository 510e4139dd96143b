"""Nothing that others wrote acts on the terminal, hides in it or forges a line of the output."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.command import (
    ALICE,
    CI,
    DEPLOY,
    Result,
    allowing,
    ask,
    denying,
    policy,
    run,
    trusting,
)

if TYPE_CHECKING:
    from pathlib import Path

FORGED = "iamsim says: allowed"
HOSTILE = f"a\x1b[2Jb\x9bc\u202ed\u200be\x7f\x07\n{FORGED}\r{FORGED}"
ACTING = frozenset("\x1b\x9b\u202e\u200b\x7f\x07\r\u2028")
DENY = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:*", "Sid": HOSTILE}


def trust(*statements: dict[str, Any]) -> str:
    """Return a trust policy in which the characters stand as JSON escapes."""
    return json.dumps(policy(*statements))


def condition(key: str, value: str = HOSTILE) -> str:
    """Return a trust policy with a condition."""
    return json.dumps(trusting("*", Condition={"StringEquals": {key: value}}))


QUESTIONS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "Sid": ((), {"trust": trust(DENY)}),
    "Sid of one that allows": (
        (),
        {"trust": trust({**trusting("333333333333")["Statement"][0], "Sid": HOSTILE})},
    ),
    "Sid with mistakes": ((), {"policy": json.dumps(allowing(Sid=HOSTILE))}),
    "unknown element": ((), {"policy": json.dumps({**allowing(), HOSTILE: 1})}),
    "Effect": ((), {"policy": json.dumps(policy({"Effect": HOSTILE, "Action": "*"}))}),
    "Version": ((), {"policy": json.dumps(policy(version=HOSTILE))}),
    "Action": ((), {"policy": json.dumps(allowing(HOSTILE))}),
    "Resource": ((), {"policy": json.dumps(allowing(resource=HOSTILE))}),
    "Resource of the denial": (
        (),
        {"policy": json.dumps(allowing(resource=f"arn:aws:iam::222222222222:role/{HOSTILE}"))},
    ),
    "principal": ((), {"trust": json.dumps(trusting(HOSTILE))}),
    "principal's type": (
        (),
        {"trust": trust({"Effect": "Allow", "Action": "sts:*", "Principal": {HOSTILE: "*"}})},
    ),
    "role as principal": (
        (),
        {"trust": json.dumps(trusting(f"arn:aws:iam::111111111111:role/{HOSTILE}"))},
    ),
    "operator": ((), {"trust": json.dumps(trusting("*", Condition={HOSTILE: {"aws:x": "y"}}))}),
    "condition key": ((), {"trust": condition(f"aws:PrincipalTag/{HOSTILE}")}),
    "condition value": ((), {"trust": condition("sts:ExternalId")}),
    "condition value of a tag": ((), {"trust": condition("aws:RequestTag/x")}),
    "external id": (("--external-id", HOSTILE), {}),
    "session name": (("--role-session-name", HOSTILE), {}),
    "tag": (("--tags", f"Key={HOSTILE},Value={HOSTILE}"), {}),
    "bad tag": (("--tags", HOSTILE), {}),
    "context": (
        ("--context", f"aws:SourceVpc={HOSTILE}"),
        {"trust": condition("aws:SourceVpc", "v")},
    ),
    "bad context": (("--context", HOSTILE), {}),
    "query": (("--query", HOSTILE), {}),
    "format": (("--format", HOSTILE), {}),
    "number": (("--duration-seconds", HOSTILE), {}),
    "option": ((f"--{HOSTILE}",), {}),
    "argument": ((HOSTILE,), {}),
    "file that is not there": (("--policy", HOSTILE), {}),
    "caller": ((), {"caller": HOSTILE}),
    "caller's name": ((), {"caller": f"{ALICE}{HOSTILE}", "trust": trusting("333333333333")}),
    "session of the caller": ((), {"caller": f"{CI}{HOSTILE}", "trust": trusting("333333333333")}),
    "role": ((), {"role": HOSTILE}),
    "role's name": ((), {"role": f"{DEPLOY}{HOSTILE}", "trust": trusting("333333333333")}),
    "session as role": ((), {"role": f"arn:aws:sts::222222222222:assumed-role/x/{HOSTILE}"}),
    "raw in the text": ((), {"policy": HOSTILE}),
    "raw in a string": ((), {"policy": f'{{"Statement": "{HOSTILE}"}}'}),
}


def check(result: Result) -> None:
    """Check that an output has none of the characters, and no forged line."""
    for text in (result.out, result.err):
        assert not ACTING & set(text)
        assert not any(line.startswith(FORGED) for line in text.split("\n"))


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("name", QUESTIONS)
def test_hostile(name: str, form: str) -> None:
    options, question = QUESTIONS[name]
    result = ask("--format", form, *options, **question)
    assert result.status != 0 or name in {"external id", "context"}
    assert result.out or result.err
    check(result)


def test_the_name_of_a_file(folder: Path) -> None:
    name = HOSTILE.replace("/", "")
    (folder / name).write_text(json.dumps(trusting("333333333333")))
    question = ("assume", "--as", ALICE, "--role-arn", DEPLOY, "--trust", name)
    check(run(*question))
    as_json = run(*question, "--format", "json")
    check(as_json)
    assert json.loads(as_json.out)["causes"][0]["location"]["file"] == name


def test_the_name_of_a_file_in_a_note(folder: Path) -> None:
    (folder / HOSTILE).write_text(json.dumps(denying("s3:*")))
    result = ask("--scp", HOSTILE)
    assert result.err.startswith("note: `a\\x1b[2Jb\\x9bc")
    check(result)


def test_json_keeps_what_it_escapes() -> None:
    found = json.loads(ask("--format", "json", trust=trust(DENY)).out)
    assert HOSTILE in found["causes"][0]["message"]


def test_a_very_long_sid_is_cut_in_its_middle() -> None:
    result = ask(trust=trust({**DENY, "Sid": "x" * 10_000}))
    assert result.status == 1
    assert max(map(len, result.out.split("\n"))) < 600
