"""Which accounts were dumped as a whole, and whether two dumps of one list the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.diagnostic import Diagnostic, Label, Severity
from simulator.inventory import codes
from simulator.source import Range, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulator.inventory.combine import Combiner
    from simulator.inventory.facts import Dumped, Facts, Gathered, Key, Spot

    #: The pages of each account, and of each file among them.
    Pages = Mapping[str, Mapping[str, Sequence[Dumped]]]

_CUT: Final = (
    "has no last page",
    "more pages follow this one",
    "give the other pages too: in files of their own, or one after the other in this one",
)
_FILTERED: Final = (
    "lists no roles",
    "there are no roles in this",
    "every account has roles that AWS made: make the dump without `--filter`",
)


def pages_of(dumps: Sequence[Dumped]) -> Pages:
    """Return the pages of each account by file.

    A page with nothing but policies belongs to the accounts of the page before it.
    """
    found: dict[str, dict[str, list[Dumped]]] = {}
    before: dict[str, tuple[str, ...]] = {}
    for dumped in dumps:
        file = dumped.page.source.name
        before[file] = dumped.accounts or before.get(file, ())
        for account in before[file]:
            found.setdefault(account, {}).setdefault(file, []).append(dumped)
    return found


def complete(pages: Pages) -> frozenset[str]:
    """Return the accounts of which all pages are there, with a role at least.

    Every account has roles that AWS made: a dump without any was made with `--filter`.
    """
    return frozenset(
        account
        for account in _ended(pages)
        if any(key[0] == account for dumped in _all(pages[account]) for key in dumped.names["role"])
    )


def _ended(pages: Pages) -> frozenset[str]:
    """Return the accounts of which the last page is there."""
    return frozenset(
        account
        for account, files in pages.items()
        if any(not dumped.truncated for dumped in _all(files))
    )


def _all(files: Mapping[str, Sequence[Dumped]]) -> Iterator[Dumped]:
    for listed in files.values():
        yield from listed


def incomplete(pages: Pages) -> Iterator[Diagnostic]:
    """Yield a warning for each account that was not dumped as a whole."""
    ended = _ended(pages)
    for account in sorted(pages.keys() - complete(pages)):
        last = list(_all(pages[account]))[-1].page
        how, seen, help_ = _FILTERED if account in ended else _CUT
        start = last.at if last.cut is None else last.start((last.cut,))
        yield Diagnostic(
            codes.INCOMPLETE,
            Severity.WARNING,
            f"the dump of account {account} {how}: what it does not list is not known",
            (Label(Span(last.source, Range(start, start + 1)), seen),),
            help_,
        )


def compare(pages: Pages, gathered: Gathered, combiner: Combiner) -> None:
    """Tell the combiner of dumps of one account that list different users, groups or roles.

    A dump without any of a kind was made with `--filter`.
    """
    for account, files in pages.items():
        whole = {file: listed for file, listed in files.items() if not listed[-1].truncated}
        for kind, entities in gathered.entities.items():
            lists = [_Listed(file, _names(listed, kind, account)) for file, listed in whole.items()]
            filled = [each for each in lists if each.names]
            for other in filled[1:]:
                _compare(kind, (filled[0], other), entities, combiner)


class _Listed(NamedTuple):
    """The entities of some kind and account that a file lists."""

    file: str
    names: Mapping[Key, None]


def _names(pages: Sequence[Dumped], kind: str, account: str) -> Mapping[Key, None]:
    return dict.fromkeys(key for page in pages for key in page.names[kind] if key[0] == account)


def _compare(
    kind: str,
    listed: tuple[_Listed, _Listed],
    entities: Mapping[Key, list[Facts]],
    combiner: Combiner,
) -> None:
    one, other = listed
    for only in sorted(one.names.keys() ^ other.names.keys())[:1]:
        has, lacks = (one, other) if only in one.names else (other, one)
        spots = (_spot(entities[only], has.file), _spot(entities[min(lacks.names)], lacks.file))
        what = f"account {only[0]}: only `{has.file}` has the {kind} `{only[1]}`"
        combiner.contradiction(what, *spots)


def _spot(said: Sequence[Facts], file: str) -> Spot:
    return next(facts.spot for facts in said if facts.spot.file == file)
