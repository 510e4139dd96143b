"""Codes of what is wrong with a token or assertion, described in docs/reference/federation.md."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Code(StrEnum):
    """The code of a diagnostic about a token or an assertion."""

    NO_JWT = "IAM840"
    ENCODING = "IAM841"
    NOT_AN_OBJECT = "IAM842"
    CLAIM = "IAM843"
    AWS_CLAIM = "IAM844"
    CLAIMS_ALONE = "IAM845"
    REFUSED = "IAM846"
    NOT_AN_ASSERTION = "IAM847"
    ASSERTION = "IAM848"
    ENCRYPTED = "IAM849"


TITLES: Final[Mapping[Code, str]] = {
    Code.NO_JWT: "not a JSON Web Token",
    Code.ENCODING: "bad base64",
    Code.NOT_AN_OBJECT: "header or claims are not one JSON object",
    Code.CLAIM: "claim missing, or not of its form",
    Code.AWS_CLAIM: "session tag, source identity or role that cannot be used",
    Code.CLAIMS_ALONE: "claims without a token",
    Code.REFUSED: "refused by STS for its form",
    Code.NOT_AN_ASSERTION: "not one SAML assertion",
    Code.ASSERTION: "part of an assertion missing, or not of its form",
    Code.ENCRYPTED: "encrypted",
}
