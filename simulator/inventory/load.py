"""Loading an inventory: from files of any known form to what exists."""

from __future__ import annotations

import gc
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from simulator.diagnostic import Diagnostic, DocumentError, Severity
from simulator.inventory.authorization_details import is_dump, read_dump
from simulator.inventory.facts import Gathered
from simulator.inventory.files import SIZE_LIMIT, Files
from simulator.inventory.list_outputs import read_output
from simulator.inventory.loose import tie
from simulator.inventory.merge import merge
from simulator.inventory.model import Account, Inventory
from simulator.inventory.organization_export import OrganizationFacts, read_export
from simulator.inventory.organization_tree import organization_of_export
from simulator.inventory.pages import read_pages, unknown_form
from simulator.inventory.paging import check_whole, joined
from simulator.syntax import decode_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from simulator.inventory.files import File
    from simulator.inventory.pages import Page
    from simulator.source import Source

    #: Returns the inventory in a file of a form that is not known here, or nothing.
    OtherForm: TypeAlias = Callable[[str, bytes], Inventory | None]

_SUFFIXES: Final = (".json",)
_OTHER_SUFFIXES: Final = (".iamtest.yaml", ".iamtest.yml")


class Loaded(NamedTuple):
    """An inventory, and what was odd about the files it came from."""

    inventory: Inventory
    warnings: tuple[Diagnostic, ...]


def load(paths: Iterable[str], others: OtherForm | None = None) -> Loaded:
    """Return the inventory in files and folders; `-` is standard input.

    `others` is asked first for each file; what it returns wins over what other files say.

    Raises:
        DocumentError: a file cannot be used, or two contradict each other.
    """
    collects = gc.isenabled()
    gc.disable()  # nothing of what is read becomes garbage, and looking takes a third of the time
    try:
        return _Loader(others).load(paths)
    finally:
        if collects:
            gc.enable()


class _Loader:
    """Reads file after file, and goes on after one that cannot be used."""

    def __init__(self, others: OtherForm | None) -> None:
        self._others = others
        self._files = Files(_SUFFIXES + (_OTHER_SUFFIXES if others else ()))
        self._gathered = Gathered()
        self._organization = OrganizationFacts(self._gathered.library)
        self._over: list[Inventory] = []
        self._errors: list[Diagnostic] = []
        self._unknown: list[Diagnostic] = []

    def load(self, paths: Iterable[str]) -> Loaded:
        used = [self._use(file) for file in self._files.read(paths)]
        errors = (*self._files.errors, *self._errors)
        if not any(used):
            errors += tuple(self._unknown)
        if errors:
            raise DocumentError(errors)
        tie(self._gathered)
        accounts, warnings = merge(self._gathered)
        inventory = Inventory(accounts, organization_of_export(self._organization))
        for over in self._over:
            inventory = overlaid(inventory, over)
        skipped = (each._replace(severity=Severity.WARNING) for each in self._unknown)
        read = (*self._gathered.warnings, *self._organization.warnings)
        found = (*self._files.warnings, *skipped, *read, *warnings)
        return Loaded(inventory, found)

    def _use(self, file: File) -> bool:
        """Read a file; whether there is anything in it."""
        try:
            over = None if self._others is None else self._others(file.name, file.data)
            if over is not None:
                self._over.append(over)
                return True
            source, warnings = decode_text(file.name, file.data, SIZE_LIMIT)
            self._gathered.warnings += warnings
            return self._read(source, searched=file.searched)
        except DocumentError as error:
            self._errors += error.diagnostics
            return True

    def _read(self, source: Source, *, searched: bool) -> bool:
        pages = joined(read_pages(source))
        known = [self._read_page(page) for page in pages]
        if not all(known) or not pages:
            start = 0 if not pages else pages[known.index(False)].at
            told = self._unknown if searched and not any(known) else self._errors
            told.append(unknown_form(source, start))
        return any(known)

    def _read_page(self, page: Page) -> bool:
        """Gather what a page says; whether it is of a known form."""
        if is_dump(page):
            read_dump(page, self._gathered)
            return True
        known = read_export(page, self._organization) or read_output(page, self._gathered)
        if known:
            check_whole(page)
        return known


def overlaid(under: Inventory, over: Inventory) -> Inventory:
    """Return both inventories as one; where they tell of one thing, the second one counts."""
    accounts = dict(under.accounts)
    for id_, account in over.accounts.items():
        accounts[id_] = _overlaid(accounts[id_], account) if id_ in accounts else account
    return Inventory(MappingProxyType(accounts), over.organization or under.organization)


def _overlaid(under: Account, over: Account) -> Account:
    return Account(
        over.id,
        MappingProxyType({**under.users, **over.users}),
        MappingProxyType({**under.groups, **over.groups}),
        MappingProxyType({**under.roles, **over.roles}),
        under.oidc_providers if over.oidc_providers is None else over.oidc_providers,
        under.saml_providers if over.saml_providers is None else over.saml_providers,
        under.complete or over.complete,
        under.lists_oidc if over.oidc_providers is None else over.lists_oidc,
    )
