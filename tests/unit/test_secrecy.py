"""What looks like a secret is not shown, and nothing else is hidden."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.rendering.excerpt import excerpt, safe
from simulator.secrecy import hidden, hidden_around
from simulator.source import Range, Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TOKEN = f"eyJhbGciOiJSUzI1NiJ9.{'eyJzdWIiOiJyZXBvOm9jdG8ifQ' * 30}.c2lnbmF0dXJl"
SESSION = f"IQoJb3JpZ2luX2Vj{'EXAMPLE+/x' * 30}=="
SAML = f"PHNhbWxwOlJlc3BvbnNl{'PFJlc3BvbnNlPg' * 20}"
SECRETS = {
    "credentials as JSON": json.dumps({"SecretAccessKey": KEY, "SessionToken": SESSION}),
    "credentials as INI": f"aws_secret_access_key = {KEY}\naws_session_token={SESSION}",
    "a variable": f"export AWS_SECRET_ACCESS_KEY='{KEY}'",
    "a key alone": f"cannot read `{KEY}`",
    "a key that was cut": f"cannot read `{KEY[:-1]}`",
    "a key beside its id": f"`AKIAIOSFODNN7EXAMPLE:{KEY}` is not an ARN",
    "a token": f"found the text `{TOKEN}`",
    "a token in JSON": f'{{"token": "{TOKEN}"}}',
    "a session token": f"x {SESSION}",
    "an assertion": SAML,
    "a short secret": "password: hunter2-and-more",
}
PARTS = (KEY, TOKEN, SESSION, SAML, "hunter2")
PLAIN = (
    "arn:aws:iam::111111111111:role/a-name-with-forty-characters-in-it-0123",
    "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforDataPipelineRole1",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "`sts:AssumeRole` on `AROADBQP57FF2AEXAMPLE:alice`, key `AKIAIOSFODNN7EXAMPLE`",
    '"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}',
)


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("show", [hidden, safe])
def test_secrets(text: str, show: Callable[[str], str]) -> None:
    shown = show(text)
    assert not [part for part in PARTS if part in text and part[:9] in shown]
    assert "***" in shown


@pytest.mark.parametrize("text", PLAIN)
def test_whatever_else(text: str) -> None:
    assert hidden(text) == text


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
@given(at=st.integers(0, 3000))
def test_no_excerpt_shows_a_part(text: str, at: int) -> None:
    source = Source("f", f'{{"a": 1, {text}}}')
    start = min(at, len(source.text) - 1)
    shown = excerpt(Span(source, Range(start, start + 1)))
    pieces = {part[i : i + 12] for part in PARTS if part in text for i in range(len(part) - 12)}
    assert not [piece for piece in pieces if piece in shown]


@given(st.text(max_size=200), st.integers(0, 200))
def test_no_place_moves(text: str, place: int) -> None:
    assert len(hidden(text)) == len(text)
    assert hidden_around(text, place) == hidden(text)
