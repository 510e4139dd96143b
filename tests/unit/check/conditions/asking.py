"""Statements with conditions, and what a rule says of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.policy import kinds
from tests.unit.check.trust.told import Json, found, mended

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.check.subject import Subject
    from simulator.diagnostic import Diagnostic
    from simulator.policy.findings import Findings
    from simulator.policy.kinds import PolicyKind

__all__ = ["Json", "Told", "allow", "deny", "edited", "found", "mended", "told"]


class Told(NamedTuple):
    """A finding as a test compares it."""

    code: str
    severity: str
    places: tuple[str, ...]


def allow(condition: Json, **more: object) -> Json:
    """Return an Allow of everything under a condition."""
    return {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition, **more}


def deny(condition: Json, **more: object) -> Json:
    """Return a Deny of everything under a condition."""
    return allow(condition, **{"Effect": "Deny", **more})


def told(
    rule: Callable[[Findings, Subject], None],
    *statements: Json,
    kind: PolicyKind = kinds.IDENTITY,
    version: str = "2012-10-17",
) -> list[Told]:
    """Return what a rule says of a policy, with the texts of all places."""
    findings = found(rule, *statements, kind=kind, version=version)
    return [Told(f.code, str(f.severity), _places(f)) for f in findings]


def _places(finding: Diagnostic) -> tuple[str, ...]:
    return tuple(label.span.text for label in finding.labels)


def edited(rule: Callable[[Findings, Subject], None], statement: Json) -> tuple[str, Json]:
    """Return what the edits of the only finding do to access, and the statement after them."""
    (finding,) = found(rule, statement, kind=kinds.IDENTITY)
    return str(finding.access), mended(finding)
