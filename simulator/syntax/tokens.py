"""The tokens of a text, the mistaken ones among them, as lark's lexer finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lark import TextSlice, Token

from simulator.syntax.grammar import parser
from simulator.syntax.mistakes import LOOKALIKES, mistakes
from simulator.syntax.problem import range_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulator.source import Source
    from simulator.syntax.problem import Change, Problem

END: Final = "$END"

OPENERS: Final = frozenset({"LBRACE", "LBRACKET"})
CLOSER_OF: Final[Mapping[str, str]] = {"LBRACE": "RBRACE", "LBRACKET": "RBRACKET"}
CLOSERS: Final = frozenset(CLOSER_OF.values())
TEXT_OF: Final[Mapping[str, str]] = {
    "LBRACE": "{",
    "RBRACE": "}",
    "LBRACKET": "[",
    "RBRACKET": "]",
    "_COMMA": ",",
    "_COLON": ":",
}
STRUCTURE: Final = frozenset({"_COMMA", "_COLON", *CLOSERS, END})
"""What may follow a string."""

STRING_LIKE: Final = frozenset(
    {"UNCLOSED", "SINGLE_QUOTED", "SMART_QUOTED", "WORD", "BAD_NUMBER", "TEMPLATE"}
)
"""The mistaken terminals that are read as if a string stood there."""

VALUES: Final = STRING_LIKE | OPENERS | {"STRING", "NUMBER", "LITERAL"}


class Splice(NamedTuple):
    """Other tokens for the next `length` ones, and the change of the text that says the same."""

    length: int
    tokens: list[Token]
    change: Change


def lex(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the tokens of a part of a text, with their places in the whole."""
    return list(parser().lex(TextSlice(text, start, len(text) if end is None else end)))


def end_of(source: Source) -> Token:
    """Return the token that stands for the end of the text."""
    length = len(source.text)
    return made(END, "", length, length)


def made(kind: str, text: str, start: int, end: int) -> Token:
    """Return a token that the lexer did not find."""
    return Token(kind, text, start_pos=start, end_pos=end)


def before(kind: str, token: Token) -> Token:
    """Return a token that is missing before another one."""
    start = range_of(token).start
    return made(kind, TEXT_OF.get(kind, ""), start, start)


def without_strays(tokens: Iterable[Token]) -> tuple[list[Token], list[Problem]]:
    """Return the tokens that matter to the structure, and what is wrong with the others."""
    kept: list[Token] = []
    problems: list[Problem] = []
    for token in tokens:
        if token.type in _STRAYS:
            problems += mistakes(token, is_key=False)
        if token.type == "LOOKALIKE":
            kept.append(token.update(type=LOOKALIKES[token][0]))
        elif token.type not in _STRAYS and not token.startswith(("{%", "<%")):
            kept.append(token)
        elif token.type == "TEMPLATE":
            problems += mistakes(token, is_key=False)
    return kept, problems


_STRAYS: Final = frozenset({"COMMENT", "INVISIBLE", "LOOKALIKE"})
