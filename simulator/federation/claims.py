"""A token's claims as a web identity, whether they come out of a token or out of a test file.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.arn import parse_arn
from simulator.federation.model import Tags, Text, WebIdentity
from simulator.readings import read_number
from simulator.syntax import Number, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from simulator.syntax import JsonValue, Path

SCHEME: Final = "https://"
SOURCE_IDENTITY: Final = "https://aws.amazon.com/source_identity"
ROLES: Final = "https://aws.amazon.com/roles"
TRANSITIVE: Final = "https://aws.amazon.com/tags/transitive_tag_keys"
_TAGS: Final = "https://aws.amazon.com/tags"
_TAG: Final = "https://aws.amazon.com/tags/principal_tags/"


class ClaimError(ValueError):
    """A claim that cannot be used: its name, and what is so."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"the claim `{name}` {message}")
        self.name = name


class Claim(NamedTuple):
    """A claim, or a member of one that is an object, and where it stands."""

    name: str
    path: Path
    text: Text


def claims_identity(provider: str, claims: Mapping[str, str | list[str]]) -> WebIdentity:
    """Return who presents a token of a provider, given by its ARN, its address or its name.

    Raises:
        ClaimError: one of the claims that AWS reads for itself cannot be used.
    """
    arn = parse_arn(provider)
    issuer = arn.resource.partition("/")[2] if arn else provider.removeprefix(SCHEME)
    texts = {name: text if isinstance(text, str) else tuple(text) for name, text in claims.items()}
    return identity_of(issuer, texts, _refuse)


def _refuse(error: ClaimError) -> None:
    raise error


def flat(claims: Mapping[str, JsonValue]) -> Iterator[Claim]:
    """Yield the claims as text; of objects the members, their names after a slash."""
    yield from _members((), claims)


def _members(path: Path, members: Mapping[str, JsonValue]) -> Iterator[Claim]:
    for name, value in members.items():
        here = (*path, name)
        if isinstance(value, dict):  # no deeper than a document may be nested
            yield from _members(here, value)
        elif value is not None:
            yield Claim("/".join(map(str, here)), here, _text(value))


def _text(value: JsonValue) -> Text:
    return tuple(map(_word, value)) if isinstance(value, list) else _word(value)


def _word(value: JsonValue) -> str:
    return str(value) if isinstance(value, str | Number) else encode(value)


def identity_of(
    issuer: str, claims: Mapping[str, Text], complain: Callable[[ClaimError], None]
) -> WebIdentity:
    """Return who presents a token with some claims; what cannot be used is complained of."""
    transitive, roles = claims.get(TRANSITIVE, ()), claims.get(ROLES)
    return WebIdentity(
        issuer,
        {name: text for name, text in claims.items() if not _is_for_aws(name)},
        _tags(claims, complain),
        _list(transitive),
        _single(SOURCE_IDENTITY, claims, complain),
        _expires(claims, complain),
        None if roles is None else _list(roles),
    )


def _is_for_aws(name: str) -> bool:
    return name in {SOURCE_IDENTITY, ROLES, _TAGS} or name.startswith(f"{_TAGS}/")


def _tags(claims: Mapping[str, Text], complain: Callable[[ClaimError], None]) -> Tags:  # STS-64
    for name in (_TAGS, _TAG.removesuffix("/")):
        if name in claims:
            complain(ClaimError(name, "is no JSON object"))
    names = [name for name in claims if name.startswith(_TAG)]
    values = [(name.removeprefix(_TAG), _single(name, claims, complain)) for name in names]
    return tuple((key, value) for key, value in values if value is not None)


def _single(
    name: str, claims: Mapping[str, Text], complain: Callable[[ClaimError], None]
) -> str | None:
    values = _list(claims.get(name, ()))
    if len(values) == 1:
        return values[0]
    if name in claims:
        complain(ClaimError(name, f"has {len(values)} values, and one is wanted"))
    return None


def _expires(claims: Mapping[str, Text], complain: Callable[[ClaimError], None]) -> int | None:
    text = claims.get("exp")
    if text is None:
        return None
    seconds = read_number(text) if isinstance(text, str) else None
    if seconds is None:
        complain(ClaimError("exp", "is no number of seconds since 1970"))
    return None if seconds is None else int(seconds)


def _list(value: Text) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
