"""IAM643: two statements of which one always applies, since each exempts what the other does not.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from simulator.check.conditions.holding import holds_without, is_negated
from simulator.diagnostic import Severity
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import Patterns, Statement

    _Group: TypeAlias = "list[Statement]"

CODE: Final = "IAM643"
_MOST_COMPARED: Final = 20


def opposite_statements(findings: Findings, subject: Subject) -> None:
    """Report two statements with one negated test each that leave no request out together."""
    groups: dict[Hashable, _Group] = {}
    for statement in subject.statements:
        if _exempts_some(statement):
            groups.setdefault(_about(statement), []).append(statement)
    for group in groups.values():
        if len(group) > 1:
            _check(findings, group[:_MOST_COMPARED])


def _exempts_some(statement: Statement) -> bool:
    if len(statement.conditions) != 1:
        return False
    (test,) = statement.conditions
    return test.quantifier is None and is_negated(test) and holds_without(test)


def _about(statement: Statement) -> Hashable:
    """Return what two statements agree in that are about the same requests."""
    who = statement.principals
    return (
        statement.effect,
        statement.conditions[0].key.lower(),
        _listed(statement.actions),
        statement.resources and _listed(statement.resources),
        who and (who.negated, frozenset((entry.kind, entry.value) for entry in who.entries)),
    )


def _listed(patterns: Patterns) -> Hashable:
    return patterns.negated, frozenset(patterns.values.items)


def _check(findings: Findings, group: Sequence[Statement]) -> None:
    from simulator.check.conditions.extent import leave_none_out  # noqa: PLC0415 - rare

    for place, second in enumerate(group):
        for first in group[:place]:
            if leave_none_out(
                first.conditions[0], second.conditions[0], variables=second.variables
            ):
                _report(findings, first, second)
                break


def _report(findings: Findings, first: Statement, second: Statement) -> None:
    denies = second.effect is Effect.DENY
    (test,) = second.conditions
    verb = "deny" if denies else "allow"
    findings.error(  # CND-2, CND-11, POL-24, SUR-28
        CODE,
        test.values.path,
        f"{first.title} and {second.title} together {verb} every request that they are about",
        f"what is exempt here is {'denied' if denies else 'allowed'} by the other statement",
        help="values in one list are alternatives: put all of them into the list of one statement",
        severity=Severity.ERROR if denies else Severity.WARNING,
        beside=((first.conditions[0].values.path, "and the other way round"),),
    )
