"""Statements that allow everything, or everything but what they list.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.matcher.actions import speaks_of
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import Patterns, Statement
    from simulator.syntax import Path

ALL_BUT_SOME: Final = "IAM665"
EVERYTHING: Final = "IAM669"

_EVERY_ACTION: Final = frozenset({"*", "*:*"})
#: What people do not think of when they list what is not allowed.
_REACHED: Final = ("sts:AssumeRole", "iam:PassRole", "iam:CreateServiceLinkedRole")


def all_but_some(findings: Findings, subject: Subject) -> None:
    """Tell of an Allow that lists what it does not allow."""
    for statement, resources in _allowing(subject):
        actions = statement.actions
        if actions.negated and actions.values.items and _is_of_all(resources):
            _all_actions_but(findings, statement, resources)
        elif resources.negated and resources.values.items and _every_action(statement) is not None:
            _all_resources_but(findings, statement, resources)


def everything(findings: Findings, subject: Subject) -> None:
    """Tell of an Allow of all actions on all resources."""
    for statement, resources in _allowing(subject):
        path = _every_action(statement)
        if path is not None and not resources.negated and "*" in resources.values.items:
            findings.note(  # ACT-2, RES-2
                EVERYTHING,
                path,
                f"{statement.title} allows every action on every resource",
                "where the conditions hold, this is all there is"
                if statement.conditions
                else "whoever has this policy is an administrator",
                help="an administrator can change every limit but those that the organization sets",
            )


def _allowing(subject: Subject) -> Iterator[tuple[Statement, Patterns]]:
    for statement in subject.statements:
        if statement.effect is Effect.ALLOW and statement.resources is not None:
            yield statement, statement.resources


def _every_action(statement: Statement) -> Path | None:
    """Return where a statement lists all actions there are."""
    values = statement.actions.values
    if statement.actions.negated:
        return None
    found = (n for n, text in enumerate(values.items) if text in _EVERY_ACTION)
    return next(map(values.place, found), None)


def _is_of_all(resources: Patterns) -> bool:
    """Whether resources are not limited to those of some services."""
    return resources.negated or any(map(_is_of_any_service, resources.values.items))


def _is_of_any_service(resource: str) -> bool:
    fields = resource.split(":")
    return resource == "*" or (fields[0] == "arn" and (len(fields) < 3 or "*" in fields[2]))


def _all_actions_but(findings: Findings, statement: Statement, resources: Patterns) -> None:
    reached = [a for a in _REACHED if speaks_of(statement.actions, a.lower())]
    also = ", ".join(f"`{action}`" for action in reached)
    beside = [(resources.values.path, "on every resource but these")] if resources.negated else ()
    findings.warn(  # ACT-5
        ALL_BUT_SOME,
        statement.actions.values.path,
        "`NotAction` with `Allow` grants all actions that are not listed"
        + (f", also {also}" if reached else ""),
        "everything but this is allowed, and whatever AWS adds",
        on_key=True,
        help="list in `Action` what is to be allowed; to keep something from a wide Allow, deny it",
        beside=beside,
    )


def _all_resources_but(findings: Findings, statement: Statement, resources: Patterns) -> None:
    findings.warn(  # RES-11
        ALL_BUT_SOME,
        resources.values.path,
        "`NotResource` with all actions grants everything on all that is not listed, also every"
        " action that has no resource",
        "everything but this is allowed, and whatever is created later",
        on_key=True,
        help="list in `Resource` what is to be allowed; to keep something from a wide Allow, deny"
        " it",
        beside=((statement.actions.values.path, "all actions of all services are allowed"),),
    )
