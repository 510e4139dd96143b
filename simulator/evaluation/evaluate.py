"""One request through all layers of policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.decision.combine import Decision, Outcome, common, decide
from simulator.decision.requirements import Requirement
from simulator.decision.verdict import Layer, Verdict
from simulator.evaluation.relation import UNDENIABLE, grantor, relations
from simulator.matcher.principals import Reach, names_of
from simulator.matcher.statement import StatementMatch, explain
from simulator.matcher.truth import all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulator.evaluation.plan import Level, LevelPlan, Plan
    from simulator.evaluation.policies import Policies
    from simulator.matcher.principals import Name
    from simulator.matcher.truth import Truth
    from simulator.request.request import Request


class Evaluation(NamedTuple):
    """A request, what each layer said, and what follows.

    Where the decision is the same whatever some open facts are, `supposed` holds the evaluations
    with values of these facts from which it was learnt. `hangs_on_owner` is true where the answer
    is another one for a resource of the caller's account and of another.
    """

    request: Request
    policies: Policies
    requirement: Requirement
    verdicts: Mapping[Layer, Verdict]
    decision: Decision
    supposed: tuple[Evaluation, ...] = ()
    hangs_on_owner: bool = False


def evaluate(request: Request, policies: Policies) -> Evaluation:
    """Return the decision on one request, with the verdict of every layer."""
    plan = policies.plan(request.action)
    names = names_of(request, policies.opened)
    verdicts = {layer: _verdict(plan, layer, request, names) for layer in Layer}
    layer = grantor(request.resource)
    wanted = [Requirement(layer, relation) for relation in relations(request, policies.opened)]
    first, *others = [decide(verdicts, each) for each in wanted]
    if plan.action in UNDENIABLE:
        first, others = Decision(Outcome.ALLOWED), []  # EVAL-45
    evaluation = Evaluation(request, policies, wanted[0], verdicts, first)
    if not others:
        return evaluation
    if first.outcome is others[0].outcome:
        return evaluation._replace(decision=common((first, *others)))
    hangs = request.same_account is None
    return evaluation._replace(decision=Decision(Outcome.UNDECIDED), hangs_on_owner=hangs)


def _verdict(plan: Plan, layer: Layer, request: Request, names: Sequence[Name]) -> Verdict:
    levels = plan.layers[layer]
    if levels is None:
        # What nobody knows, the policy of a resource cannot say to whom it does not speak.
        unheard = not names and layer in (Layer.TRUST, Layer.RESOURCE)  # EVAL-33x
        allows = False if unheard else None
        return Verdict(layer, (allows, allows, allows, allows), denies=False)
    denies = any_of(
        level.denies.reaching(request, names, Reach.ACCOUNT) for level in levels
    )  # EVAL-2, TRU-5
    if layer is Layer.RCP:
        return Verdict(layer, (True, True, True, True), denies)  # EVAL-50
    account, entity, direct = [_allows(levels, request, names, r) for r in list(Reach)[1:]]
    return Verdict(layer, (account, account, entity, direct), denies)


def _allows(
    levels: Sequence[LevelPlan], request: Request, names: Sequence[Name], least: Reach
) -> Truth:
    """Return whether every level has a statement that allows a caller named at least so strongly.

    Within a level one Allow is enough.
    """  # POL-24, EVAL-41
    return all_of(level.allows.reaching(request, names, least) for level in levels)


def explain_level(evaluation: Evaluation, level: Level) -> Iterator[StatementMatch]:
    """Yield how each statement of a level came out, element by element: the second pass."""
    for compiled in level:
        for statement in compiled.statements:
            yield explain(statement, evaluation.request, bounded=evaluation.policies.bounded)
