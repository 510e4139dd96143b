"""What one layer of policies says about a request."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from simulator.matcher.principals import Reach

if TYPE_CHECKING:
    from simulator.matcher.truth import Truth


class Layer(StrEnum):
    """The layers of policies, in the order in which AWS documents their evaluation."""  # EVAL-3

    RCP = "rcp"
    SCP = "scp"
    ENDPOINT = "endpoint"
    TRUST = "trust"
    RESOURCE = "resource"
    IDENTITY = "identity"
    BOUNDARY = "boundary"
    SESSION = "session"


class Verdict(NamedTuple):
    """What a layer says: whether it allows at each reach, and whether it denies.

    `allows[reach]` is whether a statement allows that names the caller at least that strongly.
    """

    layer: Layer
    allows: tuple[Truth, Truth, Truth, Truth]
    denies: Truth

    def grants(self, reach: Reach = Reach.ACCOUNT) -> Truth:
        """Whether the layer allows a caller who is named at least this strongly."""
        return self.allows[reach]
