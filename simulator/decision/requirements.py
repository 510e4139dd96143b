"""What must allow a request, as tables: by owner of the resource and how its policy names callers.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple, TypeAlias

from simulator.decision.verdict import Layer
from simulator.matcher.principals import Reach


class Route(NamedTuple):
    """One way to a yes: how strongly the resource's policy must name the caller, and what else.

    With a reach of `NOBODY` the resource's policy need not speak at all.
    """

    reach: Reach
    others: tuple[Layer, ...]


Routes: TypeAlias = tuple[Route, ...]


class Relation(IntEnum):
    """How caller and resource stand to each other, as far as it matters to what must allow."""

    ORDINARY = 0  # the resource is in the caller's account, and its policy can grant
    DELEGATED = 1  # the same, but its policy must grant: roles and KMS keys
    OTHER_ACCOUNT = 2
    UNSIGNED = 3  # AWS services and unsigned callers have no policies of their own


class Requirement(NamedTuple):
    """What must allow: one of the routes, where `grantor` is the layer of the resource's policy."""

    grantor: Layer
    relation: Relation

    @property
    def routes(self) -> Routes:
        """The ways to a yes, from the strongest way of being named to the weakest."""
        return ROUTES[self.relation]


#: Limits that hold whoever is named and however; RCPs limit by Deny alone.
GUARDRAILS: Final = (Layer.SCP, Layer.ENDPOINT)  # EVAL-6, EVAL-50, EVAL-60
CALLER: Final = (Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION)
_LIMITS: Final = (Layer.BOUNDARY, Layer.SESSION)

ROUTES: Final[tuple[Routes, ...]] = (
    (
        Route(Reach.DIRECT, ()),  # EVAL-12, EVAL-13
        Route(Reach.ENTITY, _LIMITS),  # EVAL-11
        Route(Reach.NOBODY, CALLER),  # EVAL-10
    ),
    (  # EVAL-17, EVAL-20
        Route(Reach.DIRECT, ()),  # EVAL-22, EVAL-24
        Route(Reach.ENTITY, _LIMITS),  # EVAL-23
        Route(Reach.ACCOUNT, CALLER),  # EVAL-21
    ),
    # every way of naming a caller of another account asks for the same
    (Route(Reach.ACCOUNT, CALLER),),  # EVAL-30x, EVAL-31x, EVAL-34x
    (Route(Reach.ACCOUNT, ()),),  # EVAL-70
)
ORDINARY, DELEGATED, OTHER_ACCOUNT, UNSIGNED = ROUTES
