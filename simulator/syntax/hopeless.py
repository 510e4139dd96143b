"""Texts in which one thing is wrong that leaves nothing else to say."""

from __future__ import annotations

import re
from typing import Final

from simulator.source import Range
from simulator.syntax.codes import Code
from simulator.syntax.problem import Problem

DEPTH_LIMIT: Final = 64

# Strings end with their line, closed or not: a bracket within one does not count.
_STRING_OR_BRACKET: Final = re.compile(r'"(?>[^"\\\r\n]++|\\[^\r\n])*+"?|[][{}]')
_FOREIGN: Final = re.compile(
    r"""\s*(?:
    (?P<error>An\ error\ occurred\ \(|aws:\ (?:\[ERROR\]|error:)
        |Unable\ to\ locate\ credentials|usage:\ aws)
    |(?P<page><!DOCTYPE|<html|<\?xml|<[A-Za-z]+\ xmlns)
    |(?P<percent>%(?:25)*(?:7B|5B|22))
    |(?P<yaml>---(?=\s)|[A-Za-z][\w-]*:(?=\s))
    |(?P<terraform>(?:resource|data|variable|locals|module|provider|output)\b[^\r\n{]*\{)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_FOREIGN_KINDS: Final = {
    "error": "an AWS CLI error",
    "page": "a web page or XML",
    "percent": "URL-encoded JSON",
    "yaml": "YAML",
    "terraform": "Terraform code",
}


def too_deep_at(text: str) -> int | None:
    """Return the offset of the first bracket that is nested too deeply."""
    if text.count("[") + text.count("{") <= DEPTH_LIMIT:
        return None
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        sign = match[0]
        if sign in "[{":
            depth += 1
            if depth > DEPTH_LIMIT:
                return match.start()
        elif sign in "]}":
            depth = max(0, depth - 1)
    return None


def hopeless(text: str) -> Problem | None:
    """Return the one thing that is wrong with a text if nothing else is worth saying."""
    if not text.strip():
        return Problem(
            Code.EMPTY, "the document is empty", Range(0, len(text)), "nothing but white space"
        )
    foreign = _FOREIGN.match(text)
    if foreign is not None and foreign.lastgroup is not None:
        kind = _FOREIGN_KINDS[foreign.lastgroup]
        place = Range(foreign.start(foreign.lastgroup), foreign.end())
        return Problem(
            Code.NOT_JSON, f"this is not JSON; looks like {kind}", place, "starts like one"
        )
    deep = too_deep_at(text)
    if deep is None:
        return None
    return Problem(
        Code.TOO_DEEP,
        "nested more than 64 levels deep",
        Range(deep, deep + 1),
        "level 65 starts here",
    )
