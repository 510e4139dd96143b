"""Policy variables and wildcards: a text of a policy as its parts.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator


class Wildcard(Enum):
    """`*`, any run of characters, or `?`, exactly one."""

    ANY = "*"
    ONE = "?"


class Variable(NamedTuple):
    """`${key}` or `${key, 'default'}`; the key in lower case, and as it is written."""

    key: str
    default: str | None
    written: str


Template: TypeAlias = "tuple[str | Wildcard | Variable, ...]"

_VARIABLE = re.compile(
    r"\$\{(?:(?P<literal>[*?$])|(?P<key>[^\s{}$,']+)(?:, '(?P<default>[^'{}]*)')?)\}"
)
_WILDCARDS = re.compile(r"[*?]")
_BY_SIGN = {wildcard.value: wildcard for wildcard in Wildcard}  # faster than to ask the class
# What other tools leave behind when they have not been run: Terraform, CloudFormation, Jinja,
# and the placeholders of documentation. No alternative passes over another beginning of its own, so
# that no character is looked at twice.
_LEFTOVER = re.compile(
    r"\$\{(?:AWS::[^{}]*|[A-Za-z_][\w.\[\]\"*-]*)\}|\{\{[^{}]*\}\}|<[A-Z][A-Z0-9_ -]{2,}>"
    r"|%\{[^{}]*\}"
)
_BRACE = re.compile(r"\$\{|\}")


class Flaw(NamedTuple):
    """A piece of a text that is no policy variable although it begins like one."""

    start: int
    text: str
    reason: str


def read_template(text: str, *, wildcards: bool, variables: bool) -> Template:
    """Return the parts of a text: literal runs, wildcards, variables."""
    if not variables or "${" not in text:
        is_plain = not wildcards or ("*" not in text and "?" not in text)
        return (text,) if is_plain else tuple(_split_wildcards(text))
    parts: list[str | Wildcard | Variable] = []
    end = 0
    for found in _VARIABLE.finditer(text):
        literal = text[end : found.start()]
        parts += _split_wildcards(literal) if wildcards else (literal,)
        parts.append(_variable(found))
        end = found.end()
    parts += _split_wildcards(text[end:]) if wildcards else (text[end:],)
    return tuple(part for part in parts if part != "")


def _split_wildcards(text: str) -> Iterator[str | Wildcard]:
    end = 0
    for found in _WILDCARDS.finditer(text):
        if found.start() > end:
            yield text[end : found.start()]
        yield _BY_SIGN[found.group()]
        end = found.end()
    if end < len(text) or not text:
        yield text[end:]


def _variable(found: re.Match[str]) -> str | Variable:
    literal = found["literal"]
    if literal is not None:
        return literal  # VAR-4
    return Variable(found["key"].lower(), found["default"], found["key"])  # VAR-2, VAR-3


def leftovers(text: str) -> Iterator[Flaw]:
    """Yield what a template engine should have replaced before this became a policy."""
    for found in _LEFTOVER.finditer(text):
        yield Flaw(found.start(), found.group(), "template not rendered")


def flaws(text: str) -> Iterator[Flaw]:
    """Yield each `${` that does not begin a policy variable, with the reason."""  # VAR-2
    good = {found.start(): found.end() for found in _VARIABLE.finditer(text)}
    last = text.rfind("}")
    start = text.find("${")
    while start >= 0:
        end = good.get(start)
        if end is None:
            end = start + 2
            yield Flaw(start, text[start : start + 60], _reason(text, start, last))
        start = text.find("${", end)


def _reason(text: str, start: int, last: int) -> str:
    """Return why what begins at a place is no variable; the last closing brace is at `last`."""
    brace = _BRACE.search(text, start + 2) if start < last else None
    if brace is None:
        return "the brace is never closed"
    if brace[0] == "${":
        return "a variable cannot contain another one"
    inner = text[start + 2 : brace.start()]
    if not inner:
        return "it names no key"
    if "," in inner or "'" in inner:
        return "a default is written `${key, 'text'}`: comma, one space, single quotes"
    return "the name of a key has no spaces"
