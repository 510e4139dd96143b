"""Folders that somebody else made: searching them ends, and leads nowhere else."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from simulator.documents.cloud_assembly import manifest_of, templates
from simulator.documents.files import find_files
from simulator.documents.ignored import Ignored

POLICY = '{"Version": "2012-10-17", "Statement": []}'
_FIND = "import sys; from simulator.documents.files import find_files; find_files(sys.argv[1:])"


def _manifest(folder: Path, **properties: str) -> None:
    folder.mkdir(exist_ok=True)
    artifacts = {name: {"properties": {name: value}} for name, value in properties.items()}
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}), encoding="utf-8")


def _found(folder: Path) -> list[str]:
    found = find_files([str(folder)])
    assert not found.errors
    return [Path(file.name).name for file in found.files]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("**/" + "*a" * 15 + "c", "a" * 200 + ".json"),
        ("*a?" * 15 + "c", "a" * 200 + ".json"),
        ("*[a-c]\\a" * 15 + "d", "a" * 200 + ".json"),
        ("a" + "/**/a" * 15 + "/b", "a/" * 60 + "c.json"),
        ("**/a" * 15 + "/b", "a/" * 60 + "c.json"),
    ],
)
def test_no_line_of_a_gitignore_takes_exponential_time(
    tmp_path: Path, line: str, name: str
) -> None:
    (tmp_path / ".gitignore").write_text(line, encoding="utf-8")
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(POLICY, encoding="utf-8")
    # A program of its own, as nothing stops a regular expression; it used to take hours.
    subprocess.run([sys.executable, "-c", _FIND, tmp_path], check=True, timeout=30)


@given(
    line=st.text("ab*?/", min_size=1, max_size=12)
    | st.lists(st.sampled_from(["**", "a", "b", "*", "*a*b", "*a?*b*", "[ab]*a*b"])).map("/".join),
    path=st.lists(st.text("ab", min_size=1, max_size=6), min_size=1, max_size=6).map("/".join),
    is_folder=st.booleans(),
)
def test_a_line_means_what_it_means_however_it_is_matched(
    tmp_path_factory: pytest.TempPathFactory, line: str, path: str, *, is_folder: bool
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / ".gitignore").write_text(line, encoding="utf-8")
    wanted = GitIgnoreSpec.from_lines([line]).match_file(path + "/" * is_folder)
    ignored = Ignored().within(str(folder))
    assert ignored.has(str(folder / path), is_folder=is_folder) is wanted


def test_pipes_are_neither_patterns_nor_manifests(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(POLICY, encoding="utf-8")
    os.mkfifo(tmp_path / ".gitignore")
    os.mkfifo(tmp_path / "manifest.json")
    # A program of its own, as opening a pipe would wait for ever.
    subprocess.run([sys.executable, "-c", _FIND, tmp_path], check=True, timeout=30)
    assert manifest_of(str(tmp_path)) is None
    assert _found(tmp_path) == ["p.json"]


def test_templates_of_nested_stacks_are_files_in_the_folder(tmp_path: Path) -> None:
    out = tmp_path / "cdk.out"
    _manifest(out)
    (tmp_path / "outside").write_text("{}", encoding="utf-8")
    (out / "a.nested.template.json").write_text("{}", encoding="utf-8")
    (out / "b.nested.template.json").symlink_to(tmp_path / "outside")
    (out / "c.nested.template.json").mkdir()
    os.mkfifo(out / "d.nested.template.json")
    (out / "e.nested.template.json").symlink_to("a.nested.template.json")
    assert [Path(name).name for name in templates(str(out))] == [
        "a.nested.template.json",
        "e.nested.template.json",
    ]


@pytest.mark.parametrize("stage", ["t.json", "no", "\0", "\ud800", "..", ".", "link"])
def test_a_stage_is_a_folder_in_the_folder(tmp_path: Path, stage: str) -> None:
    out = tmp_path / "cdk.out"
    _manifest(out, directoryName=stage, templateFile="t.json")
    (out / "t.json").write_text("{}", encoding="utf-8")
    (out / "link").symlink_to(out)
    assert _found(out) == ["t.json"]


def test_folders_may_be_nested_as_deep_as_they_can(tmp_path: Path) -> None:
    deepest = tmp_path
    for _ in range(300):
        deepest /= "d"
        deepest.mkdir()
    (deepest / "t.json").write_text(POLICY, encoding="utf-8")
    # The limit is lowered for this, as a deeper folder could not be removed by `shutil` either.
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 150)
    try:
        assert _found(tmp_path) == ["t.json"]
    finally:
        sys.setrecursionlimit(limit)


def test_stages_are_nested_a_few_times_only(tmp_path: Path) -> None:
    inner = tmp_path
    for number in range(40):
        _manifest(inner, directoryName="d", templateFile=f"{number}.json")
        (inner / f"{number}.json").write_text("{}", encoding="utf-8")
        inner /= "d"
    found = _found(tmp_path)
    assert set(found) == {f"{number}.json" for number in range(len(found))}
    assert 10 < len(found) < 40
