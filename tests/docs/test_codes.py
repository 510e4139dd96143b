"""Every code has its page, every page a code, and what pages and code refer to exists."""

from __future__ import annotations

import pkgutil
import re
from pathlib import Path

import pytest

from simulator.check.table import CODES as FOUND
from simulator.cli.main import main
from simulator.diagnosis import rules
from simulator.diagnosis.codes import CODES, TABLE
from simulator.policy import codes as structure
from simulator.syntax.codes import TITLES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FOLDER = DOCS / "diagnoses"
PAGES = (DOCS / "tutorial.md", *sorted(FOLDER.glob("*.md")))
OTHER_PAGES = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    DOCS / "glossary.md",
    DOCS / "style.md",
    *sorted((DOCS / "explanation").glob("*.md")),
    *sorted((DOCS / "how-to").glob("*.md")),
    DOCS / "reference" / "README.md",
    DOCS / "reference" / "assume.md",
    DOCS / "reference" / "aws.md",
    DOCS / "reference" / "check.md",
    DOCS / "reference" / "check-inputs.md",
    DOCS / "reference" / "explain.md",
    DOCS / "reference" / "simulate.md",
)
MODULES = sorted((ROOT / "simulator").rglob("*.py"))
RULE = r"(?:POL|ACT|RES|PRN|TRU|VAR|QUO|CND|EVAL|STS|CTX|ERR|SUR)-\d+[a-z]?"
RULES = re.compile(rf"\b{RULE}\b")
RANGE = re.compile(rf"\b{RULE} ?(?:\.\.+|…|\u2013|-| to ) ?(?:\d|{RULE})")
SEMANTICS = (DOCS / "reference" / "semantics.md").read_text(encoding="utf-8")
# Each rule stands at the beginning of its paragraph or of its row of a table.
KNOWN = set(re.findall(rf"(?m)^(?:- \*\*|\| )({RULE})\b", SEMANTICS))
STRUCTURE = {code for name, code in vars(structure).items() if name.isupper()}
AWS = "https://docs.aws.amazon.com/"

# What a page shows once its example is mended: a call that succeeds, or a test file that passes.
MENDED = re.compile(r"(?m)^(?:allowed: |pass  )")


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _output(page: Path) -> str:
    return "".join(re.findall(r"(?ms)^```console\n(.*?)^```$", _text(page)))


def test_each_code_has_a_page_and_each_page_a_code() -> None:
    codes = {*CODES, *FOUND}
    assert {page.stem for page in FOLDER.glob("IAM*.md")} == codes
    assert {page.stem for page in FOLDER.glob("*.md")} == {*codes, "syntax", "structure", "README"}


@pytest.mark.parametrize("code", [*CODES, *FOUND])
def test_page(code: str) -> None:
    text = _text(FOLDER / f"{code}.md")
    title = text.splitlines()[0]
    assert title.startswith(f"# {code}: ")
    assert "**Who:**" in text
    assert f"| [{code}]({code}.md) | {title.removeprefix(f'# {code}: ')} |" in _text(
        FOLDER / "README.md"
    )


@pytest.mark.parametrize("code", CODES)
def test_example_reports_the_code_and_is_mended(code: str) -> None:
    # test_pages.py takes care that this is the real output
    output = _output(FOLDER / f"{code}.md")
    assert f"[{code}]: " in output
    assert MENDED.search(output.partition(f"[{code}]: ")[2])


@pytest.mark.parametrize("code", FOUND)
def test_example_has_the_finding_and_is_mended(code: str) -> None:
    output = re.findall(r"(?ms)^```console\n(.*?)^```$", _text(FOLDER / f"{code}.md"))
    assert len(output) > 1
    assert f"[{code}]: " in output[0]
    assert f"[{code}]: " not in output[-1]
    assert " checked: " in output[-1]


def test_each_rule_is_in_the_table() -> None:
    modules = {module.name for module in pkgutil.iter_modules(rules.__path__)}
    assert {row.rule.__module__.rpartition(".")[2] for row in TABLE} == modules


@pytest.mark.parametrize(
    ("page", "codes"), [("syntax", set(map(str, TITLES))), ("structure", STRUCTURE)]
)
def test_shared_page(page: str, codes: set[str]) -> None:
    path = FOLDER / f"{page}.md"
    assert set(re.findall(r"(?m)^## (IAM\d+): ", _text(path))) == codes
    assert codes <= set(re.findall(r"\[(IAM\d+)\]: ", _output(path)))


def test_syntax_headings_are_the_titles() -> None:
    text = _text(FOLDER / "syntax.md")
    assert all(f"\n## {code}: {title}\n" in text for code, title in TITLES.items())
    assert text.index("## IAM002") < text.index("## IAM001")  # what a copied sample has, first


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_refers_to_exists(page: Path) -> None:
    text = _text(page)
    assert set(RULES.findall(text)) <= KNOWN
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        assert link.startswith(AWS) or (page.parent / link).exists(), link
    assert page.stem == "README" or AWS in text


@pytest.mark.parametrize("page", OTHER_PAGES, ids=lambda page: page.stem)
def test_what_another_page_refers_to_exists(page: Path) -> None:
    text = _text(page)
    assert set(RULES.findall(text)) <= KNOWN
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        assert link.startswith("https://") or (page.parent / link).exists(), link


def test_rules_of_the_reference_are_read() -> None:
    assert {"POL-1", "CTX-1", "CND-50", "EVAL-30x", "ERR-19b", "SUR-22"} <= KNOWN
    assert RANGE.search("ACT-1..4")
    assert RANGE.search("POL-14 to 16")
    assert not RANGE.search("ACT-1, ACT-2")


def test_rules_that_the_code_cites_exist() -> None:
    texts = {str(module.relative_to(ROOT)): _text(module) for module in MODULES}
    unknown = {name: set(RULES.findall(text)) - KNOWN for name, text in texts.items()}
    assert {name: ids for name, ids in unknown.items() if ids} == {}
    # a range names rules that a search for their id does not find
    assert {name: found for name, text in texts.items() if (found := RANGE.findall(text))} == {}


@pytest.mark.parametrize("command", ["assume", "check", "explain", "simulate"])
def test_reference_of_the_command_has_its_options(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["iamsim", command, "--help"])
    with pytest.raises(SystemExit):
        main()
    option = re.compile(r"--[a-z][a-z-]+")
    page = _text(DOCS / "reference" / f"{command}.md")
    rows = "".join(re.findall(r"(?m)^\| (`--[^|]*) \|", page))
    listed = "".join(re.findall(r"(?m)^  -.*", capsys.readouterr().out))
    assert set(option.findall(rows)) == set(option.findall(listed))
    ours = re.sub(r"(?m)^    aws .*", "", page)  # a command of the aws CLI has its own
    assert set(option.findall(ours)) == set(option.findall(rows))
