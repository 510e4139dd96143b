"""Whom of those that a policy names it probably means to be the caller, and why that is not so."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from simulator.diagnosis.near import callers, providers, services
from simulator.diagnosis.near.miss import Least, least
from simulator.request.principal import Anonymous, Federated, ServicePrincipal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.policy.model import PrincipalEntry
    from simulator.request.principal import Principal

_Pair = TypeVar("_Pair")


class Nearest(NamedTuple):
    """Which of the principals is nearest to the caller, and what to say of it, if anything.

    Where it is `near`, it was probably meant to be the caller; `of_account` is whether nothing but
    the account is another one. Where it is `barred`, there can be no such principal.
    """

    place: int
    why: str | None = None
    near: bool = False
    of_account: bool = False
    barred: bool = False


def nearest_principal(entries: Iterable[PrincipalEntry], caller: Principal) -> Nearest | None:
    """Return which principal of a policy is nearest to a caller; none is to one who is nobody."""
    match caller:
        case Anonymous():
            return None
        case ServicePrincipal(name=name):
            of_services = (services.Pair(entry, name) for entry in entries)
            return _told(least(of_services, services.MISSES, services.likeness_of))
        case Federated(provider=provider):
            of_providers = (providers.pair(entry, provider) for entry in entries)
            return _told(least(of_providers, providers.MISSES, providers.likeness_of))
        case signed:
            of_callers = (callers.pair(entry, signed) for entry in entries)
            return _told(least(of_callers, callers.MISSES, callers.likeness_of))


def _told(found: Least[_Pair] | None) -> Nearest | None:
    if found is None:
        return None
    of_account = found.miss in callers.ACCOUNTS
    return Nearest(found.place, found.why, found.miss.near, of_account, found.miss.barred)
