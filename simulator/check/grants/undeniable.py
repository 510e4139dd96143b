"""Calls that no policy can deny, and calls on which only the policy of the role bears.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from simulator.diagnostic import Access, Severity
from simulator.evaluation.relation import UNDENIABLE
from simulator.policy import kinds
from simulator.policy.edits import remove_values
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.check.subject import Subject
    from simulator.diagnostic import Edit
    from simulator.policy.findings import Findings
    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import PolicyDocument, Statement

CANNOT_DENY: Final = "IAM671"
NOT_ASKED: Final = "IAM672"

_IDENTITY: Final = "sts:getcalleridentity"
_OF_ORGANIZATIONS: Final = (kinds.SCP, kinds.RCP)
_UNSURE: Final = "nothing says whether a policy of this kind stops it all the same"
_UNSIGNED: Final = frozenset({"sts:assumerolewithsaml", "sts:assumerolewithwebidentity"})


def undeniable(findings: Findings, subject: Subject) -> None:
    """Tell of a Deny of a call that works whatever policies say."""
    for statement in subject.statements:
        if statement.effect is not Effect.DENY or statement.actions.negated:
            continue
        values = statement.actions.values
        found = [n for n, text in enumerate(values.items) if text.lower() in UNDENIABLE]
        if not found:
            continue
        first, *others = found
        is_sure = _is_sure(subject.kind, {values.items[index].lower() for index in found})
        edits = _edits(subject.policy, statement, found) if is_sure else None
        findings.error(  # STS-4, STS-6, EVAL-45
            CANNOT_DENY,
            values.place(first),
            f"`{values.items[first]}` cannot be denied: it needs no permission, and works whatever"
            " policies say",
            "this denies nothing" if is_sure else "this probably denies nothing",
            help=None if is_sure else _UNSURE,
            beside=[(values.place(index), "nor does this") for index in others],
            severity=Severity.WARNING if is_sure else Severity.NOTE,
            access=Access.UNCHANGED if edits is not None else None,
            edits=edits,
        )


def _is_sure(kind: PolicyKind, actions: set[str]) -> bool:
    """Whether AWS says that policies of a kind cannot deny one of some actions."""
    if kind in _OF_ORGANIZATIONS:
        # AWS's own examples of RCPs deny the other call, and nothing says whether that works.
        return _IDENTITY in actions
    return kind != kinds.ENDPOINT


def _edits(
    policy: PolicyDocument, statement: Statement, found: list[int]
) -> Callable[[], tuple[Edit, ...]] | None:
    """Return what takes the actions out, or the whole statement where it has no others."""
    values = statement.actions.values
    if len(found) < len(values.items):
        return partial(remove_values, policy.document, values.path, found)
    if len(policy.statements) > 1:
        return partial(remove_values, policy.document, ("Statement",), [statement.number - 1])
    return None


def unsigned(findings: Findings, subject: Subject) -> None:
    """Tell of calls that nobody makes who has a policy of this kind."""
    for statement in subject.statements:
        if statement.actions.negated:
            continue
        denies = statement.effect is Effect.DENY
        values = statement.actions.values
        for index, text in enumerate(values.items):
            if text.lower() in _UNSIGNED:
                findings.error(  # STS-2, STS-60, ACT-7, EVAL-40
                    NOT_ASKED,
                    values.place(index),
                    f"no {subject.kind.name} bears on `{text}`: whoever calls it has no AWS"
                    " credentials yet",
                    "this denies nothing" if denies else "this allows nothing",
                    help="the trust policy of the role decides, and the resource control policies"
                    " of its account",
                    severity=Severity.WARNING if denies else Severity.NOTE,
                )
