"""The steps of the GitHub action, run by a shell as a runner of GitHub runs them."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.reports import policy

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: dict[str, dict[str, Any]] = {step["id"]: step for step in ACTION["runs"]["steps"]}
COMMAND = str(Path(sys.executable).with_name("iamsim"))
CODE = "IAM129"
WRONG = policy({"Action": "s3:GetObjet"})
INPUT = re.compile(r"\$\{\{ inputs\.([a-z-]+) \}\}")


class Run(NamedTuple):
    """What a step came to: its exit status, its log, what it set, and the summary of the job."""

    status: int
    log: str
    outputs: dict[str, str]
    summary: str


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the checkout of a job, with one policy that has a finding."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "p.json").write_text(WRONG, encoding="utf-8")
    return checkout


def run(step: str, folder: Path, variables: dict[str, str]) -> Run:
    """Run a step as a runner does, with a file each for its outputs and the summary."""
    outputs, summary = folder.parent / "outputs", folder.parent / "summary"
    outputs.write_text("", encoding="utf-8")
    summary.write_text("", encoding="utf-8")
    script = folder.parent / f"{step}.sh"
    script.write_text(STEPS[step]["run"], encoding="utf-8")
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "RUNNER_TEMP": str(folder.parent),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(summary),
            **variables,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=60,
        encoding="utf-8",
    )
    pairs = (line.split("=", 1) for line in outputs.read_text(encoding="utf-8").splitlines())
    told = summary.read_text(encoding="utf-8")
    return Run(done.returncode, done.stdout, dict(pairs), told)


def check(folder: Path, **inputs: str) -> Run:
    """Run the step that checks, with inputs by their names with `_`, as the action maps them."""
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    assert given.keys() <= ACTION["inputs"].keys()
    values = {name: given.get(name, each["default"]) for name, each in ACTION["inputs"].items()}
    mapped = {
        name: values[found[1]]
        for name, value in STEPS["check"]["env"].items()
        if (found := INPUT.fullmatch(value))
    }
    variables = {"COMMAND": COMMAND, "REPOSITORY": "", "REF": ""} | mapped
    assert variables.keys() == STEPS["check"]["env"].keys()
    return run("check", folder, variables)


def commands_of(log: str) -> list[str]:
    """Return the lines of a log that a runner takes for commands."""
    found, stopped = [], None
    for line in log.splitlines():
        if stopped is not None:
            stopped = None if line == f"::{stopped}::" else stopped
        elif line.startswith("::stop-commands::"):
            stopped = line.removeprefix("::stop-commands::")
        elif line.lstrip().startswith("::") or "##[" in line:
            found.append(line)
    assert stopped is None
    return found


def test_no_script_has_an_expression_in_it() -> None:
    assert list(STEPS) == ["install", "check"]
    for step in STEPS.values():
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"


def test_each_input_is_used_and_each_that_is_used_exists() -> None:
    used = {
        name
        for step in STEPS.values()
        for value in step["env"].values()
        for name in INPUT.findall(value)
    }
    assert used == ACTION["inputs"].keys()
    outputs = re.findall(r"steps\.check\.outputs\.([a-z-]+)", json.dumps(ACTION["outputs"]))
    assert outputs == list(ACTION["outputs"])


def test_findings_are_annotations_and_fail_the_step(folder: Path) -> None:
    done = check(folder, paths="p.json", options=f"--select={CODE}")
    (command,) = commands_of(done.log)
    assert command.startswith("::warning file=p.json,line=6,")
    assert (done.status, done.outputs) == (1, {"status": "1"})
    assert CODE in done.summary


def test_without_paths_the_whole_checkout_is_checked(folder: Path) -> None:
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "q.json").write_text(WRONG, encoding="utf-8")
    (folder / "package.json").write_text("{}", encoding="utf-8")
    done = check(folder, options=f"--select={CODE}")
    files = {re.findall("file=([^,]+)", each)[0] for each in commands_of(done.log)}
    assert (done.status, files) == (1, {"p.json", "deep/er/q.json"})


def test_what_is_found_may_be_below_what_fails(folder: Path) -> None:
    done = check(folder, paths="p.json", options=f"--select={CODE}", fail_on="error")
    assert len(commands_of(done.log)) == 1
    assert (done.status, done.outputs) == (0, {"status": "0"})


def test_a_sarif_file_is_written_besides(folder: Path) -> None:
    done = check(folder, paths="p.json", options=f"--select={CODE}", sarif_file="out dir.sarif")
    assert done.outputs == {"status": "1", "sarif-file": "out dir.sarif"}
    (run_,) = json.loads((folder / "out dir.sarif").read_text(encoding="utf-8"))["runs"]
    assert [each["ruleId"] for each in run_["results"]] == [CODE]


def test_the_pages_are_those_of_the_action(folder: Path) -> None:
    variables = {
        "FAIL_ON": "note",
        "FORMAT": "github",
        "KIND": "",
        "OPTIONS": "",
        "PATHS": "p.json",
    }
    place = {"REPOSITORY": "owner/iamsim", "REF": "v1", "SARIF_FILE": "o.sarif"}
    run("check", folder, {"COMMAND": COMMAND, **variables, **place})
    (run_,) = json.loads((folder / "o.sarif").read_text(encoding="utf-8"))["runs"]
    address = run_["tool"]["driver"]["rules"][0]["helpUri"]
    assert address.startswith("https://github.com/owner/iamsim/blob/v1/docs/diagnoses/")


def test_a_file_that_cannot_be_used(folder: Path) -> None:
    (folder / "bad.json").write_text('{"Statement": [}', encoding="utf-8")
    done = check(folder, paths="bad.json")
    assert (done.status, done.outputs) == (2, {"status": "2"})
    assert commands_of(done.log)[0].startswith("::error file=bad.json")


@pytest.mark.parametrize(
    "inputs", [{"paths": ""}, {"paths": " \r\n"[1:]}, {"sarif_file": "a\nb=c"}]
)
def test_inputs_that_name_nothing_or_too_much(folder: Path, inputs: dict[str, str]) -> None:
    done = check(folder, **inputs)
    assert (done.status, done.outputs) == (2, {})
    assert len(commands_of(done.log)) == 1


def test_several_paths_each_on_a_line(folder: Path) -> None:
    (folder / "a b.json").write_text(WRONG, encoding="utf-8")
    (folder / "-c.json").write_text(WRONG, encoding="utf-8")
    (folder / "left out.json").write_text(WRONG, encoding="utf-8")
    done = check(folder, paths="a b.json\r\n\n-c.json\n", options=f"--select\n{CODE}")
    files = [re.findall("file=([^,]+)", each) for each in commands_of(done.log)]
    assert files == [["a b.json"], ["-c.json"]]


EVIL = (
    "$(touch pwned)",
    "`touch pwned`",
    "p.json; touch pwned",
    '"; touch pwned; "',
    "p.json && touch pwned #",
    "${IFS}touch${IFS}pwned",
)


@pytest.mark.parametrize("name", ["paths", "kind", "fail_on", "format", "sarif_file", "options"])
def test_no_input_is_code(folder: Path, name: str) -> None:
    check(folder, **{name: " ".join(EVIL)})
    assert not list(folder.parent.rglob("pwned"))


@pytest.mark.parametrize("evil", EVIL)
def test_no_path_is_code(folder: Path, evil: str) -> None:
    check(folder, paths=evil)
    assert not list(folder.parent.rglob("pwned"))


@pytest.mark.parametrize("format_", ["github", "text", "json"])
def test_no_text_of_a_policy_is_a_command(folder: Path, format_: str) -> None:
    evil = "##[add-mask]x ::error::x"
    (folder / "p.json").write_text(policy({"Sid": evil, "Action": evil}), encoding="utf-8")
    (folder / "bad.json").write_text(f'"{evil}"\n::error::x\n[', encoding="utf-8")
    done = check(folder, paths="p.json\nbad.json", format=format_)
    assert done.status == 2
    commands = commands_of(done.log)
    assert all(re.match("::(error|warning|notice) ", each) for each in commands)
    assert bool(commands) is (format_ == "github")


@pytest.mark.parametrize("has_uv", [True, False])
def test_the_package_is_installed_from_where_the_action_is(folder: Path, *, has_uv: bool) -> None:
    """The programs that install are replaced by one that notes what it was called with."""
    programs = folder.parent / "programs"
    programs.mkdir()
    noted = folder.parent / "noted"
    fake = (
        "#!/bin/sh\n"
        f'echo "$(basename "$0") $*" >>\'{noted}\'\n'
        "for last; do :; done\n"
        'case "$*" in *venv*) mkdir -p "$last/bin"; cp "$0" "$last/bin/python";; esac\n'
    )
    for name in ("uv", "python3.99")[not has_uv :]:
        program = programs / name
        program.write_text(fake, encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    variables = {
        "SOURCE": "/the action",
        "PYTHON": "python3.99",
        "PATH": f"{programs}:/usr/bin:/bin",
    }
    done = run("install", folder, variables)
    assert done.status == 0, done.log
    environment = done.outputs["command"].removesuffix("/bin/iamsim")
    assert noted.read_text(encoding="utf-8").splitlines() == (
        [
            f"uv venv --quiet --python python3.99 {environment}",
            f"uv pip install --quiet --python {environment}/bin/python /the action",
        ]
        if has_uv
        else [
            f"python3.99 -m venv {environment}",
            "python -m pip install --quiet --disable-pip-version-check /the action",
        ]
    )
