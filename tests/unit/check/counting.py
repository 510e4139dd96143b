"""How much work a rule makes, counted: the same on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.check.subject import NOBODYS, subject_of
from simulator.policy.build import build
from simulator.policy.findings import Findings
from tests import counting

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.check.subject import Subject
    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Document


def calls(rule: Callable[[Findings, Subject], None], document: Document, kind: PolicyKind) -> int:
    """Return how many functions a rule calls for a document, those of Python itself included."""
    policy = build(document, kind)

    def work() -> None:
        rule(Findings(document), subject_of(policy, NOBODYS))

    work()  # What is imported or looked up only once is no work of the document.
    return counting.calls(work)
