"""Which statement was meant to allow a request: not always the one that gets furthest.

A statement that fails at a slip of the pen comes before one that fails at a later element, and
there at something else altogether.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.diagnosis.actions import action_meant
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.principals import nearest_named
from simulator.diagnosis.resources import nearest_resource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.matcher.statement import StatementMatch

_FAILS: Final[Mapping[Stage, Callable[[StatementMatch], bool]]] = {
    Stage.RESOURCE: lambda match: match.resource is False,
    Stage.ACTION: lambda match: not match.action,
    Stage.PRINCIPAL: lambda match: match.named is False,
}


def as_meant(finding: Finding) -> Finding:
    """Return a finding that is about the statements that were probably meant to allow."""
    if not isinstance(finding, Shortfall) or finding.stage not in _FAILS or is_near(finding):
        return finding
    for stage in _FAILS:
        near = tuple(match for match in finding.allows if _only_failure(match) is stage)
        meant = finding._replace(stage=stage, near=near)
        if near and is_near(meant):
            return meant
    return finding


def _only_failure(match: StatementMatch) -> Stage | None:
    """Return the one element at which a statement fails, besides its conditions."""
    failing = [stage for stage, fails in _FAILS.items() if fails(match)]
    return failing[0] if len(failing) == 1 else None


def is_near(finding: Shortfall) -> bool:
    """Whether one of the nearest statements fails at a slip of the pen."""
    match finding.stage:
        case Stage.PRINCIPAL:
            named = nearest_named(finding)
            return named is not None and named[1].near
        case Stage.ACTION:
            return action_meant(finding) is not None
        case Stage.RESOURCE:
            resource = nearest_resource(finding)
            return resource is not None and resource.near
        case _:
            return False
