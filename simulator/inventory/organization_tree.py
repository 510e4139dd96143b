"""From what exports say of an organization to the way from its root to each account."""

from __future__ import annotations

from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from simulator.diagnostic import Diagnostic, DocumentError, Severity
from simulator.inventory import codes
from simulator.inventory.organization import Organization, Unit, unseen_level
from simulator.inventory.organization_export import AttachedTo
from simulator.matcher.statement import compile_policy
from simulator.policy import kinds
from simulator.policy.managed import full_aws_access

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.evaluation.plan import Level
    from simulator.inventory.facts import Spot
    from simulator.inventory.organization_export import OrganizationFacts
    from simulator.matcher.statement import CompiledPolicy

_SCP: Final = "SERVICE_CONTROL_POLICY"
_RCP: Final = "RESOURCE_CONTROL_POLICY"
_FULL: Final = "p-FullAWSAccess"
_RCP_FULL: Final = "p-RCPFullAWSAccess"
_KINDS: Final = {_SCP: kinds.SCP, _RCP: kinds.RCP}
_AGAIN: Final = "the exports cannot all be of one time: make them again"
_MOST_TOLD: Final = 50


def organization_of_export(facts: OrganizationFacts) -> Organization | None:
    """Return the organization of which files tell, if any does.

    Raises:
        DocumentError: they do not tell all of it, or contradict each other.
    """
    if facts.spot is None:
        return None
    tree = _Tree(facts)
    chains = tree.chains()
    attached = _Attachments(facts, tree)
    members = [account for account in chains if account != facts.management]  # EVAL-40
    ids = dict.fromkeys(id_ for account in members for id_ in (*chains[account], account))
    units = {id_: attached.unit(id_, facts.accounts.get(id_, facts.spot)) for id_ in ids}
    if facts.id is None:
        tree.tell(facts.spot, "nothing says the id of the organization", "describe-organization")
    if tree.errors:
        # Where the tree is none, what is missing in it follows from that.
        wrong = tuple(error for error in tree.errors if error.code == codes.TREE)
        raise DocumentError(wrong or tuple(tree.errors))
    found = {
        account: tuple(units[id_] if id_ in units else Unit(id_, (), ()) for id_ in chain)
        for account, chain in chains.items()
    }
    own = {account: units[account] for account in members}
    return Organization(
        facts.id or "",
        facts.management,
        MappingProxyType(found),
        MappingProxyType(own),
        facts.lists_accounts,
    )


class _Tree:
    """Follows each account up to the root, and keeps all that is wrong."""

    def __init__(self, facts: OrganizationFacts) -> None:
        self.errors: list[Diagnostic] = []
        self._facts = facts
        self._told: set[str] = set()
        self._parents = dict(self._read_parents())

    def tell(self, spot: Spot, message: str, command: str, name: str | None = None) -> None:
        """Keep once that something is missing, the command that prints it, and its file's name."""
        code = codes.DOCUMENT_MISSING if "describe-policy" in command else codes.INCOMPLETE
        self.refuse(spot, message, _printed(command, name), code)

    def refuse(self, spot: Spot, message: str, help_: str, code: str = codes.TREE) -> None:
        """Keep an error once."""
        if message not in self._told and len(self._told) < _MOST_TOLD:
            self._told.add(message)
            labels = (spot.label("here"),)
            self.errors.append(Diagnostic(code, Severity.ERROR, message, labels, help_))

    def chains(self) -> Mapping[str, tuple[str, ...]]:
        """Return for each account the ids of what it is in, from the root down."""
        accounts = self._facts.accounts
        if not accounts and self._facts.spot is not None:
            message = "nothing says which accounts are in the organization"
            self.tell(self._facts.spot, message, "list-accounts` and `list-parents")
        found = {account: self._chain(account, spot) for account, spot in accounts.items()}
        return {account: chain for account, chain in found.items() if chain is not None}

    def _chain(self, account: str, spot: Spot) -> tuple[str, ...] | None:
        chain: list[str] = []
        child = account
        while not child.startswith("r-"):
            parent = self._parents.get(child)
            if parent is None and account == self._facts.management:
                return None
            if parent is None:
                message = f"nothing says what `{child}` is in"
                name = f"list-parents.{child}.json"
                self.tell(spot, message, f"list-parents --child-id {child}", name)
                return None
            if parent in chain:
                message = f"the units {', '.join(f'`{each}`' for each in chain)} are in a circle"
                self.refuse(self._facts.above[parent][0].spot, message, _AGAIN)
                return None
            chain.append(parent)
            child = parent
        return tuple(reversed(chain))

    def _read_parents(self) -> Iterator[tuple[str, str]]:
        for child, said in self._facts.above.items():
            first = said[0]
            yield child, first.parent
            for other in said[1:]:
                if other.parent != first.parent:
                    files = f"`{first.spot.file}` and `{other.spot.file}`"
                    message = (
                        f"`{child}` is in two places: in `{first.parent}` and in"
                        f" `{other.parent}`, as {files} say"
                    )
                    self.refuse(other.spot, message, _AGAIN)
                    break


class _Attachments:
    """Which policies are attached to a root, unit or account, each compiled once."""

    def __init__(self, facts: OrganizationFacts, tree: _Tree) -> None:
        self._facts, self._tree = facts, tree
        self._compiled: dict[str, CompiledPolicy | None] = {}
        self._known_types = {_FULL: _SCP, _RCP_FULL: _RCP, **facts.types}
        self._told: set[str] = set()

    def unit(self, id_: str, spot: Spot) -> Unit:
        """Return a root, unit or account with what is attached to it."""
        return Unit(id_, self._level(id_, _SCP, spot), self._level(id_, _RCP, spot))

    def _level(self, id_: str, type_: str, spot: Spot) -> Level:
        attached = self._attached(id_, type_)
        if not attached:
            return self._bare(id_, type_, spot)
        found = (self._policy(said, id_, type_) for said in attached if said.policy != _RCP_FULL)
        level = tuple(compiled for compiled in found if compiled is not None)
        if self._is_listed(id_, type_):
            return level
        message = f"nothing lists all {_KINDS[type_].name}s that are attached to `{id_}`"
        self._warn(message, _list_of(id_, type_), attached[0].spot)
        return (*level, *unseen_level(id_, _KINDS[type_]))

    def _bare(self, id_: str, type_: str, spot: Spot) -> Level:
        """Return the level of what nothing is known to be attached to."""
        name, is_used = _KINDS[type_].name, self._is_used(type_)
        if is_used:
            # AWS lets nobody remove the last one: what is not listed is not known.
            message = f"nothing says which {name} is attached to `{id_}`"
            self._tree.tell(spot, message, *_list_of(id_, type_))
        if is_used is None and (id_, type_) not in self._facts.listed:
            message = f"nothing says whether {name}s are in use, and which are attached"
            self._warn(message, ("list-roots",), spot)
            return unseen_level(id_, _KINDS[type_])
        return (_full(),) if type_ == _SCP else ()

    def _is_listed(self, id_: str, type_: str) -> bool:
        """Whether all policies of a type are listed that are attached to something.

        The targets of a policy do not tell which other ones there are.
        """
        said = self._facts.attached.get(id_, ())
        return any(self._known_types.get(each.policy) == type_ for each in said)

    def _is_used(self, type_: str) -> bool | None:
        """Whether a type of policy is in use: as the root says, or since one is attached."""
        if self._facts.enabled is not None:
            return type_ in self._facts.enabled
        return True if type_ in self._types else None

    @cached_property
    def _types(self) -> frozenset[str]:
        """The types of the policies that are attached to anything."""
        attached = (said.policy for each in self._facts.attached.values() for said in each)
        targets = (policy for policy, targets in self._facts.targets.items() if targets)
        return frozenset(self._known_types.get(each, "") for each in (*attached, *targets))

    def _warn(self, message: str, command: tuple[str, ...], spot: Spot) -> None:
        """Keep once that something is not known, and the command that prints it."""
        if message not in self._told and len(self._told) < _MOST_TOLD:
            self._told.add(message)
            label = spot.label("what limits this is not known")
            self._facts.warn(codes.INCOMPLETE, message, label, _printed(*command))

    def _attached(self, id_: str, type_: str) -> list[AttachedTo]:
        """Return the policies of a type that are attached, each once."""
        facts = self._facts
        said = {each.policy: each for each in facts.attached.get(id_, ())}
        for policy, targets in facts.targets.items():
            if id_ in targets:
                said.setdefault(policy, AttachedTo(policy, targets[id_]))
        return [each for each in said.values() if self._type(each, id_) == type_]

    def _type(self, said: AttachedTo, id_: str) -> str | None:
        if said.policy not in self._known_types:
            self._missing(said, id_)
        return self._known_types.get(said.policy)

    def _policy(self, said: AttachedTo, id_: str, type_: str) -> CompiledPolicy | None:
        if said.policy not in self._compiled:
            self._compiled[said.policy] = self._read(said, id_, type_)
        return self._compiled[said.policy]

    def _read(self, said: AttachedTo, id_: str, type_: str) -> CompiledPolicy | None:
        shown = self._facts.documents.get(said.policy)
        if shown is None:
            if said.policy == _FULL:
                return _full()
            self._missing(said, id_)
            return None
        try:
            return shown.document.read(_KINDS[type_])
        except DocumentError as error:
            self._tree.errors += error.diagnostics
            return None

    def _missing(self, said: AttachedTo, id_: str) -> None:
        message = f"the policy `{said.policy}` is attached to `{id_}`, and is in no file"
        command = f"describe-policy --policy-id {said.policy}"
        self._tree.tell(said.spot, message, command)


def _list_of(id_: str, type_: str) -> tuple[str, str]:
    """Return the command that lists what is attached, and the name that its output must have."""
    command = f"list-policies-for-target --filter {type_} --target-id {id_}"
    return command, f"list-policies-for-target.{id_}.{type_}.json"


def _printed(command: str, name: str | None = None) -> str:
    as_ = "" if name is None else f", as `{name}`"
    return f"give what `aws organizations {command}` prints too{as_}"


@cache
def _full() -> CompiledPolicy:
    return compile_policy(full_aws_access(kinds.SCP))
