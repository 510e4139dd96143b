"""How much work a rule makes, counted: the same on every machine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from simulator.check.subject import NOBODYS, subject_of
from simulator.policy.build import build
from simulator.policy.findings import Findings

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from simulator.check.subject import Subject
    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Document


def calls(rule: Callable[[Findings, Subject], None], document: Document, kind: PolicyKind) -> int:
    """Return how many functions a rule calls for a document, those of Python itself included."""
    policy, made = build(document, kind), 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal made
        made += event in {"call", "c_call"}

    # What is imported or looked up only once is no work of the document.
    rule(Findings(document), subject_of(policy, NOBODYS))
    sys.setprofile(count)
    try:
        rule(Findings(document), subject_of(policy, NOBODYS))
    finally:
        sys.setprofile(None)
    return made
