"""Where a condition key is listed: in our own table, or with the keys of a service.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, TypedDict

from simulator.catalog.actions import is_service
from simulator.catalog.data import load
from simulator.catalog.global_keys import GLOBAL_KEYS, ConditionKey, Presence
from simulator.catalog.keys import MULTIVALUED
from simulator.catalog.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

CLAIMS: Final = ("amr", "aud", "email", "oaud", "sub")
"""What AWS takes from the token of any OpenID Connect provider."""

_PLACEHOLDER: Final = re.compile(r"\$\{[^}]*\}|<[^>]*>")

_AT_END: Final = re.compile(rf"[/:](?:{_PLACEHOLDER.pattern})$")

# Services that list keys with the prefix of another one, which does not.
_ALSO: Final = {
    "ec2": ("ec2-instance-connect",),
    "identitystore": ("q", "qbusiness"),
    "iot": ("iotjobsdata",),
}

_Prefixes: TypeAlias = "tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]"


class Found(NamedTuple):
    """A key, and how the list that has it writes it: with `${TagKey}` for a tag."""

    listed: str
    key: ConditionKey


class _RawKey(TypedDict):
    key: str
    type: str


class _Table(NamedTuple):
    keys: tuple[ConditionKey, ...]
    exact: dict[str, ConditionKey]
    patterns: tuple[tuple[re.Pattern[str], ConditionKey], ...]


@lru_cache(maxsize=4096)
def find(name: str, service: str = "") -> Found | None:
    """Return the key of a name, whatever its letter case, if need be from a certain service."""
    for table in _tables(name, service):
        found = _look_up(table, name)
        if found is not None:
            return found
    prefix, _, claim = name.partition(":")
    listed = f"{prefix}:{fold(claim)}"
    return Found(listed, _key(listed, "String")) if _is_claim(prefix, claim) else None


def _is_claim(prefix: str, claim: str) -> bool:
    return is_issuer(prefix) and fold(claim) in CLAIMS


def is_issuer(prefix: str) -> bool:
    """Whether a prefix is the address of an OpenID Connect provider, not the name of a service."""
    host = prefix.partition("/")[0]
    return "." in host.strip(".") and not any(map(str.isspace, prefix))


def _tables(name: str, service: str) -> Iterator[_Table]:
    yield _global_table()
    for listing in services_of(name.partition(":")[0]):
        yield _table_of(listing)
    if is_service(service):  # some list keys that have the prefix of another service
        yield _table_of(fold(service))


def services_of(prefix: str) -> tuple[str, ...]:
    """Return the services that list the keys with a prefix."""
    if is_service(prefix):
        return (fold(prefix), *_ALSO.get(fold(prefix), ()))
    lists = (services for pattern, services in _prefixes() if pattern.fullmatch(fold(prefix)))
    return next(lists, ())


@cache
def _prefixes() -> _Prefixes:
    def build(raw: dict[str, list[str]]) -> _Prefixes:
        return tuple((_pattern(prefix), tuple(services)) for prefix, services in raw.items())

    return load("unassociatedConditions.json", build)


@cache
def _global_table() -> _Table:
    return _table(GLOBAL_KEYS)


@cache
def _table_of(service: str) -> _Table:
    def build(raw: dict[str, _RawKey]) -> _Table:
        return _table(tuple(_key(key["key"], key["type"]) for key in raw.values()))

    return load(f"conditionKeys/{service}.json", build)


def _table(keys: tuple[ConditionKey, ...]) -> _Table:
    exact = {fold(key.name): key for key in keys if not _PLACEHOLDER.search(key.name)}
    others = (key for key in keys if _PLACEHOLDER.search(key.name))
    return _Table(keys, exact, tuple((_pattern(key.name), key) for key in others))


def _pattern(listed: str) -> re.Pattern[str]:
    # No listed key has more than one. One before the colon stands for a part of an address.
    parts = _PLACEHOLDER.split(fold(listed), maxsplit=1)
    anything = "(.+)" if ":" in parts[0] else "([^:]+)"
    return re.compile(anything.join(map(re.escape, parts)), re.DOTALL)


def _look_up(table: _Table, name: str) -> Found | None:
    folded = fold(name)  # CND-3
    if folded in table.exact:
        key = table.exact[folded]
        return Found(key.name, key)
    for pattern, key in table.patterns:
        match = pattern.fullmatch(folded)
        if match:
            meant = fill(key.name, name[slice(*match.span(1))])
            return Found(key.name, key._replace(name=meant))
    return None


def fill(listed: str, meant: str) -> str:
    """Return a key as it is listed, with something in its placeholder."""
    return _PLACEHOLDER.sub(lambda _: meant, listed)


def bare(listed: str) -> str:
    """Return a key as it is listed, without the tag at its end."""
    return _AT_END.sub("", listed)


def _key(name: str, type_: str) -> ConditionKey:
    folded, presence = fold(name), Presence.LISTED
    if is_issuer(name.partition(":")[0]):
        presence = Presence.TOKEN
    elif folded.startswith("saml:"):
        presence = Presence.ASSERTION
    several = type_.startswith("ArrayOf") or folded in MULTIVALUED or folded.endswith(":amr")
    return ConditionKey(name, type_.removeprefix("ArrayOf"), several, None, presence)


@lru_cache(maxsize=1024)
def listed_under(prefix: str) -> tuple[str, ...]:
    """Return what keys with a prefix have after it, as they are listed."""
    tables = (_global_table(), *map(_table_of, services_of(prefix)))
    split = (key.name.partition(":") for table in tables for key in table.keys)
    listed = [rest for start, _, rest in split if _pattern(start).fullmatch(fold(prefix))]
    return tuple(dict.fromkeys([*listed, *(CLAIMS if is_issuer(prefix) else ())]))
