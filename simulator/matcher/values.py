"""Texts of a policy against a text of a request: literal, wildcards, variables, ARNs."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from simulator.matcher.glob import Glob, compile_glob
from simulator.policy.variables import Template, Variable, Wildcard, read_template
from simulator.request.context import Several

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.matcher.truth import Truth
    from simulator.request.context import RequestContext

Test: TypeAlias = "Callable[[str], bool]"
ValueTest: TypeAlias = "Callable[[str, RequestContext], Truth]"


class Unknown(Exception):  # noqa: N818 - it is no error: a fact was not given
    """A variable stands for a fact that nobody gave."""


def compile_text(
    text: str, compile_parts: Callable[[Glob], Test], *, wildcards: bool, variables: bool
) -> ValueTest:
    """Return the test of a value against a policy's text; variables are filled in each time."""
    template = read_template(text, wildcards=wildcards, variables=variables)
    if any(isinstance(part, Variable) for part in template):
        return _filled(template, compile_parts)
    fits = compile_parts(_without_variables(template))
    return lambda value, _context: fits(value)


def _without_variables(template: Template) -> Glob:
    return tuple(part for part in template if isinstance(part, (str, Wildcard)))


def _filled(template: Template, compile_parts: Callable[[Glob], Test]) -> ValueTest:
    def fits(value: str, context: RequestContext) -> Truth:
        try:
            parts = fill(template, context)
        except Unknown:
            return None
        return parts is not None and compile_parts(parts)(value)  # VAR-5, VAR-6

    return fits


def fill(template: Template, context: RequestContext) -> Glob | None:
    """Return the parts with each variable replaced by its value; nothing if one has none.

    Raises:
        Unknown: a variable's key is a fact that nobody gave.
    """
    parts: list[str | Wildcard] = []
    for part in template:
        if not isinstance(part, Variable):
            parts.append(part)
            continue
        values = context.values(part.key)
        if values is None:
            raise Unknown
        if len(values) == 1 and not isinstance(values, Several):  # VAR-2: only keys of one value
            parts.append(values[0])  # VAR-7: literal, whatever is in it
        elif part.default is not None:
            parts.append(part.default)  # VAR-3
        else:
            return None
    return tuple(parts)


def compile_literal(parts: Glob) -> Test:
    """Return the test whether a value is exactly this text."""
    return "".join(str(part) for part in parts).__eq__


def compile_literal_ignoring_case(parts: Glob) -> Test:
    """Return the test whether a value is this text but for letter case."""
    wanted = "".join(str(part) for part in parts).lower()
    return lambda value: value.lower() == wanted


def compile_arn(parts: Glob) -> Test:
    """Return the test of an ARN, each of its six fields against its own pattern."""
    fields = split_fields(parts)
    if len(fields) != 6:
        return lambda _value: False  # CND-31
    tests = [compile_glob(field) for field in fields]

    def fits(value: str) -> bool:
        actual = value.split(":", 5)
        return len(actual) == 6 and all(
            test(field) for test, field in zip(tests, actual, strict=True)
        )

    return fits


def split_fields(parts: Glob) -> list[Glob]:
    """Return a pattern cut at its first five colons; the sixth field keeps the others."""
    fields: list[list[str | Wildcard]] = [[]]
    for part in parts:
        if not isinstance(part, str):
            fields[-1].append(part)
            continue
        first, *rest = part.split(":", 6 - len(fields))
        fields[-1].append(first)
        fields += [[text] for text in rest]
    return [tuple(part for part in field if part != "") for field in fields]
