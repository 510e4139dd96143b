"""An assertion out of its attributes, whether they come out of XML or out of a test file.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import TYPE_CHECKING, Final

from simulator.arn import Arn, parse_arn
from simulator.catalog.names import fold
from simulator.federation.model import SamlAssertion, Tags, Text
from simulator.federation.saml_names import AWS, is_list, key_of
from simulator.readings import read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROLE: Final = f"{AWS}Role"
_SESSION_NAME: Final = f"{AWS}RoleSessionName"
_DURATION: Final = f"{AWS}SessionDuration"
_SOURCE_IDENTITY: Final = f"{AWS}SourceIdentity"
_TRANSITIVE: Final = f"{AWS}TransitiveTagKeys"
_TAG: Final = f"{AWS}PrincipalTag:"
_KEY: Final = "saml:"


class SamlAttributeError(ValueError):
    """An attribute that cannot be used: its name, and what is so."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"the attribute `{name}` {message}")
        self.name = name


def assertion_of(provider: Arn | str, attributes: Mapping[str, str | list[str]]) -> SamlAssertion:
    """Return an assertion of a provider, its attributes called as in SAML or as condition keys.

    Raises:
        ValueError: the provider has no ARN of one, or an attribute cannot be used.
    """
    arn = provider if isinstance(provider, Arn) else parse_arn(provider)
    if arn is None or arn.kind != "saml-provider":
        raise ValueError(f"`{provider}` is no ARN of a SAML provider")
    lists = {
        name: (text,) if isinstance(text, str) else tuple(text) for name, text in attributes.items()
    }
    return assertion_from(arn, lists, _refuse)


def _refuse(error: SamlAttributeError) -> None:
    raise error


def assertion_from(
    provider: Arn,
    attributes: Mapping[str, tuple[str, ...]],
    complain: Callable[[SamlAttributeError], None],
) -> SamlAssertion:
    """Return an assertion; attributes that cannot be used are complained of."""  # STS-64
    _check_duration(attributes, complain)
    return SamlAssertion(
        provider,
        _with_derived(provider, _condition_keys(attributes)),
        _single(_SESSION_NAME, attributes, complain),
        _tags(attributes, complain),
        attributes.get(_TRANSITIVE, ()),
        _single(_SOURCE_IDENTITY, attributes, complain),
        roles=_pairs(attributes.get(ROLE, ()), complain),
    )


def _condition_keys(attributes: Mapping[str, tuple[str, ...]]) -> dict[str, Text]:
    keys: dict[str, Text] = {}
    for name, values in attributes.items():
        key = _KEY + name[len(_KEY) :] if fold(name).startswith(_KEY) else key_of(name)
        if key is not None and values:
            text = values if is_list(key) or len(values) > 1 else values[0]
            keys.setdefault(key, text)  # AWS takes but one attribute for a key
    return keys


def _with_derived(provider: Arn, keys: dict[str, Text]) -> dict[str, Text]:
    keys.setdefault("saml:doc", f"{provider.account}/{provider.name}")
    issuer = keys.get("saml:iss")
    if isinstance(issuer, str):
        keys.setdefault("saml:namequalifier", name_qualifier(issuer, provider))
    return keys


def name_qualifier(issuer: str, provider: Arn) -> str:
    """Return the hash that tells the subjects of one provider from those of all others.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
    """
    text = f"{issuer}{provider.account}/{provider.name}"
    return b64encode(hashlib.sha1(text.encode(), usedforsecurity=False).digest()).decode()


def subject_type(name_format: str) -> str:
    """Return the format of a name ID as `saml:sub_type` has it: `persistent`, or a whole URI.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
    """
    return name_format.removeprefix("urn:oasis:names:tc:SAML:2.0:nameid-format:")


def _tags(
    attributes: Mapping[str, tuple[str, ...]], complain: Callable[[SamlAttributeError], None]
) -> Tags:
    names = [name for name in attributes if name.startswith(_TAG)]
    values = [(name.removeprefix(_TAG), _single(name, attributes, complain)) for name in names]
    return tuple((key, value) for key, value in values if value is not None)


def _single(
    name: str,
    attributes: Mapping[str, tuple[str, ...]],
    complain: Callable[[SamlAttributeError], None],
) -> str | None:
    values = attributes.get(name, ())
    if len(values) == 1:
        return values[0]
    if name in attributes:
        complain(SamlAttributeError(name, f"has {len(values)} values, and one is wanted"))
    return None


def _check_duration(
    attributes: Mapping[str, tuple[str, ...]], complain: Callable[[SamlAttributeError], None]
) -> None:
    """Complain of a duration that is none; it is for the console, and calls do not heed it."""
    text = _single(_DURATION, attributes, complain)
    if text is not None and not isinstance(read_number(text), int):
        complain(SamlAttributeError(_DURATION, "is no whole number of seconds"))


def _pairs(
    values: tuple[str, ...], complain: Callable[[SamlAttributeError], None]
) -> tuple[tuple[str, str], ...]:
    pairs = [_pair(value) for value in values]
    if None in pairs:
        wanted = "needs the ARN of a role, a comma, and the ARN of a SAML provider"
        complain(SamlAttributeError(ROLE, wanted))
    return tuple(pair for pair in pairs if pair is not None)


def _pair(value: str) -> tuple[str, str] | None:
    by_kind = {}
    for text in map(str.strip, value.split(",")):
        arn = parse_arn(text)
        by_kind[arn.kind if arn else ""] = text
    if by_kind.keys() != {"role", "saml-provider"}:
        return None
    return by_kind["role"], by_kind["saml-provider"]
