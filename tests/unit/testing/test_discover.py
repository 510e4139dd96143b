"""Which files are tests, in which order, and what is said of those that cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from simulator.testing.discover import find


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("b.iamtest.yaml", "a/z.iamtest.json", "a/b/c.iamtest.yml", "a/no.yaml", "x"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(name)
    return tmp_path


def _names(*paths: str) -> list[str]:
    return [name for name, _ in find(paths)]


def test_folders_are_searched_in_order() -> None:
    assert _names(".") == ["b.iamtest.yaml", "a/z.iamtest.json", "a/b/c.iamtest.yml"]
    assert _names("a") == ["a/z.iamtest.json", "a/b/c.iamtest.yml"]


def test_a_file_by_name_has_any_name_and_is_run_once() -> None:
    assert _names("x", "a/b", "a", "./x") == ["x", "a/b/c.iamtest.yml", "a/z.iamtest.json"]
    assert dict(find(["x"])) == {"x": b"x"}


def test_folders_that_lead_back_are_not_followed() -> None:
    Path("a/loop").symlink_to("..")
    assert len(_names(".")) == 3


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none", "No such file or directory"),
        ("a\0b", "embedded null byte"),
        ("x/y", "Not a directory"),
    ],
)
def test_what_cannot_be_read(name: str, reason: str) -> None:
    ((found, why),) = find([name])
    assert found == name
    assert isinstance(why, str)
    assert reason in why


def test_a_pipe_is_no_test_file() -> None:
    os.mkfifo("a/y.iamtest.yaml")
    found = dict(find(["a"]))
    assert "it is a pipe" in str(found["a/y.iamtest.yaml"])
