"""Whether one statement covers another: applies to every request to which the other applies."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

from simulator.check.grants.listing import Listing
from simulator.matcher.inclusion import ACTIONS, covers_any_principal, resources
from simulator.policy.model import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.grants.listing import Budget
    from simulator.policy.model import (
        ConditionTest,
        Patterns,
        PrincipalEntry,
        Quantifier,
        Statement,
    )

_Test: TypeAlias = "tuple[str, Quantifier | None, bool, str, frozenset[str]]"

_SOON: Final = 50
"""The principals that take no longer to look up than one pattern to compare."""

ANY_SERVICE: Final = "*"
"""Stands for a pattern that takes in actions of more than one service."""


class Extent:
    """What a statement applies to, ready to be compared with other statements."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.language = resources(variables=statement.variables)

    @cached_property
    def services(self) -> frozenset[str]:
        """The services whose actions it lists: each in lower case, or `ANY_SERVICE`."""
        prefixes = {text.partition(":")[0] for text in self.statement.actions.values.items}
        return frozenset(map(service_of, prefixes))

    @cached_property
    def actions(self) -> Listing:
        """Its actions."""
        return Listing(ACTIONS, self.statement.actions.values.items)

    @cached_property
    def resources(self) -> Listing | None:
        """Its resources; nothing where the statement is about all that its policy is about."""
        found = self.statement.resources
        return None if found is None else Listing(self.language, found.values.items)

    @cached_property
    def tests(self) -> frozenset[_Test]:
        """Its condition tests; the order of tests and of their values means nothing."""
        return frozenset(map(_test, self.statement.conditions))  # CND-1

    @cached_property
    def named(self) -> frozenset[tuple[str, str]]:
        """The principals that it names, each a kind and a value."""
        found = self.statement.principals
        return frozenset() if found is None else frozenset(map(_entry, found.entries))

    def could_cover(self, narrow: Extent) -> bool:
        """Whether it may cover another one, as far as is seen at once."""
        if self.statement.actions.negated or narrow.statement.actions.negated:
            return True
        services = self.services
        return ANY_SERVICE in services or narrow.services <= services

    def covers(self, narrow: Extent, budget: Budget, *, as_strongly: bool) -> bool:
        """Whether it applies whenever another one does.

        `as_strongly` is whether it has to name callers as strongly as the other one.
        """
        return (
            self.tests <= narrow.tests
            and self._names(narrow, budget, as_strongly=as_strongly)
            and self._speaks_of_actions(narrow, budget)
            and self._speaks_of_resources(narrow, budget)
        )

    def _names(self, narrow: Extent, budget: Budget, *, as_strongly: bool) -> bool:
        some, others = self.statement.principals, narrow.statement.principals
        if some is None or others is None:
            return some is others
        if some.negated or others.negated:
            return some.negated is others.negated and self.named == narrow.named  # PRN-25
        if not others.entries or not budget.spend(len(others.entries) // _SOON):
            return False
        return all(
            covers_any_principal(self.named, entry, as_strongly=as_strongly)
            for entry in others.entries
        )

    def _speaks_of_actions(self, narrow: Extent, budget: Budget) -> bool:
        pair = self.statement.actions, narrow.statement.actions
        return _includes(*pair, self.actions, narrow.actions, budget)

    def _speaks_of_resources(self, narrow: Extent, budget: Budget) -> bool:
        some, others = self.statement.resources, narrow.statement.resources
        if some is None or (not some.negated and "*" in some.values.items):
            return True  # RES-2
        if others is None or self.resources is None or narrow.resources is None:
            return False
        return _includes(some, others, self.resources, narrow.resources, budget)


def service_of(action: str) -> str:
    """Return the service of an action or of a pattern, or `ANY_SERVICE`."""
    service = action.partition(":")[0].lower()  # ACT-1
    return ANY_SERVICE if "*" in service or "?" in service or UNKNOWN in service else service


def _test(test: ConditionTest) -> _Test:
    key = test.key.lower()  # CND-3
    return test.operator, test.quantifier, test.if_exists, key, frozenset(_values(test))


def _values(test: ConditionTest) -> Iterator[str]:
    for index, text in enumerate(test.values.items):
        # What is left open is equal to nothing, not even to the same words elsewhere.
        yield f"{text} {(*test.path, index)}" if UNKNOWN in text else text


def _entry(entry: PrincipalEntry) -> tuple[str, str]:
    # What is left open is equal to nothing.
    return entry.kind, f"{entry.path} {UNKNOWN}" if UNKNOWN in entry.value else entry.value


def _includes(
    wide: Patterns, narrow: Patterns, some: Listing, others: Listing, budget: Budget
) -> bool:
    """Whether an element speaks of all that another one speaks of."""
    if not wide.values.items or not narrow.values.items:
        return False  # EMPTY-NOT
    if wide.negated and narrow.negated:
        return others.covers_all(wide.values.items, budget)  # ACT-5, RES-11
    if wide.negated:
        return others.is_apart(wide.values.items)
    if narrow.negated:
        return "*" in wide.values.items
    return some.covers_all(narrow.values.items, budget)
