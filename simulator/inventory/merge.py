"""From what all files say to the inventory: entities with the documents of their policies."""

from __future__ import annotations

from collections import Counter
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from simulator.diagnostic import Diagnostic, DocumentError, Severity
from simulator.inventory import codes, dumps, providers
from simulator.inventory.combine import Combiner
from simulator.inventory.groups import unseen_groups
from simulator.inventory.model import Account, Attached, GroupEntry, RoleEntry, UserEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from simulator.inventory.documents import PlacedDocument
    from simulator.inventory.facts import Facts, Gathered, Managed, Spot
    from simulator.inventory.pages import Page

_MOST_TOLD: Final = 50

T = TypeVar("T", UserEntry, GroupEntry, RoleEntry)


class Merged(NamedTuple):
    """The accounts, and what was odd about what was said of them."""

    accounts: Mapping[str, Account]
    warnings: tuple[Diagnostic, ...]


def merge(gathered: Gathered) -> Merged:
    """Return the accounts that all files together tell of.

    Raises:
        DocumentError: two places contradict each other.
    """
    combiner, shelf = Combiner(), Shelf(gathered.managed)
    pages = dumps.pages_of(gathered.dumps)
    said = {kind: list(combiner.entities(found)) for kind, found in gathered.entities.items()}
    combiner.managed(gathered.managed)
    dumps.compare(pages, gathered, combiner)
    providers.compare(gathered, combiner)
    if combiner.errors:
        raise DocumentError(tuple(combiner.errors))
    users = _by_account(said["user"], partial(_user, shelf))
    groups = _by_account(said["group"], partial(_group, shelf))
    roles = _by_account(said["role"], partial(_role, shelf))
    complete = dumps.complete(pages)
    of_providers = (*gathered.oidc, *gathered.clients, *gathered.saml)
    accounts = {
        id_: Account(
            id_,
            MappingProxyType(users.get(id_, {})),
            MappingProxyType(groups.get(id_, {})),
            MappingProxyType(roles.get(id_, {})),
            providers.oidc_of(gathered, id_),
            providers.saml_of(gathered, id_),
            id_ in complete,
            id_ in gathered.oidc,
        )
        for id_ in dict.fromkeys((*pages, *users, *groups, *roles, *of_providers))
    }
    repeats = combiner.repeats()
    warnings = (*dumps.incomplete(pages), *repeats, *shelf.missing(), *unseen_groups(gathered))
    return Merged(MappingProxyType(accounts), warnings)


def _by_account(said: Iterable[Facts], make: Callable[[Facts], T]) -> dict[str, dict[str, T]]:
    found: dict[str, dict[str, T]] = {}
    for facts in said:
        account, name = facts.key
        found.setdefault(account, {})[name] = make(facts)
    return found


class Shelf:
    """The managed policies whose documents are known, and a count of those that are missing."""

    def __init__(self, managed: Mapping[str, Mapping[str, Managed]]) -> None:
        self._managed = managed
        self._found: dict[Page, dict[str, Attached | None]] = {}
        self._missing: Counter[str] = Counter()
        self._first: dict[str, Spot] = {}

    def find(self, arn: str, spot: Spot) -> Attached | None:
        """Return the policy that is attached at some place: as its own file shows it, if it does.

        One that no file shows is counted.
        """
        known = self._found.get(spot.page)
        if known is None:
            known = self._found[spot.page] = {}
        if arn not in known:
            known[arn] = self._find(arn, spot.file)
        found = known[arn]
        if found is None:
            self._missing[arn] += 1
            self._first.setdefault(arn, spot)
        return found

    def _find(self, arn: str, file: str) -> Attached | None:
        shown = self._managed.get(arn)
        if shown is None:
            return None
        own = shown.get(file) or next(iter(shown.values()))
        return _attached(own.document, arn.rpartition("/")[2], arn)

    def missing(self) -> Iterator[Diagnostic]:
        """Yield a warning for each policy that is attached and whose document is missing."""
        for arn, count in self._missing.most_common(_MOST_TOLD):
            entities = "entity" if count == 1 else "entities"
            name = f"{arn.split(':')[4] or '<account-id>'}.{arn.rpartition('/')[2]}"
            yield Diagnostic(
                codes.DOCUMENT_MISSING,
                Severity.WARNING,
                f"the document of `{arn}` is in no file, and it is attached to {count} {entities}",
                (self._first[arn].label("attached here"),),
                "what it allows and denies is not known: give what `aws iam get-policy-version"
                f" --policy-arn {arn} --version-id <id>` prints, as"
                f" `get-policy-version.{name}.json`",
            )


def _attached(document: PlacedDocument, name: str, arn: str | None = None) -> Attached:
    return Attached(document.read, name, arn, document.shared)


def _policies(facts: Facts, shelf: Shelf) -> tuple[tuple[Attached, ...] | None, tuple[str, ...]]:
    """Return the policies of an entity, and the names and ARNs of those nobody has shown."""
    inline, missing = facts.inline, []
    if inline is None and facts.listed is not None:
        inline = facts.shown or {}
        missing = sorted(facts.listed - inline.keys())
    if inline is None or facts.attached is None:
        return None, ()
    found = [_attached(document, name) for name, document in inline.items()]
    for arn in facts.attached:
        attached = shelf.find(arn, facts.spot)
        if attached is None:
            missing.append(arn)
        else:
            found.append(attached)
    return tuple(found), tuple(missing)


def _boundary(facts: Facts, shelf: Shelf) -> tuple[Attached, ...] | None:
    if not facts.boundary:
        return None if facts.boundary is None else ()
    found = shelf.find(facts.boundary, facts.spot)
    return None if found is None else (found,)


def _tags(facts: Facts) -> Mapping[str, str] | None:
    return None if facts.tags is None else MappingProxyType(facts.tags)


def _user(shelf: Shelf, facts: Facts) -> UserEntry:
    policies, missing = _policies(facts, shelf)
    return UserEntry(
        facts.arn,
        facts.unique_id,
        policies,
        facts.groups,
        _boundary(facts, shelf),
        _tags(facts),
        facts.mfa_devices,
        missing,
    )


def _group(shelf: Shelf, facts: Facts) -> GroupEntry:
    policies, missing = _policies(facts, shelf)
    return GroupEntry(facts.arn, policies, missing)


def _role(shelf: Shelf, facts: Facts) -> RoleEntry:
    policies, missing = _policies(facts, shelf)
    return RoleEntry(
        facts.arn,
        facts.unique_id,
        _tags(facts),
        facts.max_session_duration,
        None if facts.trust is None else _attached(facts.trust, facts.key[1]),
        policies,
        _boundary(facts, shelf),
        missing,
        facts.created,
    )
