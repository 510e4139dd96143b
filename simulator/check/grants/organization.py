"""Policies of organizations: what they could not say before, and what they do not limit.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.matcher.actions import speaks_of
from simulator.policy.kinds import RCP
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement
    from simulator.syntax import Path

NEW_LANGUAGE: Final = "IAM673"
NO_ASSUME_ROLE: Final = "IAM674"
SERVICE_LINKED: Final = "IAM675"

_LINKED_PATH: Final = "role/aws-service-role/"


def new_language(findings: Findings, subject: Subject) -> None:
    """Tell of what an SCP could not have before September 2025, and older tools still refuse."""
    for statement in subject.statements:
        for path, what in _newer(statement):
            findings.note(  # POL-26
                NEW_LANGUAGE,
                path,
                f"an SCP has {what} only since September 2025",
                "AWS takes this, and older tools that check SCPs refuse it",
                on_key=isinstance(path[-1], str),
            )


def _newer(statement: Statement) -> Iterator[tuple[Path, str]]:
    allows, actions, resources = (
        statement.effect is Effect.ALLOW,
        statement.actions,
        statement.resources,
    )
    if allows and statement.conditions:
        yield (*statement.path, "Condition"), "`Condition` with `Allow`"
    if allows and actions.negated:
        yield actions.values.path, "`NotAction` with `Allow`"
    if resources is not None and resources.negated:
        yield resources.values.path, "`NotResource`"
    elif allows and resources is not None and set(resources.values.items) - {"*"}:
        yield resources.values.path, "a `Resource` other than `*` with `Allow`"
    for index, action in enumerate(actions.values.items):
        if "*" in action[:-1] or "?" in action[:-1]:
            yield actions.values.place(index), "a wildcard before the end of an action"
            return


def no_assume_role(findings: Findings, subject: Subject) -> None:
    """Tell of an SCP that allows only some actions, and assuming roles is none of them."""
    allowing = [s for s in subject.statements if s.effect is Effect.ALLOW]
    if not allowing or len(subject.statements) < len(subject.policy.statements):
        return
    if any(speaks_of(statement.actions, "sts:assumerole") for statement in allowing):
        return
    findings.note(  # EVAL-41, EVAL-43
        NO_ASSUME_ROLE,
        allowing[0].actions.values.path,
        "this SCP does not allow `sts:AssumeRole`, so nobody in the accounts below it can assume a"
        " role",
        "these are the only actions left",
        on_key=True,
        help="unless another SCP at the same place of the organization allows it; who comes from"
        " other accounts, or signs in through an identity provider, is not limited by it",
    )


def service_linked(findings: Findings, subject: Subject) -> None:
    """Tell of a Deny that is only about service-linked roles, which no such policy limits."""
    for statement in subject.statements:
        if statement.effect is not Effect.DENY:
            continue
        place = _resources(statement) if subject.kind == RCP else _principals(statement)
        if place is not None:
            findings.warn(  # EVAL-40, EVAL-51, EVAL-72
                SERVICE_LINKED,
                place,
                f"{statement.title} denies nothing: no {subject.kind.name} limits service-linked"
                " roles",
                "only service-linked roles are meant here",
            )


def _resources(statement: Statement) -> Path | None:
    resources = statement.resources
    if resources is None or resources.negated or not resources.values.items:
        return None
    is_linked = all(map(_is_linked, resources.values.items))
    return resources.values.path if is_linked else None


def _principals(statement: Statement) -> Path | None:
    tests = (test for test in statement.conditions if _is_about_linked(test))
    return next((test.values.path for test in tests), None)


def _is_about_linked(test: ConditionTest) -> bool:
    """Whether a test holds for service-linked roles alone."""
    compares = test.operator.startswith(("Arn", "String")) and "Not" not in test.operator
    if test.key.lower() != "aws:principalarn" or not compares or test.if_exists or test.quantifier:
        return False
    return bool(test.values.items) and all(map(_is_linked, test.values.items))


def _is_linked(arn: str) -> bool:
    return arn.split(":", 5)[-1].startswith(_LINKED_PATH)
