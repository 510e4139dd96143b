"""Services that are let in for whatever resource they call, or shut out by asking for it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.check.trust.calls import ASSUME, speaks_of
from simulator.check.trust.demands import needs_credentials, needs_key, tests_of
from simulator.check.trust.named import Named, Who, named
from simulator.check.trust.service_sources import IN_RESOURCES, IN_ROLES, NOT_IN_ROLES
from simulator.diagnostic import Severity
from simulator.policy import kinds
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement

_SOURCES: Final = (
    *("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"),
    # what some services have for the same purpose
    *("aws:sourceowner", "aws:sourcevpc", "aws:sourcevpce", "sts:externalid"),
    *("aws:principaltag/", "aws:requesttag/"),
)
_DEPUTY: Final = _SOURCES[:4]
_NAME: Final = re.compile(
    r"(?P<name>[a-z0-9.-]+?)(?:\.[a-z]+(?:-[a-z]+)+-[0-9]+)?\.amazonaws\.com(?:\.cn)?", re.ASCII
)


def check_sources(findings: Findings, subject: Subject) -> None:
    """Tell of services that say for whom they call, and are not asked."""
    is_trust = subject.kind == kinds.TRUST
    documented = IN_ROLES if is_trust else IN_RESOURCES
    for statement, services in _statements(subject):
        if any(tests_of(statement, *_SOURCES)) or any(map(needs_credentials, statement.conditions)):
            continue  # asked, or shut out
        for each in services:
            page = documented.get(_name(each))
            if page is not None:
                _without_source(findings, each, page, is_trust=is_trust)


def check_source_keys(findings: Findings, subject: Subject) -> None:
    """Tell of services that may not say for whom they call, and are asked."""
    for statement, services in _statements(subject):
        asked = [test for test in tests_of(statement, *_DEPUTY) if needs_key(test)]
        for each in services if asked else ():
            if _name(each) not in IN_ROLES:
                _not_documented(findings, statement, each, asked[0])


def _statements(subject: Subject) -> Iterator[tuple[Statement, list[Named]]]:
    """Yield the statements that let services in, with the services."""
    is_trust = subject.kind == kinds.TRUST
    for statement in subject.statements:
        if statement.effect is Effect.ALLOW:
            services = [each for each in named(statement) if each.who is Who.SERVICE]
            if services and (not is_trust or speaks_of(statement, ASSUME)):
                yield statement, services


def _name(service: Named) -> str:
    found = _NAME.fullmatch(service.text)
    return found["name"] if found else service.text


def _without_source(findings: Findings, service: Named, page: str, *, is_trust: bool) -> None:
    findings.error(  # EVAL-71
        "IAM622",
        service.entry.path,
        f"`{service.text}` is let in for whatever resource and account it calls",
        "it says for whom it calls, and nobody asks",
        help=f"test `aws:SourceAccount` or `aws:SourceArn`: {page}",
        # A role is passed only within its account; a queue or a bucket can be named by anybody.
        severity=Severity.NOTE if is_trust else Severity.WARNING,
    )


def _not_documented(
    findings: Findings, statement: Statement, service: Named, asked: ConditionTest
) -> None:
    page = NOT_IN_ROLES.get(_name(service)) if asked.key.lower() == "aws:sourcearn" else None
    help_ = (
        f"AWS says that this key is not for the roles it assumes: {page}"
        if page
        else "not every service sends them: try it, and look for AccessDenied in CloudTrail"
    )
    findings.error(  # EVAL-71
        "IAM623",
        asked.path,
        f"{statement.title} asks `{service.text}` for `{asked.key}`, and it is not among the"
        " services known to send it",
        "where the key is absent, the role cannot be assumed",
        on_key=True,
        help=help_,
        severity=Severity.WARNING if page else Severity.NOTE,
        beside=((service.entry.path, "this service"),),
    )
