"""Tokens and assertions, for calls that are not signed; no message shows a character of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.arn import parse_arn
from simulator.cli.errors import QuestionError

if TYPE_CHECKING:
    from simulator.cli.files import Reader
    from simulator.federation.model import SamlAssertion, WebIdentity
    from simulator.source import Source


def read_secret(reader: Reader, file: str) -> Source:
    """Return the text of the file of a token or an assertion.

    Raises:
        QuestionError: the file cannot be read.
        DocumentError: there is no text in it.
    """
    from simulator.federation.reports import concealing  # noqa: PLC0415 - few calls have one

    with concealing():
        return reader.source(file)


def read_web_identity(reader: Reader, source: Source) -> WebIdentity:
    """Return what the token in a text says; its signature is not checked.

    Raises:
        DocumentError: there is no token in it.
    """
    from simulator.federation.token import read_token  # noqa: PLC0415 - few calls have one

    found = read_token(source)
    reader.warnings += found.notes
    return found


def read_saml(reader: Reader, source: Source, provider: str | None) -> SamlAssertion:
    """Return what the assertion in a text says; its signature is not checked.

    Raises:
        QuestionError: the provider has no ARN.
        DocumentError: there is no assertion in it.
    """
    from simulator.federation.saml import read_assertion  # noqa: PLC0415 - few calls have one

    arn = parse_arn(provider) if provider else None
    if provider and (arn is None or arn.kind != "saml-provider"):
        raise QuestionError(f"`--principal-arn {provider}` is no ARN of a SAML provider")
    found = read_assertion(source, arn)
    reader.warnings += found.notes
    return found
