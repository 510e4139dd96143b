"""Ranges of addresses that no call from the internet comes from.

Not those of documentation, which stand in examples for public ones.
https://www.iana.org/assignments/iana-ipv4-special-registry and the one of IPv6
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from simulator.readings import read_network

if TYPE_CHECKING:
    from simulator.readings import Network

_PRIVATE: Final = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
    *("127.0.0.0/8", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10"),
)


def is_private(network: Network) -> bool:
    """Whether all addresses of a network are private."""
    return any(is_within(network, wide) for wide in _networks())


@cache
def _networks() -> tuple[Network, ...]:
    return tuple(wide for text in _PRIVATE if (wide := read_network(text)) is not None)


def is_within(network: Network, wide: Network) -> bool:
    """Whether a network is one within another one, or is that one."""
    beyond = wide.host_bits - network.host_bits
    return network.version == wide.version and beyond >= 0 and network.first >> beyond == wide.first
