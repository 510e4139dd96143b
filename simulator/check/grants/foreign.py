"""Resources of services that no action of their statement is of.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.check.grants.coverage import ANY_SERVICE, service_of
from simulator.check.subject import is_open
from simulator.policy.elements import resource_flaw

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import Patterns, Statement

OTHER_SERVICE: Final = "IAM686"

_SHOWN: Final = 3
_MOST: Final = 100
# Services that were renamed, or that AWS's own policies give the resources of another one.
_ALSO: Final[Mapping[str, str]] = {
    "application-autoscaling": "autoscaling",
    "codeconnections": "codestar-connections",
    "codestar-connections": "codeconnections",
    "ssmmessages": "ssm",
    "waf": "waf-regional",
}


def foreign(findings: Findings, subject: Subject) -> None:
    """Tell of resources to which none of the actions beside them is done."""
    for statement in subject.statements:
        resources = statement.resources
        found = [] if resources is None else [*_foreign(statement, resources)]
        if resources is None or not found or _is_told(statement, len(found)):
            continue
        values, ((first, word), *others) = resources.values, found
        findings.warn(  # RES-4
            OTHER_SERVICE,
            values.place(first),
            f"by AWS's list no action of {statement.title} is done to resources of `{word}`",
            "so this probably matches nothing",
            help="list the actions that are done to it, or leave it out",
            beside=[(values.place(index), "nor does this") for index, _ in others[:_SHOWN]],
        )


def _foreign(statement: Statement, resources: Patterns) -> Iterator[tuple[int, str]]:
    """Yield which resources are of services that no action is of, each with its service."""
    actions = statement.actions
    if resources.negated or actions.negated:
        return
    services = {service_of(action) for action in actions.values.items}
    if ANY_SERVICE in services or "*" in resources.values.items:
        return
    own = services | {_ALSO[service] for service in services & _ALSO.keys()}
    suspects = [
        (index, word)
        for index, text in enumerate(resources.values.items[:_MOST])
        if (word := _word(text)) is not None and word not in own
    ]
    if suspects:
        words = _words(services)
        yield from (suspect for suspect in suspects if words and suspect[1] not in words)


def _word(text: str) -> str | None:
    """Return what stands in the place of the service, where it is one."""
    fields = text.split(":", 5)
    if is_open(text) or len(fields) < 3 or resource_flaw(fields) is not None:
        return None
    return None if "*" in fields[2] or "?" in fields[2] else fields[2]


def _words(services: set[str]) -> frozenset[str]:
    """Return the words of the resources of services; nothing where one is not known."""
    from simulator.catalog.actions import is_service  # noqa: PLC0415 - takes 5 ms
    from simulator.catalog.resource_types import arn_words  # noqa: PLC0415 - likewise

    if not all(map(is_service, services)):
        return frozenset()
    return frozenset().union(*map(arn_words, services))


def _is_told(statement: Statement, count: int) -> bool:
    """Whether it is told of each action that it is done to none of the resources."""
    resources, actions = statement.resources, statement.actions.values.items
    is_all = resources is not None and count == len(resources.values.items)
    return is_all and not any("*" in text or "?" in text for text in actions)
