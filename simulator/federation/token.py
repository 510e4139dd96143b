"""A token out of the text of a file; its signature is not checked, and never shown.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
https://www.rfc-editor.org/rfc/rfc7519
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.diagnostic import DocumentError
from simulator.federation.base64_text import read_base64url
from simulator.federation.claims import (
    SCHEME,
    ClaimError,
    claims_identity,
    flat,
    identity_of,
)
from simulator.federation.codes import Code
from simulator.federation.issuers import BUILT_IN
from simulator.federation.reports import concealed, concealing, error, note, refuse, whole
from simulator.source import Range, Span
from simulator.syntax import TITLES as SYNTAX_TITLES
from simulator.syntax import Code as SyntaxCode
from simulator.syntax import JsonValue, Number, decode, locate

if TYPE_CHECKING:
    from simulator.diagnostic import Diagnostic
    from simulator.federation.claims import Claim
    from simulator.federation.model import Text, WebIdentity
    from simulator.source import Source

__all__ = ["ALGORITHMS", "claims_identity", "read_token"]

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
SHORTEST, LONGEST = 4, 20_000

_PART: Final = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)
_WITHIN_JSON: Final = re.compile(r'"\s*eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.')
_WANTED: Final = "give the text of the token, three parts with a dot between, or its claims"
_OPAQUE: Final = "an opaque token says nothing without its issuer: give the claims as JSON"
_OF_SAML: Final = "an assertion belongs to a call of AssumeRoleWithSAML"
_UNQUOTE: Final = "remove what stands around the token"

# What people take for a token: how it starts, what it is, and what to do.
_MISTAKEN: Final = (
    (r"(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}", "an ID of AWS", _WANTED),
    (r"(?:FwoG|IQoJ|FQoG|AQoD)[A-Za-z0-9+/]", "a session token of AWS", _WANTED),
    (r"<|PHNhbW|PD94bW|PFNBTU|PFJlc3|PEFzc2", "a SAML assertion", _OF_SAML),
    (r"-----BEGIN", "a key or a certificate", _WANTED),
    (r"Atza|ya29\.|EAA[A-Za-z0-9]|gh[a-z]_|glpat-", "an access token", _OPAQUE),
    (r"Bearer\s", "an HTTP header", _UNQUOTE),
    (r"[\"'`]", "a token in quotes", _UNQUOTE),
    (r"(?:export\s|[A-Z_]+=)", "the setting of a variable", _UNQUOTE),
)  # fmt: skip


def read_token(source: Source) -> WebIdentity:
    """Return what a JSON Web Token says, or a file with the claims of one as JSON.

    Raises:
        DocumentError: the text is neither, or lacks what STS needs.
    """
    with concealing():
        found = _read(source, whole(source))
    return found._replace(notes=tuple(map(concealed, found.notes)))


def _read(source: Source, place: Range) -> WebIdentity:
    if source.text.startswith("{", place.start):
        return _read_claims_alone(source)
    _refuse_other_things(source, place)
    header, payload, _ = _parts(source.text, place)
    notes = (
        *_length_notes(source, place),
        *_algorithm_notes(_object("header", source, header)[1], Span(source, header)),
    )
    return _identity(*_object("claims", source, payload), notes)


def _read_claims_alone(source: Source) -> WebIdentity:
    if _WITHIN_JSON.search(source.text):
        span = Span(source, whole(source))
        refuse(Code.NO_JWT, "the token stands within JSON", span, "here", _WANTED)
    value = decode(source)
    opening = Span(source, Range(whole(source).start, whole(source).start + 1))
    alone = note(
        Code.CLAIMS_ALONE,
        "these are claims without a token",
        opening,
        "no header, no signature",
        "whether STS would take the token itself is not known",
    )
    return _identity(source, value if isinstance(value, dict) else {}, (alone,))


def _refuse_other_things(source: Source, place: Range) -> None:
    """Raise what a text is, if it is no token in three parts."""  # STS-61
    text, span = source.text, Span(source, place)
    start = text[place.start : place.start + 40]
    for pattern, what, advice in _MISTAKEN:
        if re.match(pattern, start):
            refuse(Code.NO_JWT, f"this looks like {what}, not like a token", span, "here", advice)
    parts = text.count(".", *place) + 1
    if parts == 5:
        advice = (
            "STS takes signed tokens only: have the issuer make one, or give the claims as JSON"
        )
        refuse(Code.ENCRYPTED, "the token is encrypted", span, "five parts", advice)
    if place.start == place.end:
        refuse(Code.NO_JWT, "the token is empty", span, "nothing here", _WANTED)
    if parts != 3:
        found = "one part, no dot" if parts == 1 else f"{parts} parts"
        advice = _OPAQUE if parts == 1 else _WANTED
        refuse(Code.NO_JWT, "this is no JSON Web Token", span, f"{found}, not three", advice)


def _parts(text: str, place: Range) -> tuple[Range, Range, Range]:
    first = text.index(".", *place)
    second = text.index(".", first + 1)
    return Range(place.start, first), Range(first + 1, second), Range(second + 1, place.end)


def _object(what: str, source: Source, part: Range) -> tuple[Source, dict[str, JsonValue]]:
    """Return what stands in a part of a token, as text and as JSON."""
    span = Span(source, part)
    try:
        content = read_base64url(source, part)
    except ValueError:
        refuse(
            Code.ENCODING,
            f"there is no base64url in the {what} of the token",
            *_bad_base64(span),
        )
    try:
        value = decode(content)
    except DocumentError as problem:
        told = _why(problem)
        refuse(
            Code.NOT_AN_OBJECT, f"there is no JSON in the {what} of the token: {told}", span, "here"
        )
    if not isinstance(value, dict):
        refuse(
            Code.NOT_AN_OBJECT, f"there is no JSON object in the {what} of the token", span, "here"
        )
    return content, value


def _bad_base64(span: Span) -> tuple[Span, str, str]:
    """Return where a part of a token is no base64url, what is there, and what to do."""
    text, part = span.source.text, span.range
    good = _PART.match(text, *part)
    at = good.end() if good else part.start
    if at == part.end:
        advice = "copy the token anew: characters are missing, or it is none"
        return span, "no UTF-8 in base64url", advice
    place = Span(span.source, Range(at, at + 1))
    what = "white space" if text[at].isspace() else "another character"
    advice = "the token must be on one line, as its issuer wrote it"
    return place, f"{what}, where letters, digits, `-` and `_` are", advice


def _why(problem: DocumentError) -> str:
    """Return what is wrong, with no more of the text than the name of a claim."""
    first = problem.diagnostics[0]
    if first.code == SyntaxCode.DUPLICATE_KEY:
        return first.message
    return SYNTAX_TITLES[SyntaxCode(first.code)]


def _length_notes(source: Source, place: Range) -> tuple[Diagnostic, ...]:
    length = place.end - place.start
    if SHORTEST <= length <= LONGEST:
        return ()
    told = f"the token has {length} characters, and STS takes {SHORTEST} to {LONGEST}"
    return (note(Code.REFUSED, told, Span(source, place), "the token"),)


def _algorithm_notes(header: dict[str, JsonValue], span: Span) -> tuple[Diagnostic, ...]:
    if header.get("alg") in ALGORITHMS:
        return ()
    message = "STS takes no token that is signed like this one"
    advice = f"the issuer must sign with one of {', '.join(f'`{name}`' for name in ALGORITHMS)}"
    label = "`alg` is another one" if "alg" in header else "no `alg`"
    return (note(Code.REFUSED, message, span, label, advice),)


def _identity(
    content: Source, value: dict[str, JsonValue], notes: tuple[Diagnostic, ...]
) -> WebIdentity:
    claims = list(flat(value))
    problems = [*_missing(content, value)]
    paths = {claim.name: claim for claim in claims}

    def complain(wrong: ClaimError) -> None:
        problems.append(_wrong_claim(content, wrong, paths))

    texts = {claim.name: claim.text for claim in claims}
    identity = identity_of(_issuer(texts), texts, complain)
    if problems:
        raise DocumentError(tuple(problems))
    return identity._replace(notes=(*notes, *_expiry_notes(content, identity)))


def _issuer(claims: dict[str, Text]) -> str:
    issuer = claims.get("iss")
    return issuer.removeprefix(SCHEME) if isinstance(issuer, str) else ""


def _missing(content: Source, value: dict[str, JsonValue]) -> list[Diagnostic]:
    """Return what is wrong with the claims that each token must have."""
    return [
        *_required(content, value, "iss"),
        *_insecure(content, value.get("iss")),
        *_required(content, value, "sub"),
        *_required(content, value, "aud"),
    ]


def _required(content: Source, value: dict[str, JsonValue], name: str) -> list[Diagnostic]:
    if name not in value:
        start = whole(content).start
        opening = Span(content, Range(start, start + 1))
        advice = f"STS refuses such a token: `Missing a required claim: {name}`"
        return [error(Code.CLAIM, f"there is no claim `{name}`", opening, "not in here", advice)]
    if _is_text(value[name]) or (name == "aud" and _is_list_of_text(value[name])):
        return []
    wanted = "text, or a list of it" if name == "aud" else "text"
    span = Span(content, locate(content).value((name,)))
    return [
        error(Code.CLAIM, f"the claim `{name}` is not what it must be", span, f"{wanted} wanted")
    ]


def _is_text(value: JsonValue) -> bool:
    return isinstance(value, str) and not isinstance(value, Number) and value != ""


def _is_list_of_text(value: JsonValue) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _insecure(content: Source, issuer: JsonValue) -> list[Diagnostic]:
    if not isinstance(issuer, str) or issuer.startswith(SCHEME) or issuer in BUILT_IN:
        return []
    span = Span(content, locate(content).value(("iss",)))
    advice = "IAM knows providers by addresses that start with `https://`"
    return [error(Code.CLAIM, "the issuer is no address with `https://`", span, "here", advice)]


def _wrong_claim(content: Source, wrong: ClaimError, claims: dict[str, Claim]) -> Diagnostic:
    code = Code.CLAIM if wrong.name == "exp" else Code.AWS_CLAIM
    span = Span(content, locate(content).value(claims[wrong.name].path))
    return error(code, str(wrong), span, "here")


def _expiry_notes(content: Source, identity: WebIdentity) -> tuple[Diagnostic, ...]:
    if identity.expires is not None or content.origin is None:
        return ()
    span = Span(content, whole(content))
    advice = "STS has to know until when the token holds"
    return (note(Code.REFUSED, "there is no claim `exp`", span, "not in here", advice),)
