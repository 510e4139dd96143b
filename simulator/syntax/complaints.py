"""The words for what is wrong with the structure of a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.source import Range
from simulator.syntax.codes import Code
from simulator.syntax.problem import Change, Problem, quoted, range_of
from simulator.syntax.tokens import CLOSER_OF, CLOSERS, OPENERS, TEXT_OF

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lark import Token

    from simulator.syntax.tokens import Splice

_QUOTE: Final = re.compile(r'(?<!\\)"')
_EXPECTED: Final[Mapping[str, str]] = {
    "colon": "`:` and a value expected here",
    "value": "a value expected here",
    "key": "a name in double quotes expected here",
    "comma": "a comma or a closing bracket expected here",
    "end": "the end of the document expected here",
}


def unexpected(text: str, place: Range, expected: str) -> Problem:
    """Return that some text cannot stand where it does."""
    return Problem(
        Code.UNEXPECTED, f"unexpected {quoted(text[slice(*place)])}", place, _EXPECTED[expected]
    )


def wrong_sign(token: Token, meant: str) -> Problem:
    """Return that another sign was written for a colon or a comma."""
    code = Code.COMMA if meant == "_COMMA" else Code.UNEXPECTED
    sign, place = TEXT_OF[meant], range_of(token)
    message = f"{quoted(token)} in the place of {quoted(sign)}"
    return Problem(
        code, message, place, f"JSON writes {quoted(sign)}", changes=(Change(place, sign),)
    )


def missing_colon(key: Token) -> Problem:
    """Return that there is no colon between a key and its value."""
    place = range_of(key)
    return Problem(
        Code.UNEXPECTED,
        f"colon is missing after {quoted(key)}",
        place,
        "`:` expected after this",
        changes=(Change(Range(place.end, place.end), ":"),),
    )


def no_value(before: Token, token: Token) -> Problem:
    """Return that a key has no value."""
    after = "`:`" if before.type == "_COLON" else quoted(before)
    found = quoted(token) if token else "the end"
    return Problem(
        Code.UNEXPECTED,
        f"value is missing between {after} and {found}",
        range_of(before),
        "a value expected after this",
    )


def missing_comma(before: Token) -> Problem:
    """Return that there is no comma between two values."""
    place = range_of(before)
    return Problem(
        Code.COMMA,
        f"comma is missing after {quoted(before)}",
        place,
        "`,` expected after this",
        changes=(Change(Range(place.end, place.end), ","),),
    )


def superfluous_comma(token: Token) -> Problem:
    """Return that a comma has nothing before it."""
    place = range_of(token)
    return Problem(
        Code.COMMA,
        "superfluous comma",
        place,
        "nothing stands before this comma",
        help="leave it out",
        changes=(Change(place, ""),),
    )


def needless_comma(token: Token, follows: Token) -> Problem:
    """Return that no element comes after a comma."""
    place = range_of(token)
    if follows.type == "_COMMA":
        return Problem(
            Code.COMMA,
            "superfluous comma",
            place,
            "a second comma follows this one",
            help="leave it out",
            changes=(Change(place, ""),),
        )
    label = f"only {quoted(follows)} follows" if follows else "nothing follows"
    return Problem(
        Code.COMMA,
        "trailing comma",
        place,
        label,
        help="JSON has no comma after the last element",
        changes=(Change(place, ""),),
    )


def unclosed_string(text: str, change: Change, start: int, column: int) -> Problem:
    """Return that a string is never closed, and where its end was probably meant to be."""
    at = change.range
    instead = text[slice(*at)]
    if instead:
        advice = f'the {quoted(instead)} was probably meant to be `"`'
    elif text[at.start : at.start + 1] in {"", "\r", "\n"}:
        advice = 'a `"` is missing at the end of the line'
    else:
        advice = f'a `"` is missing before the {quoted(text[at.start])}'
    return Problem(
        Code.UNCLOSED_STRING,
        f"the string that starts at column {column} is never closed",
        Range(start, at.end),
        'no `"` ends this string',
        help=advice,
        changes=(change,),
    )


def superfluous_quote(change: Change) -> Problem:
    """Return that there is a quote too many."""
    return Problem(
        Code.UNCLOSED_STRING,
        'superfluous `"`',
        change.range,
        "the string that starts here is never closed",
        help="leave it out",
        changes=(change,),
    )


def bracket(way: Splice, opened: Sequence[Token], token: Token) -> Problem:
    """Return that a bracket closes another one than the last opened, as one repair explains it."""
    last = opened[-1]
    due, place = TEXT_OF[CLOSER_OF[last.type]], range_of(token)
    if not way.change.text:
        message, label = (
            f"{quoted(token)} closes nothing",
            "no bracket is open that this could close",
        )
    elif way.length == 0:
        message, label = f"{quoted(last)} is never closed", f"{quoted(due)} expected before this"
    else:
        message, label = (
            f"{quoted(last)} is closed by {quoted(token)}",
            f"{quoted(due)} expected here",
        )
    others = ((range_of(last), f"{quoted(last)} opened here"),)
    return Problem(Code.BRACKET, message, place, label, others, changes=(way.change,))


def nothing_open(token: Token) -> Problem:
    """Return that there is one closing bracket too many."""
    place = range_of(token)
    return Problem(
        Code.BRACKET,
        f"{quoted(token)} closes nothing",
        place,
        "no bracket is open here",
        help="there is one closing bracket too many",
        changes=(Change(place, ""),),
    )


def extra_text(token: Token, place: Range, last: Token) -> Problem:
    """Return that there is text after the document."""
    others = ((range_of(last), "the document ends here"),)
    if token.type == "_COMMA" and last.type in CLOSERS:
        label, advice = "this is outside of the document", "is there one closing bracket too many?"
        changes: tuple[Change, ...] = (Change(range_of(last), ""),)
    else:
        second = token.type in OPENERS
        label = "a second document starts here" if second else "this belongs to nothing"
        advice, changes = "a file holds one document", ()
    return Problem(
        Code.EXTRA_TEXT, "text after the end of the document", place, label, others, advice, changes
    )


def quotes_within(text: str, before: Range, place: Range) -> Problem:
    """Return that text touches the end of a string, as if the quote belonged to it."""
    whole = text[before.start : place.end]
    inner = [
        before.end - 1 + at.start() for at in _QUOTE.finditer(text[before.end - 1 : place.end - 1])
    ]
    changes = tuple(Change(Range(at, at), "\\") for at in inner) if whole.endswith('"') else ()
    return Problem(
        Code.UNEXPECTED,
        f"unexpected {quoted(text[slice(*place)])}",
        place,
        _EXPECTED["comma"],
        help=r'a `"` within a string is written `\"`',
        changes=changes,
    )


def unfinished(opened: Sequence[Token], last: Token, missing: str, *, whole: bool) -> Problem:
    """Return that the text ends while brackets are open."""
    innermost = opened[-1]
    end = range_of(last).end
    others = tuple(
        (range_of(each), f"{quoted(each)} opened here") for each in reversed(opened[:-1])
    )
    return Problem(
        Code.BRACKET,
        f"{quoted(innermost)} is never closed",
        range_of(innermost),
        f"{quoted(innermost)} opened here",
        others[:3],
        help=f"the document ends where {quoted(missing)} is still to come: was it cut off?",
        changes=(Change(Range(end, end), missing),) if whole else (),
    )


def no_document(end: Token) -> Problem:
    """Return that a text has no value at all."""
    place = range_of(end)
    return Problem(Code.EMPTY, "the document is empty", place, "a value expected here")
