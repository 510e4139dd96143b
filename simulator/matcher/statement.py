"""A statement compiled for matching, and the evidence of how it matched."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.matcher.conditions import Predicate, compile_test
from simulator.matcher.glob import compile_glob, read_glob
from simulator.matcher.principals import Reach, compile_principals
from simulator.matcher.truth import Truth, all_of, any_of, negate
from simulator.matcher.values import ValueTest, compile_text
from simulator.policy.model import ConditionTest, Effect, PolicyDocument, Statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.policy.model import Patterns
    from simulator.request.context import RequestContext
    from simulator.request.request import Request


class CompiledStatement(NamedTuple):
    """A statement as functions of a request, one for each element."""

    statement: Statement
    allows: bool
    reach: Callable[[Request], Reach]
    action: Callable[[str], bool]
    resource: Callable[[Request], Truth]
    tests: tuple[Predicate, ...]


class CompiledPolicy(NamedTuple):
    """A policy with its statements compiled."""

    policy: PolicyDocument
    statements: tuple[CompiledStatement, ...]


class TestEvidence(NamedTuple):
    """How one condition test came out, and the values the request has for its key."""

    test: ConditionTest
    holds: Truth
    actual: tuple[str, ...] | None


class StatementMatch(NamedTuple):
    """How each element of a statement came out for one request."""

    statement: Statement
    reach: Reach
    action: bool
    resource: Truth
    tests: tuple[TestEvidence, ...]

    @property
    def applies(self) -> Truth:
        """Whether the statement as a whole applies."""
        conditions = all_of(evidence.holds for evidence in self.tests)  # CND-1
        return all_of((self.reach > Reach.NOBODY, self.action, self.resource, conditions))


def compile_policy(policy: PolicyDocument) -> CompiledPolicy:
    """Return a policy ready for matching."""
    return CompiledPolicy(policy, tuple(map(_compile, policy.statements)))


def _compile(statement: Statement) -> CompiledStatement:
    variables = statement.variables
    return CompiledStatement(
        statement,
        statement.effect is Effect.ALLOW,
        compile_principals(statement.principals),
        _compile_actions(statement.actions),
        _compile_resources(statement.resources, variables=variables),
        tuple(compile_test(test, variables=variables) for test in statement.conditions),
    )


def _compile_actions(patterns: Patterns) -> Callable[[str], bool]:
    tests = [
        compile_glob(read_glob(text.lower())) for text in patterns.values.items
    ]  # ACT-1, ACT-2
    if patterns.negated:
        # ACT-5; EMPTY-NOT: an empty list speaks of nothing, negated or not
        return lambda action: bool(tests) and not any(test(action.lower()) for test in tests)
    return lambda action: any(test(action.lower()) for test in tests)


def _compile_resources(patterns: Patterns | None, *, variables: bool) -> Callable[[Request], Truth]:
    if patterns is None:
        return lambda _request: True  # POL-14: a trust policy speaks of its own role
    tests = [_compile_resource(text, variables=variables) for text in patterns.values.items]
    negated = patterns.negated

    def fits(request: Request) -> Truth:
        arn = str(request.resource)
        found = any_of(test(arn, request.context) for test in tests)
        return negate(found) if negated and tests else found  # RES-11

    return fits


def _compile_resource(text: str, *, variables: bool) -> ValueTest:
    if text == "*":
        return lambda _arn, _context: True  # RES-2
    fields = text.split(":", 5)
    if fields[0] != "arn":
        return lambda _arn, _context: False
    fields += ["*"] * (6 - len(fields))  # RES-6
    heads = [compile_glob(read_glob(field)) for field in fields[:5]]
    tail = compile_text(fields[5], compile_glob, wildcards=True, variables=variables)  # VAR-1

    def fits(arn: str, context: RequestContext) -> Truth:
        actual = arn.split(":", 5)  # RES-4
        if not all(head(field) for head, field in zip(heads, actual[:5], strict=True)):
            return False
        return tail(actual[5], context)

    return fits


def match(compiled: CompiledStatement, request: Request) -> tuple[Truth, Reach]:
    """Return whether a statement applies to a request, and how strongly it names the caller.

    The elements that cost least come first; nothing is looked at once one has failed.
    """
    if not compiled.action(request.action):
        return False, Reach.NOBODY
    reach = compiled.reach(request)
    if reach is Reach.NOBODY:
        return False, reach
    resource = compiled.resource(request)
    if resource is False:
        return False, reach
    conditions = all_of(test(request.context) for test in compiled.tests)
    return all_of((resource, conditions)), reach


def explain(compiled: CompiledStatement, request: Request) -> StatementMatch:
    """Return how each element of a statement came out, looked at in full."""
    statement, context = compiled.statement, request.context
    tests = zip(statement.conditions, compiled.tests, strict=True)
    return StatementMatch(
        statement,
        compiled.reach(request),
        compiled.action(request.action),
        compiled.resource(request),
        tuple(
            TestEvidence(test, holds(context), context.values(test.key.lower()))
            for test, holds in tests
        ),
    )
