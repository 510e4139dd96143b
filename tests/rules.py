"""Which rules there are, where each is carried out, and which tests show it.

`python -m tests.rules` writes `docs/reference/rules.md` anew, and the switches in `not-decided.md`.
"""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.catalog.doubts import ALL_OPEN, DEFAULTS, Doubt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ROOT: Final = Path(__file__).parents[1]
REFERENCE: Final = ROOT / "docs" / "reference"
PAGE: Final = REFERENCE / "rules.md"
NOT_DECIDED: Final = REFERENCE / "not-decided.md"
ID: Final = r"(?:POL|ACT|RES|PRN|TRU|VAR|QUO|CND|EVAL|STS|CTX|ERR)-\d+[a-z]?"
CITED: Final = re.compile(rf"\b{ID}\b")
SWITCHES: Final = re.compile(r"(?s)(<!-- switches: [^\n]*\n)(?:.*)(<!-- end of switches -->\n)")
#: The questions of section J that doubts.md does not have.
FROM_J: Final[Mapping[Doubt, str]] = {
    Doubt.TOKEN_DIRECT: "is a GetSessionToken session named directly by the user's ARN (PRN-32)",
    Doubt.RCP_SERVICES: "which services RCPs limit (EVAL-52)",
    Doubt.COMPANION_SIDES: "sts:TagSession and sts:SetSourceIdentity in the role's own account:"
    " is the trust policy alone enough (STS-53)",
    Doubt.INHERITED_TAGS: "are inherited transitive tags in aws:RequestTag and aws:TagKeys",
    Doubt.SESSION_MFA: "is MFA present in a role session that was made with it (CTX-41)",
}
#: The sections of semantics.md that are about policies, decisions and calls of STS.
DECIDING: Final = re.compile(r"A[1-7]|B\d|C\d|D\d")
_LONGEST = 90
_MOST_SHOWN = 3
_HEAD: Final = """\
# Which rule is carried out where, and what shows it

Written by `python -m tests.rules` from [semantics.md](semantics.md), where each rule stands in
full, from the ids in the comments of `simulator/`, and from the ids that tests cite. Of many tests
those few are named that speak of the fewest other rules: `topic::case` is a case of
`fixtures/conformance/`, `fixtures/sts/` or `fixtures/storing/`, the others are functions in
`tests/`, or pages of `docs/` whose examples are run. What is not decided is in
[not-decided.md](not-decided.md), with the answer given instead.
"""


class Rule(NamedTuple):
    """A rule of the specification: its id, the section it stands in, and how it begins."""

    id: str
    section: str
    says: str


class Shown(NamedTuple):
    """A test that cites rules; the fewer they are, the more it is about each."""

    name: str
    rules: frozenset[str]


@cache
def read_rules() -> tuple[Rule, ...]:
    """Return the rules in the order of the specification."""
    found, section = [], ""
    for line in _text(REFERENCE / "semantics.md").splitlines():
        heading = re.match(r"#+ (\w+)\. ", line)
        section = heading[1] if heading else section
        match = re.match(rf"(?:- \*\*|\| )({ID})\b(.*)", line)
        if match:
            cells = match[2].split("|") if line.startswith("|") else [match[2]]
            found.append(Rule(match[1], section, _in_short(cells)))
    return tuple(found)


def known() -> set[str]:
    """Return the ids of all rules."""
    return {rule.id for rule in read_rules()}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _in_short(cells: list[str]) -> str:
    """Return the beginning of a rule as a cell of a table."""
    told = [cell.strip("* ") for cell in cells if cell.strip("* ")][:2]
    text = ": ".join(told).replace("**", "").replace("|", "/")
    sentence = _first_sentence(text).strip(" .")
    if len(sentence) <= _LONGEST:
        return sentence
    words = sentence[:_LONGEST].rpartition(" ")[0].rstrip(" ,:(`")
    return f"{words} …`" if words.count("`") % 2 else f"{words} …"


def _first_sentence(text: str) -> str:
    ends = [each.start() for each in re.finditer(r"(?<=[\w`)])(?<!e\.g)[.;] | \[|$", text)]
    return next(text[:end] for end in ends if text[:end].count("`") % 2 == 0)


@cache
def read_places() -> Mapping[str, tuple[str, ...]]:
    """Return for each rule the modules that carry it out."""
    found: dict[str, list[str]] = defaultdict(list)
    for module in sorted((ROOT / "simulator").rglob("*.py")):
        name = module.relative_to(ROOT / "simulator").as_posix()
        if name.startswith("testing/"):
            continue  # what makes cases for tests carries out nothing
        for rule in sorted(cited(_text(module))):
            found[rule].append(name)
    return {rule: tuple(names) for rule, names in found.items()}


def cited(text: str) -> frozenset[str]:
    """Return the ids of rules in a text."""
    return frozenset(CITED.findall(text))


@cache
def read_cases() -> tuple[Shown, ...]:
    """Return the conformance cases."""
    found = []
    for file in sorted((ROOT / "fixtures" / "conformance").glob("*.json")):
        topic = json.loads(_text(file))
        for group in topic["groups"]:
            for case in group["cases"]:
                rules = frozenset(case.get("rules", ())) & known()
                found.append(Shown(f"{topic['topic']}::{case['id']}", rules))
    return (*found, *_calls(), *_documents())


def _calls() -> Iterator[Shown]:
    """Yield the conformance cases of calls of STS, whose names begin with rules."""
    for file in sorted((ROOT / "fixtures" / "sts").glob("*.iamtest.json")):
        topic = file.name.removesuffix(".iamtest.json")
        for test in json.loads(_text(file))["tests"]:
            yield Shown(f"{topic}::{test['name']}", cited(test["name"]) & known())


def _documents() -> Iterator[Shown]:
    """Yield the conformance cases of documents that AWS stores or refuses."""
    for file in sorted((ROOT / "fixtures" / "storing").glob("*.json")):
        topic = json.loads(_text(file))
        for case in topic["cases"]:
            rules = frozenset(case.get("rules", ())) & known()
            yield Shown(f"{topic['topic']}::{case['id']}", rules)


@cache
def read_tests() -> tuple[Shown, ...]:
    """Return the test functions, each with the rules that it and its tables cite."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    tests = (shown for file in files if not _is_aside(file) for shown in _tests(file))
    return tuple(tests)


def _is_aside(file: Path) -> bool:
    """Whether a module tests something else than the engine: its naive twin, or the pages."""
    twins = ("test_oracle.py", "test_sts_twin.py", "test_storing_oracle.py")
    return file.name in twins or file.parent.name == "docs"


def _tests(file: Path) -> Iterator[Shown]:
    text = _text(file)
    lines, body = text.splitlines(), ast.parse(text).body
    tables = {name: cited(_source(node, lines)) for node in body for name in _assigned(node)}
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            used = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
            rules = cited(_source(node, lines)).union(*(tables.get(name, ()) for name in used))
            yield Shown(f"{file.relative_to(ROOT / 'tests').as_posix()}::{node.name}", rules)


def _source(node: ast.stmt, lines: list[str]) -> str:
    """Return the text of a statement, with its decorators and the comments before it."""
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))]) - 1
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return "\n".join(lines[first : node.end_lineno])


def _assigned(node: ast.stmt) -> Iterator[str]:
    targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
    yield from (target.id for target in targets if isinstance(target, ast.Name))


@cache
def read_pages() -> tuple[Shown, ...]:
    """Return the pages whose examples are run."""
    pages = [ROOT / "docs" / "tutorial.md", *sorted((ROOT / "docs" / "diagnoses").glob("*.md"))]
    return tuple(Shown(p.relative_to(ROOT).as_posix(), cited(_text(p))) for p in pages)


def read_not_decided() -> Mapping[str, str]:
    """Return the rules that are not decided, with what is answered instead."""
    return dict(re.findall(rf"(?m)^\| ({ID}) \| (.*) \|$", _text(NOT_DECIDED)))


def shown_by(rule: str) -> tuple[str, ...]:
    """Return a few tests that show a rule: cases before functions, and pages where neither does."""
    cases = _most_about(rule, read_cases(), _MOST_SHOWN)
    tests = _most_about(rule, read_tests(), _MOST_SHOWN - len(cases))
    return (*cases, *tests) or _most_about(rule, read_pages(), _MOST_SHOWN)


def _most_about(rule: str, shown: Iterable[Shown], most: int) -> tuple[str, ...]:
    found = sorted((each for each in shown if rule in each.rules), key=lambda each: len(each.rules))
    return tuple(each.name for each in found[:most])


def needs_test(rule: Rule) -> bool:
    """Whether a rule is about decisions, or carried out: then something has to show it."""
    return DECIDING.fullmatch(rule.section) is not None or rule.id in read_places()


@cache
def read_questions() -> Mapping[str, str]:
    """Return the questions that `doubts.md` has, by their names."""
    rows = re.findall(
        r"(?m)^\| ([A-Z][A-Z-]+(?:, [A-Z-]+)*) \| (.*) \| .* \|$", _text(REFERENCE / "doubts.md")
    )
    return {name: asked for names, row in rows for name, asked in _asked(names.split(", "), row)}


def _asked(names: list[str], row: str) -> Iterator[tuple[str, str]]:
    """Yield the questions of a row: one for each name, or the same for all."""
    questions = row.split("; ")
    yield from zip(
        names, questions if len(questions) == len(names) else [row] * len(names), strict=True
    )


def switches() -> str:
    """Return the table of the switches."""
    rows = "".join(
        f"| {doubt} | {read_questions().get(doubt) or FROM_J[doubt]} | {DEFAULTS[doubt]} |"
        f" {'yes' if doubt in ALL_OPEN else 'no'} |\n"
        for doubt in Doubt
    )
    head = "| switch | question | taken to be so | `--strict` opens it |\n|---|---|---|---|\n"
    return f"{head}{rows}"


def with_switches(text: str) -> str:
    """Return the page of what is not decided, with the table of the switches as it is now."""
    return SWITCHES.sub(lambda found: f"{found[1]}{switches()}{found[2]}", text)


def page() -> str:
    """Return the page about all rules."""
    tables = (
        _table(section, list(rules))
        for section, rules in groupby(read_rules(), key=lambda rule: rule.section)
    )
    return "\n".join([_HEAD, *tables])


def _table(section: str, rules: list[Rule]) -> str:
    heading = re.search(rf"(?m)^#+ {section}\. (.*)$", _text(REFERENCE / "semantics.md"))
    assert heading is not None
    rows = "".join(map(_row, rules))
    return (
        f"## {section}. {heading[1]}\n\n"
        f"| rule | what it says | carried out in | shown by |\n|---|---|---|---|\n{rows}"
    )


def _row(rule: Rule) -> str:
    places = ", ".join(f"`{place}`" for place in read_places().get(rule.id, ()))
    tests = ", ".join(f"`{name}`" for name in shown_by(rule.id))
    if rule.id in read_not_decided():
        tests = ", ".join(filter(None, (tests, "[not decided](not-decided.md)")))
    return f"| {rule.id} | {rule.says} | {places} | {tests} |\n"


def write() -> None:
    """Write what of the reference is made from code and tests."""
    NOT_DECIDED.write_text(with_switches(_text(NOT_DECIDED)), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
