"""Tokens and assertions in files, for calls that are not signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.arn import parse_arn
from simulator.cli.errors import QuestionError
from simulator.syntax import decode_text

if TYPE_CHECKING:
    from simulator.cli.files import Reader
    from simulator.federation.model import SamlAssertion, WebIdentity


def read_web_identity(reader: Reader, name: str) -> WebIdentity:
    """Return what the token in a file says; its signature is not checked.

    Raises:
        QuestionError: the file cannot be read.
        DocumentError: there is no token in it.
    """
    from simulator.federation.token import read_token  # noqa: PLC0415 - few calls have one

    source, warnings = decode_text(name, reader.read(name))
    found = read_token(source)
    reader.warnings += (*warnings, *found.notes)
    return found


def read_saml(reader: Reader, name: str, provider: str | None) -> SamlAssertion:
    """Return what the assertion in a file says; its signature is not checked.

    Raises:
        QuestionError: the file cannot be read, or the provider has no ARN.
        DocumentError: there is no assertion in it.
    """
    from simulator.federation.saml import read_assertion  # noqa: PLC0415 - few calls have one

    arn = parse_arn(provider) if provider else None
    if provider and (arn is None or arn.kind != "saml-provider"):
        raise QuestionError(f"`--principal-arn {provider}` is no ARN of a SAML provider")
    source, warnings = decode_text(name, reader.read(name))
    found = read_assertion(source, arn)
    reader.warnings += (*warnings, *found.notes)
    return found
