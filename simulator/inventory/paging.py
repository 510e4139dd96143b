"""Lists that come in pages: further ones are read with the first, and a list that is cut is none.

A dump is taken page by page instead, whatever files they are in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnostic import Diagnostic, DocumentError, Label, Severity
from simulator.inventory import codes
from simulator.inventory.authorization_details import is_dump
from simulator.inventory.pages import BESIDE
from simulator.source import Range, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.inventory.pages import Page


def joined(pages: Iterable[Page]) -> list[Page]:
    """Return the pages of a file, each with those that go on with its lists."""
    found: list[Page] = []
    for page in pages:
        if found and _goes_on(found[-1], page):
            found[-1].further.append(page)
        else:
            found.append(page)
    return found


def _goes_on(page: Page, other: Page) -> bool:
    """Whether another page lists more of what a page lists, and nothing else."""
    keys = page.sections.keys() - BESIDE
    return (
        page.cut is not None
        and other.sections.keys() - BESIDE == keys
        and all(_is_list(each, key) for each in (page, other) for key in keys)
        and not is_dump(page)
    )


def _is_list(page: Page, key: str) -> bool:
    return page.source.text.startswith("[", page.sections[key].start)


def check_whole(page: Page) -> None:
    """Check that nothing is missing at the end of a page.

    Raises:
        DocumentError: more of its lists was to come.
    """
    if page.cut is None:
        return
    last = page.further[-1] if page.further else page
    start = last.start((page.cut,))
    found = Diagnostic(
        codes.INCOMPLETE,
        Severity.ERROR,
        "only the first part of a list is here: what else there is, is not known",
        (Label(Span(page.source, Range(start, start + 1)), "more was to come"),),
        "run the command without `--max-items` and `--no-paginate`, or give the other pages after"
        " this one in the same file",
    )
    raise DocumentError((found,))
