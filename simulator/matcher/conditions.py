"""One condition test against the context of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from simulator.catalog.keys import is_multivalued
from simulator.matcher.operators import OPERATORS, Operator
from simulator.matcher.truth import all_of, any_of, negate
from simulator.matcher.values import Unknown, could_fit, fill, is_filled, without_variables
from simulator.policy.model import Quantifier
from simulator.policy.variables import read_template

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.matcher.truth import Truth
    from simulator.policy.model import ConditionTest
    from simulator.policy.variables import Template
    from simulator.request.context import RequestContext

Predicate: TypeAlias = "Callable[[RequestContext], Truth]"
Accepts: TypeAlias = "Callable[[str, RequestContext], Truth]"


def compile_test(test: ConditionTest, *, variables: bool) -> Predicate:
    """Return whether a condition test holds, as a function of the context."""
    if not test.values.items:
        return _compile_empty(test)
    if test.operator == "Null":
        return _compile_null(test)
    operator = OPERATORS[test.operator]
    templates = [
        read_template(
            text, wildcards=operator.wildcards, variables=variables and operator.variables
        )
        for text in test.values.items
    ]
    if test.quantifier is None and not any(map(is_filled, templates)):
        return _compile_plain(test, operator, templates)
    return _compile_general(test, _compile_values(operator, templates))


def _compile_plain(test: ConditionTest, operator: Operator, templates: list[Template]) -> Predicate:
    """Return the test of most policies: one value against texts without variables."""
    key, when_absent = test.key.lower(), _when_absent(test)  # CND-3
    if is_multivalued(key):
        return _compile_general(test, lambda _value, _context: False)
    fits = operator.compile([without_variables(t) for t in templates])
    negated = operator.negated

    def holds(context: RequestContext) -> Truth:
        found = context.known.get(key)
        if type(found) is str:
            return fits(found) is not negated  # CND-2, CND-23
        if found is not None:
            return False  # CND-41
        return None if context.values(key) is None else when_absent

    return holds


def _compile_general(test: ConditionTest, accepts: Accepts) -> Predicate:
    key, when_absent = test.key.lower(), _when_absent(test)  # CND-3
    when_present = _when_present(test, accepts)

    def holds(context: RequestContext) -> Truth:
        values = context.values(key)
        if values is None:
            return None
        absent = not values and context.known.get(key) is None  # EMPTY-LIST: present
        return when_absent if absent else when_present(values, context)

    return holds


def _compile_empty(test: ConditionTest) -> Predicate:
    """Return the test of a list without values, which no value of a request can match."""  # CND-45
    if not test.if_exists and test.quantifier is not Quantifier.ALL:
        return lambda _context: False
    key = test.key.lower()
    return lambda context: negate(context.presence(key))


def _compile_null(test: ConditionTest) -> Predicate:
    if test.quantifier is not None:
        constant = test.quantifier is Quantifier.ALL  # CND-33
        return lambda _context: constant
    key = test.key.lower()
    wanted = {text.lower() == "true" for text in test.values.items}

    def holds(context: RequestContext) -> Truth:
        present = context.presence(key)
        return None if present is None else (not present) in wanted  # CND-13, CND-32

    return holds


def _when_absent(test: ConditionTest) -> bool:
    """Return what a test says of a request that does not have its key."""
    if test.if_exists:
        return True  # CND-12, CND-16
    if test.quantifier is not None:
        return test.quantifier is Quantifier.ALL  # CND-14, CND-15
    return OPERATORS[test.operator].negated  # CND-10, CND-11


def _compile_values(operator: Operator, templates: list[Template]) -> Accepts:
    """Return whether one value of the request satisfies the policy's list of values."""
    fits = operator.compile([without_variables(t) for t in templates if not is_filled(t)])
    filled = [_compile_filled(operator, t) for t in templates if is_filled(t)]
    negated = operator.negated

    def accepts(value: str, context: RequestContext) -> Truth:
        found = fits(value) or any_of(test(value, context) for test in filled)  # CND-1
        return negate(found) if negated else found  # CND-2, CND-23

    return accepts


def _compile_filled(operator: Operator, template: Template) -> Accepts:
    """Return the test against one text whose variables are filled in for each request."""
    ignoring_case = operator.name.endswith("IgnoreCase") or operator.name == "Bool"

    def fits(value: str, context: RequestContext) -> Truth:
        try:
            parts = fill(template, context)
        except Unknown:
            return None if could_fit(template, value, ignoring_case=ignoring_case) else False
        return parts is not None and operator.compile([parts])(value)  # VAR-6

    return fits


def _when_present(
    test: ConditionTest, accepts: Accepts
) -> Callable[[tuple[str, ...], RequestContext], Truth]:
    if test.quantifier is Quantifier.ALL:
        # CND-42; a set of nothing but empty texts is an empty set: CND-14, CND-32
        return lambda values, context: (
            not any(values) or all_of(accepts(value, context) for value in values)
        )
    if test.quantifier is Quantifier.ANY:
        return lambda values, context: any_of(accepts(value, context) for value in values)
    key = test.key.lower()
    several = is_multivalued(key)

    def plain(values: tuple[str, ...], context: RequestContext) -> Truth:
        if several or type(context.known.get(key)) is not str:
            return False  # CND-41
        return accepts(values[0], context)

    return plain
