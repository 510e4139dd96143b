"""Which files are read, as AWS's own tools look for them."""

from __future__ import annotations

import pytest

from simulator.profiles.files import find_config, find_credentials


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/alice")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/not/looked/at")


def test_the_given_file() -> None:
    assert find_config("given", {"AWS_CONFIG_FILE": "/c"}) == "given"


@pytest.mark.parametrize(
    ("written", "file"),
    [
        ("/c", "/c"),
        ("~/c", "/home/alice/c"),
        ("$HERE/c", "/here/c"),
        ("", "/home/alice/.aws/config"),
    ],
)
def test_the_file_of_the_environment(written: str, file: str) -> None:
    assert find_config(None, {"AWS_CONFIG_FILE": written, "HERE": "/here"}) == file


def test_the_file_of_the_home() -> None:
    assert find_config(None, {}) == "/home/alice/.aws/config"


def test_credentials() -> None:
    assert find_credentials({}) == "/home/alice/.aws/credentials"
    assert find_credentials({"AWS_SHARED_CREDENTIALS_FILE": "/k"}) == "/k"
