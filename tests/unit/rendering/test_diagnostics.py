"""Many diagnostics, and repairs of large texts, as text."""

from __future__ import annotations

import pytest

from simulator.diagnostic import Diagnostic, Edit, Label, Severity
from simulator.rendering import diagnostics as rendering
from simulator.rendering import excerpt
from simulator.rendering.diagnostics import diagnostic_text, diagnostics_text
from simulator.source import Range, Source, Span

SHOWN = 20


def found(number: int, severity: Severity = Severity.ERROR) -> Diagnostic:
    """Return a diagnostic that tells its number."""
    return Diagnostic("IAM000", severity, f"number {number}")


def repaired(text: str, *edits: tuple[int, int, str]) -> str:
    """Return the line of a text that is shown with edits, each from one place to another."""
    source = Source("p.json", text)
    made = tuple(Edit(source, Range(start, end), new) for start, end, new in edits)
    shown = diagnostic_text(Diagnostic("IAM000", Severity.ERROR, "x", edits=made))
    return shown.rpartition("\n")[2]


def test_twenty_are_shown_and_the_others_counted() -> None:
    parts = diagnostics_text(map(found, range(100_000))).split("\n\n")
    assert parts[:-1] == [f"error[IAM000]: number {number}" for number in range(SHOWN)]
    assert parts[-1] == "and 99980 more errors"


def test_twenty_are_not_counted() -> None:
    assert "more" not in diagnostics_text(map(found, range(SHOWN)))


def test_no_error_is_left_out_for_a_warning() -> None:
    errors, warnings = (3, 40), range(SHOWN + 11)
    all_of = {n: found(n, Severity.WARNING) for n in warnings} | {n: found(n) for n in errors}
    parts = diagnostics_text(all_of.values()).split("\n\n")
    numbers = [int(part.rpartition(" ")[2]) for part in parts[:-1]]
    assert numbers == [*range(19), 40]  # in the order of their places
    assert parts[-1] == "and 12 more warnings"


def test_errors_and_warnings_are_counted_apart() -> None:
    mixed = [found(n) for n in range(SHOWN + 1)] + [found(n, Severity.WARNING) for n in range(2)]
    assert diagnostics_text(mixed).endswith("\n\nand 1 more error, 2 more warnings")


@pytest.mark.parametrize(
    ("text", "edits", "line"),
    [
        ("abc", [(1, 2, "X")], "1 | aXc"),
        ("abc", [(2, 3, "Y"), (0, 1, "X")], "1 | XbY"),
        ("a\nb\nc", [(2, 3, "X"), (4, 5, "Y")], "2 | X"),
        ("a\nb\nc", [(1, 3, ""), (4, 5, "Y")], "1 | a"),
        ("abc", [(3, 3, "d")], "1 | abcd"),
        ("a\n\nb", [(2, 2, "x")], "2 | x"),
        ("a" + "b" * 9000 + "c", [(1, 9001, "")], "1 | ac"),
        ("a" + "b" * 9000 + "cd", [(1, 9001, ""), (9001, 9002, "X")], "1 | aXd"),
    ],
)
def test_the_line_of_a_repair(text: str, edits: list[tuple[int, int, str]], line: str) -> None:
    assert repaired(text, *edits) == line


@pytest.mark.parametrize("before", [0, 1, 399, 400, 401, 500_000])
@pytest.mark.parametrize("after", [0, 1, 399, 400, 401, 500_000])
def test_a_repair_is_made_of_what_is_shown_of_it(
    before: int, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []

    def line_at(text: str, offset: int, number: int) -> str:
        sizes.append(len(text))
        return excerpt.line_at(text, offset, number)

    monkeypatch.setattr(rendering, "line_at", line_at)
    line = repaired("a" * before + "?" + "b" * after, (before, before + 1, "X" * 3))
    assert "X" * 3 in line
    assert ("\u2026a" in line) == (before >= 100)
    assert ("b\u2026" in line) == (after >= 100)
    assert sizes[0] <= 5000


def test_a_long_replacement_is_cut() -> None:
    assert len(repaired("abc", (1, 2, "X" * 1_000_000))) < 200


def test_what_has_no_width_is_cut_too() -> None:
    text = "e" + "\u0301" * 1_000_000
    label = Label(Span(Source("p.json", text), Range(500_000, 500_001)), "here")
    shown = diagnostic_text(Diagnostic("IAM000", Severity.ERROR, "x", (label,)))
    assert len(shown) < 2000
    assert shown.count("\u2026") == 2
