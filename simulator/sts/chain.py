"""Chains of calls: the session that one call yields is who makes the next.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from simulator.catalog.doubts import NONE_OPEN
from simulator.decision.combine import Outcome
from simulator.sts.answer import Answer, answer_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from simulator.catalog.doubts import Doubts
    from simulator.sts.call import Call
    from simulator.sts.session import Session

    #: Makes the call of a hop, by whoever has the session of the hop before; the first has none.
    Hop: TypeAlias = Callable[[Session | None], Call]


class Link(NamedTuple):
    """One hop of a chain: the call that was made, and what came of it."""

    call: Call
    answer: Answer


def follow(hops: Iterable[Hop], opened: Doubts = NONE_OPEN) -> tuple[Link, ...]:
    """Return the calls of a chain up to the first that does not succeed."""
    links: list[Link] = []
    session: Session | None = None
    for hop in hops:
        call = hop(session)
        answer = answer_to(call, opened)
        links.append(Link(call, answer))
        session = answer.session
        if answer.outcome is not Outcome.ALLOWED:
            break
    return tuple(links)
