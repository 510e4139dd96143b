"""How strongly the principals of a statement name the caller.

A caller has names: the texts by which a policy may speak of it, each with its strength. A policy
is searched by these names, so that it costs nothing how many others it speaks of.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from simulator.arn import Arn, parse_arn
from simulator.catalog.doubts import Doubt
from simulator.catalog.roles import IDENTITY_CENTER_NAME, IDENTITY_CENTER_PATH
from simulator.request.principal import (
    UNSIGNED,
    AccountRoot,
    Anonymous,
    Federated,
    FederatedUser,
    RoleSession,
    ServicePrincipal,
    User,
)
from simulator.request.request import NO_RESOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.catalog.doubts import Doubts
    from simulator.policy.model import PrincipalEntry, PrincipalPattern
    from simulator.request.principal import Principal
    from simulator.request.request import Request

#: The type of a principal and its text, or what of the text counts; one text hashes fastest.
Key: TypeAlias = str
_EVERYONE: Key = "* *"
_EVERY_ACCOUNT: Key = "AWS *"


class Reach(IntEnum):
    """How strongly a caller is named; the stronger, the less else has to allow."""

    NOBODY = 0
    ACCOUNT = 1  # the caller's account, which must in turn allow
    ENTITY = 2  # the role of the session, the user of the federated session
    DIRECT = 3  # this very user or session, or everyone


class Name(NamedTuple):
    """One way in which a policy may speak of a caller; `sure` is false where nobody knows it."""

    key: Key
    reach: Reach
    sure: bool = True


class Naming(NamedTuple):
    """How strongly a statement names a caller: for sure, and at most."""

    sure: Reach
    most: Reach


UNNAMED = Naming(Reach.NOBODY, Reach.NOBODY)
#: Statements without principals speak of whoever their policy is attached to.
ATTACHED = Naming(Reach.DIRECT, Reach.DIRECT)


def names_of(request: Request, opened: Doubts) -> tuple[Name, ...]:
    """Return the names of a request's caller to the policies of its resource."""
    partition, names = _names(request.principal, request.canonical_user, opened)
    if request.resource.startswith(partition) or request.resource == NO_RESOURCE:
        return names
    return ()  # EVAL-33x


@lru_cache(maxsize=256, typed=True)  # principals of two kinds may have the same fields
def _names(
    principal: Principal, canonical_user: str | None, opened: Doubts
) -> tuple[str, tuple[Name, ...]]:
    """Return how ARNs of a caller's partition begin, and the caller's names."""
    names = list(_ways(principal, opened))
    if canonical_user is not None and not isinstance(principal, UNSIGNED):
        sure = Doubt.CANONICAL not in opened
        names.append(Name(f"CanonicalUser {canonical_user}", Reach.ACCOUNT, sure))  # CANONICAL
    if isinstance(principal, UNSIGNED):
        return "", tuple(names)
    return f"arn:{principal.arn.partition}:", tuple(names)


def _ways(principal: Principal, opened: Doubts) -> Iterator[Name]:
    if isinstance(principal, (ServicePrincipal, Federated)):
        yield Name(_key_of(principal), Reach.DIRECT)  # PRN-36
        yield Name(_EVERYONE, Reach.DIRECT, Doubt.STAR_SERVICE not in opened)  # STAR-SERVICE
        if Doubt.STAR_SERVICE in opened:
            yield Name(_EVERY_ACCOUNT, Reach.DIRECT, sure=False)
        return
    yield Name(_EVERYONE, Reach.DIRECT)  # PRN-7, PRN-30
    yield Name(_EVERY_ACCOUNT, Reach.DIRECT)
    if isinstance(principal, Anonymous):
        return
    arn = principal.arn
    yield Name(f"AWS {arn.account}", Reach.ACCOUNT)  # PRN-3, PRN-31
    yield Name(f"AWS arn:{arn.partition}:iam::{arn.account}:root", Reach.ACCOUNT)
    if not isinstance(principal, AccountRoot):
        # PRN-10, PRN-32, PRN-34, PRN-35
        by_token = isinstance(principal, User) and principal.by_token
        yield Name(f"AWS {arn}", Reach.DIRECT, not by_token or Doubt.TOKEN_DIRECT not in opened)
    if isinstance(principal, (User, RoleSession)) and principal.unique_id is not None:
        reach = Reach.DIRECT if isinstance(principal, User) else Reach.ENTITY
        sure = Doubt.UNIQUE_ID not in opened
        yield Name(f"AWS {principal.unique_id}", reach, sure)  # PRN-20, PRN-21
    yield from _behind(principal)


def _key_of(principal: ServicePrincipal | Federated) -> Key:
    if isinstance(principal, Federated):
        return f"Federated {principal.provider}"
    return f"Service {principal.name}"


def _behind(principal: Principal) -> Iterator[Name]:
    """Yield the names of the role or user behind a session."""
    match principal:
        case RoleSession(role=Arn() as role):
            yield Name(f"AWS {role}", Reach.ENTITY)  # PRN-33
        case RoleSession(arn=arn):
            yield Name(_role_key(arn, principal.role_name), Reach.ENTITY)
        case FederatedUser(user=Arn() as user):
            yield Name(f"AWS {user}", Reach.ENTITY)  # PRN-35, FED-DENY-USER
        case FederatedUser(arn=arn):
            yield Name(_user_key(arn), Reach.ENTITY, sure=False)
        case _:
            pass


def keys_of(entry: PrincipalEntry) -> Iterator[Key]:
    """Yield the keys under which a principal of a policy is found."""
    yield f"{entry.kind} {entry.value}"
    if entry.kind != "AWS":
        return
    named = parse_arn(entry.value)
    if named is not None and (named.service, named.kind) == ("iam", "role"):
        # RES-10: roles of Identity Center always have a path, so the bare name is nobody's
        bare = named.name.startswith(IDENTITY_CENTER_NAME) and not named.resource.startswith(
            IDENTITY_CENTER_PATH
        )
        if not bare:
            yield _role_key(named, named.name)
    elif named is not None and (named.service, named.kind) == ("iam", "user"):
        yield _user_key(named)


def _role_key(arn: Arn, name: str) -> Key:
    """Return what of a role's ARN counts where the caller's path is not known."""  # PRN-33
    return f"role {arn.partition}:{arn.account}:{name}"


def _user_key(arn: Arn) -> Key:
    """Return what of a user's ARN counts where nobody knows which user it is."""
    return f"user {arn.partition}:{arn.account}"


def naming(
    pattern: PrincipalPattern | None,
    names: Sequence[Name],
    *,
    denies: bool = False,
    part_exempts: bool = True,
) -> Naming:
    """Return how strongly a statement names a caller; the strongest way counts.

    `NotPrincipal` exempts whom it names; where the statement `denies`, the account alone exempts
    none of its users and roles. `part_exempts` is whether one name of a caller is enough.
    """  # PRN-9, PRN-37
    if pattern is None:
        return ATTACHED
    if not names:
        return UNNAMED  # EVAL-33x
    keys = {key for entry in pattern.entries for key in keys_of(entry)}
    found = [name for name in names if name.key in keys]
    if not pattern.negated:
        return strongest(found)
    if not keys:
        return UNNAMED  # EMPTY-NOT
    least = min(Reach.ENTITY, _own_reach(names)) if denies else Reach.ACCOUNT
    exempting = [name for name in found if name.reach >= least]
    if part_exempts and any(name.sure for name in exempting):
        return UNNAMED  # NOTPRINCIPAL
    is_open = exempting if part_exempts else found
    return Naming(Reach.NOBODY if is_open else Reach.DIRECT, Reach.DIRECT)  # PRN-25


def _own_reach(names: Sequence[Name]) -> Reach:
    """Return how strongly a caller is named at most by a text that is not about everyone."""
    own = (name.reach for name in names if name.key not in (_EVERYONE, _EVERY_ACCOUNT))
    return max(own, default=Reach.DIRECT)


def strongest(names: Sequence[Name]) -> Naming:
    """Return the strongest of some names: for sure, and at most."""
    sure = max([name.reach for name in names if name.sure], default=Reach.NOBODY)
    return Naming(sure, max([name.reach for name in names], default=Reach.NOBODY))
