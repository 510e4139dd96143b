"""Tokens out of files, and all that people give instead of one."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from simulator.diagnostic import DocumentError, Severity
from simulator.federation.codes import Code
from simulator.federation.token import ALGORITHMS, read_token
from simulator.rendering.diagnostics import diagnostics_text
from simulator.source import Source
from tests import counting
from tests.unit.federation.texts import CLAIMS, GITHUB, only, part, problems, token, with_claims

if TYPE_CHECKING:
    from simulator.federation.model import WebIdentity

TAGS = "https://aws.amazon.com/tags"


def read(text: str) -> WebIdentity:
    return read_token(Source("file", text))


@pytest.mark.parametrize("around", ["{}", "{}\n", "\n  {}\r\n"])
def test_a_token(around: str) -> None:
    identity = read(around.format(token()))
    assert identity.issuer == GITHUB
    assert dict(identity.claims) == {**CLAIMS, "exp": "1767225600"}
    assert identity.expires == 1767225600
    assert identity.notes == ()


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_algorithms_that_sts_takes(alg: str) -> None:
    assert read(token(alg=alg)).notes == ()


@pytest.mark.parametrize("alg", ["none", "HS256", "PS256", "rs256", ""])
def test_algorithms_that_sts_refuses(alg: str) -> None:
    note = only(read(token(alg=alg)).notes)
    assert (note.code, note.severity) == (Code.REFUSED, Severity.WARNING)
    assert note.help is not None
    assert "`ES512`" in note.help


def test_claims_of_all_kinds() -> None:
    identity = read(
        token(
            with_claims(
                google={"organization_number": 9, "deep": {"er": None, "est": True}},
                list=[1, "two", [3], {"four": 5}],
                ref_protected=False,
                nothing=None,
                big=10**30,
                accent="é\u2028",
            )
        )
    )
    assert dict(identity.claims) == {
        **CLAIMS,
        "exp": "1767225600",
        "google/organization_number": "9",
        "google/deep/est": "true",
        "list": ("1", "two", "[3]", '{"four":5}'),
        "ref_protected": "false",
        "big": str(10**30),
        "accent": "é\u2028",
    }


def test_tags_and_source_identity() -> None:  # STS-64
    tags = {"principal_tags": {"Project": ["red"], "a/b": "c"}, "transitive_tag_keys": ["Project"]}
    claims = {TAGS: tags, "https://aws.amazon.com/source_identity": "alice"}
    identity = read(token({**CLAIMS, **claims}))
    assert identity.tags == (("Project", "red"), ("a/b", "c"))
    assert identity.transitive_tag_keys == ("Project",)
    assert identity.source_identity == "alice"
    assert identity.roles is None


def test_claims_without_a_token() -> None:
    identity = read(json.dumps({**CLAIMS, "actor": "mona"}, indent=2))
    note = only(identity.notes)
    assert (note.code, note.severity) == (Code.CLAIMS_ALONE, Severity.WARNING)
    assert identity.claims["actor"] == "mona"


def test_google_leaves_out_the_scheme() -> None:
    assert read(token(with_claims(iss="accounts.google.com"))).issuer == "accounts.google.com"


def test_a_token_without_exp() -> None:
    claims = {name: claim for name, claim in CLAIMS.items() if name != "exp"}
    assert only(read(token(claims)).notes).message == "there is no claim `exp`"
    assert only(read(json.dumps(claims)).notes).code == Code.CLAIMS_ALONE


def test_a_token_that_is_too_long() -> None:
    text = token(with_claims(more="x" * 20_000))
    note = only(read(text).notes)
    assert note.message == f"the token has {len(text)} characters, and STS takes 4 to 20000"


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("", Code.NO_JWT, "the token is empty"),
        (" \n", Code.NO_JWT, "the token is empty"),
        ("AKIAIOSFODNN7EXAMPLE", Code.NO_JWT, "an ID of AWS"),
        ("IQoJb3JpZ2luX2VjEXAMPLE", Code.NO_JWT, "a session token of AWS"),
        ("Atza|IQEBLjAsAhRFiXuWpUXuRvQ9PZL3GMFcYevydwIUFAHZwXZ", Code.NO_JWT, "an access token"),
        ("ya29.a0AfH6SMBx", Code.NO_JWT, "an access token"),
        ("<Response/>", Code.NO_JWT, "a SAML assertion"),
        ("PHNhbWxwOlJlc3BvbnNl", Code.NO_JWT, "a SAML assertion"),
        ("-----BEGIN PRIVATE KEY-----", Code.NO_JWT, "a key or a certificate"),
        (f"Bearer {token()}", Code.NO_JWT, "an HTTP header"),
        (f'"{token()}"', Code.NO_JWT, "a token in quotes"),
        (f"AWS_TOKEN={token()}", Code.NO_JWT, "the setting of a variable"),
        (json.dumps({"count": 1, "value": token()}), Code.NO_JWT, "stands within JSON"),
        ("2YotnFZFEjr1zCsicMWpAA", Code.NO_JWT, "no JSON Web Token"),
        ("a.b", Code.NO_JWT, "no JSON Web Token"),
        ("a.b.c.d", Code.NO_JWT, "no JSON Web Token"),
        ("a.b.c.d.e", Code.ENCRYPTED, "the token is encrypted"),
        ("..", Code.NOT_AN_OBJECT, "no JSON in the header"),
        (token().replace("ey", "e+", 1), Code.ENCODING, "no base64url in the header"),
        (token().replace("ey", "e\ny", 1), Code.ENCODING, "no base64url in the header"),
        (f"{part({'alg': 'RS256'})}=.{part(CLAIMS)}.c2ln", Code.ENCODING, "in the header"),
        (f"{part({'alg': 'RS256'})}._w.c2ln", Code.ENCODING, "no base64url in the claims"),
        (f"{part({'alg': 'RS256'})}.eyJ{'x' * 6}.c2ln", Code.ENCODING, "in the claims"),
        (token("[]"), Code.NOT_AN_OBJECT, "no JSON object in the claims"),
        (token('{"sub": "a"'), Code.NOT_AN_OBJECT, "unbalanced bracket"),
        (token('{"sub": "a", "sub": "b"}'), Code.NOT_AN_OBJECT, "duplicate key `sub`"),
        (token("{" + '"a":{' * 70 + "}" * 71), Code.NOT_AN_OBJECT, "nested too deeply"),
        (f"{part('no')}.{part(CLAIMS)}.c2ln", Code.NOT_AN_OBJECT, "no JSON in the header"),
        (token(with_claims(iss="http://a.example")), Code.CLAIM, "no address with `https://`"),
        (token(with_claims(sub=7)), Code.CLAIM, "the claim `sub` is not what it must be"),
        (token(with_claims(aud=[])), Code.CLAIM, "the claim `aud` is not what it must be"),
        (token(with_claims(aud=["a", 1])), Code.CLAIM, "the claim `aud` is not what it must be"),
        (token(with_claims(exp="soon")), Code.CLAIM, "the claim `exp` is no number"),
        (token(with_claims(exp=1e300)), Code.CLAIM, "the claim `exp` is no number"),
        (token({**CLAIMS, TAGS: 1}), Code.AWS_CLAIM, "is no JSON object"),
        (
            token({**CLAIMS, TAGS: {"principal_tags": {"P": ["a", "b"]}}}),
            Code.AWS_CLAIM,
            "has 2 values, and one is wanted",
        ),
        (json.dumps({**CLAIMS, "iss": "a.example"}), Code.CLAIM, "no address with `https://`"),
    ],
)
def test_what_is_no_token(text: str, code: Code, told: str) -> None:
    found = only(problems(read_token, text))
    assert found.code == code
    assert told in found.message
    assert found.labels[0].span.place.line >= 1


@pytest.mark.parametrize("text", [token({}), "{}"])
def test_all_that_is_missing_is_told_at_once(text: str) -> None:
    found = problems(read_token, text)
    assert [one.message for one in found] == [
        f"there is no claim `{name}`" for name in ("iss", "sub", "aud")
    ]
    assert found[2].help == "STS refuses such a token: `Missing a required claim: aud`"


def test_bad_json_of_claims_alone_is_told_as_json() -> None:
    assert only(problems(read_token, '{"iss": "https://a.example",}')).code == "IAM005"


def test_the_place_of_a_claim() -> None:
    text = '{"sub": "s", "aud": "a",\n "iss": "http://a.example"}'
    assert problems(read_token, text)[0].labels[0].span.place == (2, 9)
    place = problems(read_token, token(text))[0].labels[0].span
    before = token(text[: text.index('"http')], alg="RS256").rpartition(".")[0]
    assert abs(place.place.column - len(before)) <= 2


@pytest.mark.parametrize(
    "text",
    [
        token(with_claims(iss="http://a.example")),
        token("[]"),
        f"Bearer {token()}",
        token().replace(".", ".+", 1),
        json.dumps({"value": token()}),
        f"{token()}.x",
    ],
)
def test_no_character_of_a_token_is_shown(text: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(text)
    shown = diagnostics_text(caught.value.diagnostics) + str(caught.value)
    assert not any(piece in shown for piece in ("c2ln", "eyJ", part(CLAIMS)[:12]))


def calls(text: str) -> int:
    def work() -> None:
        with suppress(DocumentError):
            read(text)

    return counting.calls(work)


@pytest.mark.parametrize(
    "make",
    [
        lambda n: token(with_claims(more="é" * n)),
        lambda n: token({**CLAIMS, **{f"c{i}": "x" for i in range(n // 10)}}),
        lambda n: token(with_claims(list=["x"] * (n // 4))),
        lambda n: "a" * n,
        lambda n: "a." * n,
        lambda n: "{" + '"' * n,
    ],
)
def test_work_grows_no_faster_than_the_text(make: object) -> None:
    assert callable(make)
    small, large = calls(make(12_500)), calls(make(100_000))
    assert large <= 9 * small + 1000
