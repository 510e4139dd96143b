"""Assertions out of files, and all that people give instead of one."""

from __future__ import annotations

import hashlib
from base64 import b64encode, encodebytes
from typing import TYPE_CHECKING

import pytest

from simulator.arn import parse_arn
from simulator.federation.assertion import assertion_of, name_qualifier, subject_type
from simulator.federation.codes import Code
from simulator.federation.saml import read_assertion
from simulator.federation.saml_names import NAMES, is_list
from simulator.rendering.diagnostics import diagnostics_text
from simulator.source import Source
from tests.unit.federation.texts import (
    AWS,
    CORP,
    ROLE,
    SAML,
    SIGN_IN,
    assertion,
    attribute,
    only,
    problems,
    response,
)

if TYPE_CHECKING:
    from simulator.federation.model import SamlAssertion

OTHER = CORP.replace("corp", "other")


def read(text: str) -> SamlAssertion:
    return read_assertion(Source("file", text))


@pytest.mark.parametrize(
    "text",
    [
        assertion(),
        response(assertion()),
        f'<?xml version="1.0" encoding="UTF-8"?>\n{response(assertion())}\n',
        b64encode(response(assertion()).encode()).decode(),
        encodebytes(response(assertion()).encode()).decode(),
    ],
)
def test_an_assertion(text: str) -> None:
    asserted = read(text)
    assert str(asserted.provider) == CORP
    assert asserted.roles == ((ROLE, CORP),)
    assert asserted.not_on_or_after == 1767225600
    assert asserted.notes == ()
    assert dict(asserted.attributes) == {
        "saml:iss": "https://example.com/saml",
        "saml:sub": "_cbb88",
        "saml:sub_type": "persistent",
        "saml:aud": SIGN_IN,
        "saml:doc": "111111111111/corp",
        "saml:namequalifier": asserted.attributes["saml:namequalifier"],
    }


def test_name_qualifier() -> None:
    provider = parse_arn("arn:aws:iam::123456789012:saml-provider/MySAMLIdP")
    assert provider is not None
    text = b"https://example.com/saml" + b"123456789012" + b"/MySAMLIdP"
    digest = hashlib.sha1(text, usedforsecurity=False).digest()
    assert name_qualifier("https://example.com/saml", provider) == b64encode(digest).decode()


@pytest.mark.parametrize(
    ("name_format", "told"),
    [
        (f"{SAML}:nameid-format:persistent", "persistent"),
        (f"{SAML}:nameid-format:transient", "transient"),
        (
            "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        ),
    ],
)
def test_subject_type(name_format: str, told: str) -> None:
    assert subject_type(name_format) == told
    text = assertion().replace(f"{SAML}:nameid-format:persistent", name_format)
    assert read(text).attributes["saml:sub_type"] == told


def test_subject_without_a_format() -> None:
    text = assertion().replace(f' Format="{SAML}:nameid-format:persistent"', "")
    told = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
    assert read(text).attributes["saml:sub_type"] == told


@pytest.mark.parametrize(("name", "key"), NAMES.items())
def test_attributes_by_name(name: str, key: str) -> None:
    values = read(assertion(attribute(name, "a", "b"))).attributes[f"saml:{key}"]
    assert values == ("a", "b")
    one = read(assertion(attribute(name, "a"))).attributes[f"saml:{key}"]
    assert one == (("a",) if is_list(f"saml:{key}") else "a")


def test_attributes_by_friendly_name() -> None:
    found = read(
        assertion(
            attribute("urn:oid:9.9", "staff", friendly="eduPersonAffiliation")
            + attribute("urn:oid:9.8", "S-1", friendly="primaryGroupSID")
            + attribute("department", "d")
            + attribute("saml:doc", "forged")
        )
    ).attributes
    assert found["saml:edupersonaffiliation"] == ("staff",)
    assert found["saml:primaryGroupSID"] == ("S-1",)
    assert found["saml:doc"] == "111111111111/corp"
    assert not any("department" in key for key in found)


def test_one_attribute_counts_for_a_key() -> None:
    mail = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
    twice = attribute(mail, "a@b") + attribute("0.9.2342.19200300.100.1.3", "c@d")
    assert read(assertion(twice)).attributes["saml:mail"] == ("a@b",)


def test_what_aws_reads_for_itself() -> None:  # STS-64
    asserted = read(
        assertion(
            attribute(f"{AWS}RoleSessionName", "alice@example.com")
            + attribute(f"{AWS}SessionDuration", "1800")
            + attribute(f"{AWS}SourceIdentity", "alice")
            + attribute(f"{AWS}PrincipalTag:Project", "red")
            + attribute(f"{AWS}TransitiveTagKeys", "Project", "Team")
            + attribute(f"{AWS}Role", f" {CORP} , {ROLE.replace('/R', '/S')}\n")
        )
    )
    assert asserted.role_session_name == "alice@example.com"
    assert asserted.source_identity == "alice"
    assert asserted.tags == (("Project", "red"),)
    assert asserted.transitive_tag_keys == ("Project", "Team")
    assert asserted.roles == ((ROLE, CORP), (ROLE.replace("/R", "/S"), CORP))


def test_a_provider_that_is_given() -> None:
    two = assertion(attribute(f"{AWS}Role", f"{ROLE},{OTHER}"))
    provider = parse_arn(OTHER)
    assert read_assertion(Source("file", two), provider).provider == provider
    assert only(problems(read_or_fail, two)).code == Code.ASSERTION
    none = read_assertion(Source("file", assertion(role=None)), provider)
    assert none.attributes["saml:doc"] == "111111111111/other"


def read_or_fail(source: Source) -> object:
    return read_assertion(source)


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("", Code.NOT_AN_ASSERTION, "the assertion is empty"),
        ("<a", Code.NOT_AN_ASSERTION, "this is no XML"),
        ("<a>\n<b></a>", Code.NOT_AN_ASSERTION, "this is no XML: mismatched tag"),
        ("<a/>", Code.NOT_AN_ASSERTION, "no SAML 2.0 assertion"),
        ("<html></html>", Code.NOT_AN_ASSERTION, "no SAML 2.0 assertion"),
        ("<a>\0</a>", Code.NOT_AN_ASSERTION, "this is no XML"),
        ("<a>\ud800</a>", Code.NOT_AN_ASSERTION, "this is no XML: not UTF-8"),
        ("{}", Code.NOT_AN_ASSERTION, "JSON"),
        ("eyJhbGciOiJSUzI1NiJ9.e30.c2ln", Code.NOT_AN_ASSERTION, "a JSON Web Token"),
        ("SAMLResponse=PHNhbWxw", Code.NOT_AN_ASSERTION, "a form of a web page"),
        ("PHNhbWxw%2B%3D", Code.NOT_AN_ASSERTION, "a form of a web page"),
        ("what?", Code.ENCODING, "neither XML nor base64"),
        (b64encode(b"\xff").decode(), Code.ENCODING, "neither XML nor base64"),
        (b64encode(b"hello").decode(), Code.NOT_AN_ASSERTION, "no XML in this base64"),
        (
            '<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
            Code.NOT_AN_ASSERTION,
            "the XML has a DTD or entities",
        ),
        (
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            Code.NOT_AN_ASSERTION,
            "the XML has a DTD or entities",
        ),
        (response(""), Code.NOT_AN_ASSERTION, "no SAML 2.0 assertion"),
        (response(assertion() * 2), Code.NOT_AN_ASSERTION, "several assertions"),
        (response(assertion(), "Requester"), Code.NOT_AN_ASSERTION, "reports a failure"),
        (
            response(f'<EncryptedAssertion xmlns="{SAML}:assertion"/>'),
            Code.ENCRYPTED,
            "the assertion is encrypted",
        ),
        (assertion().replace("Recipient", "R"), Code.ASSERTION, "no `Recipient`"),
        (assertion().replace("Issuer>", "I>"), Code.ASSERTION, "no `Issuer`"),
        (assertion().replace(">_cbb88<", "><"), Code.ASSERTION, "no `NameID`"),
        (assertion(role=None), Code.ASSERTION, "the attribute `Role` is missing"),
        (assertion(role=ROLE), Code.ASSERTION, "needs the ARN of a role"),
        (assertion(role=f"{ROLE},{ROLE}"), Code.ASSERTION, "needs the ARN of a role"),
        (assertion().replace("2026-01-01T", "then"), Code.ASSERTION, "is no instant"),
        (
            assertion(attribute(f"{AWS}SessionDuration", "1h")),
            Code.ASSERTION,
            "is no whole number of seconds",
        ),
        (
            assertion(attribute(f"{AWS}RoleSessionName", "a", "b")),
            Code.ASSERTION,
            "has 2 values, and one is wanted",
        ),
        (
            assertion(attribute(f"{AWS}PrincipalTag:P")),
            Code.ASSERTION,
            "has 0 values, and one is wanted",
        ),
    ],
)
def test_what_is_no_assertion(text: str, code: Code, told: str) -> None:
    found = only(problems(read_or_fail, text))
    assert found.code == code
    assert told in found.message


def test_several_recipients() -> None:
    data = f'<SubjectConfirmationData Recipient="{SIGN_IN}"/>'
    text = assertion().replace(data, data * 2)
    assert only(problems(read_or_fail, text)).message == "several recipients"


def test_places_in_xml_and_base64() -> None:
    text = f"\n{assertion().replace('2026-01-01T', 'then')}"
    assert only(problems(read_or_fail, text)).labels[0].span.place.line == 2
    coded = encodebytes(text.encode()).decode()
    line = only(problems(read_or_fail, coded)).labels[0].span.place.line
    assert line == 1 + len(text[: text.index("SessionNot")].encode()) // 57


@pytest.mark.parametrize(
    "text", [assertion(role=None), b64encode(assertion(role=None).encode()).decode()]
)
def test_no_signature_is_shown(text: str) -> None:
    shown = diagnostics_text(problems(read_or_fail, text))
    assert "UzNDUjNU" not in shown
    assert text[:40] not in shown or text.startswith("<")


def test_deep_xml_is_read() -> None:
    text = "<a>" * 100_000 + "</a>" * 100_000
    assert only(problems(read_or_fail, text)).code == Code.NOT_AN_ASSERTION


def test_an_assertion_that_is_too_long() -> None:
    text = assertion(attribute("urn:oid:2.5.4.3", "x" * 100_000))
    assert only(read(text).notes).code == Code.REFUSED


def test_assertion_of_a_test_file() -> None:
    asserted = assertion_of(
        CORP,
        {
            "SAML:aud": SIGN_IN,
            "saml:edupersonaffiliation": "staff",
            "urn:oid:2.5.4.3": ["a", "b"],
            f"{AWS}RoleSessionName": "alice",
            "department": "d",
        },
    )
    assert dict(asserted.attributes) == {
        "saml:aud": SIGN_IN,
        "saml:edupersonaffiliation": ("staff",),
        "saml:cn": ("a", "b"),
        "saml:doc": "111111111111/corp",
    }
    assert asserted.role_session_name == "alice"


@pytest.mark.parametrize("provider", ["corp", ROLE, "arn:aws:iam::111111111111:oidc-provider/x"])
def test_what_is_no_provider(provider: str) -> None:
    with pytest.raises(ValueError, match="no ARN of a SAML provider"):
        assertion_of(provider, {})


def test_attributes_of_a_test_file_that_cannot_be_used() -> None:
    with pytest.raises(ValueError, match="no whole number"):
        assertion_of(CORP, {f"{AWS}SessionDuration": "1.5"})
