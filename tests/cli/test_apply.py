"""`--apply`: files written as a fix says, all or none, and the answer after that."""

from __future__ import annotations

import json
import os
import shlex
from typing import TYPE_CHECKING, Any

import pytest

from simulator.cli import writing
from simulator.cli.errors import QuestionError
from simulator.cli.writing import Change, replace_files
from tests.cli.command import ALICE, DEPLOY, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ALLOWED = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": DEPLOY}
BOB = ALICE.replace("alice", "bob")
TRUST = """{
\t"Version": "2012-10-17",
\t"Statement": [{
\t\t"Effect": "Allow",
\t\t"Action": "sts:AssumeRole",
\t\t"Principal": {"AWS": "WHO"}
\t}]
}"""


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


OTHER = policy({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trust.json").write_text(TRUST.replace("WHO", BOB))
    (tmp_path / "alice.json").write_text(policy(ALLOWED))
    return tmp_path


def ask(*more: str, stdin: bytes = b"") -> Any:  # noqa: ANN401 - what the command came to
    role = ("--role-arn", DEPLOY, "--trust", "trust.json", "--policy", "alice.json")
    return run("assume", "--as", ALICE, *role, *more, stdin=stdin)


def test_the_file_is_as_the_diff_shows_and_the_answer_is_then_a_yes(folder: Path) -> None:
    (fix,) = json.loads(ask("--format", "json").out)["fixes"]
    found = ask("--apply")
    assert found.status == 0
    assert found.out.startswith("allowed: ")
    assert f"note: fix 1 (access widened) is written: {fix['title']}" in found.err
    assert "note: changed: `trust.json`" in found.err
    command = "aws iam update-assume-role-policy --role-name deploy --policy-document"
    assert f"{command} file://trust.json`" in found.err
    text = (folder / "trust.json").read_text()
    assert fix["command"].startswith(command)
    assert json.loads(shlex.split(fix["command"])[-1]) == json.loads(text)
    assert text == TRUST.replace(f'"{"WHO"}"', f'["{BOB}", "{ALICE}"]')
    assert not list(folder.glob(".*"))


def test_what_is_wrapped_keeps_what_is_around_it(folder: Path) -> None:
    document = json.loads(TRUST.replace("WHO", BOB))
    role = {
        "Role": {"Arn": DEPLOY, "AssumeRolePolicyDocument": document, "MaxSessionDuration": 3600}
    }
    data = b"\xef\xbb\xbf" + json.dumps(role, indent=4).encode().replace(b"\n", b"\r\n")
    (folder / "trust.json").write_bytes(data)
    assert ask("--apply").status == 0
    after = (folder / "trust.json").read_bytes()
    assert after.startswith(b"\xef\xbb\xbf")
    assert after.count(b"\r\n") == data.count(b"\r\n") == after.count(b"\n")
    assert json.loads(after.decode("utf-8-sig"))["Role"]["MaxSessionDuration"] == 3600


def test_two_files_are_both_written(folder: Path) -> None:
    (folder / "alice.json").write_text(OTHER)
    found = ask("--apply", "1", "--format", "json")
    assert (found.status, json.loads(found.out)["decision"]) == (0, "allowed")
    assert "note: changed: `trust.json`, `alice.json`" in found.err


def test_a_call_that_succeeds_needs_no_fix(folder: Path) -> None:
    told = "note: it is allowed as it is, and no file is written\n"
    (folder / "trust.json").write_text(TRUST.replace("WHO", ALICE))
    found = ask("--apply", "3")
    assert (found.status, found.err) == (0, told)
    assert (folder / "trust.json").read_text() == TRUST.replace("WHO", ALICE)
    text = with_condition(folder, {"StringEquals": {"sts:ExternalId": "x-1"}})
    found = ask("--external-id", "x-1", "--apply")
    assert (found.status, found.err) == (0, told)
    assert (folder / "trust.json").read_text() == text


def with_condition(folder: Path, condition: dict[str, Any]) -> str:
    document = json.loads(TRUST.replace("WHO", ALICE))
    document["Statement"][0]["Condition"] = condition
    text = json.dumps(document)
    (folder / "trust.json").write_text(text)
    return text


def deny(folder: Path) -> str:
    text = policy(ALLOWED, {**ALLOWED, "Effect": "Deny"})
    (folder / "alice.json").write_text(text)
    (folder / "trust.json").write_text(TRUST.replace("WHO", ALICE))
    return text


def test_a_change_of_the_call_is_not_written(folder: Path) -> None:
    text = with_condition(folder, {"StringEquals": {"sts:ExternalId": "x-1"}})
    for options in (("--apply",), ("--apply", "1")):
        found = ask(*options)
        assert (found.status, found.out) == (2, "")
        assert "no file is written" in found.err
        assert (folder / "trust.json").read_text() == text


def test_a_deny_is_taken_out_of_the_way_only_by_number(folder: Path) -> None:
    text = deny(folder)
    found = ask("--apply")
    assert found.status == 2
    assert "`--apply 1` would take a Deny or a condition out of the way" in found.err
    assert (folder / "alice.json").read_text() == text
    assert ask("--apply=1").status == 0
    assert json.loads((folder / "alice.json").read_text())["Statement"][1]["Condition"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--apply", "2"), "there is one fix"),
        (("--apply", "0"), "expected the number of a fix, from 1"),
        (("--apply", "all"), "expected the number of a fix, from 1"),
        (("--apply", "--boundary", "-"), "standard input cannot be written"),
    ],
)
def test_what_cannot_be_applied(folder: Path, options: tuple[str, ...], message: str) -> None:
    found = ask(*options)
    assert (found.status, found.out) == (2, "")
    assert message in found.err
    assert (folder / "trust.json").read_text() == TRUST.replace("WHO", BOB)


def test_a_new_policy_belongs_to_no_file(folder: Path) -> None:
    question = ("--as", ALICE, "--action", "s3:GetObject", "--resource", "arn:aws:s3:::b/k")
    owner = ("--resource-account", "222222222222", "--policy", "alice.json")
    (folder / "alice.json").write_text(OTHER)
    found = run("simulate", *question, *owner, "--apply")
    assert (found.status, found.out) == (2, "")
    assert "each is a change of the call, or a new policy; no file is written" in found.err
    assert "belongs to no file" in run("simulate", *question, *owner, "--apply", "1").err


def test_read_only(folder: Path) -> None:
    (folder / "trust.json").chmod(0o444)
    found = ask("--apply")
    assert found.status == 2
    assert "it is read-only; it is as it was" in found.err


def test_a_link_stays_one(folder: Path) -> None:
    (folder / "trust.json").rename(folder / "real.json")
    (folder / "trust.json").symlink_to("real.json")
    assert ask("--apply").status == 0
    assert (folder / "trust.json").is_symlink()
    assert ALICE in (folder / "real.json").read_text()


@pytest.mark.parametrize("link", [False, True])
def test_one_file_under_two_names_is_written_once(folder: Path, *, link: bool) -> None:
    (folder / "trust.json").write_text(TRUST.replace("WHO", ALICE))
    (folder / "alice.json").write_text(OTHER)
    (folder / "link.json").symlink_to("alice.json")
    found = ask("--boundary", "link.json" if link else "./alice.json", "--apply")
    assert (found.status, found.out.split(":")[0]) == (0, "allowed")
    assert len(json.loads((folder / "alice.json").read_text())["Statement"]) == 2


def test_what_is_no_file() -> None:
    reading, writing_ = os.pipe()
    os.write(writing_, TRUST.replace("WHO", BOB).encode())
    os.close(writing_)
    role = ("--role-arn", DEPLOY, "--trust", f"/dev/fd/{reading}", "--policy", "alice.json")
    found = run("assume", "--as", ALICE, *role, "--apply")
    os.close(reading)
    assert found.status == 2
    assert "it is no ordinary file" in found.err


@pytest.mark.parametrize(
    ("failure", "told"),
    [(OSError("no space left on device"), QuestionError), (KeyboardInterrupt(), KeyboardInterrupt)],
)
def test_where_one_file_fails_the_others_are_put_back(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException,
    told: type[BaseException],
) -> None:
    names = ("one", "two", "three")
    for name in names:
        (folder / name).write_bytes(b"old")
    replace: Callable[[Path, bytes], None] = writing._replace

    def failing(path: Path, new: bytes) -> None:
        if path.name == "three":
            raise failure
        replace(path, new)

    monkeypatch.setattr(writing, "_replace", failing)
    with pytest.raises(told):
        replace_files([Change(name, b"old", b"new") for name in names])
    assert {(folder / name).read_bytes() for name in names} == {b"old"}


def test_simulate(folder: Path) -> None:
    (folder / "alice.json").write_text(OTHER)
    question = ("--as", ALICE, "--action", "iam:GetUser", "--resource", ALICE)
    found = run("simulate", *question, "--policy", "alice.json", "--apply")
    assert (found.status, found.out.partition(":")[0]) == (0, "allowed")
    two = run("simulate", *question, "--action", "iam:GetRole", "--policy", "alice.json", "--apply")
    assert two.status == 2
    assert "one action on one resource" in two.err


@pytest.mark.parametrize("number", [(), ("1",)])
def test_as_aws_calls_it(number: tuple[str, ...]) -> None:
    role = ("--role-arn", DEPLOY, "--role-session-name", "s1", "--trust", "trust.json")
    more = ("--identity-policy", "alice.json", "--as", ALICE)
    found = run("aws", "sts", "assume-role", "--apply", *number, *role, *more)
    assert (found.status, found.out.partition(":")[0]) == (0, "allowed")
