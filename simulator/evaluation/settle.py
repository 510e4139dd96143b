"""Whether an answer that Kleene's logic leaves open hangs on the unknown facts at all.

Two statements may ask opposite things of one fact, so that whatever it is, one of them applies.
Each open fact is given each value that can make a difference; if all come to the same, that is
the answer.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from simulator.catalog.keys import is_multivalued
from simulator.decision.combine import Outcome, common
from simulator.evaluation.evaluate import Evaluation, evaluate
from simulator.matcher.samples import as_value, family_of, has_unknown, is_exhaustive, samples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.policy.model import ConditionTest, Statement
    from simulator.request.context import Value

_MOST_COMBINATIONS = 256
_MOST_SUPPOSED = 16


def settle(evaluation: Evaluation) -> Evaluation:
    """Return the evaluation with the outcome to which every value of the open facts leads."""
    if evaluation.decision.outcome is not Outcome.UNDECIDED or evaluation.hangs_on_owner:
        return evaluation
    choices = _choices(evaluation)
    if not choices:
        return evaluation
    tried: list[Evaluation] = []
    for values in product(*choices.values()):
        context = evaluation.request.context.having(dict(zip(choices, values, strict=True)))
        tried.append(evaluate(evaluation.request._replace(context=context), evaluation.policies))
        if tried[-1].decision.outcome is not tried[0].decision.outcome:
            return evaluation
    decision = common([each.decision for each in tried])
    return evaluation._replace(decision=decision, supposed=tuple(tried[:_MOST_SUPPOSED]))


def _choices(evaluation: Evaluation) -> dict[str, list[Value]]:
    """Return for each open fact the values that can make a difference; none if that is unsure."""
    context = evaluation.request.context
    found: dict[str, list[Value]] = {}
    families: dict[str, object] = {}
    if _has_open_variables(evaluation):
        return {}
    for test, variables in _tests(evaluation):
        key = test.key.lower()
        if context.values(key) is not None:
            continue
        if is_multivalued(key) or families.setdefault(key, family_of(test)) != family_of(test):
            return {}  # there are more ways to come out than the values of one test show
        if (
            not is_exhaustive(test, context, variables=variables)
            or test.operator == "Null"
            or context.presence(key) is None
        ):
            return {}
        known = found.setdefault(key, [])
        for value in samples(test, context, variables=variables):
            if as_value(test, value) not in known:
                known.append(as_value(test, value))
    return found if prod(map(len, found.values())) <= _MOST_COMBINATIONS else {}


def _has_open_variables(evaluation: Evaluation) -> bool:
    """Whether a text has a variable that stands for an open fact: it may be any text at all."""
    context = evaluation.request.context
    return any(
        "${" in text and has_unknown(text, context)
        for statement in evaluation.policies.statements()
        if statement.variables
        for text in _texts(statement)
    )


def _texts(statement: Statement) -> Iterator[str]:
    if statement.resources is not None:
        yield from statement.resources.values.items
    for test in statement.conditions:
        yield from test.values.items


def _tests(evaluation: Evaluation) -> Iterator[tuple[ConditionTest, bool]]:
    for statement in evaluation.policies.statements():
        yield from ((test, statement.variables) for test in statement.conditions)
