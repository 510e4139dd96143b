"""Which accounts were dumped as a whole, and whether two dumps of one list the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.diagnostic import Diagnostic, Label, Severity
from simulator.inventory import codes
from simulator.source import Range, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulator.inventory.combine import Combiner
    from simulator.inventory.facts import Dumped, Facts, Gathered, Key, Spot

    #: The pages of each account, and of each file among them.
    Pages = Mapping[str, Mapping[str, Sequence[Dumped]]]


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
    """Return the accounts of which the last page is there."""
    return frozenset(
        account
        for account, files in pages.items()
        if any(not dumped.truncated for listed in files.values() for dumped in listed)
    )


def cut_off(pages: Pages) -> Iterator[Diagnostic]:
    """Yield a warning for each account of which the last page is missing."""
    for account in sorted(pages.keys() - complete(pages)):
        last = [dumped for listed in pages[account].values() for dumped in listed][-1]
        key = "IsTruncated" if "IsTruncated" in last.page.sections else "NextToken"
        start = last.page.start((key,))
        label = Label(Span(last.page.source, Range(start, start + 1)), "more pages follow this one")
        yield Diagnostic(
            codes.INCOMPLETE,
            Severity.WARNING,
            f"the dump of account {account} has no last page: what it does not list is not known",
            (label,),
            "give the other pages too: in files of their own, or one after the other in this one",
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
