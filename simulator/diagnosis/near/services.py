"""How a principal of a policy can be the service that calls but for one thing.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.diagnosis.near.miss import Miss
from simulator.diagnosis.near.slips import likeness, slip
from simulator.policy.lint.service_names import SERVICE_PRINCIPALS

if TYPE_CHECKING:
    from simulator.policy.model import PrincipalEntry

_KNOWN: Final = frozenset(SERVICE_PRINCIPALS)
_SUFFIXES: Final = (".amazonaws.com", ".amazonaws.com.cn")
_ALIKE: Final = 0.8


class Pair(NamedTuple):
    """A principal of a policy beside the name by which a service calls."""

    entry: PrincipalEntry
    caller: str

    @property
    def is_service(self) -> bool:
        """Whether the policy names a service here."""
        return self.entry.kind == "Service"


def likeness_of(pair: Pair) -> float:
    """Return how much of the two is alike, between 0 and 1."""
    return likeness(pair.entry.value.lower(), pair.caller)


def _stem(name: str) -> str:
    """Return a name without the suffix that differs from partition to partition."""
    return next((name.removesuffix(s) for s in reversed(_SUFFIXES) if name.endswith(s)), name)


def _other_case(pair: Pair) -> bool:
    return pair.is_service and pair.entry.value.lower() == pair.caller.lower()


def _other_suffix(pair: Pair) -> bool:
    return pair.is_service and _stem(pair.entry.value) == _stem(pair.caller)


def _of_region(pair: Pair) -> bool:
    """Whether the one is the other with a region before the suffix."""
    ours, theirs = _stem(pair.caller).split("."), _stem(pair.entry.value).split(".")
    regions = [word for word in (*ours[1:], *theirs[1:]) if "-" in word]
    return pair.is_service and ours[0] == theirs[0] and bool(regions)


def _is_unknown(pair: Pair) -> bool:
    """Whether no service is known to call by the name in the policy."""
    return pair.is_service and f"{_stem(pair.entry.value)}.amazonaws.com" not in _KNOWN


def _other_host(pair: Pair) -> bool:
    same = pair.entry.value.split(".")[0] == pair.caller.split(".")[0]
    return _is_unknown(pair) and same


def _misspelt(pair: Pair) -> bool:
    return _is_unknown(pair) and _alike(pair)


def _kin(pair: Pair) -> bool:
    """Whether one name goes on where the other ends, as those of one service's parts do."""
    short, long = sorted((_stem(pair.caller), _stem(pair.entry.value)), key=len)
    return pair.is_service and long.startswith((f"{short}-", f"{short}.")) and short != long


def _alike(pair: Pair) -> bool:
    ours, theirs = _stem(pair.caller), _stem(pair.entry.value)
    near = slip(ours, theirs) is not None or likeness(ours, theirs) >= _ALIKE
    return pair.is_service and near


def _everyone(pair: Pair) -> bool:
    return (pair.entry.kind, pair.entry.value) == ("AWS", "*")


MISSES: Final[tuple[Miss[Pair], ...]] = (
    Miss("names of services are written in lower case", _other_case, barred=True),  # PRN-5
    Miss(  # PRN-5
        "the name of a service ends in `.amazonaws.com`, and for a few in China in"
        " `.amazonaws.com.cn`: this one calls by the other",
        _other_suffix,
        barred=True,
    ),
    Miss(
        "a service has one name for all regions, and a few have another for each: this one calls"
        " by the other",
        _of_region,
    ),
    Miss(
        "`{0.entry.value}` looks like the service, but nobody calls by that name",
        _other_host,
        barred=True,
    ),
    Miss(
        "the two are nearly alike: was `{0.entry.value}` meant to be the service?",
        _misspelt,
        barred=True,
    ),
    Miss("two names of one service's parts: `{0.entry.value}` is not `{0.caller}`", _kin),
    Miss("the two are nearly alike: was `{0.entry.value}` meant to be the service?", _alike),
    Miss(  # STAR-SERVICE
        '`{{"AWS": "*"}}` means the principals of all accounts, and a service is in none',
        _everyone,
        near=False,
    ),
    Miss(  # PRN-36
        "a service is named under `Service`: what stands under `AWS` has credentials of an account",
        lambda pair: pair.entry.kind == "AWS",
        near=False,
    ),
    Miss(  # EVAL-70
        "a service that calls by its own name has no policies: the resource alone decides",
        lambda _: True,
        near=False,
    ),
)
