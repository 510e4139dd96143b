"""Statements that allow everything, or everything but what they list.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.matcher.actions import speaks_of
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import Patterns, Statement

ALL_BUT_SOME: Final = "IAM665"
EVERYTHING: Final = "IAM669"

_EVERY_ACTION: Final = frozenset({"*", "*:*"})
#: What people do not think of when they list what is not allowed.
_REACHED: Final = ("sts:AssumeRole", "iam:PassRole", "iam:CreateServiceLinkedRole")


def everything(findings: Findings, subject: Subject) -> None:
    """Tell of an Allow that is about all actions there are, or about all but those it lists."""
    for statement in subject.statements:
        resources = statement.resources
        if statement.effect is not Effect.ALLOW or resources is None:
            continue
        if statement.actions.negated and statement.actions.values.items and _is_of_all(resources):
            _all_but(findings, statement, resources)
        elif not statement.actions.negated and _EVERY_ACTION & {*statement.actions.values.items}:
            _every_action(findings, statement, resources)


def _is_of_all(resources: Patterns) -> bool:
    """Whether resources are not limited to those of some services."""
    return resources.negated or any(map(_is_of_any_service, resources.values.items))


def _is_of_any_service(resource: str) -> bool:
    fields = resource.split(":")
    return resource == "*" or (fields[0] == "arn" and (len(fields) < 3 or "*" in fields[2]))


def _all_but(findings: Findings, statement: Statement, resources: Patterns) -> None:
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


def _every_action(findings: Findings, statement: Statement, resources: Patterns) -> None:
    values = statement.actions.values
    index = next(n for n, text in enumerate(values.items) if text in _EVERY_ACTION)
    if resources.negated and resources.values.items:
        findings.warn(  # RES-11
            ALL_BUT_SOME,
            resources.values.path,
            "`NotResource` with all actions grants everything on all that is not listed, also every"
            " action that has no resource",
            "everything but this is allowed, and whatever is created later",
            on_key=True,
            help="list in `Resource` what is to be allowed; to keep something from a wide Allow,"
            " deny it",
            beside=((values.place(index), "this means every action of every service"),),
        )
    elif "*" in resources.values.items and not resources.negated:
        findings.note(  # ACT-2, RES-2
            EVERYTHING,
            values.place(index),
            f"{statement.title} allows every action on every resource",
            "where the conditions hold, this is all there is"
            if statement.conditions
            else "whoever has this policy is an administrator",
            help="an administrator can change every limit but those that the organization sets",
        )
