"""What the condition tests of a statement demand of a request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.catalog.keys import EXTERNAL_ID
from simulator.check.subject import is_open
from simulator.policy.model import Quantifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from simulator.policy.model import ConditionTest, Statement
    from simulator.request.context import Value

    Holds = Callable[[Mapping[str, Value]], bool]

#: How keys begin that are in no call of a service, nor in one with a token or an assertion.
OF_CREDENTIALS: Final = (  # CTX-3, CTX-6, CTX-42
    *("aws:multifactorauth", "aws:principalorg", "aws:username"),
)
#: How keys begin that are in no call with a token or an assertion either; some services have
#: them, as IAM Roles Anywhere what a certificate says.
OF_ASSUME_ROLE: Final = (  # CTX-1, CTX-7, CTX-18, STS-27
    *(EXTERNAL_ID, "aws:principalarn", "aws:principaltag/"),
)
#: What is only in calls that a service makes by its own name.
OF_SERVICES: Final = (  # CTX-24
    *("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"),
    *("aws:principalservicename", "aws:principalservicenameslist"),
)
_WILDCARDS: Final = frozenset("*?")


def tests_of(statement: Statement, *keys: str) -> Iterator[ConditionTest]:
    """Yield the tests of some keys, given in lower case; one that ends with `/` is any tag."""
    for test in statement.conditions:
        folded = test.key.lower()  # CND-3
        if folded in keys or (folded.partition("/")[0] + "/" in keys and "/" in folded):
            yield test


def needs_key(test: ConditionTest) -> bool:
    """Whether a test fails for each request that does not have its key."""
    if test.operator == "Null":
        wanted = {text.lower() for text in test.values.items}
        return test.quantifier is Quantifier.ANY or (  # CND-33
            test.quantifier is None and "true" not in wanted  # CND-13
        )
    if test.if_exists or test.quantifier is Quantifier.ALL:
        return False  # CND-12, CND-14
    # CND-10, CND-11, CND-15, CND-45
    return test.quantifier is Quantifier.ANY or "Not" not in test.operator or not test.values.items


def needs_credentials(test: ConditionTest) -> bool:
    """Whether a test fails for each call that no credentials of an account sign."""
    return test.key.lower().startswith(OF_CREDENTIALS) and needs_key(test)


def compares(test: ConditionTest) -> bool:
    """Whether a test holds only for values that are like one of those it lists."""
    return test.operator != "Null" and "Not" not in test.operator


def reads_wildcards(test: ConditionTest) -> bool:
    """Whether `*` in the values of a test stands for any text."""
    return "Like" in test.operator or test.operator.startswith("Arn")  # CND-22, CND-30


def is_any(text: str) -> bool:
    """Whether a pattern is nothing but wildcards."""
    return text != "" and _WILDCARDS.issuperset(text)


def limits(test: ConditionTest) -> bool:
    """Whether a test demands its key and lists values that not every value is like."""
    if not (compares(test) and needs_key(test)):
        return False
    return not (reads_wildcards(test) and any(map(is_any, test.values.items)))


def has_open_value(test: ConditionTest) -> bool:
    """Whether a template leaves one of the values open."""
    return any(map(is_open, test.values.items))


def holding(statement: Statement, test: ConditionTest) -> Holds:
    """Return whether a test can hold for a request that has exactly some keys, as a function."""
    # A policy that no rule asks about needs no matcher, which takes 5 ms to import.
    from simulator.matcher.conditions import compile_test  # noqa: PLC0415
    from simulator.request.context import RequestContext  # noqa: PLC0415

    holds = compile_test(test, variables=statement.variables)
    return lambda context: holds(RequestContext(context)) is not False
