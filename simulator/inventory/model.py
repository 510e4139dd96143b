"""What exists, as values: accounts with their users, groups and roles, and what they carry.

Nothing always means that nobody said: an empty tuple is known to be empty, and None is not known.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from simulator.matcher.statement import compile_policy
from simulator.policy import kinds
from simulator.policy.managed import unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from simulator.arn import Arn
    from simulator.evaluation.policies import Levels
    from simulator.inventory.organization import Organization
    from simulator.matcher.statement import CompiledPolicy
    from simulator.policy.kinds import PolicyKind

    #: Returns a policy as one of a kind, or raises a DocumentError.
    PolicyOfKind: TypeAlias = Callable[[PolicyKind], CompiledPolicy]


class Attached(NamedTuple):
    """A policy that is attached to something, read only when it is first asked for.

    `read` returns it with its own places. `shared` returns what is one object for all documents of
    the same text, whose places may be those of another entity: for work on very many entities.
    """

    read: PolicyOfKind
    name: str | None = None
    arn: str | None = None
    shared: PolicyOfKind | None = None

    def policy(self, kind: PolicyKind, *, shared: bool = False) -> CompiledPolicy:
        """Return the policy, with its own places or as the one that is shared.

        Raises:
            DocumentError: AWS would refuse to store it.
        """
        return (self.shared or self.read)(kind) if shared else self.read(kind)


class UserEntry(NamedTuple):
    """A user; `groups` are names, `missing` the ARNs of attached policies nobody has shown.

    There is at most one boundary.
    """

    arn: Arn
    unique_id: str | None = None
    policies: tuple[Attached, ...] | None = None
    groups: tuple[str, ...] | None = None
    boundary: tuple[Attached, ...] | None = None
    tags: Mapping[str, str] | None = None
    mfa_devices: frozenset[str] | None = None
    missing: tuple[str, ...] = ()


class GroupEntry(NamedTuple):
    """A group of users; `missing` as for a user."""

    arn: Arn
    policies: tuple[Attached, ...] | None = None
    missing: tuple[str, ...] = ()


class RoleEntry(NamedTuple):
    """A role; the duration is in seconds; `boundary` and `missing` as for a user.

    When it was `created` is a text as AWS prints it.
    """

    arn: Arn
    unique_id: str | None = None
    tags: Mapping[str, str] | None = None
    max_session_duration: int | None = None
    trust: Attached | None = None
    policies: tuple[Attached, ...] | None = None
    boundary: tuple[Attached, ...] | None = None
    missing: tuple[str, ...] = ()
    created: str | None = None


class Account(NamedTuple):
    """An account: what is in it by name, and whether what is not listed does not exist.

    Of an OIDC provider, by its address without `https://`, the client ids are kept, if anybody
    said; of a SAML provider its ARN. `lists_oidc` is whether no other OIDC providers exist.
    `regions` are those it has enabled of the Regions that one has to enable, if anybody said.
    """

    id: str
    users: Mapping[str, UserEntry] = MappingProxyType({})
    groups: Mapping[str, GroupEntry] = MappingProxyType({})
    roles: Mapping[str, RoleEntry] = MappingProxyType({})
    oidc_providers: Mapping[str, frozenset[str] | None] | None = None
    saml_providers: frozenset[str] | None = None
    complete: bool = False
    lists_oidc: bool = False
    regions: frozenset[str] | None = None


class Inventory(NamedTuple):
    """All accounts that are known, by their id, and the organization, if one is."""

    accounts: Mapping[str, Account] = MappingProxyType({})
    organization: Organization | None = None

    def role(self, arn: Arn) -> RoleEntry | None:
        """Return the role of an ARN, path and all."""
        found = self.role_named(arn.account, arn.name)
        return found if found is not None and found.arn == arn else None

    def role_named(self, account: str, name: str) -> RoleEntry | None:
        """Return the role of a name, whatever its path."""
        found = self.accounts.get(account)
        return None if found is None else found.roles.get(name)

    def user(self, arn: Arn) -> UserEntry | None:
        """Return the user of an ARN, path and all."""
        account = self.accounts.get(arn.account)
        found = None if account is None else account.users.get(arn.name)
        return found if found is not None and found.arn == arn else None

    def is_complete(self, account: str) -> bool:
        """Whether what is not listed in an account does not exist."""
        return account in self.accounts and self.accounts[account].complete

    def lacks(self, arn: Arn) -> bool:
        """Whether there is certainly no such user or role."""
        find = {"user": self.user, "role": self.role}.get(arn.kind)
        return find is not None and self.is_complete(arn.account) and find(arn) is None

    def all_roles(self) -> Iterator[RoleEntry]:
        """Yield the roles of all accounts."""
        for account in self.accounts.values():
            yield from account.roles.values()

    def trust_levels(self, entry: RoleEntry, *, shared: bool = False) -> Levels | None:
        """Return the trust policy of a role; nothing where nobody has shown it.

        Raises:
            DocumentError: AWS would refuse to store it.
        """
        if entry.trust is None:
            return None
        return ((entry.trust.policy(kinds.TRUST, shared=shared),),)

    def identity_levels(
        self, entry: UserEntry | RoleEntry, *, shared: bool = False
    ) -> Levels | None:
        """Return the policies of an entity and of its groups; nothing where nobody said a word.

        In the place of what nobody has shown stands a policy that is unseen.

        Raises:
            DocumentError: AWS would refuse to store one of them.
        """  # EVAL-4
        if entry.policies is None and isinstance(entry, RoleEntry):
            return None
        found = tuple(self._identity(entry, shared=shared))
        return None if entry.policies is None and all(p.policy.unseen for p in found) else (found,)

    def boundary_levels(
        self, entry: UserEntry | RoleEntry, *, shared: bool = False
    ) -> Levels | None:
        """Return the permissions boundary, no level where there is none, nothing if not known.

        Raises:
            DocumentError: AWS would refuse to store it.
        """
        if entry.boundary is None:
            # Whether there is one nobody knows; if there is, nobody knows what it says.
            return ((_unseen(f"the permissions boundary of {entry.arn}", kinds.BOUNDARY),),)
        return tuple((p.policy(kinds.BOUNDARY, shared=shared),) for p in entry.boundary)

    def _identity(self, entry: UserEntry | RoleEntry, *, shared: bool) -> Iterator[CompiledPolicy]:
        groups = () if isinstance(entry, RoleEntry) else entry.groups
        holders: list[UserEntry | RoleEntry | GroupEntry] = [entry]
        if groups is None:
            yield _unseen(f"the policies of the groups of {entry.arn}", kinds.IDENTITY)
        account = self.accounts.get(entry.arn.account)
        for name in groups or ():
            group = account.groups.get(name) if account is not None else None
            if group is None:
                yield _unseen(f"the policies of the group {name}", kinds.IDENTITY)
            else:
                holders.append(group)
        for holder in holders:
            yield from _held(holder, shared=shared)


def _held(holder: UserEntry | RoleEntry | GroupEntry, *, shared: bool) -> Iterator[CompiledPolicy]:
    """Yield what is attached to one user, role or group."""
    if holder.policies is None:
        yield _unseen(f"the policies of {holder.arn}", kinds.IDENTITY)
    yield from (each.policy(kinds.IDENTITY, shared=shared) for each in holder.policies or ())
    yield from (_unseen(name, kinds.IDENTITY) for name in holder.missing)


@cache
def _unseen(name: str, kind: PolicyKind) -> CompiledPolicy:
    return compile_policy(unseen(name, kind))
