"""The resources a statement speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from simulator.matcher.glob import compile_glob, compile_globs, read_glob
from simulator.matcher.truth import any_of, negate
from simulator.matcher.values import Unknown, could_fit, fill, is_filled
from simulator.policy.variables import read_template

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.matcher.truth import Truth
    from simulator.matcher.values import Test
    from simulator.policy.model import Patterns
    from simulator.policy.variables import Template
    from simulator.request.context import RequestContext
    from simulator.request.request import Request

Resource: TypeAlias = "Callable[[Request], Truth]"
Filled: TypeAlias = "Callable[[str, RequestContext], Truth]"


def compile_resources(patterns: Patterns | None, *, variables: bool) -> Resource | None:
    """Return whether a statement speaks of a resource; nothing where it speaks of all."""
    if patterns is None:
        return None  # POL-14: the policy of a resource speaks of its own
    texts = patterns.values.items
    if not patterns.negated and "*" in texts:
        return None  # RES-2
    if patterns.negated and not texts:
        return lambda _request: False  # EMPTY-NOT
    filled = [text for text in texts if variables and "${" in text]
    named = _compile_plain([text for text in texts if text not in filled])
    speaks = _with_filled(named, [_compile_filled(text) for text in filled])
    if patterns.negated:
        return lambda request: negate(speaks(request))  # RES-11
    return speaks


def _with_filled(named: Test, tests: list[Filled]) -> Resource:
    if not tests:
        return lambda request: named(request.resource)

    def speaks(request: Request) -> Truth:
        arn, context = request.resource, request.context
        return named(arn) or any_of(test(arn, context) for test in tests)

    return speaks


def complete(text: str) -> str:
    """Return an ARN with the fields it lacks as wildcards."""  # RES-6, SHORT-ARN
    return text + ":*" * max(0, 5 - text.count(":"))


def _compile_plain(texts: list[str]) -> Test:
    if "*" in texts:
        return lambda _arn: True  # RES-2
    arns = [complete(text) for text in texts if text.startswith("arn:") or text == "arn"]
    # What comes before the first wildcard has all of its colons: it is the same to look at the
    # whole as to look field by field.
    whole = [read_glob(arn) for arn in arns if not _has_wild_head(arn)]
    wild = [_read_wild(arn) for arn in arns if _has_wild_head(arn)]
    return compile_globs(whole, [_compile_wild(wild)] if wild else ())


def _has_wild_head(arn: str) -> bool:
    head = arn[: -len(arn.split(":", 5)[5]) or None]
    return "*" in head or "?" in head


class _Wild(NamedTuple):
    """A pattern with wildcards before its fifth colon: tests of its fields, by their place."""

    prefix: str
    last: Test
    others: tuple[tuple[int, Test], ...]


def _read_wild(text: str) -> _Wild:
    *head, tail = text.split(":", 5)
    first = next(n for n, field in enumerate(head) if "*" in field or "?" in field)
    others = [(n, compile_glob(read_glob(head[n]))) for n in range(first, 5) if head[n] != "*"]
    prefix = "".join(f"{field}:" for field in head[:first])
    return _Wild(prefix, compile_glob(read_glob(tail)), tuple(others))


def _compile_wild(patterns: list[_Wild]) -> Test:
    """Return the test whether an ARN, cut once for all of them, fits one of some patterns."""
    prefixes = tuple({pattern.prefix for pattern in patterns})

    def fits(arn: str) -> bool:
        if not arn.startswith(prefixes):
            return False
        fields = arn.split(":", 5)  # RES-4
        if len(fields) != 6:
            return False
        rest = fields[5]
        for prefix, last, others in patterns:
            if last(rest) and arn.startswith(prefix) and all(t(fields[n]) for n, t in others):
                return True
        return False

    return fits


def _compile_filled(text: str) -> Filled:
    """Return the test against an ARN with variables, which stand after its fifth colon."""  # VAR-1
    if text.split(":", 1)[0] != "arn":
        return lambda _arn, _context: False
    head, tail = _split(complete(text))
    heads = _compile_plain([f"{head}:*"])
    template = read_template(tail, wildcards=True, variables=True)
    if not is_filled(template):
        return _unfilled(heads, template)

    def fits(arn: str, context: RequestContext) -> Truth:
        if not heads(arn):
            return False
        rest = arn.split(":", 5)[5]
        try:
            parts = fill(template, context)
        except Unknown:
            return None if could_fit(template, rest) else False
        # VAR-5: an entry without a value for its variable names nothing
        return parts is not None and compile_glob(parts)(rest)

    return fits


def _unfilled(heads: Test, template: Template) -> Filled:
    last = compile_glob(tuple(part for part in template if not isinstance(part, tuple)))
    return lambda arn, _context: heads(arn) and last(arn.split(":", 5)[5])


def _split(text: str) -> tuple[str, str]:
    *head, tail = text.split(":", 5)
    return ":".join(head), tail
