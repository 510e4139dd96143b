"""What one layer of policies says about a request."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from simulator.matcher.principals import Reach
from simulator.matcher.truth import Truth, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterable


class Layer(StrEnum):
    """The layers of policies, in the order in which AWS documents their evaluation."""  # EVAL-3

    RCP = "rcp"
    SCP = "scp"
    TRUST = "trust"
    IDENTITY = "identity"
    BOUNDARY = "boundary"
    SESSION = "session"


class Applies(NamedTuple):
    """One statement that applies, or may apply, and what it does then."""

    allows: bool
    truth: Truth
    reach: Reach


class Verdict(NamedTuple):
    """What a layer says: whether it allows at each reach, and whether it denies.

    `allows[reach]` is whether a statement allows that names the caller at least that strongly. A
    limit (boundary, session policy, SCP, RCP) that does not exist allows; a missing grant does not.
    """

    layer: Layer
    allows: tuple[Truth, Truth, Truth, Truth]
    denies: Truth

    def grants(self, reach: Reach = Reach.ACCOUNT) -> Truth:
        """Whether the layer allows a caller who is named at least this strongly."""
        return self.allows[reach]


def constant(layer: Layer, *, allows: Truth) -> Verdict:
    """Return the verdict of a layer that has no documents, or whose documents nobody knows."""
    return Verdict(layer, (allows, allows, allows, allows), denies=False)


def judge(layer: Layer, levels: Iterable[Iterable[Applies]]) -> Verdict:
    """Return the verdict of a layer from its statements, level by level.

    Within a level one Allow is enough; every level must have one; one Deny anywhere denies.
    """  # POL-24, EVAL-41
    found = [tuple(level) for level in levels]
    by_reach = [
        all_of(any_of(s.truth for s in level if s.allows and s.reach >= reach) for level in found)
        for reach in Reach
    ]
    denies = any_of(s.truth for level in found for s in level if not s.allows)  # EVAL-2
    nobody, account, entity, direct = by_reach
    return Verdict(layer, (nobody, account, entity, direct), denies)
