"""The organization: which SCPs and RCPs reach an account, and what the context knows of it.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
"""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from msgspec import UNSET, Struct, UnsetType, field

from simulator.arn import ACCOUNT_ID
from simulator.evaluation.policies import NO_LIMIT
from simulator.inventory.shape import Mistake, ShapeError, read_shape
from simulator.matcher.statement import compile_policy
from simulator.policy import kinds
from simulator.policy.managed import full_aws_access, unseen
from simulator.request.context import Several

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from simulator.evaluation.plan import Level
    from simulator.evaluation.policies import Levels
    from simulator.matcher.statement import CompiledPolicy
    from simulator.policy.kinds import PolicyKind
    from simulator.request.context import Value
    from simulator.syntax import JsonValue, Path

    #: Returns the policy that a value stands for: a path, a name, or the document itself.
    PolicyReader: TypeAlias = Callable[[JsonValue, Path, PolicyKind], CompiledPolicy]

RCP_FULL_AWS_ACCESS = "RCPFullAWSAccess"
_ROOT_ID = re.compile(r"r-[0-9a-z]{4,32}")
_UNIT_ID = re.compile(r"ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}")


class UnitShape(Struct, forbid_unknown_fields=True, frozen=True):
    """A node of the tree as it is written: the root or an organizational unit."""

    id: str | UnsetType = UNSET
    scps: list[str | dict[str, Any]] | UnsetType = UNSET
    rcps: list[str | dict[str, Any]] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    units: dict[str, UnitShape] = field(default_factory=dict)


class OrganizationShape(Struct, forbid_unknown_fields=True, frozen=True):
    """An organization as it is written."""

    id: str
    root: UnitShape
    management_account: str | UnsetType = UNSET


class Unit(NamedTuple):
    """The root, an organizational unit or an account: its AWS id, and what is attached to it."""

    id: str | None
    scps: Level
    rcps: Level


class Organization(NamedTuple):
    """An organization; `chains` holds for each account the units from the root down to it.

    `own` are the accounts themselves, where something can be attached to them; `lists_accounts` is
    whether no other account is in the organization.
    """

    id: str
    management_account: str | None
    chains: Mapping[str, tuple[Unit, ...]]
    own: Mapping[str, Unit] = MappingProxyType({})
    lists_accounts: bool = True

    def membership(self, account: str | None) -> bool | None:
        """Whether an account is in the organization; nothing if that is not known."""
        if self.has(account):
            return True
        return False if account is None or self.lists_accounts else None

    def has(self, account: str | None) -> bool:
        """Whether an account is known to be in the organization."""
        return account is not None and (
            account in self.chains or account == self.management_account
        )

    def scp_levels(self, account: str | None) -> Levels:
        """Return the SCPs over an account, from the root down; where nobody knows them, unseen."""
        if account == self.management_account or self.membership(account) is False:
            return NO_LIMIT  # EVAL-40
        return tuple(unit.scps for unit in self._levels(account))  # EVAL-41

    def rcp_levels(self, account: str | None) -> Levels:
        """Return the RCPs over an account, from the root down; where nobody knows them, unseen."""
        if account == self.management_account or self.membership(account) is False:
            return NO_LIMIT  # EVAL-50
        return tuple(unit.rcps for unit in self._levels(account) if unit.rcps)

    @property
    def may_have_rcps(self) -> bool:
        """Whether there are RCPs over some account, as far as anybody knows."""
        chains = (*self.chains.values(), tuple(self.own.values()))
        return not self.lists_accounts or any(unit.rcps for chain in chains for unit in chain)

    def principal_keys(self, account: str | None) -> Mapping[str, Value]:
        """Return the context keys that tell the organization of the caller's account."""
        return dict(self._keys("aws:Principal", account))  # CTX-3

    def resource_keys(self, account: str | None) -> Mapping[str, Value]:
        """Return the context keys that tell the organization of the resource's account."""
        return dict(self._keys("aws:Resource", account))  # CTX-15

    def path(self, account: str | None) -> str | None:
        """Return the path of an account, such as `o-a1/r-b2/ou-b2-c3/`, where its ids are known."""
        chain = self.chains.get(account or "", ())
        ids = [unit.id for unit in chain if unit.id is not None]
        return "/".join((self.id, *ids, "")) if chain and len(ids) == len(chain) else None

    def _levels(self, account: str | None) -> Iterator[Unit]:
        """Yield whatever is above an account, and the account; unseen where it is not listed."""
        whose = f"account {account}"
        yield from self.chains.get(account or "") or (
            Unit(None, unseen_level(whose, kinds.SCP), unseen_level(whose, kinds.RCP)),
        )
        own = self.own.get(account or "")
        if own is not None:
            yield own

    def _keys(self, prefix: str, account: str | None) -> Iterator[tuple[str, Value]]:
        if not self.has(account):
            return
        yield f"{prefix}OrgID", self.id
        path = self.path(account)
        if path is not None:
            yield f"{prefix}OrgPaths", Several((path,))


@cache
def unseen_level(whose: str, kind: PolicyKind) -> Level:
    """Return a level in place of the SCPs or RCPs of something, which nobody has shown."""
    return (compile_policy(unseen(f"the {kind.name}s of {whose}", kind)),)


def read_organization(value: JsonValue, read: PolicyReader, path: Path = ()) -> Organization:
    """Return the organization that plain values at a path describe.

    Raises:
        ShapeError: they do not describe one.
    """
    return organization_of(read_shape(value, OrganizationShape, path), read, path)


def organization_of(shape: OrganizationShape, read: PolicyReader, path: Path = ()) -> Organization:
    """Return the organization that a record describes which stands at a path.

    Raises:
        ShapeError: an account is in it twice, or is none.
    """
    tree = _Tree(read)
    tree.add(shape.root, (), (*path, "root"))
    management = (
        None if isinstance(shape.management_account, UnsetType) else shape.management_account
    )
    if management is not None:
        tree.check_account(management, (*path, "management_account"))
    if tree.mistakes:
        raise ShapeError(tuple(tree.mistakes))
    return Organization(shape.id, management, MappingProxyType(tree.chains))


class _Tree:
    """Walks the tree from the root and keeps the way to each account."""

    def __init__(self, read: PolicyReader) -> None:
        self.chains: dict[str, tuple[Unit, ...]] = {}
        self.mistakes: list[Mistake] = []
        self._read = read

    def add(self, shape: UnitShape, above: tuple[Unit, ...], path: Path) -> None:
        chain = (*above, self._unit(shape, path))
        for number, account in enumerate(shape.accounts):
            self._place(account, chain, (*path, "accounts", number))
        for name, unit in shape.units.items():
            self.add(unit, chain, (*path, "units", name))

    def _unit(self, shape: UnitShape, path: Path) -> Unit:
        rcps = self._level(shape.rcps, (*path, "rcps"), kinds.RCP)
        return Unit(_id(shape, path), self._scps(shape, path), rcps)

    def _scps(self, shape: UnitShape, path: Path) -> Level:
        if isinstance(shape.scps, UnsetType):  # EVAL-42: attached until somebody removes it
            return (compile_policy(full_aws_access(kinds.SCP)),)
        return self._level(shape.scps, (*path, "scps"), kinds.SCP)

    def _level(self, policies: list[Any], path: Path, kind: PolicyKind) -> Level:
        return tuple(
            self._read(policy, (*path, number), kind)
            for number, policy in enumerate(policies)
            if policy != RCP_FULL_AWS_ACCESS  # EVAL-50: it is always there, and limits nothing
        )

    def _place(self, account: str, chain: tuple[Unit, ...], path: Path) -> None:
        self.check_account(account, path)
        if account in self.chains:
            message = f"the account `{account}` is in the organization twice"
            self.mistakes.append(Mistake(path, message))
        self.chains.setdefault(account, chain)

    def check_account(self, account: str, path: Path) -> None:
        if not ACCOUNT_ID.fullmatch(account):
            message = f"`{account[:40]}` is not an account id: expected 12 digits"
            self.mistakes.append(Mistake(path, message))


def _id(shape: UnitShape, path: Path) -> str | None:
    """Return the AWS id of a unit: said, or its name where that is one."""
    if not isinstance(shape.id, UnsetType):
        return shape.id
    name, pattern = str(path[-1]), _UNIT_ID if len(path) > 1 and path[-2] == "units" else _ROOT_ID
    return name if pattern.fullmatch(name) else None
