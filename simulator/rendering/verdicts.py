"""How an outcome is told, with AWS's word for it where it has one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.decision.combine import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS: Final[Mapping[Outcome, str]] = {
    Outcome.ALLOWED: "allowed",
    Outcome.IMPLICIT_DENY: "denied (implicitDeny)",
    Outcome.EXPLICIT_DENY: "denied (explicitDeny)",
    Outcome.UNDECIDED: "undecided",
    Outcome.ERROR: "refused (error)",
}
CAN: Final[Mapping[Outcome, str]] = {
    Outcome.ALLOWED: "can",
    Outcome.IMPLICIT_DENY: "cannot",
    Outcome.EXPLICIT_DENY: "cannot",
    Outcome.UNDECIDED: "may or may not",
    Outcome.ERROR: "cannot",
}
"""What the caller can do then."""
