"""Texts of a policy against a text of a request: with variables filled in, and as ARNs."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from simulator.matcher.glob import Glob, any_test, compile_glob
from simulator.policy.variables import Template, Variable, Wildcard

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulator.request.context import RequestContext

Test: TypeAlias = "Callable[[str], bool]"


class Unknown(Exception):  # noqa: N818 - it is no error: a fact was not given
    """A variable stands for a fact that nobody gave."""


def is_filled(template: Template) -> bool:
    """Whether a text has variables, so that it is another one for each request."""
    return any(isinstance(part, Variable) for part in template)


def without_variables(template: Template) -> Glob:
    """Return the parts of a text that has no variables."""
    return tuple(part for part in template if not isinstance(part, Variable))


def could_fit(template: Template, value: str, *, ignoring_case: bool = False) -> bool:
    """Whether a text could be a value, whatever its variables stand for."""
    parts = tuple(Wildcard.ANY if isinstance(part, Variable) else part for part in template)
    if not ignoring_case:
        return compile_glob(parts)(value)
    lowered = tuple(part.lower() if isinstance(part, str) else part for part in parts)
    return compile_glob(lowered)(value.lower())


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
        value = context.known.get(part.key)
        if type(value) is str:  # VAR-2: only keys of one value
            parts.append(value)  # VAR-7, VAR-EMPTY: literal, whatever is in it
        elif context.values(part.key) is None:
            raise Unknown
        elif part.default is not None:
            parts.append(part.default)  # VAR-3
        else:
            return None
    return tuple(parts)


def compile_arns(patterns: Sequence[Glob]) -> Test:
    """Return the test whether an ARN fits one of several, field by field."""
    return any_test([_compile_arn(pattern) for pattern in patterns])


def _compile_arn(parts: Glob) -> Test:
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
