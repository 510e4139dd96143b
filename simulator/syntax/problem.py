"""One thing wrong with a text, while it is still being read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.diagnostic import Diagnostic, Edit, Label, Severity
from simulator.secrecy import hidden
from simulator.source import Range, Source, Span

if TYPE_CHECKING:
    from lark import Token

    from simulator.syntax.codes import Code

_ECHO_LIMIT = 40


class Change(NamedTuple):
    """The replacement of a range by another text."""

    range: Range
    text: str


class Problem(NamedTuple):
    """What a diagnostic says, told of ranges in one text."""

    code: Code
    message: str
    range: Range
    label: str
    others: tuple[tuple[Range, str], ...] = ()
    help: str | None = None
    changes: tuple[Change, ...] = ()

    def diagnostic(self, source: Source) -> Diagnostic:
        """Return the same as a diagnostic about a source."""
        places = ((self.range, self.label), *self.others)
        return Diagnostic(
            self.code,
            Severity.ERROR,
            self.message,
            tuple(Label(Span(source, place), text) for place, text in places),
            self.help,
            tuple(Edit(source, place, text) for place, text in self.changes),
        )


def range_of(token: Token) -> Range:
    """Return where a token stands."""
    return Range(token.start_pos or 0, token.end_pos or 0)


def quoted(text: str) -> str:
    """Return a piece of the user's text for a message, cut to a bearable length."""
    text = hidden(text)
    if len(text) > _ECHO_LIMIT:
        text = f"{text[: _ECHO_LIMIT - 10]}…{text[-9:]}"
    return f"`{text}`"


def code_point(char: str) -> str:
    """Return the name of a character that cannot be shown, as in U+00A0."""
    return f"U+{ord(char):04X}"
