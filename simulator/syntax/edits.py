"""Making edits that keep the look of a document, and carrying them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnostic import Edit
from simulator.source import Range

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.source import Source
    from simulator.syntax.nodes import Container


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with all edits carried out; they must not overlap."""
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.range):
        start, end = edit.range
        if start < done:
            raise ValueError(f"two edits overlap at offset {start}")
        parts += text[done:start], edit.text
        done = end
    return "".join((*parts, text[done:]))


def by_text(edits: Iterable[Edit]) -> dict[tuple[str, str], list[Edit]]:
    """Return edits by the name and the text of what they change."""
    groups: dict[tuple[str, str], list[Edit]] = {}
    for edit in edits:
        groups.setdefault(edit.source[:2], []).append(edit)
    return groups


def append_element(source: Source, container: Container, text: str) -> Edit:
    """Return the edit that adds an element at the end, set apart as the last one is."""
    if not container.elements:
        return Edit(source, Range(container.opening.end, container.closing.start), text)
    last = container.elements[-1]
    gap = source.text[_gap_start(source, container, len(container.elements) - 1) : last.start]
    if len(container.elements) == 1 and not gap and '": ' in source.text:
        gap = " "  # whoever writes a blank after a colon writes one after a comma
    return Edit(source, Range(last.end, last.end), f",{gap}{text}")


def remove_element(source: Source, container: Container, index: int) -> Edit:
    """Return the edit that takes an element out, and one of the commas beside it."""
    elements = container.elements
    if len(elements) == 1:
        return Edit(source, Range(container.opening.end, container.closing.start), "")
    if index == 0:
        return Edit(source, Range(elements[0].start, elements[1].start), "")
    return Edit(source, Range(elements[index - 1].end, elements[index].end), "")


def _gap_start(source: Source, container: Container, index: int) -> int:
    """Return where the white space before an element starts."""
    if index == 0:
        return container.opening.end
    return source.text.index(",", container.elements[index - 1].end) + 1
