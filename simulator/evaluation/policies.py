"""The policies that apply to a request, by layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.catalog.doubts import NONE_OPEN
from simulator.decision.verdict import Layer
from simulator.evaluation.plan import Level, Plan, make_plan
from simulator.matcher.statement import compile_policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.catalog.doubts import Doubts
    from simulator.matcher.statement import CompiledPolicy
    from simulator.policy.model import Statement

Levels = tuple[Level, ...]

#: A layer that grants and has no documents: it allows nothing.
NO_GRANT: Final[Levels] = ((),)
#: A layer that limits and does not exist: it forbids nothing.
NO_LIMIT: Final[Levels] = ()

_GRANTING: Final = (Layer.TRUST, Layer.RESOURCE, Layer.IDENTITY)
_MOST_PLANS = 4096  # AWS has some 20,000 actions


def _count_texts(statement: Statement) -> int:
    patterns = (statement.actions, statement.resources)
    listed = sum(len(p.values.items) for p in patterns if p is not None)
    return 1 + listed + sum(len(test.values.items) for test in statement.conditions)


class Policies:
    """The documents of each layer, level by level; of SCPs and RCPs from the root of the tree down.

    Each level must have an Allow that applies; a layer without levels limits nothing, and one that
    is nothing is not known to anybody. A layer that is not given, or given without levels, is
    `NO_GRANT` where it grants (trust, resource, identity), and `NO_LIMIT` elsewhere. `opened` are
    the doubts about AWS's rules that are left open.
    """

    __slots__ = ("_layers", "_plans", "opened")

    def __init__(self, layers: Mapping[Layer, Levels | None], opened: Doubts = NONE_OPEN) -> None:
        given = {**dict.fromkeys(Layer, NO_LIMIT), **layers}
        self._layers: dict[Layer, Levels | None] = {
            layer: NO_GRANT if levels == () and layer in _GRANTING else levels
            for layer, levels in given.items()
        }
        self._plans: dict[str, Plan] = {}
        self.opened = opened

    def levels(self, layer: Layer) -> Levels:
        """Return the documents of a layer, none where they are not known."""
        return self._layers[layer] or ()

    def documents(self, layer: Layer) -> Iterator[CompiledPolicy]:
        """Yield the documents of a layer, whatever their level."""
        for level in self.levels(layer):
            yield from level

    def statements(self) -> Iterator[Statement]:
        """Yield the statements of all layers."""
        for layer in Layer:
            for compiled in self.documents(layer):
                yield from compiled.policy.statements

    def is_known(self, layer: Layer) -> bool:
        """Whether the documents of a layer are known."""
        return self._layers[layer] is not None

    @property
    def bounded(self) -> bool:
        """Whether the caller has a permissions boundary."""
        return self._layers[Layer.BOUNDARY] != NO_LIMIT

    @property
    def size(self) -> int:
        """How many texts there are that a request may have to be held against."""
        return sum(map(_count_texts, self.statements()))

    def having(self, layers: Mapping[Layer, Levels | None]) -> Policies:
        """Return the policies with the documents of some layers replaced."""
        return Policies({**self._layers, **layers}, self.opened)

    def each_alone(self, layer: Layer) -> Policies:
        """Return the policies with each of several documents of a layer on a level of its own."""
        each = tuple((compiled,) for compiled in self.documents(layer))
        return self.having({layer: each}) if len(each) > 1 else self

    def opening(self, opened: Doubts) -> Policies:
        """Return the same policies with other doubts left open."""
        return Policies(
            {
                layer: None
                if levels is None
                else tuple(tuple(compile_policy(c.policy, opened) for c in lv) for lv in levels)
                for layer, levels in self._layers.items()
            },
            opened,
        )

    def plan(self, action: str) -> Plan:
        """Return the statements that speak of an action."""
        found = self._plans.get(action)
        if found is None:
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            found = make_plan(action, self._layers, bounded=self.bounded)
            self._plans[action] = found
        return found
