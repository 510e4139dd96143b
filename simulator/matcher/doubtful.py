"""Where a test or a statement hangs on a question that AWS's documentation leaves open.

With none of the doubts opened nothing here is asked. With some, a test that hangs on one of them is
neither true nor false; whether the answer hangs on the test is for Kleene's logic to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from simulator.catalog.doubts import Doubt
from simulator.catalog.keys import is_multivalued
from simulator.diagnostic import Severity
from simulator.matcher.glob import compile_glob, read_glob
from simulator.matcher.operators import OPERATORS
from simulator.policy.model import Effect, Quantifier
from simulator.policy.variables import Variable, read_template
from simulator.readings import read_date, read_network, read_number
from simulator.request.context import Several
from simulator.request.principal import FederatedUser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from simulator.catalog.doubts import Doubts
    from simulator.matcher.conditions import Predicate
    from simulator.matcher.truth import Truth
    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import ConditionTest, Statement
    from simulator.request.context import RequestContext
    from simulator.request.request import Request

Holds: TypeAlias = "Callable[[Request], Truth]"


class Asked(NamedTuple):
    """A condition test as it meets the context of a request."""

    test: ConditionTest
    context: RequestContext
    variables: bool

    @property
    def values(self) -> tuple[str, ...]:
        """The values that the request is known to have for the key."""
        return self.context.values(self.test.key.lower()) or ()

    @property
    def is_absent(self) -> bool:
        """Whether the request is known not to have the key."""
        return self.context.presence(self.test.key.lower()) is False

    @property
    def has_list(self) -> bool:
        """Whether the request has a list of values for the key, even if an empty one."""
        return isinstance(self.context.known.get(self.test.key.lower()), Several)

    def texts(self) -> tuple[str, ...]:
        """Return all texts that are compared: those of the policy and those of the request."""
        return (*self.test.values.items, *self.values)

    def is_of(self, *families: str) -> bool:
        """Whether the operator belongs to one of some families."""
        return self.test.operator.removeprefix("Not").startswith(families)

    def variables_of(self) -> Iterator[Variable]:
        """Yield the variables in the policy's texts."""
        for text in self.test.values.items if self.variables else ():
            yield from _variables(text)

    def unresolved(self) -> bool:
        """Whether a variable has no value in the request."""
        return any(_is_unresolved(variable, self.context) for variable in self.variables_of())


def _variables(text: str) -> Iterator[Variable]:
    parts = read_template(text, wildcards=False, variables=True)
    return (part for part in parts if isinstance(part, Variable))


def _is_unresolved(variable: Variable, context: RequestContext) -> bool:
    return context.known.get(variable.key) is None and variable.default is None


def _filled_with(asked: Asked, fits: Callable[[str], bool]) -> bool:
    found = (asked.context.known.get(variable.key) for variable in asked.variables_of())
    return any(isinstance(value, str) and fits(value) for value in found)


def _has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text


def _is_bare_ipv6(text: str) -> bool:
    return ":" in text and "/" not in text


#: For each doubt about conditions: whether what a test says of a request hangs on it.
TESTS: Final[Mapping[Doubt, Callable[[Asked], bool]]] = {
    Doubt.EMPTY_WANT: lambda a: not a.test.values.items and a.test.quantifier is None,
    Doubt.MULTI_BOOL: lambda a: a.is_of("Bool", "Null") and len(a.test.values.items) > 1,
    Doubt.VAR_WILD: lambda a: (
        OPERATORS[a.test.operator].wildcards and _filled_with(a, _has_wildcard)
    ),
    Doubt.VAR_EMPTY: lambda a: _filled_with(a, lambda value: value == ""),
    Doubt.VAR_MULTI: lambda a: any(
        isinstance(a.context.known.get(v.key), Several) for v in a.variables_of()
    ),
    Doubt.VAR_MIXED: lambda a: len(a.test.values.items) > 1 and a.unresolved(),
    Doubt.VAR_IFEXISTS: lambda a: a.test.if_exists and a.unresolved(),
    Doubt.BOOL_VAR: lambda a: a.is_of("Bool") and any(a.variables_of()),
    Doubt.BOOL_CASE: lambda a: a.is_of("Bool") and any(t != t.lower() for t in a.texts()),
    Doubt.EMPTY_LIST: lambda a: a.test.quantifier is None and a.has_list and not a.values,
    Doubt.SET_EMPTY: lambda a: (
        a.test.quantifier is Quantifier.ALL and not a.is_absent and not any(a.values)
    ),
    Doubt.ANY_NEG_MISSING: lambda a: (
        a.test.quantifier is Quantifier.ANY and OPERATORS[a.test.operator].negated and a.is_absent
    ),
    Doubt.ANY_IFEXISTS_MISSING: lambda a: (
        a.test.quantifier is Quantifier.ANY and a.test.if_exists and a.is_absent
    ),
    Doubt.MULTI_NOSET: lambda a: (
        a.test.quantifier is None
        and not a.is_of("Null")
        and bool(a.values)
        and (a.has_list or is_multivalued(a.test.key.lower()))
    ),
    Doubt.BAD_NUMBER: lambda a: a.is_of("Numeric") and None in map(read_number, a.texts()),
    Doubt.DATE_FORM: lambda a: (
        a.is_of("Date") and any(read_date(t) is None or len(t) == 4 for t in a.texts())
    ),
    Doubt.ARN_SHAPE: lambda a: a.is_of("Arn") and any(t.count(":") < 5 for t in a.texts()),
    Doubt.CASEFOLD: lambda a: (
        a.test.operator.endswith("IgnoreCase") and not all(t.isascii() for t in a.texts())
    ),
    Doubt.IP_FORM: lambda a: (
        a.is_of("Ip")
        and (
            any(map(_is_bare_ipv6, a.test.values.items))
            or any("::ffff:" in value.lower() for value in a.values)
            or None in map(read_network, a.texts())
        )
    ),
}


def open_test(
    test: ConditionTest, holds: Predicate, opened: Doubts, *, variables: bool
) -> Predicate:
    """Return a test that is open where it hangs on one of the opened doubts."""
    asks = [TESTS[doubt] for doubt in opened if doubt in TESTS]

    def open_or(context: RequestContext) -> Truth:
        asked = Asked(test, context, variables)
        return None if any(ask(asked) for ask in asks) else holds(context)

    return open_or


def open_statement(statement: Statement, kind: PolicyKind, holds: Holds, opened: Doubts) -> Holds:
    """Return a statement's test that is open where it hangs on one of the opened doubts."""
    asks = [STATEMENTS[doubt] for doubt in opened if doubt in STATEMENTS]

    def open_or(request: Request) -> Truth:
        truth = holds(request)
        hangs = any(ask(statement, kind, request, truth) for ask in asks)
        return None if hangs else truth

    return open_or


def _resources(statement: Statement) -> Iterable[str]:
    return statement.resources.values.items if statement.resources else ()


def _crosses_colon(
    statement: Statement, _kind: PolicyKind, request: Request, _truth: Truth
) -> bool:
    """Whether a pattern fits only if its wildcards may stand for colons."""
    wild = (t for t in _resources(statement) if t != "*" and _has_wildcard(_head(t)))
    return any(compile_glob(read_glob(t))(request.resource) for t in wild)


def _head(text: str) -> str:
    return ":".join(text.split(":", 5)[:5])


def _is_short(statement: Statement, kind: PolicyKind, _request: Request, _truth: Truth) -> bool:
    if kind.short_arns is not Severity.WARNING:
        return False
    return any(text != "*" and text.count(":") < 5 for text in _resources(statement))


def _is_empty_not(
    statement: Statement, _kind: PolicyKind, _request: Request, _truth: Truth
) -> bool:
    patterns = (statement.actions, statement.resources)
    return any(p is not None and p.negated and not p.values.items for p in patterns)


def _excludes_by_nothing(
    statement: Statement, _kind: PolicyKind, request: Request, truth: Truth
) -> bool:
    if truth is False or not statement.variables:
        return False
    patterns = statement.resources
    if patterns is None or not patterns.negated:
        return False
    found = (variable for text in patterns.values.items for variable in _variables(text))
    return any(_is_unresolved(variable, request.context) for variable in found)


def _fills_resource(fits: Callable[[object], bool]) -> Callable[..., bool]:
    def hangs(statement: Statement, _kind: PolicyKind, request: Request, _truth: Truth) -> bool:
        texts = _resources(statement) if statement.variables else ()
        found = (variable for text in texts for variable in _variables(text))
        return any(fits(request.context.known.get(variable.key)) for variable in found)

    return hangs


def _denies_the_user_behind(
    statement: Statement, _kind: PolicyKind, request: Request, truth: Truth
) -> bool:
    caller = request.principal
    if truth is False or statement.effect is Effect.ALLOW or not isinstance(caller, FederatedUser):
        return False
    entries = statement.principals.entries if statement.principals else ()
    return any(entry.value == str(caller.user) for entry in entries)


#: For each doubt about statements: whether it decides if one applies; each is asked with what the
#: statement says else.
STATEMENTS: Final[Mapping[Doubt, Callable[[Statement, PolicyKind, Request, Truth], bool]]] = {
    Doubt.RES_COLON: _crosses_colon,
    Doubt.SHORT_ARN: _is_short,
    Doubt.EMPTY_NOT: _is_empty_not,
    Doubt.NOTRES_VAR: _excludes_by_nothing,
    Doubt.VAR_WILD: _fills_resource(lambda v: isinstance(v, str) and _has_wildcard(v)),
    Doubt.VAR_EMPTY: _fills_resource(lambda v: v == ""),
    Doubt.VAR_MULTI: _fills_resource(lambda v: isinstance(v, Several)),
    Doubt.FED_DENY_USER: _denies_the_user_behind,
}
