"""Profiles as texts: each test writes the config file that it is about."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Protocol

import pytest

from simulator.profiles.model import ProfileError, Resolved
from simulator.profiles.resolve import resolve

if TYPE_CHECKING:
    from pathlib import Path


class Resolve(Protocol):
    """Resolves a profile of a text, or of two."""

    def __call__(self, config: str, name: str = "a", credentials: str | None = None) -> Resolved:
        """Return what the profile does."""


class Refuse(Protocol):
    """Tells why a profile of a text, or of two, yields no credentials."""

    def __call__(self, config: str, name: str = "a", credentials: str | None = None) -> str:
        """Return the message, in which the files are called `config` and `credentials`."""


def _written(folder: Path, name: str, text: str | None) -> str | None:
    if text is None:
        return None
    (folder / name).write_text(dedent(text))
    return str(folder / name)


@pytest.fixture
def resolved(tmp_path: Path) -> Resolve:
    def run(config: str, name: str = "a", credentials: str | None = None) -> Resolved:
        found = _written(tmp_path, "credentials", credentials)
        answer = resolve(name, str(_written(tmp_path, "config", config)), found)
        return answer._replace(
            notes=tuple(note.replace(f"{tmp_path}/", "") for note in answer.notes)
        )

    return run


@pytest.fixture
def refused(resolved: Resolve, tmp_path: Path) -> Refuse:
    def run(config: str, name: str = "a", credentials: str | None = None) -> str:
        with pytest.raises(ProfileError) as error:
            resolved(config, name, credentials)
        return str(error.value).replace(f"{tmp_path}/", "")

    return run
