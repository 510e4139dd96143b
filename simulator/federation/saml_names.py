"""Attributes of assertions, and the condition keys AWS makes of them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html#saml-attribute-mapping
"""

from __future__ import annotations

from typing import Final

from simulator.catalog.keys import MULTIVALUED
from simulator.catalog.names import fold

AWS: Final = "https://aws.amazon.com/SAML/Attributes/"
"""How attributes begin that AWS reads for itself; letter case counts."""

_PERSON: Final = "urn:oid:1.3.6.1.4.1.5923.1.1.1."
_ORGANIZATION: Final = "urn:oid:1.3.6.1.4.1.5923.1.2.1."
_CLAIMS: Final = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"

# As AWS has it, but for three X.500 names in which a digit or a dot is wrong there.
NAMES: Final = {
    f"{_PERSON}1": "edupersonaffiliation",
    f"{_PERSON}2": "edupersonnickname",
    f"{_PERSON}3": "edupersonorgdn",
    f"{_PERSON}4": "edupersonorgunitdn",
    f"{_PERSON}5": "edupersonprimaryaffiliation",
    f"{_PERSON}6": "edupersonprincipalname",
    f"{_PERSON}7": "edupersonentitlement",
    f"{_PERSON}8": "edupersonprimaryorgunitdn",
    f"{_PERSON}9": "edupersonscopedaffiliation",
    f"{_PERSON}10": "edupersontargetedid",
    f"{_PERSON}11": "edupersonassurance",
    f"{_ORGANIZATION}2": "eduorghomepageuri",
    f"{_ORGANIZATION}3": "eduorgidentityauthnpolicyuri",
    f"{_ORGANIZATION}4": "eduorglegalname",
    f"{_ORGANIZATION}5": "eduorgsuperioruri",
    f"{_ORGANIZATION}6": "eduorgwhitepagesuri",
    "urn:oid:2.5.4.3": "cn",
    f"{_CLAIMS}name": "name",
    "http://schemas.xmlsoap.org/claims/CommonName": "commonName",
    f"{_CLAIMS}givenname": "givenName",
    f"{_CLAIMS}surname": "surname",
    f"{_CLAIMS}emailaddress": "mail",
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid": "uid",
    "2.5.4.3": "commonName",
    "2.5.4.4": "surname",
    "2.5.4.42": "givenName",
    "2.5.4.45": "x500UniqueIdentifier",
    "0.9.2342.19200300.100.1.1": "uid",
    "0.9.2342.19200300.100.1.3": "mail",
    "0.9.2342.19200300.100.1.45": "organizationStatus",
}

_FRIENDLY: Final = {fold(key): key for key in (*NAMES.values(), "primaryGroupSID")}


def key_of(name: str, friendly: str = "") -> str | None:
    """Return the condition key of an attribute, by its name or else by its friendly name."""
    found = NAMES.get(name) or _FRIENDLY.get(fold(friendly))
    return found and f"saml:{found}"


def is_list(key: str) -> bool:
    """Whether a key is a list even of one value."""
    return fold(key) in MULTIVALUED  # CND-40
