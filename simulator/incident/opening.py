"""What nobody told of a call is unknown, and not absent: perhaps the call had it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnosis.possible import can_have
from simulator.policy.variables import Variable, read_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.evaluation.policies import Policies
    from simulator.simulate import Question
    from simulator.sts.call import Call


def opened_call(call: Call) -> Call:
    """Return a call that may have each key of which its policies speak and such a call can have."""
    asked = (key for key in _keys(call.policies) if can_have(call, key))
    return call._replace(doubtful=tuple(dict.fromkeys(asked)))


def opened_question(question: Question) -> Question:
    """Return a question likewise."""
    asked = (key for key in _keys(question.policies) if can_have(question, key))
    return question._replace(doubtful=tuple(dict.fromkeys(asked)))


def _keys(policies: Policies) -> Iterator[str]:
    """Yield the condition keys of which policies speak, in lower case."""
    for statement in policies.statements():
        texts = [*(statement.resources.values.items if statement.resources else ())]
        for test in statement.conditions:
            yield test.key.lower()
            texts += test.values.items
        if statement.variables:
            yield from (key for text in texts if "${" in text for key in _variables(text))


def _variables(text: str) -> Iterator[str]:
    for part in read_template(text, wildcards=False, variables=True):
        if isinstance(part, Variable):
            yield part.key
