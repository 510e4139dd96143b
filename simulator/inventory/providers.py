"""The identity providers of accounts: what several places say of them, put together."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulator.inventory.combine import Combiner
    from simulator.inventory.facts import Gathered, Listed, Spot


def compare(gathered: Gathered, combiner: Combiner) -> None:
    """Tell the combiner of places that say different things of identity providers."""
    for what, one, other in _differing(gathered):
        combiner.contradiction(what, one, other)


def oidc_of(gathered: Gathered, account: str) -> Mapping[str, frozenset[str] | None] | None:
    """Return the client ids of each OIDC provider of an account; nothing where nobody said."""
    lists, clients = gathered.oidc.get(account), gathered.clients.get(account, {})
    if lists is None and not clients:
        return None
    listed = sorted(lists[0].names) if lists else ()
    known = {url: said[0].names for url, said in clients.items()}
    return MappingProxyType({**dict.fromkeys(listed), **known})


def saml_of(gathered: Gathered, account: str) -> frozenset[str] | None:
    """Return the ARNs of the SAML providers of an account; nothing where nobody listed them."""
    lists = gathered.saml.get(account)
    return lists[0].names if lists else None


def _differing(gathered: Gathered) -> Iterator[tuple[str, Spot, Spot]]:
    """Yield what two places disagree about."""
    for account, lists in gathered.oidc.items():
        yield from _among(f"the OIDC providers of account {account}", lists)
    for account, lists in gathered.saml.items():
        yield from _among(f"the SAML providers of account {account}", lists)
    for account, urls in gathered.clients.items():
        for url, said in urls.items():
            yield from _among(f"the client ids of `{url}` in account {account}", said)
            for listed in gathered.oidc.get(account, ())[:1]:
                if url not in listed.names:
                    what = f"whether account {account} has the provider `{url}`"
                    yield what, listed.spot, said[0].spot


def _among(what: str, said: Sequence[Listed]) -> Iterator[tuple[str, Spot, Spot]]:
    first = said[0]
    for other in said[1:]:
        if other.names != first.names:
            yield what, first.spot, other.spot
            return
