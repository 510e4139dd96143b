"""Resources that no request is for, or that are more than they seem.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.policy import codes
from simulator.policy.elements import resource_flaw
from simulator.policy.lint.actions import is_pattern
from simulator.policy.lint.keys import check_variables
from simulator.policy.model import Effect
from simulator.policy.variables import Variable, read_template
from simulator.policy.vocabulary import PARTITIONS, ROLE_ACTIONS

if TYPE_CHECKING:
    from simulator.catalog.actions import Action
    from simulator.policy.findings import Findings
    from simulator.policy.lint.budget import Budget
    from simulator.policy.model import Patterns, Statement, Values
    from simulator.syntax import Path

_ROLE_ACTIONS: Final = frozenset(action.lower() for action in ROLE_ACTIONS)
_FORMATS: Final = 2  # those with the shortest names are the best known
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
_REGION: Final = re.compile(r"(?:[a-z]+(?:-[a-z]+)+-[0-9]+)?|[a-z0-9-]*[*?][a-z0-9*?-]*", re.ASCII)
_ACCOUNT: Final = re.compile(r"(?:[0-9]{12})?|aws|[0-9]*[*?][0-9*?]*", re.ASCII)
_WORD: Final = re.compile(r"[a-z-]*", re.ASCII)  # what a few services have there instead


def check_resources(
    findings: Findings, statement: Statement, patterns: Patterns, budget: Budget
) -> None:
    """Tell of resources that name nothing or too much, and of actions that are not done to any."""
    values = patterns.values
    for index, resource in enumerate(values.items):
        if resource != "*":
            _check_resource(findings, values.place(index), resource)
            if "${" in resource:
                _check_variable(findings, statement, patterns, values.place(index), resource)
    if not values.items or "*" in values.items:
        return
    if not statement.actions.negated and not patterns.negated:
        for index, action in enumerate(statement.actions.values.items):
            if not is_pattern(action):
                _check_fit(findings, statement.actions.values, index, values.items, budget)


def _check_resource(findings: Findings, place: Path, resource: str) -> None:
    fields = resource.split(":", 5)  # RES-1
    if resource_flaw(fields) is not None:
        return  # told when it was read
    if len(fields) < 3 or is_pattern(fields[2]):
        findings.warn(  # RES-5
            codes.TOO_BROAD,
            place,
            f"`{resource}` means resources of more than one service",
            "expected the service after the second colon, or `*` alone for everything",
        )
        return
    flaw = _flaw(fields)
    if flaw is not None:
        message, label = flaw
        findings.warn(codes.RESOURCE_FORM, place, f"`{resource}` {message}", label)


def _flaw(fields: list[str]) -> tuple[str, str] | None:
    partition, service, region, account = (*fields[1:5], "", "")[:4]
    is_whole = len(fields) == 6
    if not is_pattern(partition) and partition not in PARTITIONS and partition.islower():
        return f"is in no partition of AWS: there is no `{partition}`", "expected `aws` most often"
    if service == "iam" and region.strip("*?"):
        return f"has a region, `{region}`, and IAM has none", "expected nothing there"  # RES-13
    if not _REGION.fullmatch(region) and not (is_whole and _WORD.fullmatch(region)):
        return f"has `{region}` where the region stands", "a colon too few, or one too many"
    if not _ACCOUNT.fullmatch(account) and not (is_whole and _WORD.fullmatch(account)):
        label = "an account id has 12 digits" if account.isdigit() else "a colon too few"
        return f"has `{account}` where the account id stands", label
    return None


def _check_variable(
    findings: Findings, statement: Statement, patterns: Patterns, place: Path, resource: str
) -> None:
    check_variables(findings, statement, place, resource)
    if patterns.negated and statement.effect is Effect.ALLOW and _may_fail(statement, resource):
        findings.warn(  # VAR-5, NOTRES-VAR
            codes.TOO_BROAD,
            place,
            f"where a variable of `{resource}` has no value, this excludes nothing",
            "such requests are allowed on every resource",
        )


def _may_fail(statement: Statement, resource: str) -> bool:
    parts = read_template(resource, wildcards=False, variables=statement.variables)
    return any(isinstance(part, Variable) and part.default is None for part in parts)


def _check_fit(
    findings: Findings, actions: Values, index: int, resources: tuple[str, ...], budget: Budget
) -> None:
    name = actions.items[index]
    if name.lower() in _ROLE_ACTIONS and any(map(_may_be_role, resources)):
        return
    from simulator.catalog.actions import find_action  # noqa: PLC0415 - takes 5 ms

    action = find_action(name)
    if action is None or any(_may_fit(action, resource, budget) for resource in resources):
        return
    findings.warn(
        codes.OTHER_RESOURCE_TYPE,
        actions.place(index),
        f"`{name}` is done to nothing that this statement lists as a resource",
        "so the statement never allows or denies it",
        help=_resources_of(action),
    )


def _may_be_role(resource: str) -> bool:
    fields = resource.split(":", 5)
    return len(fields) == 6 and fields[2] == "iam" and fields[5].startswith(("role/", "*"))


def _may_fit(action: Action, resource: str, budget: Budget) -> bool:
    from simulator.catalog.actions import fits_resource  # noqa: PLC0415 - likewise

    return not budget.spend() or fits_resource(action, resource) is not False


def _resources_of(action: Action) -> str:
    from simulator.catalog.actions import resource_formats  # noqa: PLC0415 - likewise

    formats = sorted(filter(None, resource_formats(action)), key=len)
    if not formats:
        return "this action has no resource: only `*` names it"  # RES-2
    more = " and others" if len(formats) > _FORMATS else ""
    return f"its resources are {', '.join(f'`{each}`' for each in formats[:_FORMATS])}{more}"
