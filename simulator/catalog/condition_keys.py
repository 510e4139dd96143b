"""Condition keys: what each holds, and which requests have it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from simulator.catalog.actions import find_action, meant_services, weight
from simulator.catalog.global_keys import (
    ENDPOINT_SERVICES,
    REPLACED,
    WITHOUT_RESOURCE_ACCOUNT,
    ConditionKey,
    Presence,
)
from simulator.catalog.key_tables import (
    CLAIMS,
    bare,
    fill,
    find,
    is_issuer,
    listed_under,
    services_of,
)
from simulator.catalog.names import best, fold, likeness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.catalog.actions import Action
    from simulator.catalog.key_tables import Found

# What of a token and of an assertion later calls have too: STS-63
_LASTING: Final = frozenset({"amr", "aud", "id", "sub"})
_LASTING_SAML: Final = frozenset({"saml:namequalifier", "saml:sub", "saml:sub_type"})

_WEB_IDENTITY: Final = "sts:AssumeRoleWithWebIdentity"
_UNSIGNED: Final = frozenset({"sts:AssumeRoleWithSAML", _WEB_IDENTITY})  # ACT-7
_OF_CREDENTIALS: Final = frozenset(
    {
        Presence.SIGNED,
        Presence.ORGANIZATION,
        Presence.PRINCIPAL_TAGS,
        Presence.USER,
        Presence.TEMPORARY,
        Presence.MFA,  # CTX-42
        Presence.MFA_USED,
        Presence.ASSUMED_ROOT,
        Presence.SIGN_IN,
        Presence.CHAT,
        Presence.SOURCE_IDENTITY,
        Presence.IDENTITY_CENTER,
        Presence.CREDENTIALS,
    }
)
# What stands for the key of a tag in lists that are not made as the others are.
_TAG_WORDS: Final = ("${TagKey}", "tag-key")
_OF_RESOURCE: Final = frozenset({Presence.RESOURCE, Presence.RESOURCE_ORGANIZATION})
_BY_LIST: Final = frozenset({Presence.LISTED, Presence.TAGS, Presence.TOKEN, Presence.ASSERTION})


def find_key(name: str, action: str | None = None) -> ConditionKey | None:
    """Return what is known about a key, whatever its letter case, in requests for an action."""
    found = find(name, (action or "").partition(":")[0])
    return found and found.key


def is_known_key(name: str) -> bool | None:
    """Whether AWS has a key, or nothing where only the owner of its prefix can know."""
    if find(name) is not None:
        return True
    prefix, colon, _ = name.partition(":")
    is_ours = not colon or fold(prefix) == "aws" or services_of(prefix)
    return False if is_ours else None  # CND-6


def can_carry(action: str, key: str) -> bool | None:
    """Whether there are requests for an action that have a key, or nothing where that is open."""
    found, known = find(key, action.partition(":")[0]), find_action(action)
    if found is None:
        return False if is_known_key(key) is False else None
    if known is not None and known.name in _UNSIGNED and found.key.presence in _OF_CREDENTIALS:
        return False
    return _carries(known, found)


def _carries(action: Action | None, found: Found) -> bool | None:
    presence = found.key.presence
    if presence in _BY_LIST:
        return _is_listed(action, found)
    if presence is Presence.RESOURCE_TAGS:
        return _has_resource_tags(action, found)
    if presence in _OF_RESOURCE:
        return action is None or not _hides_owner(action)
    if found.listed in ENDPOINT_SERVICES:
        return _has_endpoint_key(action, found)
    return None if presence is Presence.MCP_ACTION else True


def _is_listed(action: Action | None, found: Found) -> bool | None:
    prefix, _, claim = found.key.name.partition(":")
    lasts = found.listed in _LASTING_SAML or (is_issuer(prefix) and claim in _LASTING)
    if action is None:
        return lasts or None
    if _lists(action, found.listed):
        return True
    if action.name in _UNSIGNED:
        return action.name == _WEB_IDENTITY and is_issuer(prefix) and claim in CLAIMS
    return lasts


def _lists(action: Action, listed: str) -> bool:
    if listed in action.condition_keys:
        return True
    # Some lists have a key of tags twice: `ssm:resourceTag/${TagKey}`, `ssm:resourceTag/tag-key`.
    start, tag = listed.rsplit("/", 1) if "/" in listed else (listed, "")
    return bool(tag) and any(f"{start}/{other}" in action.condition_keys for other in _TAG_WORDS)


def _has_resource_tags(action: Action | None, found: Found) -> bool | None:
    if action is not None and _lists(action, found.listed):
        return True
    # Not all that have tags are listed with them.
    return None if action is None or action.has_resource else False


def _hides_owner(action: Action) -> bool:
    return action.name.startswith("ebs:") or action.name in WITHOUT_RESOURCE_ACCOUNT


def _has_endpoint_key(action: Action | None, found: Found) -> bool | None:
    if action is None or action.name == "iam:PassRole":
        return None if action is None else False
    return True if action.name.partition(":")[0] in ENDPOINT_SERVICES[found.listed] else None


@lru_cache(maxsize=1024)
def nearest_keys(name: str, most: int = 3) -> tuple[str, ...]:
    """Return the names of the keys that were probably meant, the likeliest first."""
    prefix, _, rest = name.rpartition(":") if name.count(":") <= 1 else name.partition(":")
    replaced = [(1.0, key) for key in REPLACED.get(fold(name), ())]
    return best([*replaced, *_like(prefix, rest)], most)


def _like(prefix: str, rest: str) -> Iterator[tuple[float, str]]:
    others = () if is_issuer(prefix) else ("aws", "sts", *meant_services(prefix))
    word, _, tag = rest.partition("/")
    for start in dict.fromkeys([*others, prefix]):
        keys = {bare(key): key for key in listed_under(start)}
        for score, like in likeness(word, keys):
            meant = fill(keys[like], tag) if tag else keys[like]
            yield score * weight(prefix, start), f"{start}:{meant}"
