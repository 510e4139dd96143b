"""A statement compiled for matching, and the evidence of how it matched."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.catalog.doubts import NONE_OPEN, Doubt
from simulator.matcher.actions import speaks_of
from simulator.matcher.conditions import compile_test
from simulator.matcher.principals import ATTACHED, Naming, Reach, names_of, naming
from simulator.matcher.resources import compile_resources
from simulator.matcher.truth import Truth, all_of
from simulator.policy.model import ConditionTest, Effect, PolicyDocument, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from simulator.catalog.doubts import Doubts
    from simulator.matcher.conditions import Predicate
    from simulator.matcher.principals import Name
    from simulator.matcher.resources import Resource
    from simulator.policy.kinds import PolicyKind
    from simulator.request.context import RequestContext
    from simulator.request.request import Request


class CompiledStatement:
    """A statement as a function of a request, made when it is first asked for.

    Most statements of most policies are never asked for more than the action.
    """

    __slots__ = ("_holds", "allows", "kind", "opened", "statement")

    def __init__(self, statement: Statement, kind: PolicyKind, opened: Doubts) -> None:
        self.statement = statement
        self.kind = kind
        self.allows = statement.effect is Effect.ALLOW
        self.opened = opened
        self._holds: Callable[[Request], Truth] | None = None

    def speaks_of(self, action: str) -> bool:
        """Whether it speaks of an action, given in lower case."""
        empty_not = Doubt.EMPTY_NOT in self.opened
        return speaks_of(self.statement.actions, action, empty_not=empty_not)

    @property
    def is_compiled(self) -> bool:
        """Whether its resources and conditions were ever asked for."""
        return self._holds is not None

    @property
    def holds(self) -> Callable[[Request], Truth]:
        """Whether its resources and conditions hold for a request."""
        if self._holds is None:
            self._holds = self._compile()
            if self.opened:
                from simulator.matcher.doubtful import open_statement  # noqa: PLC0415 - rare

                self._holds = open_statement(self.statement, self._holds, self.opened)
        return self._holds

    def _compile(self) -> Callable[[Request], Truth]:
        resource, tests = self.resource(), self.tests()
        if not tests:
            return resource or ALWAYS
        conditions = tests[0] if len(tests) == 1 else _all_of(tests)
        if resource is None:
            return lambda request: conditions(request.context)
        return _both(resource, conditions)

    def is_of_all(self, *, bounded: bool) -> bool:
        """Whether it means whoever calls, who may have a permissions boundary."""
        pattern = self.statement.principals
        if pattern is None:
            return True
        # A Deny with NotPrincipal means everyone who has a boundary, whoever it lists:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
        return bounded and not self.allows and pattern.negated and bool(pattern.entries)

    def naming(self, names: Sequence[Name], *, bounded: bool = False) -> Naming:
        """Return how strongly it names a caller, who may have a permissions boundary."""
        if self.is_of_all(bounded=bounded):
            return ATTACHED
        exempts = Doubt.NOTPRINCIPAL not in self.opened
        denies = not self.allows
        return naming(self.statement.principals, names, denies=denies, part_exempts=exempts)

    def resource(self) -> Resource | None:
        """Return the test of the resource; nothing where all do."""
        speaks = compile_resources(self.statement.resources, variables=self.statement.variables)
        if not self.opened or speaks is None:
            return speaks
        from simulator.matcher.doubtful import open_resource  # noqa: PLC0415 - as above

        return open_resource(self.statement, self.kind, speaks, self.opened)

    def tests(self) -> tuple[Predicate, ...]:
        """Return the condition tests."""
        variables = self.statement.variables
        tests = tuple(compile_test(t, variables=variables) for t in self.statement.conditions)
        if not self.opened:
            return tests
        from simulator.matcher.doubtful import open_test  # noqa: PLC0415 - hardly anybody asks

        written = zip(self.statement.conditions, tests, strict=True)
        return tuple(open_test(t, h, self.opened, variables=variables) for t, h in written)


def ALWAYS(_request: Request) -> Truth:  # noqa: N802 - a constant that can be called
    """Say that a statement without resources and conditions applies."""
    return True


def _all_of(tests: tuple[Predicate, ...]) -> Predicate:
    def hold(context: RequestContext) -> Truth:
        answer: Truth = True
        for test in tests:  # as `all_of`, whose generator would cost as much as the tests
            truth = test(context)
            if truth is False:
                return False
            if truth is None:
                answer = None
        return answer

    return hold


def _both(resource: Resource, conditions: Predicate) -> Callable[[Request], Truth]:
    def holds(request: Request) -> Truth:
        speaks = resource(request)
        if speaks is False:
            return False
        return (
            conditions(request.context) if speaks else all_of((None, conditions(request.context)))
        )

    return holds


class CompiledPolicy(NamedTuple):
    """A policy with its statements ready for matching."""

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
    naming: Naming
    action: bool
    resource: Truth
    tests: tuple[TestEvidence, ...]

    @property
    def reach(self) -> Reach:
        """How strongly it names the caller, at most."""
        return self.naming.most

    @property
    def named(self) -> Truth:
        """Whether it names the caller."""
        if self.naming.sure > Reach.NOBODY:
            return True
        return None if self.naming.most > Reach.NOBODY else False

    @property
    def applies(self) -> Truth:
        """Whether the statement as a whole applies."""
        conditions = all_of(evidence.holds for evidence in self.tests)  # CND-1
        return all_of((self.named, self.action, self.resource, conditions))


def compile_policy(policy: PolicyDocument, opened: Doubts = NONE_OPEN) -> CompiledPolicy:
    """Return a policy ready for matching; what is opened of AWS's rules is known to nobody."""
    compiled = (CompiledStatement(each, policy.kind, opened) for each in policy.statements)
    return CompiledPolicy(policy, tuple(compiled))


def explain(
    compiled: CompiledStatement, request: Request, *, bounded: bool = False
) -> StatementMatch:
    """Return how each element of a statement came out, looked at in full.

    `bounded` is whether the caller has a permissions boundary.
    """
    statement = compiled.statement
    resource = compiled.resource()
    return StatementMatch(
        statement,
        compiled.naming(names_of(request, compiled.opened), bounded=bounded),
        compiled.speaks_of(request.action.lower()),
        resource is None or resource(request),
        tuple(_evidence(compiled, request)),
    )


def _evidence(compiled: CompiledStatement, request: Request) -> Iterator[TestEvidence]:
    for test, holds in zip(compiled.statement.conditions, compiled.tests(), strict=True):
        yield TestEvidence(test, holds(request.context), request.context.values(test.key.lower()))
