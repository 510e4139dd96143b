"""Every page shows what happens: its files are written, its commands run, the output compared.

How a page is written stands in `docs/diagnoses/README.md`.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simulator.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
PAGES = (
    ROOT / "README.md",
    ROOT / "docs" / "tutorial.md",
    *sorted((ROOT / "docs" / "diagnoses").glob("*.md")),
    *sorted((ROOT / "docs" / "how-to").glob("*.md")),
    ROOT / "docs" / "reference" / "aws.md",
    ROOT / "docs" / "reference" / "check.md",
    ROOT / "docs" / "reference" / "check-inputs.md",
    ROOT / "docs" / "reference" / "explain.md",
    ROOT / "docs" / "reference" / "simulate.md",
    ROOT / "docs" / "reference" / "test-files.md",
)
IN_A_SHELL = ROOT / "docs" / "diagnoses" / "IAM312.md"
_BLOCK = re.compile(r"(?ms)^(?:`(?P<file>[^`\n]+)`\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$")
_COMMAND = re.compile(r"(?m)^\$ (?P<line>(?:.*\\\n)*.*)\n")
_OUR_COMMAND = re.compile(r"iamsim [^|;&<>`]*")


def _blocks(page: Path) -> Iterator[tuple[re.Match[str], dict[str, str]]]:
    """Yield each console block of a page, with the files that stand before it."""
    files: dict[str, str] = {}
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["file"]:
            files[block["file"]] = block["text"]
        elif block["language"] == "console":
            yield block, dict(files)


def _examples() -> Iterator[Any]:
    for page in PAGES:
        for number, _ in enumerate(_blocks(page), 1):
            yield pytest.param(page, number, id=f"{page.stem}-{number}")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("tutorial", "simulate"):
        shutil.copytree(ROOT / "fixtures" / folder, tmp_path / "fixtures" / folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)


@pytest.mark.parametrize(("page", "number"), list(_examples()))
def test_example(page: Path, number: int) -> None:
    block, files = list(_blocks(page))[number - 1]
    happened = _transcript(block["text"], files, _run)
    if os.environ.get("IAMSIM_UPDATE_DOCS") == "1" and "CI" not in os.environ:
        _record(page, block, happened)
    else:
        assert happened == block["text"]


def test_what_is_drawn_is_what_was_printed() -> None:
    text = (ROOT / "docs" / "how-to" / "pictures.md").read_text(encoding="utf-8")
    (drawn,) = [block["text"] for block in _BLOCK.finditer(text) if block["language"] == "mermaid"]
    assert f"--format mermaid\n{drawn}" in text


def test_a_page_in_a_real_shell() -> None:
    for block, files in _blocks(IN_A_SHELL):
        assert _transcript(block["text"], files, _in_a_shell) == block["text"]


def _transcript(
    text: str, files: dict[str, str], run: Callable[[str], tuple[str, int | str | None]]
) -> str:
    """Return a console block as it would read if its commands were typed now."""
    for name, content in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    told = []
    for command in _COMMAND.finditer(text):
        output, status = run(command["line"])
        told.append(f"$ {command['line']}\n{output}")
        if status:
            told.append(f"[exit status {status}]\n")
    return "".join(told)


def _run(line: str) -> tuple[str, int | str | None]:
    return _in_process(line) if _OUR_COMMAND.fullmatch(line) else _in_a_shell(line)


def _in_process(line: str) -> tuple[str, int | str | None]:
    output, status = io.StringIO(), None
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(output), redirect_stderr(output):
        patch.setattr(sys, "argv", shlex.split(line.replace("\\\n", "")))
        try:
            main()
        except SystemExit as end:
            status = end.code
    return output.getvalue(), status


def _in_a_shell(line: str) -> tuple[str, int]:
    done = subprocess.run(
        ["sh", "-c", line],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=60,
        encoding="utf-8",
    )
    return done.stdout, done.returncode


def _record(page: Path, block: re.Match[str], happened: str) -> None:
    assert "internal error" not in happened, happened
    text, (start, end) = page.read_text(encoding="utf-8"), block.span("text")
    page.write_text(text[:start] + happened + text[end:], encoding="utf-8")
