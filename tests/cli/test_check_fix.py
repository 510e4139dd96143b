"""What `iamsim check --fix` writes, and that no file is ever damaged."""

from __future__ import annotations

import json
import os
import stat
from io import BytesIO
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from simulator.cli.errors import QuestionError
from simulator.cli.writing import replace_file
from tests.cli.command import run

if TYPE_CHECKING:
    from pathlib import Path

LONG = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Get",
      "Effect": "Allow",
      "Action": [
        "s3:Get*",
        "s3:GetObject"
      ],
      "Resource": "arn:aws:s3:::b/*"
    }
  ]
}
"""
SHORT = LONG.replace('"s3:Get*",\n        "s3:GetObject"', '"s3:Get*"')
LAX = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111111111111:user/alice"},
            "Action": "sts:AssumeRole",
            "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}},
        },
    }
)


@pytest.fixture(autouse=True)
def file(folder: Path) -> Path:
    """Return a policy of which one action is needless."""
    path = folder / "p.json"
    path.write_text(LONG, encoding="utf-8")
    return path


def test_what_leaves_access_as_it_is_is_written_and_nothing_else_changes(file: Path) -> None:
    result = run("check", "--fix", "p.json")
    assert file.read_text(encoding="utf-8") == SHORT
    assert (result.status, result.err) == (0, "note: 1 finding mended in 1 file\n")
    assert "IAM662" not in result.out


def test_without_fix_nothing_is_written(file: Path) -> None:
    assert "IAM662" in run("check", "p.json").out
    assert file.read_text(encoding="utf-8") == LONG


def test_a_diff_is_shown_and_nothing_written(file: Path) -> None:
    result = run("check", "--fix", "--diff", "p.json")
    assert result.status == 1
    assert result.out.startswith("--- p.json\n+++ p.json\n@@")
    assert '-        "s3:GetObject"\n' in result.out
    assert file.read_text(encoding="utf-8") == LONG


class _Screen(BytesIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("is_terminal", [False, True])
def test_a_diff_acts_on_no_terminal_and_a_pipe_gets_each_character(
    file: Path, *, is_terminal: bool
) -> None:
    acting = "\x7f\x9b\u202e\u200b"
    file.write_text(LONG.replace("::b/", f"::b/{acting}"), encoding="utf-8")
    with patch("tests.cli.command.BytesIO", _Screen if is_terminal else BytesIO):
        out = run("check", "--fix", "--diff", "p.json").out
    assert (acting in out) is not is_terminal
    assert (r"\x7f\x9b\u202e\u200b" in out) is is_terminal
    assert '-        "s3:GetObject"\n' in out


def test_a_diff_of_nothing_is_empty(file: Path) -> None:
    file.write_text(SHORT, encoding="utf-8")
    result = run("check", "--fix", "--diff", "p.json")
    assert (result.status, result.out, result.err) == (0, "", "")


def test_what_narrows_access_is_written_only_where_it_is_asked_for(file: Path) -> None:
    file.write_text(LAX, encoding="utf-8")
    assert "IAM601" in run("check", "--fix", "p.json").out
    assert file.read_text(encoding="utf-8") == LAX
    assert "IAM601" not in run("check", "--fix", "--unsafe", "p.json").out
    assert file.read_text(encoding="utf-8") == LAX.replace("BoolIfExists", "Bool")


def test_of_a_broken_policy_only_commas_and_letter_case_are_mended(file: Path) -> None:
    file.write_text(SHORT.replace('"Allow",', '"allow",').replace('"2012-10-17",', '"2012-10-17"'))
    run("check", "--fix", "p.json")
    assert file.read_text(encoding="utf-8") == SHORT
    broken = SHORT.replace('"Allow"', '"Permit"')
    file.write_text(broken, encoding="utf-8")
    assert run("check", "--fix", "p.json").status == 1
    assert file.read_text(encoding="utf-8") == broken


def test_the_rest_of_the_bytes_stays(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + LONG.replace("\n", "\r\n").encode())
    run("check", "--fix", "p.json")
    assert file.read_bytes() == b"\xef\xbb\xbf" + SHORT.replace("\n", "\r\n").encode()


def test_standard_input_is_mended_onto_standard_output() -> None:
    result = run("check", "--fix", "-", stdin=LONG.encode())
    assert result.out == SHORT
    assert "1 finding mended" in result.err
    assert " checked: " in result.err


def test_the_policy_within_what_get_role_prints_is_mended_there(file: Path) -> None:
    around = f'{{"Role": {{"RoleName": "r", "AssumeRolePolicyDocument": {LAX}}}}}'
    file.write_text(around, encoding="utf-8")
    run("check", "--fix", "--unsafe", "p.json")
    assert file.read_text(encoding="utf-8") == around.replace("BoolIfExists", "Bool")


def test_a_policy_in_a_json_string_is_mended_there(file: Path) -> None:
    file.write_text(json.dumps(LONG), encoding="utf-8")
    run("check", "--fix", "p.json")
    assert file.read_text(encoding="utf-8") == json.dumps(SHORT)


@pytest.mark.parametrize("option", ["--unsafe", "--diff"])
def test_options_of_fix_alone_are_refused(option: str) -> None:
    result = run("check", option, "p.json")
    assert (result.status, result.err) == (2, f"error: `{option}` goes with `--fix`\n")


def test_a_file_keeps_its_permissions_and_a_link_stays_one(folder: Path, file: Path) -> None:
    file.chmod(0o640)
    link = folder / "link.json"
    link.symlink_to(file)
    run("check", "--fix", "link.json")
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == SHORT
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_file_that_somebody_changed_meanwhile_is_left_alone(file: Path) -> None:
    with pytest.raises(QuestionError, match="has changed since"):
        replace_file(str(file), b"what was read", b"new")
    assert file.read_text(encoding="utf-8") == LONG


def test_of_a_file_that_has_grown_no_more_is_read_than_must_be(file: Path) -> None:
    os.truncate(file, 2**40)  # of which nothing is on the disk
    with pytest.raises(QuestionError, match="has changed since"):
        replace_file(str(file), LONG.encode(), b"new")


@pytest.mark.parametrize("broken", ["os.fsync", "pathlib.Path.replace"])
def test_a_write_that_fails_leaves_the_file_as_it_was(broken: str, file: Path) -> None:
    with patch(broken, side_effect=OSError(28, "No space left on device")):
        result = run("check", "--fix", "p.json")
    assert result.status == 2
    assert "cannot write `p.json`: No space left on device; it is as it was" in result.err
    assert file.read_text(encoding="utf-8") == LONG
    assert list(file.parent.iterdir()) == [file]
