"""The parser and where it is kept."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from simulator.syntax import grammar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    grammar.parser.cache_clear()
    yield tmp_path / "iamsim"
    grammar.parser.cache_clear()


def works() -> bool:
    grammar.parser.cache_clear()
    return grammar.parser().parse('{"a": [1]}', start="document").data == "document"


def test_the_parser_is_kept_for_its_owner_alone(cache: Path) -> None:
    assert works()
    (kept,) = cache.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


def test_a_kept_parser_is_used(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert works()
    monkeypatch.delattr(grammar, "_build")
    assert cache.exists()
    assert works()


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x80\x05."])
def test_a_damaged_one_is_built_anew(cache: Path, content: bytes) -> None:
    assert works()
    (kept,) = cache.iterdir()
    whole = kept.read_bytes()
    for damaged in (content, whole[:1000]):
        kept.write_bytes(damaged)
        assert works()
        assert kept.stat().st_size > 1000


def test_one_that_others_can_write_is_not_opened(cache: Path) -> None:
    assert works()
    (kept,) = cache.iterdir()
    kept.chmod(0o666)
    assert grammar._load(kept) is None  # noqa: SLF001 - what is not opened cannot be seen from outside


def test_a_cache_that_cannot_be_written_is_none(cache: Path) -> None:
    cache.write_text("a file where the directory should be")
    assert works()


@pytest.mark.parametrize("home", ["", "nowhere", "/nonexistent/home"])
def test_there_may_be_no_home(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", home)
    assert works()
    grammar.parser.cache_clear()
