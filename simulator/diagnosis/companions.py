"""Remedies by passing less, where all that a call lacks is the permission for what it passes."""

from __future__ import annotations

from itertools import chain, combinations
from typing import TYPE_CHECKING, Final

from simulator.decision.combine import Outcome
from simulator.diagnosis.asked import of_call, outcome_of
from simulator.diagnosis.cause import Remedy
from simulator.diagnosis.findings import Finding, Prohibition, Shortfall
from simulator.diagnostic import Access
from simulator.sts.asking import passing
from simulator.sts.call import Call
from simulator.sts.parameters import TAKES, Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_PASSED: Final = Parameters()._asdict()
#: What is passed for which a call needs another action beside its own.
_PASSED: Final[Mapping[str, tuple[str, ...]]] = {
    "sts:SetSourceIdentity": ("source_identity",),  # STS-52
    "sts:TagSession": ("tags", "transitive_tag_keys"),  # STS-50
    "sts:SetContext": ("provided_contexts",),  # STS-55
}


def passing_less(finding: Finding) -> tuple[Remedy, ...]:
    """Return the call without what it may not pass, if it then succeeds; it keeps the most."""
    if not isinstance(finding, (Shortfall, Prohibition)) or not isinstance(finding.asked, Call):
        return ()
    call, action = finding.asked, finding.evaluation.request.action
    own = _given(call, action)
    if not own:
        return ()
    others = [given for each in _PASSED if each != action and (given := _given(call, each))]
    for size in range(len(others) + 1):
        for more in combinations(others, size):
            left_out = tuple(chain(own, *more))
            if outcome_of(_without(call, left_out)) is Outcome.ALLOWED:
                return (_leaving_out(left_out),)
    return ()


def _leaving_out(fields: tuple[str, ...]) -> Remedy:
    options = " and ".join(f"`--{field.replace('_', '-')}`" for field in sorted(fields))
    change = of_call(lambda call: _without(call, fields))
    return Remedy(f"leave out {options}", Access.UNCHANGED, change)


def _given(call: Call, action: str) -> tuple[str, ...]:
    """Return the parameters of an action that are passed; what a token carries is not."""
    passed, taken = call.parameters._asdict(), TAKES[call.operation]
    return tuple(f for f in _PASSED.get(action, ()) if f in taken and passed[f] != _NOT_PASSED[f])


def _without(call: Call, fields: tuple[str, ...]) -> Call:
    return passing(call, {field: _NOT_PASSED[field] for field in fields})
