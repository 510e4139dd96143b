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
from simulator.matcher.resources import compile_resources
from simulator.matcher.truth import any_of, negate
from simulator.policy.model import Effect, Patterns, Quantifier, Values
from simulator.policy.variables import Variable, read_template
from simulator.readings import read_date, read_network, read_number
from simulator.request.context import Several
from simulator.request.principal import FederatedUser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from simulator.catalog.doubts import Doubts
    from simulator.matcher.conditions import Predicate
    from simulator.matcher.truth import Truth
    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import ConditionTest, Statement
    from simulator.request.context import RequestContext, Value
    from simulator.request.request import Request

Holds: TypeAlias = "Callable[[Request], Truth]"
Speaks: TypeAlias = Holds


class Comparison(NamedTuple):
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


def _filled_with(comparison: Comparison, fits: Callable[[str], bool]) -> bool:
    found = (comparison.context.known.get(variable.key) for variable in comparison.variables_of())
    return any(isinstance(value, str) and fits(value) for value in found)


def _has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text


def _is_bare_ipv6(text: str) -> bool:
    return ":" in text and "/" not in text


#: For each doubt about conditions: whether what a test says of a request hangs on it.
TESTS: Final[Mapping[Doubt, Callable[[Comparison], bool]]] = {
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
        comparison = Comparison(test, context, variables)
        return None if any(ask(comparison) for ask in asks) else holds(context)

    return open_or


def open_statement(statement: Statement, holds: Holds, opened: Doubts) -> Holds:
    """Return a statement's test that is open where it hangs on one of the opened doubts."""
    asks = [STATEMENTS[doubt] for doubt in opened if doubt in STATEMENTS]

    def open_or(request: Request) -> Truth:
        truth = holds(request)
        if truth is False or not any(ask(statement, request) for ask in asks):
            return truth
        return None

    return open_or


def open_resource(statement: Statement, kind: PolicyKind, speaks: Speaks, opened: Doubts) -> Speaks:
    """Return the test of a statement's resources, open where it hangs on an opened doubt.

    What hangs on one is a text of the list: another one that fits settles it.
    """
    patterns = statement.resources
    if patterns is None:
        return speaks
    if not patterns.values.items:
        is_void = patterns.negated and Doubt.EMPTY_NOT in opened
        return (lambda _request: None) if is_void else speaks
    entries = [_entry(text, statement, kind, opened) for text in patterns.values.items]

    def open_or(request: Request) -> Truth:
        found = any_of(entry(request) for entry in entries)
        return negate(found) if patterns.negated else found

    return open_or


def _entry(text: str, statement: Statement, kind: PolicyKind, opened: Doubts) -> Speaks:
    variables = statement.variables and "${" in text
    only = Patterns(Values((), (text,), listed=False), negated=False)
    speaks = compile_resources(only, variables=statement.variables) or _everything
    asks = [RESOURCES[doubt] for doubt in opened if doubt in RESOURCES]
    negated = statement.resources is not None and statement.resources.negated

    def open_or(request: Request) -> Truth:
        truth = speaks(request)
        entry = Entry(text, kind, request, truth, variables, negated)
        return None if any(ask(entry) for ask in asks) else truth

    return open_or


def _everything(_request: Request) -> Truth:
    return True


class Entry(NamedTuple):
    """A text of `Resource` or `NotResource` as it meets a request, and whether it fits."""

    text: str
    kind: PolicyKind
    request: Request
    truth: Truth
    variables: bool
    negated: bool

    def filled(self) -> Iterator[Value]:
        """Yield the values of the variables in the text."""
        for variable in _variables(self.text) if self.variables else ():
            yield self.request.context.known.get(variable.key)


def _crosses_colon(entry: Entry) -> bool:
    """Whether a pattern fits only if its wildcards may stand for colons."""
    head = ":".join(entry.text.split(":", 5)[:5])
    if entry.truth is not False or not _has_wildcard(head) or entry.variables:
        return False
    return compile_glob(read_glob(entry.text))(entry.request.resource)


def _is_short(entry: Entry) -> bool:
    """Whether an ARN fits because the fields it lacks are taken for wildcards."""
    is_open = entry.kind.short_arns is Severity.WARNING and entry.text != "*"
    return is_open and entry.text.count(":") < 5 and entry.truth is not False


def _excludes_by_nothing(entry: Entry) -> bool:
    if not entry.negated or not entry.variables:
        return False
    found = _variables(entry.text)
    return any(_is_unresolved(variable, entry.request.context) for variable in found)


#: For each doubt about resources: whether it decides if a text fits.
RESOURCES: Final[Mapping[Doubt, Callable[[Entry], bool]]] = {
    Doubt.RES_COLON: _crosses_colon,
    Doubt.SHORT_ARN: _is_short,
    Doubt.NOTRES_VAR: _excludes_by_nothing,
    Doubt.VAR_WILD: lambda e: any(isinstance(v, str) and _has_wildcard(v) for v in e.filled()),
    Doubt.VAR_EMPTY: lambda e: any(value == "" for value in e.filled()),
    Doubt.VAR_MULTI: lambda e: any(isinstance(value, Several) for value in e.filled()),
}


def _has_empty_not_action(statement: Statement, _request: Request) -> bool:
    return statement.actions.negated and not statement.actions.values.items


def _denies_the_user_behind(statement: Statement, request: Request) -> bool:
    caller = request.principal
    if statement.effect is Effect.ALLOW or not isinstance(caller, FederatedUser):
        return False
    entries = statement.principals.entries if statement.principals else ()
    return any(entry.value == str(caller.user) for entry in entries)


#: For each doubt about statements: whether it decides if one applies of which all else does.
STATEMENTS: Final[Mapping[Doubt, Callable[[Statement, Request], bool]]] = {
    Doubt.EMPTY_NOT: _has_empty_not_action,
    Doubt.FED_DENY_USER: _denies_the_user_behind,
}
