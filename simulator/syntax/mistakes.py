"""What is wrong with a token by itself: quotes, escapes, numbers, words, strange characters."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from simulator.source import Range
from simulator.syntax.codes import Code
from simulator.syntax.problem import Change, Problem, code_point, quoted, range_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lark import Token

_NUL: Final = "\0"

LOOKALIKES: Final[Mapping[str, tuple[str, str]]] = {
    "\uff0c": ("_COMMA", ","),
    "\u060c": ("_COMMA", ","),
    "\u3001": ("_COMMA", ","),
    "\uff1b": ("_COMMA", ","),
    "\uff1a": ("_COLON", ":"),
    "\uff5b": ("LBRACE", "{"),
    "\uff5d": ("RBRACE", "}"),
    "\uff3b": ("LBRACKET", "["),
    "\uff3d": ("RBRACKET", "]"),
}
"""The terminal that is meant by a character which only looks like it, and its text."""

# Words that other languages have for JSON's three.
_CONSTANTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("True", "TRUE"), "true"),
    **dict.fromkeys(("False", "FALSE"), "false"),
    **dict.fromkeys(("None", "NULL", "Null", "nil", "undefined"), "null"),
}
_NOT_FINITE: Final = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_JSON_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_NEARLY_NUMBER: Final = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>[0-9]*+)\.?(?P<part>[0-9]*+)(?P<power>[eE][+-]?[0-9]+)?"
)
_FAULT: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<nul>\\u0000|\x00)"
    r"|(?P<surrogate>\\u[dD][89a-fA-F][0-9a-fA-F]{2}|[\ud800-\udfff])"
    r'|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})'
    r"|(?P<escape>\\(?:u[0-9a-fA-F]{0,3}|[^\r\n])?)"
    r"|(?P<control>\r\n|[\x01-\x1f])"
)
_CONTROL: Final = re.compile(r"[\x01-\x1f]")
_SHORT: Final[Mapping[str, str]] = {
    "\b": r"\b",
    "\t": r"\t",
    "\n": r"\n",
    "\f": r"\f",
    "\r": r"\r",
    "\r\n": r"\r\n",
}


def mistakes(token: Token, *, is_key: bool) -> Iterator[Problem]:
    """Return what is wrong with a token wherever it stands."""
    find = _MISTAKES.get(token.type)
    if find is not None:
        yield from find(token, is_key)


def string_faults(token: Token) -> Iterator[Problem]:
    """Return what is wrong within a string in double quotes."""
    if not token.isprintable() or "\\" in token:
        for match in _FAULT.finditer(token):
            if match.lastgroup is not None:
                start = range_of(token).start
                place = Range(start + match.start(), start + match.end())
                yield _STRING_FAULTS[match.lastgroup](match[0], place)


def _nul(_: str, place: Range) -> Problem:
    return Problem(Code.NUL, "NUL character (U+0000) in a string", place, "nothing may contain it")


def _surrogate(text: str, place: Range) -> Problem:
    return Problem(
        Code.SURROGATE,
        f"{quoted(text) if text.isascii() else code_point(text)} is half of a surrogate pair",
        place,
        "the other half is missing: this is no character",
    )


def _bad_escape(text: str, place: Range) -> Problem:
    whole = len(text) > 1 and text[1] not in "ux"
    return Problem(
        Code.ESCAPE,
        f"{quoted(text)} is not an escape of JSON",
        place,
        r"JSON has \" \\ \/ \b \f \n \r \t and \u with four digits",
        help=r"a backslash is written `\\`",
        changes=(Change(place, "'" if text == "\\'" else f"\\{text}"),) if whole else (),
    )


def _escape(text: str) -> str:
    return _SHORT.get(text, f"\\u{ord(text[0]):04x}")


def _control(text: str, place: Range) -> Problem:
    escaped = _escape(text)
    what = (
        "line break" if text in ("\r", "\n", "\r\n") else f"control character {code_point(text[0])}"
    )
    return Problem(
        Code.ESCAPE,
        f"{what} in a string",
        place,
        f"written {quoted(escaped)} in JSON",
        changes=(Change(place, escaped),),
    )


def _string(token: Token, _: bool) -> Iterator[Problem]:  # noqa: FBT001 - a table calls it
    return string_faults(token)


def _comment(token: Token, _: bool) -> Iterator[Problem]:  # noqa: FBT001
    sign = token[:2] if token.startswith("/") else "#"
    place = range_of(token)
    yield Problem(
        Code.COMMENT,
        f"JSON has no comments: {quoted(sign)}",
        place,
        "comment",
        help="leave it out",
        changes=(Change(place, ""),),
    )


def _other_quotes(token: Token, is_key: bool) -> Iterator[Problem]:  # noqa: FBT001
    place = range_of(token)
    marks = [
        char if char.isascii() else code_point(char)
        for char in dict.fromkeys((token[0], token[-1]))
    ]
    what = "name" if is_key else "string"
    yield Problem(
        Code.QUOTES,
        f"{what} in the wrong quotes: {' and '.join(marks)}",
        place,
        'JSON has only `"` (U+0022)',
        help="smart quotes come from word processors and chat windows"
        if token.type == "SMART_QUOTED"
        else None,
        changes=(Change(place, _in_double_quotes(token[1:-1])),),
    )


def _in_double_quotes(inner: str) -> str:
    escaped = re.sub(r'(?<!\\)"', r'\\"', inner.replace("\\'", "'"))
    return f'"{_CONTROL.sub(lambda match: _escape(match[0]), escaped)}"'


def _invisible(token: Token, _: bool) -> Iterator[Problem]:  # noqa: FBT001
    place = range_of(token)
    names = ", ".join(code_point(char) for char in dict.fromkeys(token[:5]))
    if _NUL in token:
        yield Problem(
            Code.NUL, "NUL character (U+0000)", place, "here", changes=(Change(place, " "),)
        )
        return
    yield Problem(
        Code.INVISIBLE,
        f"invisible character between the values: {names}",
        place,
        "JSON has only space, tab and line ends here",
        changes=(Change(place, " "),),
    )


def _lookalike(token: Token, _: bool) -> Iterator[Problem]:  # noqa: FBT001
    place, meant = range_of(token), LOOKALIKES[token][1]
    yield Problem(
        Code.INVISIBLE,
        f"{quoted(token)} ({code_point(token)}) only looks like {quoted(meant)}",
        place,
        f"{quoted(meant)} expected here",
        changes=(Change(place, meant),),
    )


def _template(token: Token, is_key: bool) -> Iterator[Problem]:  # noqa: FBT001, ARG001
    yield Problem(
        Code.TEMPLATE,
        f"template not rendered: {quoted(token)}",
        range_of(token),
        next(what for mark, what in _TEMPLATES.items() if mark in token),
        help="give the text that comes out of the template",
    )


_TEMPLATES: Final[Mapping[str, str]] = {
    "${": "a variable that was to be filled in (Terraform, shell or CloudFormation)",
    "{{": "a Jinja, Helm or Mustache expression",
    "{%": "a Jinja statement",
    "<%": "an ERB or EJS statement",
    "<": "a placeholder that was to be filled in",
    "!": "a CloudFormation function",
    "": "a placeholder that was to be filled in",
}


def _bad_number(token: Token, is_key: bool) -> Iterator[Problem]:  # noqa: FBT001
    place, fixed = range_of(token), _mended_number(token)
    if is_key or fixed is None:
        looks_numeric = not is_key and re.fullmatch(r"[+-]?[0-9.][0-9a-fA-FxXoOeE_.+-]*", token)
        if not looks_numeric or re.search(r"[0-9]-[0-9]", token):
            yield from _word(token, is_key)
            return
    yield Problem(
        Code.NUMBER,
        f"{quoted(token)} is not a JSON number",
        place,
        f"JSON writes {quoted(fixed)}" if fixed else "digits expected",
        changes=(Change(place, fixed),) if fixed else (),
    )


def _mended_number(text: str) -> str | None:
    """Return the JSON number that was plainly meant."""
    match = _NEARLY_NUMBER.fullmatch(text)
    if match is None or not match["whole"] + match["part"]:
        return None
    whole = match["whole"].lstrip("0") or "0"
    part = f".{match['part']}" if match["part"] else ""
    fixed = match["sign"].replace("+", "") + whole + part + (match["power"] or "")
    return fixed if _JSON_NUMBER.fullmatch(fixed) else None


def _word(token: Token, is_key: bool) -> Iterator[Problem]:  # noqa: FBT001
    place = range_of(token)
    if not is_key and _NOT_FINITE.fullmatch(token):
        yield Problem(
            Code.NUMBER,
            f"{quoted(token)} is not a JSON number",
            place,
            "JSON has only finite numbers",
        )
        return
    constant = None if is_key else _CONSTANTS.get(token)
    if constant is not None:
        yield Problem(
            Code.NUMBER,
            f"{quoted(token)} is not a constant of JSON",
            place,
            f"JSON writes {quoted(constant)}",
            changes=(Change(place, constant),),
        )
        return
    yield Problem(
        Code.QUOTES,
        f"{'name' if is_key else 'text'} without quotes: {quoted(token)}",
        place,
        "quotes are missing around this",
        changes=(Change(place, json.dumps(str(token), ensure_ascii=False)),),
    )


_STRING_FAULTS: Final[Mapping[str, Callable[[str, Range], Problem]]] = {
    "nul": _nul,
    "surrogate": _surrogate,
    "escape": _bad_escape,
    "control": _control,
}

_MISTAKES: Final[Mapping[str, Callable[[Token, bool], Iterator[Problem]]]] = {
    "STRING": _string,
    "COMMENT": _comment,
    "SINGLE_QUOTED": _other_quotes,
    "SMART_QUOTED": _other_quotes,
    "INVISIBLE": _invisible,
    "LOOKALIKE": _lookalike,
    "TEMPLATE": _template,
    "BAD_NUMBER": _bad_number,
    "WORD": _word,
}
