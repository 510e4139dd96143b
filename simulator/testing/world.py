"""What a test file says that there is: accounts with users and roles, and the organization."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from msgspec import UnsetType

from simulator.arn import ACCOUNT_ID, Arn
from simulator.diagnostic import DocumentError
from simulator.evaluation.policies import NO_LIMIT, Policies
from simulator.inventory.organization import organization_of
from simulator.inventory.shape import Mistake, ShapeError
from simulator.policy import kinds
from simulator.policy.findings import nearest
from simulator.sts.call import Role
from simulator.testing import codes
from simulator.testing.load import refusal
from simulator.testing.schema import AccountShape, given

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
    from simulator.testing.schema import FileShape, RoleShape, UserShape

_PATH = re.compile(r"/(?:[!-~]+/)?")
_NOBODY = AccountShape()


class Entity(NamedTuple):
    """A user that the file defines, and where."""

    shape: UserShape
    path: Path


class Target(NamedTuple):
    """A role that the file defines, and where."""

    role: Role
    shape: RoleShape
    path: Path


class _Shared(Policies):
    """Policies of many tests, which keep what they are with some doubts left open."""

    __slots__ = ("_opening",)

    def __init__(self, layers: Mapping[Layer, Levels]) -> None:
        super().__init__(layers)
        self._opening: dict[Doubts, Policies] = {}

    def opening(self, opened: Doubts) -> Policies:
        """Return the same policies with other doubts left open."""
        if opened not in self._opening:
            self._opening[opened] = super().opening(opened)
        return self._opening[opened]


class World:
    """The accounts and the organization of a test file, and the policies it names."""

    def __init__(self, written: Written, shape: FileShape, store: PolicyStore) -> None:
        """Keep the accounts, and read the organization.

        Raises:
            DocumentError: an account, the organization or one of its policies cannot be used.
        """
        self._written, self._store = written, store
        self._policies: dict[object, Policies] = {}
        self._accounts = shape.accounts
        mistakes = tuple(_mistakes(shape.accounts))
        if mistakes:
            raise refusal(written, ShapeError(mistakes))
        self.organization = self._read_organization(shape)

    def refuse(
        self, path: Path, message: str, help_: str | None = None, code: str = codes.NOT_DEFINED
    ) -> NoReturn:
        """Raise that what stands at a path of the file cannot be used."""
        mistake = Mistake(path, message, help=help_)
        raise DocumentError((self._written.diagnostic(mistake, code),))

    def policy(self, path: Path, kind: PolicyKind) -> CompiledPolicy:
        """Return the policy at a path."""
        return self._store.read(self._written, path, kind)

    def level(self, path: Path, count: int, kind: PolicyKind) -> Level:
        """Return the policies of a list at a path."""
        return tuple(self.policy((*path, number), kind) for number in range(count))

    def policies(self, layers: Mapping[Layer, Levels]) -> Policies:
        """Return policies by layer: the same ones for the same documents, for they make plans."""
        key = tuple(
            (layer, tuple(tuple(map(id, level)) for level in levels))
            for layer, levels in layers.items()
        )
        if key not in self._policies:
            self._policies[key] = _Shared(layers)
        return self._policies[key]

    def user(self, arn: Arn, place: Path) -> Entity:
        """Return the user of an ARN that stands at a place."""
        users = self._account(arn).users
        user = users.get(arn.name)
        if user is None or arn != arn._replace(resource=f"user{user.path}{arn.name}"):
            known = [str(arn._replace(resource=f"user{u.path}{name}")) for name, u in users.items()]
            self.refuse(place, f"this file defines no user `{arn}`{near(str(arn), known)}")
        return Entity(user, ("accounts", arn.account, "users", arn.name))

    def role(self, arn: Arn) -> Target | None:
        """Return the role of an ARN, if the file defines it."""
        found = self.role_named(arn, arn.name)
        return found if found is not None and found.role.arn == arn else None

    def role_named(self, like: Arn, name: str) -> Target | None:
        """Return the role of a name in the account of some ARN, if the file defines it."""
        shape = self._account(like).roles.get(name)
        if shape is None:
            return None
        arn = Arn(like.partition, "iam", "", like.account, f"role{shape.path}{name}")
        role = Role(arn, given(shape.unique_id), shape.tags, shape.max_session_duration)
        return Target(role, shape, ("accounts", like.account, "roles", name))

    def roles(self, like: Arn) -> tuple[Role, ...]:
        """Return all roles in the account of some ARN."""
        found = (self.role_named(like, name) for name in self._account(like).roles)
        return tuple(target.role for target in found if target is not None)

    def trust(self, target: Target, place: Path) -> Levels:
        """Return the trust policy of a role for which something at a place asks."""
        if isinstance(target.shape.trust_policy, UnsetType):
            self.refuse(place, f"the role `{target.role.arn}` has no `trust_policy` in this file")
        return ((self.policy((*target.path, "trust_policy"), kinds.TRUST),),)

    def identity(self, shape: UserShape | RoleShape, path: Path) -> Levels:
        """Return the policies of a user or role itself, and those of a user's groups."""  # EVAL-4
        own = self.level((*path, "policies"), len(shape.policies), kinds.IDENTITY)
        for number, name in enumerate(getattr(shape, "groups", ())):
            own += self._group(str(path[1]), name, (*path, "groups", number))
        return (own,)

    def _group(self, account: str, name: str, place: Path) -> Level:
        groups = self._accounts[account].groups
        if name not in groups:
            self.refuse(place, f"this account has no group `{name}`{near(name, groups)}")
        path = ("accounts", account, "groups", name, "policies")
        return self.level(path, len(groups[name].policies), kinds.IDENTITY)

    def boundary(self, shape: UserShape | RoleShape, path: Path) -> Levels:
        """Return the permissions boundary of a user or role."""
        if isinstance(shape.permissions_boundary, UnsetType):
            return NO_LIMIT
        return ((self.policy((*path, "permissions_boundary"), kinds.BOUNDARY),),)

    def _account(self, arn: Arn) -> AccountShape:
        return self._accounts.get(arn.account, _NOBODY)

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


def near(name: str, known: Iterable[str]) -> str:
    """Return the question whether a known name was meant, if one is near."""
    found = nearest(name, tuple(known))
    return f": did you mean `{found}`?" if found else ""


def _mistakes(accounts: Mapping[str, AccountShape]) -> Iterator[Mistake]:
    for account, shape in accounts.items():
        if not ACCOUNT_ID.fullmatch(account):
            message = f"`{account[:40]}` is not an account id: expected 12 digits"
            yield Mistake(("accounts", account), message, on_key=True)
        for kind in ("users", "roles"):
            entities: Mapping[str, UserShape | RoleShape] = getattr(shape, kind)
            for name, entity in entities.items():
                if not _PATH.fullmatch(entity.path):
                    message = f"`{entity.path}` is not a path: expected `/` or `/team/`"
                    yield Mistake(("accounts", account, kind, name, "path"), message)
