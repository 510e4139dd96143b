"""Files are opened, and what would wait for somebody to write to it is not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from simulator.source import open_source

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    with open_source(str(tmp_path / "a")) as file:
        assert file.read() == b"x"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
@pytest.mark.parametrize("by_link", [False, True])
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path: Path, by_link: object) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    with pytest.raises(OSError, match="named pipe"):
        open_source(str(link if by_link else pipe))


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="open files have no names")  # noqa: PTH110
def test_what_the_shell_makes_of_a_command_is_read() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"x")
    os.close(writing)
    with open_source(f"/dev/fd/{reading}") as file:
        assert file.read() == b"x"
    os.close(reading)


@pytest.mark.parametrize("name", ["", "a\0b", "nowhere/at/all"])
def test_what_cannot_be_opened(name: str) -> None:
    with pytest.raises((OSError, ValueError), match=r"null|No such"):
        open_source(name)
