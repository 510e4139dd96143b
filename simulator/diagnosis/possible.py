"""What there can be at all: actions, what they are done to, and keys that their requests have.

The catalogue is read only where an answer needs it: that takes milliseconds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simulator.diagnostic import Access
from simulator.request.request import NO_RESOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.catalog.actions import Action, ResourceUse
    from simulator.diagnosis.cause import Cause
    from simulator.simulate import Question

_PLACEHOLDER = re.compile(r"\$\{(\w+?)(?:Name|Id)?(?:WithPath)?\}")


def only_possible(question: Question, causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """Return causes without the remedies that allow what there cannot be, told instead."""
    found = tuple(causes)
    widening = any(r.access is Access.WIDENED for cause in found for r in cause.remedies)
    why = _impossible(question) if widening else None
    return found if why is None else tuple(_without_access(cause, why) for cause in found)


def _without_access(cause: Cause, why: str) -> Cause:
    kept = tuple(r for r in cause.remedies if r.access is not Access.WIDENED)
    return cause if len(kept) == len(cause.remedies) else cause._replace(remedies=kept, help=why)


def _impossible(question: Question) -> str | None:
    """Return why a request cannot be made as it is, if that is known."""
    from simulator.catalog.actions import find_action  # noqa: PLC0415 - takes 5 ms

    action = find_action(question.action)
    if action is None:
        return None
    if question.resource == NO_RESOURCE and action.has_resource:
        return f"give `--resource ARN`: {_done_to(action)}"  # RES-2
    return None


def _done_to(action: Action) -> str:
    """Return what an action is done to, with an example."""
    # Of several types the one that takes the fewest words is the best known.
    use = min(action.resource_types, key=lambda use: (not use.required, len(use.arn_format)))
    a = "an" if use.name[:1] in "aeiou" else "a"
    such = f" such as `{_example(use)}`" if use.arn_format else ""
    return f"`{action.name}` is done to {a} {use.name}{such}"


def _example(use: ResourceUse) -> str:
    """Return the format of an ARN with words in capitals for what has to be filled in."""
    text = use.arn_format.replace("${Partition}", "aws")
    return _PLACEHOLDER.sub(lambda found: found[1].upper(), text)
