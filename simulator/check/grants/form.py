"""An empty name of a statement, and policies that only deny.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from simulator.diagnostic import Access, Severity
from simulator.policy import kinds
from simulator.policy.condition_edits import remove_member
from simulator.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.check.subject import Subject
    from simulator.diagnostic import Edit
    from simulator.policy.findings import Findings
    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Document
    from simulator.syntax import Path

EMPTY_SID: Final = "IAM690"
ONLY_DENY: Final = "IAM691"

#: What follows where a policy has no Allow: nothing for those that only deny by their nature.
_ONLY_DENY: Final[Mapping[PolicyKind, tuple[Severity, str, str]]] = {
    kinds.IDENTITY: (
        Severity.NOTE,
        "grants nothing",
        "another policy has to allow; if this is a service control policy, give `--kind scp`",
    ),
    kinds.TRUST: (Severity.WARNING, "admits nobody", "a role is assumed only where this allows it"),
    kinds.BOUNDARY: (
        Severity.WARNING,
        "leaves no permission at all",
        'a boundary has to allow what is to remain: add a statement that allows `"*"`',
    ),
    kinds.SESSION: (
        Severity.WARNING,
        "leaves the session no permission at all",
        'it has to allow what is to remain: add a statement that allows `"*"`',
    ),
    kinds.ENDPOINT: (
        Severity.WARNING,
        "lets no request through",
        'it has to allow what is to remain: add a statement that allows `"*"`',
    ),
}


def empty_sid(findings: Findings, subject: Subject) -> None:
    """Tell of a `Sid` without a name."""
    for path in _empty_sids(subject.document):
        findings.note(  # POL-17
            EMPTY_SID,
            path,
            "the `Sid` of a statement is empty",
            "no name stands here",
            help="a name tells people what a statement is for; one that is empty can be left out",
            access=Access.UNCHANGED,
            edits=partial(_without, subject.document, path),
        )


def _without(document: Document, path: Path) -> tuple[Edit]:
    return (remove_member(document, path),)


def _empty_sids(document: Document) -> Iterator[Path]:
    found = document.value.get("Statement") if isinstance(document.value, dict) else None
    listed = isinstance(found, list)
    for index, statement in enumerate(found if isinstance(found, list) else [found]):
        if isinstance(statement, dict) and statement.get("Sid") == "":
            yield ("Statement", index, "Sid") if listed else ("Statement", "Sid")


def only_deny(findings: Findings, subject: Subject) -> None:
    """Tell of a policy without an Allow where there is no access without one."""
    statements = subject.policy.statements
    if any(statement.effect is Effect.ALLOW for statement in statements):
        return
    severity, consequence, help_ = _ONLY_DENY[subject.kind]
    findings.error(  # EVAL-1, EVAL-6, EVAL-20, EVAL-60
        ONLY_DENY,
        (*statements[0].path, "Effect"),
        f"{subject.kind.article} {subject.kind.name} that only denies {consequence}",
        "no statement of the policy allows anything",
        help=help_,
        severity=severity,
    )
