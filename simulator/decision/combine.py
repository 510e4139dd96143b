"""How the layers combine, as a table: what else must allow, by how strongly the caller is named.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.decision.verdict import Layer
from simulator.matcher.principals import Reach
from simulator.matcher.truth import Truth, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.decision.verdict import Verdict


class Outcome(StrEnum):
    """What is decided: the words of AWS's own simulator, and two more.

    `undecided` is what nobody can know, `error` what was refused before any policy was read.
    """

    ALLOWED = "allowed"
    IMPLICIT_DENY = "implicitDeny"
    EXPLICIT_DENY = "explicitDeny"
    UNDECIDED = "undecided"
    ERROR = "error"


class Decision(NamedTuple):
    """The outcome and the layers it rests on.

    `denying` are the layers with a Deny that applies, `missing` those that had to allow and do not
    (also beside a Deny, since both stand in the way), `open` those that hang on something nobody
    said.
    """

    outcome: Outcome
    denying: tuple[Layer, ...] = ()
    missing: tuple[Layer, ...] = ()
    open: tuple[Layer, ...] = ()


# Guardrails hold whoever is named and however.
_GUARDRAILS: Final = (Layer.SCP, Layer.RCP)
_CALLER: Final = (Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION)

#: What must allow besides the trust policy, by how strongly it names a caller of the same account.
SAME_ACCOUNT: Final[Mapping[Reach, tuple[Layer, ...]]] = {
    Reach.DIRECT: (),  # EVAL-22, EVAL-24
    Reach.ENTITY: (Layer.BOUNDARY, Layer.SESSION),  # EVAL-23
    Reach.ACCOUNT: _CALLER,  # EVAL-21
}
#: Across accounts every way of naming the caller asks for the same.
CROSS_ACCOUNT: Final[Mapping[Reach, tuple[Layer, ...]]] = {
    Reach.ACCOUNT: _CALLER  # EVAL-30x, EVAL-31x
}


def decide(verdicts: Mapping[Layer, Verdict], *, same_account: bool) -> Decision:
    """Return the decision for a request on which every layer has spoken."""
    routes = SAME_ACCOUNT if same_account else CROSS_ACCOUNT
    met = any_of(_route(verdicts, reach, others) for reach, others in routes.items())
    met = all_of((met, *(verdicts[layer].grants() for layer in _GUARDRAILS)))
    needed = _needed(verdicts, routes)
    missing = tuple(layer for layer in needed if met is False and not _may_grant(verdicts[layer]))
    denying = tuple(layer for layer, verdict in verdicts.items() if verdict.denies)
    if denying:
        return Decision(Outcome.EXPLICIT_DENY, denying, missing)  # EVAL-2, EVAL-27
    if met is False:
        # A Deny that may apply changes nothing here: the request is denied either way.
        return Decision(Outcome.IMPLICIT_DENY, missing=missing)
    may_deny = tuple(layer for layer, verdict in verdicts.items() if verdict.denies is None)
    if met is True and not may_deny:
        return Decision(Outcome.ALLOWED)
    unsettled = _unsettled(verdicts, routes) if met is None else ()
    return Decision(Outcome.UNDECIDED, open=tuple(dict.fromkeys((*may_deny, *unsettled))))


def _route(verdicts: Mapping[Layer, Verdict], reach: Reach, others: tuple[Layer, ...]) -> Truth:
    trust = verdicts[Layer.TRUST].grants(reach)  # EVAL-20
    return all_of((trust, *(verdicts[layer].grants() for layer in others)))


def _needed(
    verdicts: Mapping[Layer, Verdict], routes: Mapping[Reach, tuple[Layer, ...]]
) -> tuple[Layer, ...]:
    """Return the layers that had to allow, by how strongly the caller may be named at most."""
    trust = verdicts[Layer.TRUST]
    strongest = max((r for r in routes if trust.grants(r) is not False), default=Reach.ACCOUNT)
    return (*_GUARDRAILS, Layer.TRUST, *routes[strongest])


def _may_grant(verdict: Verdict) -> bool:
    return verdict.grants() is not False


def _unsettled(
    verdicts: Mapping[Layer, Verdict], routes: Mapping[Reach, tuple[Layer, ...]]
) -> Iterator[Layer]:
    """Yield the layers on which each way hangs that may still lead to a yes."""
    yield from (layer for layer in _GUARDRAILS if verdicts[layer].grants() is None)
    for reach, others in routes.items():
        if _route(verdicts, reach, others) is None:
            if verdicts[Layer.TRUST].grants(reach) is None:
                yield Layer.TRUST
            yield from (layer for layer in others if verdicts[layer].grants() is None)
