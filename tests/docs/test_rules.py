"""Every rule has a test or an answer given instead, and nobody cites a rule that does not exist."""

from __future__ import annotations

import os
import re
from collections import Counter

import pytest

from simulator.catalog.doubts import Doubt
from tests import rules

SEMANTICS = rules.REFERENCE / "semantics.md"
NOT_DECIDED = rules.NOT_DECIDED.read_text(encoding="utf-8")
CITING = (
    *sorted((rules.ROOT / "tests").rglob("*.py")),
    *sorted(page for page in rules.REFERENCE.glob("*.md") if page != SEMANTICS),
    *sorted((rules.ROOT / "fixtures" / "conformance").glob("*.json")),
)
NAMED = {str(doubt) for doubt in Doubt}


@pytest.fixture(scope="module", autouse=True)
def recorded() -> None:
    if os.environ.get("IAMSIM_UPDATE_DOCS") == "1" and "CI" not in os.environ:
        rules.write()


def _rows(heading: str) -> dict[str, list[str]]:
    """Return the cells of a table of the page by the first of each row."""
    section = NOT_DECIDED.partition(f"### {heading}\n")[2].partition("\n#")[0]
    rows = [row.strip("|").split("|") for row in section.splitlines() if row.startswith("| ")]
    return {cells[0].strip(): [cell.strip() for cell in cells[1:]] for cells in rows[1:]}


def test_the_page_of_rules_is_what_code_and_tests_say() -> None:
    told = rules.PAGE.read_text(encoding="utf-8")
    assert told == rules.page(), "python -m tests.rules writes it anew"


def test_the_switches_are_those_of_the_code() -> None:
    assert rules.with_switches(NOT_DECIDED) == NOT_DECIDED, "python -m tests.rules writes them anew"
    assert all(f"\n| {doubt} | " in NOT_DECIDED for doubt in Doubt)


def test_each_rule_is_shown_or_not_decided() -> None:
    bare = [
        rule.id
        for rule in rules.read_rules()
        if rules.needs_test(rule) and not rules.shown_by(rule.id)
    ]
    assert [rule for rule in bare if rule not in rules.read_not_decided()] == []


def test_what_is_not_decided_is_a_rule_and_told_once() -> None:
    told = Counter(re.findall(rf"(?m)^\| ({rules.ID}) \|", NOT_DECIDED))
    assert set(told) == set(rules.read_not_decided()) <= rules.known()
    assert set(told.values()) == {1}


def test_what_is_cited_exists() -> None:
    known = rules.known()
    unknown = {file: rules.cited(file.read_text(encoding="utf-8")) - known for file in CITING}
    assert {str(file): ids for file, ids in unknown.items() if ids} == {}


@pytest.mark.parametrize("name", ["rules", "not-decided", "disagreements"])
def test_links_lead_somewhere(name: str) -> None:
    text = (rules.REFERENCE / f"{name}.md").read_text(encoding="utf-8")
    links = set(re.findall(r"\]\(([^)#]+)\)", text))
    assert [link for link in links if not (rules.REFERENCE / link).exists()] == []


def test_questions_without_a_switch_are_told() -> None:
    asked = set(rules.read_questions())
    assert asked - NAMED == set(_rows("Questions without a switch"))
    assert all(asked | {*rules.FROM_J} >= {doubt} for doubt in Doubt)


def test_open_points_of_the_specification_are_told() -> None:
    section = SEMANTICS.read_text(encoding="utf-8").partition("\n## J. ")[2]
    points = re.findall(r"(?:^|\s)(\d+)\. (?=[A-Z])", section)
    told = _rows("The open points of section J")
    assert list(told) == [f"J {point}" for point in points]
    assert all(any(cells) for cells in told.values())
    switches = {name for names, _ in told.values() for name in names.split(", ") if name}
    assert NAMED - set(rules.read_questions()) <= switches <= NAMED


def test_ids_are_found_where_they_stand() -> None:
    by_name = {shown.name: shown.rules for shown in rules.read_tests()}
    assert "ERR-24" in by_name["unit/sts/test_parameters.py::test_several_at_once"]
    table = by_name["unit/policy/test_rules.py::test_what_breaks_a_rule_is_refused"]
    assert {"POL-7", "PRN-11"} <= table
    assert "RES-4" in rules.read_places()
    assert rules.cited("as EVAL-30x and ERR-19b say") == {"EVAL-30x", "ERR-19b"}


def test_a_rule_begins_with_what_it_says() -> None:
    says = {rule.id: rule.says for rule in rules.read_rules()}
    assert says["RES-9"] == "Resource text is compared case-sensitively"
    assert says["CND-13"].startswith("`Null: true`")
    assert all(text.count("`") % 2 == 0 and "|" not in text for text in says.values())
    assert all(says.values())
