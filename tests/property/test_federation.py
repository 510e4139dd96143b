"""Laws of reading tokens and assertions: what is written is read, and no text breaks the reader."""

from __future__ import annotations

import json
import re
from base64 import b64encode, urlsafe_b64encode
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simulator.diagnostic import DocumentError
from simulator.federation.claims import claims_identity
from simulator.federation.keys import not_condition_keys, web_identity_keys
from simulator.federation.saml import read_assertion
from simulator.federation.token import read_token
from simulator.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.federation.model import SamlAssertion, WebIdentity

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
NAMES = TEXT.filter(lambda name: not name.startswith("https://aws.amazon.com/"))
VALUES = TEXT | st.lists(TEXT, min_size=1)
CLAIMS = st.dictionaries(NAMES.filter(lambda n: n not in {"iss", "aud", "sub", "exp"}), VALUES)
ANY_TEXT = st.text() | st.text("eyJ0.-_=+/<>{}\"'AZaz \n")


def part(content: object) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@given(CLAIMS, TEXT, VALUES)
def test_claims_are_read_as_they_were_written(
    more: dict[str, str | list[str]], sub: str, aud: str | list[str]
) -> None:
    claims = {"iss": "https://a.example", "sub": sub, "aud": aud, **more}
    read = read_token(Source("t", f"{part({'alg': 'none'})}.{part(claims)}."))
    wanted = {name: tuple(v) if isinstance(v, list) else v for name, v in claims.items()}
    assert dict(read.claims) == wanted
    alone = read_token(Source("t", json.dumps(claims)))
    assert alone.claims == read.claims
    assert claims_identity("a.example", claims).claims == read.claims


@given(CLAIMS, st.sampled_from(["a.example", "gitlab.com", "graph.facebook.com"]))
def test_each_claim_is_a_key_or_told_to_be_none(
    claims: dict[str, str | list[str]], issuer: str
) -> None:
    identity = claims_identity(issuer, claims)
    keys = {key.lower() for key in web_identity_keys(identity)}
    none = {key.lower() for key in not_condition_keys(identity)}
    assert not keys & none
    assert {f"{issuer}:{name}".lower() for name in identity.claims} >= none


def tells_places_only(read: Callable[[Source], WebIdentity | SamlAssertion], text: str) -> None:
    """Assert that what is told of a text shows none of its characters, only places within it."""
    source = Source("t", text)
    try:
        told = read(source).notes
    except DocumentError as refused:
        told = refused.diagnostics
        assert told
    for diagnostic in told:
        assert not diagnostic.edits
        for label in diagnostic.labels:
            shown, (start, end) = label.span
            assert not re.search(r"[^\s.*]", shown.text)
            assert 0 <= start <= end <= len(shown.text) == len(text)


@given(ANY_TEXT)
@example("..")
@example("{")
@example('{"iss": "https://a", "sub": "b", "aud": "c"}')
@example("\ud800.\ud800.\ud800")
def test_any_text_is_a_token_or_refused(text: str) -> None:
    tells_places_only(read_token, text)


@given(st.binary(), st.binary(), st.text())
def test_any_bytes_in_a_token_are_refused(header: bytes, payload: bytes, signature: str) -> None:
    parts = (urlsafe_b64encode(p).decode().rstrip("=") for p in (header, payload))
    text = ".".join([*parts, signature])
    tells_places_only(read_token, text)
    with pytest.raises(DocumentError):  # whatever they are, they are no claims
        read_token(Source("t", text))


@given(ANY_TEXT)
@example("<")
@example("<a>\ud800</a>")
def test_any_text_is_an_assertion_or_refused(text: str) -> None:
    for wrapped in (text, f"<{text}", b64encode(text.encode(errors="replace")).decode()):
        tells_places_only(read_assertion, wrapped)
