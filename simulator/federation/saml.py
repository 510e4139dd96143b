"""An assertion out of the text of a file; its signature is not checked, and never shown.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
http://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from simulator.arn import Arn, parse_arn
from simulator.diagnostic import DocumentError
from simulator.federation.assertion import (
    SamlAttributeError,
    assertion_from,
    assertion_of,
    subject_type,
)
from simulator.federation.base64_text import read_base64
from simulator.federation.codes import Code
from simulator.federation.reports import concealed, concealing, error, note, refuse, whole
from simulator.federation.saml_names import AWS, key_of
from simulator.readings import read_date
from simulator.source import Range, Span

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from simulator.diagnostic import Diagnostic
    from simulator.federation.model import SamlAssertion
    from simulator.source import Source

__all__ = ["assertion_of", "read_assertion"]

SHORTEST, LONGEST = 4, 100_000

_ASSERTION: Final = "{urn:oasis:names:tc:SAML:2.0:assertion}"
_PROTOCOL: Final = "{urn:oasis:names:tc:SAML:2.0:protocol}"
_SUCCESS: Final = "urn:oasis:names:tc:SAML:2.0:status:Success"
_UNSPECIFIED: Final = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_WANTED: Final = "give the response of the identity provider as XML, or its base64"

_MISTAKEN: Final = (
    (r"eyJ[\w-]+\.", "a JSON Web Token", "a token belongs to AssumeRoleWithWebIdentity"),
    (r"[{\[]", "JSON", _WANTED),
    (r"SAMLResponse=|RelayState=|[A-Za-z0-9+/\s]*%[0-9A-Fa-f]{2}", "a form of a web page",
     "give the value of `SAMLResponse`, with each `%2B`, `%2F` and `%3D` as `+`, `/` and `=`"),
)  # fmt: skip


def read_assertion(source: Source, provider: Arn | None = None) -> SamlAssertion:
    """Return what a SAML response or assertion says, as XML or in base64.

    Raises:
        DocumentError: the text is neither, or lacks what STS needs.
    """
    with concealing():
        found = _read(_xml_source(source), provider)
    return found._replace(notes=tuple(map(concealed, _length_notes(source))), whole=True)


def _read(xml: Source, provider: Arn | None) -> SamlAssertion:
    problems: list[Diagnostic] = []
    found = _Reader(_assertion(_parsed(xml), xml), xml, problems).read(provider)
    if problems or found is None:
        raise DocumentError(tuple(problems))
    return found


def _xml_source(source: Source) -> Source:
    """Return the XML: the text itself, or what stands in it in base64."""
    place = whole(source)
    if source.text.startswith("<", place.start):
        return source
    if place.start == place.end:
        span = Span(source, Range(0, 0))
        refuse(Code.NOT_AN_ASSERTION, "the assertion is empty", span, "nothing here", _WANTED)
    span, start = Span(source, place), source.text[place.start : place.start + 400]
    for pattern, what, advice in _MISTAKEN:
        if re.match(pattern, start):
            message = f"this looks like {what}, not like an assertion"
            refuse(Code.NOT_AN_ASSERTION, message, span, "here", advice)
    try:
        decoded = read_base64(source, place)
    except ValueError:
        refuse(Code.ENCODING, "this is neither XML nor base64 of it", span, "here", _WANTED)
    if not decoded.text.lstrip().startswith("<"):
        refuse(Code.NOT_AN_ASSERTION, "there is no XML in this base64", span, "here", _WANTED)
    return decoded


def _parsed(xml: Source) -> Element:
    """Return the XML; what could make a reader fetch files or grow is refused."""
    try:
        root: Element = fromstring(xml.text, forbid_dtd=True)
    except DefusedXmlException:
        at = max(xml.text.find("<!"), 0)
        advice = "no assertion has a DTD or entities, and they are not read: remove them"
        span = Span(xml, Range(at, at + 1))
        refuse(Code.NOT_AN_ASSERTION, "the XML has a DTD or entities", span, "here", advice)
    except ParseError as problem:
        at = _offset(xml.text, *problem.position)
        span = Span(xml, Range(at, min(at + 1, len(xml.text))))
        why = str(problem).partition(":")[0]
        refuse(Code.NOT_AN_ASSERTION, f"this is no XML: {why}", span, "here", _WANTED)
    except ValueError:  # half of a surrogate pair
        span = Span(xml, whole(xml))
        refuse(Code.NOT_AN_ASSERTION, "this is no XML: not UTF-8", span, "here", _WANTED)
    return root


def _offset(text: str, line: int, column: int) -> int:
    starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
    return min(starts[min(line, len(starts)) - 1] + column, len(text))


def _assertion(root: Element, xml: Source) -> Element:
    """Return the one assertion of a document, or raise why there is none."""
    span = Span(xml, _place_of(xml, root.tag))
    found = list(root.iter(f"{_ASSERTION}Assertion"))
    status = root.find(f"{_PROTOCOL}Status/{_PROTOCOL}StatusCode")
    if next(root.iter(f"{_ASSERTION}EncryptedAssertion"), None) is not None:
        place = Span(xml, _place_of(xml, "EncryptedAssertion"))
        advice = "only AWS has the key: have the identity provider make one that is not encrypted"
        refuse(Code.ENCRYPTED, "the assertion is encrypted", place, "here", advice)
    if status is not None and status.get("Value") != _SUCCESS:
        place = Span(xml, _place_of(xml, "StatusCode"))
        message = "the identity provider reports a failure, and asserts nothing"
        refuse(Code.NOT_AN_ASSERTION, message, place, "not `Success`")
    if len(found) != 1:
        message = "there is no SAML 2.0 assertion in here" if not found else "several assertions"
        refuse(Code.NOT_AN_ASSERTION, message, span, "in here", _WANTED)
    return found[0]


def _place_of(xml: Source, name: str) -> Range:
    """Return where a name first stands, or else the first character."""
    local = name.rpartition("}")[2]
    at = xml.text.find(local)
    return Range(at, at + len(local)) if at >= 0 else Range(0, min(1, len(xml.text)))


def _length_notes(source: Source) -> tuple[Diagnostic, ...]:
    place = whole(source)
    length = place.end - place.start
    if source.text.startswith("<", place.start):
        length = 4 * ((len(source.text[place.start : place.end].encode()) + 2) // 3)
    if SHORTEST <= length <= LONGEST:
        return ()
    told = f"the assertion has {length} characters in base64, and STS takes up to {LONGEST}"
    return (note(Code.REFUSED, told, Span(source, place), "the assertion"),)


class _Reader:
    """Reads one assertion; what is wrong with it is collected."""

    def __init__(self, root: Element, xml: Source, problems: list[Diagnostic]) -> None:
        self.root = root
        self.xml = xml
        self.problems = problems

    def read(self, provider: Arn | None) -> SamlAssertion | None:
        """Return the assertion, or nothing where nobody knows of which provider it is."""
        attributes = {**self._subject(), **self._attributes()}
        place = provider or Arn("aws", "iam", "", "", "saml-provider/")
        read = assertion_from(place, attributes, self._complain)
        ends, usable = self._session_end(), self._usable_until()
        found = provider or parse_arn(self._only_provider(read) or "")
        if found is None:
            return None
        read = read if provider else assertion_from(found, attributes, _ignore)
        return read._replace(not_on_or_after=ends, usable_until=usable)

    def _only_provider(self, read: SamlAssertion) -> str | None:
        providers = {provider for _, provider in read.roles}
        if len(providers) == 1:
            return providers.pop()
        if not self.problems:
            what = "names several providers" if providers else "is missing"
            advice = f"AWS wants it with pairs of a role and a provider: `{AWS}Role`"
            self._report(f"the attribute `Role` {what}", "Role", advice)
        return None

    def _subject(self) -> dict[str, tuple[str, ...]]:
        """Return what is asserted beside the attributes, as condition keys."""
        subject = f"{_ASSERTION}Subject"
        name = self.root.find(f"{subject}/{_ASSERTION}NameID")
        confirmation = f"{subject}/{_ASSERTION}SubjectConfirmation"
        recipients = [
            data.get("Recipient", "")
            for data in self.root.findall(f"{confirmation}/{_ASSERTION}SubjectConfirmationData")
        ]
        return {
            "saml:iss": self._needed("Issuer", self.root.find(f"{_ASSERTION}Issuer")),
            "saml:sub": self._needed("NameID", name),
            "saml:sub_type": (subject_type(_format(name)),),
            "saml:aud": self._recipient(recipients),
        }

    def _needed(self, what: str, element: Element | None) -> tuple[str, ...]:
        text = _text(element) if element is not None else ""
        if not text:
            self._report(f"the assertion has no `{what}`", "Assertion", None)
        return (text,) if text else ()

    def _recipient(self, recipients: list[str]) -> tuple[str, ...]:
        if len(recipients) == 1 and recipients[0]:
            return (recipients[0],)
        advice = (
            "AWS wants one `SubjectConfirmationData`, and takes `saml:aud` from its `Recipient`"
        )
        message = (
            "the assertion has no `Recipient`" if not any(recipients) else "several recipients"
        )
        self._report(message, "SubjectConfirmation", advice)
        return ()

    def _attributes(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        statement = f"{_ASSERTION}AttributeStatement/{_ASSERTION}Attribute"
        for attribute in self.root.findall(statement):
            name = attribute.get("Name", "")
            key = key_of(name, attribute.get("FriendlyName", ""))
            values = [_text(value) for value in attribute.findall(f"{_ASSERTION}AttributeValue")]
            if key is not None:
                found.setdefault(key, values)  # AWS takes but one attribute for a key
            elif name.startswith(AWS):  # nothing else is read
                found.setdefault(name, []).extend(values)
        return {name: tuple(values) for name, values in found.items()}

    def _session_end(self) -> int | None:
        """Return when the session ends at the latest."""  # STS-44
        return self._instant("AuthnStatement", "SessionNotOnOrAfter")

    def _usable_until(self) -> int | None:
        """Return when STS no longer takes the assertion."""
        confirmation = (
            f"Subject/{_ASSERTION}SubjectConfirmation/{_ASSERTION}SubjectConfirmationData"
        )
        ends = (self._instant(path, "NotOnOrAfter") for path in (confirmation, "Conditions"))
        return min((end for end in ends if end is not None), default=None)

    def _instant(self, path: str, name: str) -> int | None:
        element = self.root.find(f"{_ASSERTION}{path}")
        text = element.get(name) if element is not None else None
        instant = read_date(text) if text and "T" in text else None
        if text and instant is None:
            self._report(f"`{name}` is no instant", name, None)
        return instant and instant[0]

    def _complain(self, wrong: SamlAttributeError) -> None:
        self._report(str(wrong), wrong.name, None)

    def _report(self, message: str, at: str, advice: str | None) -> None:
        span = Span(self.xml, _place_of(self.xml, at))
        self.problems.append(error(Code.ASSERTION, message, span, "here", advice))


def _ignore(_: SamlAttributeError) -> None:
    """Do nothing about what has been told already."""


def _format(name: Element | None) -> str:
    return (name.get("Format") if name is not None else None) or _UNSPECIFIED


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()
