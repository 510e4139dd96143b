"""Whether the wheel works alone: run by the Python of an environment that holds nothing else.

`just wheel` builds the wheel, makes that environment and runs this file with `python -I` from
another folder, so that neither the checkout nor the test libraries can lend a hand. It is no
pytest module: pytest is not there.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import simulator
from simulator.syntax.grammar import grammar_file

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT: Final = Path(__file__).resolve().parents[2]
TUTORIAL: Final = CHECKOUT / "fixtures" / "tutorial"

#: Nothing of these may be needed at run time.
TEST_LIBRARIES: Final = ("pytest", "hypothesis", "moto", "boto3", "botocore")

QUESTION: Final = (
    *("assume", "--as", "arn:aws:iam::111111111111:user/alice"),
    *("--role-arn", "arn:aws:iam::222222222222:role/deploy", "--policy", "alice.json"),
)

#: The trust policy of each run of the command, with the exit status it must have.
RUNS: Final = {"trust-root.json": 0, "trust-mfa.json": 1, "trust-broken.json": 2}


def main() -> int:
    """Return the exit status: 1 when anything is wrong."""
    failures = [*package_failures(), *grammar_failures(), *command_failures()]
    for failure in failures:
        sys.stderr.write(f"failed: {failure}\n")
    return 1 if failures else 0


def package_failures() -> Iterator[str]:
    """Tell whether the installed package is the one that is imported, and is alone."""
    home = Path(simulator.__file__).resolve()
    if not home.is_relative_to(Path(sys.prefix).resolve()):
        yield f"simulator is imported from {home}, not from the wheel"
    if not files("simulator").joinpath("py.typed").is_file():
        yield "py.typed is not in the wheel"
    present = [name for name in TEST_LIBRARIES if importlib.util.find_spec(name)]
    if present:
        yield f"not alone: {', '.join(present)} can be imported"
    told(f"simulator is imported from {home.parent}, without test libraries")


def grammar_failures() -> Iterator[str]:
    """Tell whether the grammars lie inside the package, whole, and are taken from there."""
    for original in sorted((CHECKOUT / "grammar").glob("*.lark")):
        packaged = files("simulator").joinpath("grammar", original.name)
        if not packaged.is_file() or packaged.read_bytes() != original.read_bytes():
            yield f"the grammar {original.name} is not in the wheel"
    home = Path(simulator.__file__).resolve().parent
    for name in ("json", "errors"):
        used = Path(str(grammar_file(name))).resolve()
        if not used.is_relative_to(home) or not used.is_file():
            yield f"the grammar is taken from {used}, not from {home}"
        told(f"the grammar is {used}")


def command_failures() -> Iterator[str]:
    """Tell whether the console script answers the tutorial's questions as it should."""
    command = shutil.which("iamsim", path=sysconfig.get_path("scripts"))
    if command is None:
        yield "the command iamsim is not installed"
        return
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(TUTORIAL, folder, dirs_exist_ok=True)
        for trust, status in RUNS.items():
            yield from run_failures((command, *QUESTION, "--trust", trust), folder, status)
        call = (command, *QUESTION, "--trust", "trust-root.json", "--format", "json")
        yield from json_failures(call, folder)
        page = (command, *QUESTION, "--trust", "trust-mfa.json", "--format", "html")
        yield from page_failures(page, folder)
        yield from extra_failures(command, folder)


def extra_failures(command: str, folder: str) -> Iterator[str]:
    """Tell whether what needs an extra says so, and what is near it works without."""
    profile = (command, "assume", "--profile", "deploy", "--config", "config", "--trust", "x")
    done = run(profile, folder)
    if done.returncode != 2 or "iamsim[aws]" not in done.stderr:
        yield f"no word of the extra: {profile}\n{done.stdout}{done.stderr}"
    aws = (command, "aws", "sts", "get-caller-identity", "--as", QUESTION[2])
    done = run(aws, folder)
    if done.returncode != 0:
        yield f"exit status {done.returncode}: {aws}\n{done.stdout}{done.stderr}"
    told("a profile asks for its extra, and `iamsim aws sts` needs none")


def run_failures(call: tuple[str, ...], folder: str, status: int) -> Iterator[str]:
    """Tell whether a call ends with its exit status and an answer, and never a traceback."""
    done = run(call, folder)
    if done.returncode != status:
        yield f"exit status {done.returncode}, not {status}: {call}\n{done.stdout}{done.stderr}"
    if "Traceback" in done.stdout + done.stderr:
        yield f"a traceback: {call}\n{done.stderr}"
    if not (done.stderr if status == 2 else done.stdout).strip():
        yield f"no answer: {call}"
    told(f"exit status {done.returncode}: iamsim assume … --trust {call[-1]}")


def json_failures(call: tuple[str, ...], folder: str) -> Iterator[str]:
    """Tell whether a call's answer is JSON that says allowed."""
    done = run(call, folder)
    try:
        decision = json.loads(done.stdout)["decision"]
    except (ValueError, KeyError):
        yield f"not a JSON answer: {call}\n{done.stdout}{done.stderr}"
        return
    if decision != "allowed":
        yield f"decision {decision}, not allowed: {call}"
    told(f"decision {decision}: iamsim assume … --format json")


def page_failures(call: tuple[str, ...], folder: str) -> Iterator[str]:
    """Tell whether a call's answer is a page that says denied, with its style sheet."""
    page = run(call, folder).stdout
    if '<main data-decision="implicitDeny">' not in page or "prefers-color-scheme" not in page:
        yield f"not a page: {call}\n{page[:1000]}"
    told("a page with its style sheet: iamsim assume … --format html")


def run(call: tuple[str, ...], folder: str) -> subprocess.CompletedProcess[str]:
    """Return the finished call, which sees no cache but the one that earlier calls left there."""
    return subprocess.run(
        call,
        cwd=folder,
        env={**os.environ, "XDG_CACHE_HOME": str(Path(folder, ".cache"))},
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def told(text: str) -> None:
    """Print what was looked at."""
    sys.stdout.write(f"smoke: {text}\n")


if __name__ == "__main__":
    sys.exit(main())
