"""Who else of all that is known can do the same after a fix, found by deciding it for each."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.diagnosis.asked import outcome_of
from simulator.diagnosis.fixes import order
from simulator.diagnosis.what_if import remedied
from simulator.request.principal import UNSIGNED, principal_arn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulator.diagnosis.fixes import Fix
    from simulator.evaluation.policies import Policies
    from simulator.matcher.statement import CompiledPolicy
    from simulator.policy.model import Document
    from simulator.sts.call import Call

_MOST_ASKED: Final = 500
_MOST_TOLD: Final = 5

#: A layer, and where in which file a document stands: two may be the same but for that.
_Key = tuple[Layer, tuple[str, str], int]


def with_others(call: Call, found: Sequence[Fix]) -> tuple[Fix, ...]:
    """Return fixes that edit documents with who else of the known users and roles then succeeds.

    Of fixes that are otherwise equal those come first with which the fewest do.
    """
    if call.others is None or not any(r.edits for fix in found for r in fix.remedies):
        return tuple(found)
    others = tuple(islice(call.others(), _MOST_ASKED + 1))
    if not others:
        return tuple(found)
    let_in = [
        _let_in(call, fix, others[:_MOST_ASKED]) if any(r.edits for r in fix.remedies) else None
        for fix in found
    ]
    told = [
        (fix if more is None else fix._replace(others=_told(more, others)), len(more or ()))
        for fix, more in zip(found, let_in, strict=True)
    ]
    return tuple(fix for fix, _ in sorted(told, key=lambda each: (*order(each[0]), each[1])))


def _let_in(call: Call, fix: Fix, others: Sequence[Call]) -> list[str]:
    """Return who of others succeeds once documents are edited as a fix edits them."""
    edits = (r._replace(changed=None, attached=None) for r in fix.remedies)
    edited = _edited(call.policies, remedied(call, edits).policies)
    return [_name(other) for other in others if _is_let_in(other, edited)]


def _told(more: Sequence[str], others: Sequence[Call]) -> str:
    is_whole = len(others) <= _MOST_ASKED
    of = "known users and roles" if is_whole else f"the first {_MOST_ASKED} users and roles"
    if not more:
        return f"of the {of} nobody else"
    cut = ", …" if len(more) > _MOST_TOLD else ""
    names = ", ".join(f"`{name}`" for name in more[:_MOST_TOLD])
    return f"of the {of} {len(more)} more: {names}{cut}"


def _edited(before: Policies, after: Policies) -> Mapping[_Key, CompiledPolicy]:
    """Return the documents that a fix edits as they then are, by what they were."""
    return {
        _key(layer, old.policy.document): new
        for layer in Layer
        for old, new in zip(before.documents(layer), after.documents(layer), strict=False)
        if old is not new
    }


def _key(layer: Layer, document: Document) -> _Key:
    found = document.whole().in_file()
    return layer, found.source[:2], found.range.start


def _is_let_in(other: Call, edited: Mapping[_Key, CompiledPolicy]) -> bool:
    """Whether a call succeeds with edited documents, and did not before."""
    after = other._replace(policies=_having(other.policies, edited))
    if outcome_of(after) is not Outcome.ALLOWED:
        return False
    return outcome_of(other) is not Outcome.ALLOWED


def _having(policies: Policies, edited: Mapping[_Key, CompiledPolicy]) -> Policies:
    return policies.having(
        {
            layer: tuple(
                tuple(edited.get(_key(layer, each.policy.document), each) for each in level)
                for level in policies.levels(layer)
            )
            for layer in {layer for layer, _, _ in edited}
            if policies.is_known(layer)
        }
    )


def _name(other: Call) -> str:
    principal = other.principal
    return "" if isinstance(principal, UNSIGNED) else str(principal_arn(principal))
