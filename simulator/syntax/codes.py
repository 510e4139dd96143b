"""The codes of what can be wrong with a text before it is a document."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Code(StrEnum):
    """The code of a syntax diagnostic."""

    UNEXPECTED = "IAM001"
    UNCLOSED_STRING = "IAM002"
    BRACKET = "IAM003"
    DUPLICATE_KEY = "IAM004"
    COMMA = "IAM005"
    COMMENT = "IAM006"
    QUOTES = "IAM007"
    NUMBER = "IAM008"
    ESCAPE = "IAM009"
    SURROGATE = "IAM010"
    NOT_UTF8 = "IAM011"
    TOO_DEEP = "IAM012"
    TOO_LARGE = "IAM013"
    EMPTY = "IAM014"
    EXTRA_TEXT = "IAM015"
    INVISIBLE = "IAM016"
    TEMPLATE = "IAM017"
    NOT_JSON = "IAM018"
    BYTE_ORDER_MARK = "IAM019"
    NUL = "IAM020"
    TOO_MANY = "IAM021"
    PERCENT = "IAM022"


TITLES: Final[Mapping[Code, str]] = {
    Code.UNEXPECTED: "unexpected or missing text",
    Code.UNCLOSED_STRING: "string never closed",
    Code.BRACKET: "unbalanced bracket",
    Code.DUPLICATE_KEY: "duplicate key",
    Code.COMMA: "comma missing or superfluous",
    Code.COMMENT: "comment",
    Code.QUOTES: "wrong quotes, or none",
    Code.NUMBER: "not a JSON number or constant",
    Code.ESCAPE: "bad escape, or a control character in a string",
    Code.SURROGATE: "half of a surrogate pair",
    Code.NOT_UTF8: "not UTF-8",
    Code.TOO_DEEP: "nested too deeply",
    Code.TOO_LARGE: "too large",
    Code.EMPTY: "empty",
    Code.EXTRA_TEXT: "text after the end of the document",
    Code.INVISIBLE: "invisible or look-alike character",
    Code.TEMPLATE: "template not rendered",
    Code.NOT_JSON: "not JSON at all",
    Code.BYTE_ORDER_MARK: "byte order mark",
    Code.NUL: "NUL character",
    Code.TOO_MANY: "too many errors",
    Code.PERCENT: "bad percent-encoding",
}
