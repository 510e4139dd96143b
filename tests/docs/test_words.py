"""The glossary names what the code has: each name in its last column resolves."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING

import pytest

import simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")
# What stands in backticks in the last column and is no name: what not to say, and an element.
NO_NAMES = {"policy_json", "doc", "NotPrincipal"}


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(simulator.__path__, "simulator."):
        yield import_module(found.name)


MODULES = tuple(_modules())
FUNCTIONS = {
    name.lstrip("_")
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, FunctionType)
}


def _rows(column: str) -> Iterator[list[str]]:
    """Yield the cells of each row of the tables whose last column is called so."""
    for table in re.findall(rf"(?m)^\|.*\| {column} \|\n\|[-|]+\|\n((?:\|.*\n)+)", GLOSSARY):
        for row in table.splitlines():
            yield [cell.strip() for cell in row.strip("|").split(" | ")]


def _names() -> list[str]:
    names = {name for row in _rows("name in code") for name in re.findall(r"`([^`]+)`", row[-1])}
    return sorted(names - NO_NAMES)


def _resolves(name: str) -> bool:
    first, *fields = name.split(".")
    owners = [vars(module)[first] for module in MODULES if first in vars(module)]
    return any(all(hasattr(owner, field) for field in fields) for owner in owners)


def test_the_tables_are_read() -> None:
    assert {"PolicyDocument", "Outcome.UNDECIDED", "OPERATORS", "Fix"} <= set(_names())


@pytest.mark.parametrize("name", _names())
def test_name_in_code_exists(name: str) -> None:
    assert _resolves(name)


def test_a_name_that_is_not_there_is_noticed() -> None:
    assert not _resolves("PolicyVariable")
    assert not _resolves("Outcome.ABSENT")
    assert not _resolves("RoleSession.session_name")


@pytest.mark.parametrize("row", list(_rows("name in code")), ids=lambda row: str(row[0]))
def test_row_has_a_name_in_code(row: list[str]) -> None:
    assert len(row) == 3
    assert "`" in row[2]


VERBS = re.findall(r"(?m)^\| `(\w+)` \|", GLOSSARY)


@pytest.mark.parametrize("verb", VERBS)
def test_verb_begins_the_name_of_a_function(verb: str) -> None:
    assert any(name == verb or name.startswith(f"{verb}_") for name in FUNCTIONS)


def test_examples_in_the_style_guide_are_real_output() -> None:
    style = (DOCS / "style.md").read_text(encoding="utf-8")
    pages = "".join(page.read_text(encoding="utf-8") for page in DOCS.glob("diagnoses/*.md"))
    examples = re.findall(r"(?ms)^```\w*\n(.*?)^```$", style)
    assert examples
    assert all(example in pages for example in examples)


@pytest.mark.parametrize(
    "page",
    [ROOT / "CONTRIBUTING.md", DOCS / "glossary.md", DOCS / "explanation" / "architecture.md"],
    ids=lambda page: page.stem,
)
def test_places_in_the_code_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    paths = re.findall(r"`((?:simulator|tests|fixtures|docs)/[\w./-]*)`", text)
    assert [path for path in paths if not (ROOT / path).exists()] == []
    names = re.findall(r"`((?!IAMSIM)[A-Z_]{4,}|_[a-z_]+)`", text)
    assert [name for name in names if not _resolves(name)] == []
