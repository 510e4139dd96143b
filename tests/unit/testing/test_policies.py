"""The policies that test files name: by path, by name, inline; each read and compiled once."""

from __future__ import annotations

import json
import os
from pathlib import Path
from unittest.mock import patch

import pytest

from simulator.policy.build import build
from simulator.testing import policies
from tests.unit.testing import files


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("p").mkdir()
    Path("p/all.json").write_text(json.dumps(files.policy()))
    return tmp_path


def _identity(*named: object, name: str = "t.json") -> list[str]:
    case = {"caller": files.ALICE, "action": "s3:ListAllMyBuckets"}
    value = files.file(case, accounts=files.accounts({"policies": list(named)}))
    (result,) = files.report(value, name).results
    return [str(result.decision)] if result.decision else files.told(result)


def test_by_path_from_the_test_file() -> None:
    assert _identity("p/all.json") == ["allowed"]
    assert _identity("all.json", name="p/t.json") == ["allowed"]
    assert _identity("../p/all.json", name="p/t.json") == ["allowed"]


def test_inline_by_name_and_from_the_aws_cli() -> None:
    assert _identity(files.policy()) == ["allowed"]
    assert _identity("FullAWSAccess") == ["allowed"]
    Path("p/got.json").write_text(json.dumps({"PolicyVersion": {"Document": files.policy()}}))
    assert _identity("p/got.json") == ["allowed"]


@pytest.mark.parametrize("name", ["ReadOnlyAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess"])
def test_managed_policies_come_later(name: str) -> None:
    case = {"action": "s3:ListAllMyBuckets"}
    result = files.result(case, accounts=files.accounts({"policies": [name]}))
    assert files.told(result) == [
        f"there is no file `{name}`, and AWS managed policies are not known yet"
    ]
    assert "iamsim[managed]" in (result.errors[0].help or "")


def test_what_is_no_file() -> None:
    os.mkfifo("p/pipe")
    Path("p/zero").symlink_to("/dev/zero")
    assert _identity("p/none.json") == ["cannot read `p/none.json`: there is no such file"]
    assert _identity("p/pipe") == ["cannot read `p/pipe`: it is not a file"]
    assert _identity("p/") == ["cannot read `p/`: it is not a file"]
    assert _identity("p/" + "x" * 5000)[0].endswith("File name too long")
    assert "outside of the project" in _identity("p/zero")[0]


def test_what_is_not_the_projects(folder: Path) -> None:
    (folder / "out").mkdir()
    inner = folder / "in" / "tests"
    inner.mkdir(parents=True)
    Path("in/.git").mkdir()
    Path("in/all.json").write_text(json.dumps(files.policy()))
    Path("in/tests/link.json").symlink_to(folder / "p" / "all.json")
    name = str(inner / "t.json")
    assert _identity("../all.json", name=name) == ["allowed"]
    assert _identity(str(folder / "in" / "all.json"), name=name) == ["allowed"]
    for outside in ("../../p/all.json", "link.json", "/etc/passwd", "../../../../../etc/passwd"):
        (message,) = _identity(outside, name=name)
        assert message == f"cannot read `{outside}`: it is outside of the project (`{folder}/in`)"


def test_mistakes_in_a_file_and_inline() -> None:
    Path("p/bad.json").write_text('{"Version": "2012-10-17",\n "Statment": []}')
    value = files.file({}, accounts=files.accounts({"policies": ["p/bad.json"]}))
    (result,) = files.report(value).results
    assert ("p/bad.json", 2, 2) in map(files.where, result.errors)
    value = files.file({}, accounts=files.accounts({"policies": [{"Statment": []}]}))
    (result,) = files.report(value).results
    text = json.dumps(value, indent=1)
    line = text[: text.index('"Statment"')].count("\n") + 1
    assert ("t.json", line) in [files.where(error)[:2] for error in result.errors]


def test_only_tests_that_use_a_bad_file_are_errors() -> None:
    deploy = {"policies": ["p/none.json"]}
    found = files.results({}, {"caller": files.SESSION}, accounts=files.accounts(deploy=deploy))
    assert [result.mark for result in found] == ["passed", "error"]


def test_each_file_is_built_once() -> None:
    value = files.file(*[{}] * 9, accounts=files.accounts({"policies": ["p/all.json"] * 2}))
    with patch("simulator.testing.policies.build", wraps=build) as built:
        files.report(value)
    assert built.call_count == 2  # that of alice, and the trust policy


def test_warnings_are_told_once() -> None:
    Path("p/old.json").write_text(json.dumps(files.policy(action="s3:GetObjct")))
    value = files.file(*[{}] * 3, accounts=files.accounts({"policies": ["p/old.json"]}))
    names = [w.labels[0].span.source.name for w in files.report(value).warnings]
    assert names.count("p/old.json") == len(names) <= 1


def test_the_project_is_never_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    policies.project_of.cache_clear()
    assert policies.project_of(Path("/")) == Path("/")
    assert policies.project_of(Path("/nowhere-at-all")) == Path("/nowhere-at-all")
    assert policies.project_of(Path("/nowhere-at-all/tests")) == Path("/nowhere-at-all")
