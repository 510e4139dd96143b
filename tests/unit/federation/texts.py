"""Tokens and assertions as they stand in files; no signature is one."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

import pytest

from simulator.diagnostic import Diagnostic, DocumentError
from simulator.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

GITHUB = "token.actions.githubusercontent.com"
CLAIMS = {
    "iss": f"https://{GITHUB}",
    "sub": "repo:octo-org/octo-repo:ref:refs/heads/main",
    "aud": "sts.amazonaws.com",
    "exp": 1767225600,
}
SAML = "urn:oasis:names:tc:SAML:2.0"
ROLE = "arn:aws:iam::111111111111:role/R"
CORP = "arn:aws:iam::111111111111:saml-provider/corp"
AWS = "https://aws.amazon.com/SAML/Attributes/"
SIGN_IN = "https://signin.aws.amazon.com/saml"


def part(content: object) -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def token(content: object = CLAIMS, alg: str = "RS256") -> str:
    return f"{part({'alg': alg, 'typ': 'JWT'})}.{part(content)}.c2lnbmF0dXJl"


def attribute(name: str, *values: str, friendly: str = "") -> str:
    inner = "".join(f"<AttributeValue>{value}</AttributeValue>" for value in values)
    return f'<Attribute Name="{name}" FriendlyName="{friendly}">{inner}</Attribute>'


def assertion(attributes: str = "", role: str | None = f"{ROLE},{CORP}") -> str:
    pairs = attribute(f"{AWS}Role", role) if role else ""
    return (
        f'<Assertion xmlns="{SAML}:assertion"><Issuer>https://example.com/saml</Issuer>'
        '<ds:Signature xmlns:ds="ds"><ds:SignatureValue>UzNDUjNU</ds:SignatureValue></ds:Signature>'
        f'<Subject><NameID Format="{SAML}:nameid-format:persistent">_cbb88</NameID>'
        f'<SubjectConfirmation><SubjectConfirmationData Recipient="{SIGN_IN}"/>'
        "</SubjectConfirmation></Subject>"
        "<Conditions><AudienceRestriction><Audience>urn:amazon:webservices</Audience>"
        "</AudienceRestriction></Conditions>"
        '<AuthnStatement SessionNotOnOrAfter="2026-01-01T00:00:00.000Z"/>'
        f"<AttributeStatement>{pairs}{attributes}</AttributeStatement></Assertion>"
    )


def response(inner: str, status: str = "Success") -> str:
    return (
        f'<p:Response xmlns:p="{SAML}:protocol"><p:Status>'
        f'<p:StatusCode Value="{SAML}:status:{status}"/></p:Status>{inner}</p:Response>'
    )


def problems(read: Callable[[Source], object], text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(DocumentError) as caught:
        read(Source("file", text))
    return caught.value.diagnostics


def only(found: tuple[Diagnostic, ...]) -> Diagnostic:
    (one,) = found
    return one


def with_claims(**claims: object) -> Mapping[str, object]:
    return {**CLAIMS, **claims}
