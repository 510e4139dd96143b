"""What a test file says that there is: accounts with users and roles, and the organization."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn

from msgspec import UnsetType

from simulator.arn import ACCOUNT_ID, Arn
from simulator.catalog.names import fold
from simulator.catalog.regions import is_region_code
from simulator.diagnostic import DocumentError
from simulator.evaluation.policies import Policies
from simulator.inventory.model import Account, Attached, Inventory, RoleEntry, UserEntry
from simulator.inventory.organization import organization_of
from simulator.inventory.shape import Mistake, ShapeError
from simulator.policy.findings import nearest
from simulator.policy.session_maximum import MAXIMA
from simulator.testing import codes
from simulator.testing.load import refusal
from simulator.testing.schema import given

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from simulator.catalog.doubts import Doubts
    from simulator.decision.verdict import Layer
    from simulator.evaluation.plan import Level
    from simulator.evaluation.policies import Levels
    from simulator.inventory.organization import Organization
    from simulator.matcher.statement import CompiledPolicy
    from simulator.policy.kinds import PolicyKind
    from simulator.syntax import Path
    from simulator.testing.load import Written
    from simulator.testing.policies import PolicyStore
    from simulator.testing.schema import AccountShape, FileShape, RoleShape, UserShape

_PATH = re.compile(r"/(?:[!-~]+/)?")
_PARTITION = re.compile(r"arn:(aws[a-z-]*):")


class _Shared(Policies):
    """Policies of many tests, which keep what they are with some doubts left open."""

    __slots__ = ("_opening",)

    def __init__(self, layers: Mapping[Layer, Levels | None]) -> None:
        super().__init__(layers)
        self._opening: dict[Doubts, Policies] = {}

    def opening(self, opened: Doubts) -> Policies:
        """Return the same policies with other doubts left open."""
        if opened not in self._opening:
            self._opening[opened] = super().opening(opened)
        return self._opening[opened]


class World:
    """The accounts and the organization of a test file, and the policies it names."""

    def __init__(
        self, written: Written, shape: FileShape, store: PolicyStore, under: Inventory | None = None
    ) -> None:
        """Keep the accounts over those of an inventory, and read the organization.

        Raises:
            DocumentError: an account, the organization or one of its policies cannot be used.
        """
        self._written, self._store = written, store
        self._policies: dict[object, Policies] = {}
        mistakes = tuple(_mistakes(shape.accounts))
        if mistakes:
            raise refusal(written, ShapeError(mistakes))
        organization = self._read_organization(shape)
        self._under = under or Inventory()
        self._accounts = shape.accounts
        self._by_partition: dict[str, Inventory] = {}
        self.organization = organization or self._under.organization

    def inventory(self, partition: str) -> Inventory:
        """Return what exists, in one of AWS's partitions: a test file is in any it is asked for."""
        if partition not in self._by_partition:
            own = {
                account: self._account(account, shape, partition)
                for account, shape in self._accounts.items()
            }
            found = Inventory(MappingProxyType(own), self.organization)
            self._by_partition[partition] = self._over(found)
        return self._by_partition[partition]

    def _over(self, own: Inventory) -> Inventory:
        """Return what the file says over the inventories that it names."""
        if not self._under.accounts:
            return own
        from simulator.inventory.load import overlaid  # noqa: PLC0415 - most test files name none

        accounts = {id_: self._without_claims(account) for id_, account in own.accounts.items()}
        return overlaid(self._under, own._replace(accounts=MappingProxyType(accounts)))

    def _without_claims(self, own: Account) -> Account:
        """Return an account that, where it is in an inventory too, does not claim to be all."""
        if own.id not in self._under.accounts:
            return own
        return own._replace(complete=False, oidc_providers=own.oidc_providers or None)

    def is_closed(self, *accounts: str | None) -> bool:
        """Whether nothing is in accounts but what the file says of them."""
        if not self._under.accounts:
            return True
        own = self._accounts.keys() - self._under.accounts.keys()
        return all(account is None or account in own for account in accounts)

    def inventory_for(self, arn: str) -> Inventory:
        """Return what exists in the partition of an ARN."""
        found = _PARTITION.match(arn)
        return self.inventory(found[1] if found else "aws")

    def refuse(
        self, path: Path, message: str, help_: str | None = None, code: str = codes.NOT_DEFINED
    ) -> NoReturn:
        """Raise that what stands at a path of the file cannot be used."""
        mistake = Mistake(path, message, help=help_)
        raise DocumentError((self._written.diagnostic(mistake, code),))

    def policy(self, path: Path, kind: PolicyKind) -> CompiledPolicy:
        """Return the policy at a path."""
        return self._store.read(self._written, path, kind)

    def policy_text(self, path: Path) -> str:
        """Return the text of a policy at a path, as it is passed to AWS."""
        return self._store.text(self._written, path)

    def level(self, path: Path, count: int, kind: PolicyKind) -> Level:
        """Return the policies of a list at a path."""
        return tuple(self.policy((*path, number), kind) for number in range(count))

    def policies(self, layers: Mapping[Layer, Levels | None]) -> Policies:
        """Return policies by layer: the same ones for the same documents, for they make plans."""
        key = tuple((layer, levels and _identity(levels)) for layer, levels in layers.items())
        if key not in self._policies:
            self._policies[key] = _Shared(layers)
        return self._policies[key]

    def _account(self, account: str, shape: AccountShape, partition: str) -> Account:
        top = ("accounts", account)
        return Account(
            account,
            {
                name: self._user(
                    _arn(partition, account, "user", user.path, name), user, (*top, "users", name)
                )
                for name, user in shape.users.items()
            },
            roles={
                name: self._role(
                    _arn(partition, account, "role", role.path, name), role, (*top, "roles", name)
                )
                for name, role in shape.roles.items()
            },
            oidc_providers={
                _host(name): frozenset(provider.client_ids)
                for name, provider in shape.oidc_providers.items()
            },
            complete=True,
            lists_oidc=True,
            regions=self._regions(shape, (*top, "regions")),
        )

    def _regions(self, shape: AccountShape, path: Path) -> frozenset[str] | None:
        names = given(shape.regions)
        for number, name in enumerate(names or ()):
            if not is_region_code(name):
                message = f"`{name}` is not the code of a Region: expected one such as `ap-south-2`"
                self.refuse((*path, number), message)
        return None if names is None else frozenset(names)

    def _user(self, arn: Arn, shape: UserShape, path: Path) -> UserEntry:
        devices = given(shape.mfa_devices)
        groups = (
            policy
            for number, name in enumerate(shape.groups)
            for policy in self._group(arn.account, name, (*path, "groups", number))
        )
        return UserEntry(
            arn,
            given(shape.unique_id),
            (*self._attached((*path, "policies"), len(shape.policies)), *groups),  # EVAL-4
            (),
            self._boundary(shape, path),
            shape.tags,
            None if devices is None else frozenset(devices),
        )

    def _role(self, arn: Arn, shape: RoleShape, path: Path) -> RoleEntry:
        has_trust = not isinstance(shape.trust_policy, UnsetType)
        return RoleEntry(
            arn,
            given(shape.unique_id),
            shape.tags,
            shape.max_session_duration,
            self._at((*path, "trust_policy")) if has_trust else self._no_trust(arn, path),
            tuple(self._attached((*path, "policies"), len(shape.policies))),
            self._boundary(shape, path),
        )

    def _at(self, path: Path) -> Attached:
        return Attached(lambda kind: self.policy(path, kind))

    def _attached(self, path: Path, count: int) -> Iterator[Attached]:
        return (self._at((*path, number)) for number in range(count))

    def _boundary(self, shape: UserShape | RoleShape, path: Path) -> tuple[Attached, ...]:
        if isinstance(shape.permissions_boundary, UnsetType):
            return ()
        return (self._at((*path, "permissions_boundary")),)

    def _no_trust(self, arn: Arn, path: Path) -> Attached:
        """Return a trust policy that is told to be missing when something asks for it."""
        message = f"the role `{arn}` has no `trust_policy` in this file"
        return Attached(lambda _: self.refuse(path, message))

    def _group(self, account: str, name: str, place: Path) -> Iterator[Attached]:
        groups = self._accounts[account].groups
        if name not in groups:
            message = f"this account has no group `{name}`{near(name, groups)}"
            yield Attached(lambda _: self.refuse(place, message))
            return
        path = ("accounts", account, "groups", name, "policies")
        yield from self._attached(path, len(groups[name].policies))

    def _read_organization(self, shape: FileShape) -> Organization | None:
        if isinstance(shape.organization, UnsetType):
            return None
        try:
            return organization_of(
                shape.organization,
                lambda _, path, kind: self.policy(path, kind),
                ("organization",),
            )
        except ShapeError as error:
            raise refusal(self._written, error) from None


def _identity(levels: Levels) -> object:
    return tuple(tuple(id(each) for each in level) for level in levels)


def near(name: str, known: Iterable[str]) -> str:
    """Return the question whether a known name was meant, if one is near."""
    found = nearest(name, tuple(known))
    return f": did you mean `{found}`?" if found else ""


def _arn(partition: str, account: str, kind: str, path: str, name: str) -> Arn:
    return Arn(partition, "iam", "", account, f"{kind}{path}{name}")


def _host(name: str) -> str:
    return name.removeprefix("https://")


def _mistakes(accounts: Mapping[str, AccountShape]) -> Iterator[Mistake]:
    for account, shape in accounts.items():
        path = ("accounts", account)
        if not ACCOUNT_ID.fullmatch(account):
            message = f"`{account[:40]}` is not an account id: expected 12 digits"
            yield Mistake(path, message, on_key=True)
        for name, user in shape.users.items():
            yield from _of_entity(user, (*path, "users", name))
        for name, role in shape.roles.items():
            yield from _of_entity(role, (*path, "roles", name))
            yield from _of_maximum(role.max_session_duration, (*path, "roles", name))


def _of_entity(entity: UserShape | RoleShape, path: Path) -> Iterator[Mistake]:
    if not _PATH.fullmatch(entity.path):
        message = f"`{entity.path}` is not a path: expected `/` or `/team/`"
        yield Mistake((*path, "path"), message)
    yield from _of_tags(entity.tags, path)


def _of_maximum(seconds: int, path: Path) -> Iterator[Mistake]:
    if seconds not in MAXIMA:
        message = f"`{seconds}` is no maximum: expected 3600 to 43200 seconds"
        yield Mistake((*path, "max_session_duration"), message)


def _of_tags(tags: Mapping[str, str], path: Path) -> Iterator[Mistake]:
    """Yield the keys that AWS takes for one and the same."""  # STS-70
    seen: dict[str, str] = {}
    for key in tags:
        first = seen.setdefault(fold(key), key)
        if first != key:
            message = (
                f"the tags `{first}` and `{key}` have one key: their letter case does not count"
            )
            yield Mistake((*path, "tags", key), message, on_key=True)
