"""One request through all layers of policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.decision.combine import Decision, decide
from simulator.decision.verdict import Applies, Layer, Verdict, constant, judge
from simulator.matcher.statement import CompiledPolicy, StatementMatch, explain, match

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.request.request import Request

Level = tuple[CompiledPolicy, ...]


class Policies(NamedTuple):
    """The policies that apply to a request, by layer.

    `identity` is nothing where nobody knows the caller's identity policies. SCPs and RCPs come
    level by level from the root of the organization down; a layer without documents does not exist.
    """

    trust: Level
    identity: Level | None = ()
    boundary: Level = ()
    session: Level = ()
    scps: tuple[Level, ...] = ()
    rcps: tuple[Level, ...] = ()

    def levels(self, layer: Layer) -> tuple[Level, ...]:
        """Return the documents of a layer; all layers but SCPs and RCPs have one level at most."""
        if layer is Layer.SCP:
            return self.scps
        if layer is Layer.RCP:
            return self.rcps
        single: Level = getattr(self, layer) or ()
        return (single,) if single else ()


class Evaluation(NamedTuple):
    """A request, what each layer said, and what follows.

    Where the decision is the same whatever some open facts are, `supposed` holds the evaluations
    with values of these facts from which it was learnt.
    """

    request: Request
    policies: Policies
    verdicts: Mapping[Layer, Verdict]
    decision: Decision
    supposed: tuple[Evaluation, ...] = ()


def evaluate(request: Request, policies: Policies) -> Evaluation:
    """Return the decision on one request, with the verdict of every layer."""
    verdicts = {layer: _verdict(request, policies, layer) for layer in Layer}
    decision = decide(verdicts, same_account=request.same_account)
    return Evaluation(request, policies, verdicts, decision)


def _verdict(request: Request, policies: Policies, layer: Layer) -> Verdict:
    if layer is Layer.IDENTITY and policies.identity is None:
        return constant(layer, allows=None)
    levels = policies.levels(layer)
    if not levels:
        is_grant = layer in (Layer.IDENTITY, Layer.TRUST)  # EVAL-1, EVAL-6
        return constant(layer, allows=not is_grant)
    verdict = judge(layer, (_applying(request, level) for level in levels))
    if layer is Layer.RCP:
        return verdict._replace(allows=(True, True, True, True))  # EVAL-50
    return verdict


def _applying(request: Request, level: Level) -> Iterator[Applies]:
    for compiled in level:
        for statement in compiled.statements:
            truth, reach = match(statement, request)
            if truth is not False:
                yield Applies(statement.allows, truth, reach)


def explain_level(evaluation: Evaluation, level: Level) -> Iterator[StatementMatch]:
    """Yield how each statement of a level came out, element by element: the second pass."""
    for compiled in level:
        for statement in compiled.statements:
            yield explain(statement, evaluation.request)
