"""What can be seen of one condition test alone, without a request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.check.subject import is_open
from simulator.policy.model import Effect, Quantifier
from simulator.policy.vocabulary import OPERATOR_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.policy.model import ConditionTest, Statement

_NEGATED: Final = frozenset(name for name in OPERATOR_NAMES if "Not" in name)


def is_negated(test: ConditionTest) -> bool:
    """Whether a test holds for the values that are not listed."""  # CND-2
    return test.operator in _NEGATED


def holds_without(test: ConditionTest) -> bool:
    """Whether a test holds for requests that do not have its key."""
    if test.operator == "Null" and test.quantifier is None:
        return any(text.lower() == "true" for text in test.values.items)  # CND-13
    if test.if_exists or test.quantifier is not None:
        return test.if_exists or test.quantifier is Quantifier.ALL  # CND-12, CND-14, CND-15, CND-33
    return bool(test.values.items) and is_negated(test)  # CND-10, CND-11, EMPTY-WANT


def is_known(test: ConditionTest) -> bool:
    """Whether a template leaves none of a test's values open."""
    return not any(map(is_open, test.values.items))


def demands(statement: Statement, key: str) -> bool:
    """Whether some test of a statement fails where a key is absent."""  # CND-44
    return any(not holds_without(test) for test in tests_of(statement, key))


def tests_of(statement: Statement, *keys: str) -> Iterator[ConditionTest]:
    """Yield the tests of a statement on some keys, given in any letter case."""
    folded = {key.lower() for key in keys}
    return (test for test in statement.conditions if test.key.lower() in folded)


def admits_services(statement: Statement) -> bool:
    """Whether a statement lets AWS services call in their own name."""
    entries = statement.principals.entries if statement.principals else ()
    return statement.effect is Effect.ALLOW and any(entry.kind == "Service" for entry in entries)


def does(statement: Statement) -> str:
    """Return what a statement does to the requests it applies to, as a word."""
    return "allows" if statement.effect is Effect.ALLOW else "denies"
