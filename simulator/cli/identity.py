"""Tokens and assertions, for calls that are not signed; no message shows a character of them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from simulator.arn import parse_arn
from simulator.cli.errors import QuestionError
from simulator.diagnostic import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.cli.files import Reader
    from simulator.federation.model import SamlAssertion, WebIdentity
    from simulator.source import Source


@contextmanager
def concealing() -> Iterator[None]:
    """Have errors about a text that is secret show the places only.

    Raises:
        DocumentError: the text cannot be used.
    """
    try:
        yield
    except DocumentError as error:
        from simulator.federation.reports import concealed  # noqa: PLC0415 - only on errors

        raise DocumentError(tuple(map(concealed, error.diagnostics))) from None


def read_web_identity(reader: Reader, source: Source) -> WebIdentity:
    """Return what the token in a text says; its signature is not checked.

    Raises:
        DocumentError: there is no token in it.
    """
    from simulator.federation.reports import concealed  # noqa: PLC0415 - few calls have a token
    from simulator.federation.token import read_token  # noqa: PLC0415

    with concealing():
        found = read_token(source)
    reader.warnings += map(concealed, found.notes)
    return found


def read_saml(reader: Reader, source: Source, provider: str | None) -> SamlAssertion:
    """Return what the assertion in a text says; its signature is not checked.

    Raises:
        QuestionError: the provider has no ARN.
        DocumentError: there is no assertion in it.
    """
    from simulator.federation.reports import concealed  # noqa: PLC0415 - few calls have one
    from simulator.federation.saml import read_assertion  # noqa: PLC0415

    arn = parse_arn(provider) if provider else None
    if provider and (arn is None or arn.kind != "saml-provider"):
        raise QuestionError(f"`--principal-arn {provider}` is no ARN of a SAML provider")
    with concealing():
        found = read_assertion(source, arn)
    reader.warnings += map(concealed, found.notes)
    return found
