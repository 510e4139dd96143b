"""How a principal of a policy can be the identity provider of a caller but for one thing.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.arn import Arn, parse_arn
from simulator.diagnosis.near.miss import Miss
from simulator.diagnosis.near.slips import likeness, slip

if TYPE_CHECKING:
    from simulator.policy.model import PrincipalEntry

_NOTHING: Final = Arn("", "", "", "", "")
_ALIKE: Final = 0.8


class Pair(NamedTuple):
    """A principal of a policy beside the provider that vouches for the caller."""

    entry: PrincipalEntry
    named: Arn
    provider: Arn

    @property
    def is_of_account(self) -> bool:
        """Whether both are of one account."""
        return self.named.account == self.provider.account


def pair(entry: PrincipalEntry, provider: str) -> Pair:
    """Return a principal of a policy beside a provider; what is no ARN is like nothing."""
    federated = entry.kind == "Federated"
    named = (parse_arn(entry.value) or Arn("", "", "", "", entry.value)) if federated else _NOTHING
    return Pair(entry, named, parse_arn(provider) or Arn("", "", "", "", provider))


def likeness_of(pair: Pair) -> float:
    """Return how much of the two is alike, between 0 and 1."""
    return likeness(pair.entry.value.lower(), str(pair.provider).lower())


def _other_account(pair: Pair) -> bool:
    return pair.named.resource == pair.provider.resource and not pair.is_of_account


def _other_partition(pair: Pair) -> bool:
    return pair.named.resource == pair.provider.resource and pair.is_of_account


def _other_case(pair: Pair) -> bool:
    return str(pair.named).lower() == str(pair.provider).lower()


def _has_scheme(pair: Pair) -> bool:
    return "://" in pair.named.resource and _address(pair.named) == _address(pair.provider)


def _has_slash(pair: Pair) -> bool:
    return _address(pair.named) == _address(pair.provider) != ""


def _address(provider: Arn) -> str:
    """Return what comes after the kind of a provider, without what does not belong there."""
    _, _, address = provider.resource.partition("/")
    return address.rpartition("://")[2].rstrip("/").lower()


def _other_kind(pair: Pair) -> bool:
    return bool(pair.named.kind) and pair.named.kind != pair.provider.kind


def _other_of_host(pair: Pair) -> bool:
    ours, theirs = _address(pair.provider), _address(pair.named)
    return pair.is_of_account and ours.partition("/")[0] == theirs.partition("/")[0] != ""


def _alike(pair: Pair) -> bool:
    if not pair.is_of_account or pair.named.kind != pair.provider.kind:
        return False
    ours, theirs = _address(pair.provider), _address(pair.named)
    return slip(ours, theirs) is not None or likeness(ours, theirs) >= _ALIKE


MISSES: Final[tuple[Miss[Pair], ...]] = (
    Miss("upper and lower case count in the ARN of a provider", _other_case),
    Miss("the ARN of a provider has the issuer's address without `https://`", _has_scheme),
    Miss(  # STS-61
        "the policy names the provider of the account `{0.named.account}`, and the token is taken"
        " by that of the role's account, `{0.provider.account}`",
        _other_account,
    ),
    Miss(
        "the partitions of the two differ: `{0.named.partition}` is not `{0.provider.partition}`",
        _other_partition,
    ),  # EVAL-33x
    Miss(
        "a slash at the end is part of an issuer's address: the one has it, and the other does not",
        _has_slash,
    ),
    Miss(
        "it names `{0.entry.value}`, another one of the same host: compare the end",
        _other_of_host,
    ),
    Miss("it names `{0.entry.value}`, which differs by little: compare letter by letter", _alike),
    Miss(  # STS-60, STS-61
        "a token comes from an `oidc-provider`, and an assertion from a `saml-provider`",
        _other_kind,
        near=False,
    ),
    Miss(  # PRN-36
        "a principal under `AWS` or `Service` means callers with credentials of AWS: whom a"
        " provider vouches for is named under `Federated`",
        lambda pair: pair.entry.kind != "Federated",
        near=False,
    ),
    Miss(
        "name the provider of the role's own account under `Federated`, with its ARN",
        lambda _: True,
        near=False,
    ),
)
