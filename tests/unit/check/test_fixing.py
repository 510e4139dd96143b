"""Which edits are carried out, in which order, and when a text is left as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.check.check import Checked
from simulator.check.fixing import fix
from simulator.diagnostic import Access, Diagnostic, DocumentError, Edit, Label, Severity
from simulator.policy import kinds
from simulator.policy.envelope import unwrap
from simulator.policy.model import Document
from simulator.source import Origin, Range, Source, Span
from simulator.syntax import decode

if TYPE_CHECKING:
    from collections.abc import Callable


def finding(
    source: Source, old: str, new: str, access: Access | None, severity: Severity = Severity.WARNING
) -> Diagnostic:
    """Return the finding that a text should be another one, where it first stands."""
    start = source.text.index(old)
    place = Range(start, start + len(old))
    label = Label(Span(source, place), "here")
    return Diagnostic("IAM999", severity, "m", (label,), None, (Edit(source, place, new),), access)


def reader(
    *wanted: tuple[str, str, Access | None], severity: Severity = Severity.WARNING
) -> Callable[[Source], tuple[Checked, ...]]:
    """Return a reader that finds each old text that is there."""

    def read(source: Source) -> tuple[Checked, ...]:
        document = unwrap(source).document
        found = tuple(
            finding(document.source, old, new, access, severity)
            for old, new, access in wanted
            if old in document.source.text
        )
        return (Checked(document, "", kinds.IDENTITY, None, found),)

    return read


def text(body: str) -> Source:
    return Source("p.json", f'{{"Statement": [{body}]}}')


@pytest.mark.parametrize(
    ("access", "narrowing", "done"),
    [
        (Access.UNCHANGED, False, True),
        (Access.NARROWED, False, False),
        (Access.NARROWED, True, True),
        (Access.WIDENED, True, False),
        (None, True, False),
    ],
)
def test_what_is_carried_out(access: Access | None, narrowing: bool, done: bool) -> None:  # noqa: FBT001
    fixed = fix(text('"old"'), reader(("old", "new", access)), narrowing=narrowing)
    assert fixed.mended == done
    assert fixed.source == text('"new"' if done else '"old"')


@pytest.mark.parametrize(
    ("old", "new", "done"),
    [("allow", "Allow", True), ("allow", "Deny", False), (",,", ",", True), ("]]", "]", False)],
)
def test_of_what_is_refused_only_what_reads_the_same_is_mended(
    old: str, new: str, *, done: bool
) -> None:
    source = Source("p.json", f'{{"Statement": "{old}"}}')
    fixed = fix(source, reader((old, new, None), severity=Severity.ERROR))
    assert (fixed.source.text == f'{{"Statement": "{new}"}}') is done


def test_edits_that_meet_are_made_one_after_the_other() -> None:
    read = reader(("ab", "c", Access.UNCHANGED), ("bd", "e", Access.UNCHANGED))
    assert fix(text('"abd"'), read).source == text('"cd"')


def test_edits_apart_are_made_together() -> None:
    read = reader(("ab", "c", Access.UNCHANGED), ("xy", "z", Access.UNCHANGED))
    fixed = fix(text('"ab xy"'), read)
    assert (fixed.source, fixed.mended) == (text('"c z"'), 2)


def test_edits_that_undo_each_other_come_to_an_end() -> None:
    read = reader(("ab", "ba", Access.UNCHANGED), ("ba", "ab", Access.UNCHANGED))
    assert fix(text('"ab"'), read).source in {text('"ab"'), text('"ba"')}


def test_a_trailing_comma_is_mended_and_then_what_is_read() -> None:
    source = Source("p.json", '{"Statement": ["old",]}')
    fixed = fix(source, reader(("old", "new", Access.UNCHANGED)))
    assert (fixed.source.text, fixed.mended) == ('{"Statement": ["new"]}', 2)


def test_a_guess_at_the_syntax_is_not_written() -> None:
    source = Source("p.json", '{"Statement": ["a]}')
    assert fix(source, reader()).source == source


def test_a_document_within_another_notation_is_only_written_if_it_then_says_what_is_meant() -> None:
    """The file writes `a` for what is `"a"`: an edit that drops the quotes' place damages it."""

    def read(source: Source) -> tuple[Checked, ...]:
        # In this notation a document is one letter for each string of a list.
        if not source.text.isalpha():
            raise DocumentError(())
        inner = ", ".join(f'"{letter}"' for letter in source.text)
        offsets = [min(index // 5, len(source.text)) for index in range(len(inner) + 3)]
        origin = Origin(source, offsets, str)
        derived = Source(source.name, f"[{inner}]", origin)
        start = derived.text.find('"a"')
        edits = (Edit(derived, Range(start, start + 3), '"long"'),)
        label = Label(Span(derived, Range(start, start + 3)), "here")
        found = Diagnostic("IAM999", Severity.WARNING, "m", (label,), None, edits, Access.UNCHANGED)
        document = Document(derived, (), decode(derived))
        return (Checked(document, "", kinds.IDENTITY, None, (found,) if start > 0 else ()),)

    assert fix(Source("p.txt", "xa"), read).source == Source("p.txt", "xa")
