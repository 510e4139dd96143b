"""The maximum session duration of a role as the aws CLI prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.diagnostic import Diagnostic, Label, Severity
from simulator.policy import codes

if TYPE_CHECKING:
    from simulator.source import Span

KEY: Final = "MaxSessionDuration"
MAXIMA: Final = range(3_600, 43_201)  # QUO-10


def maximum_of(written: str) -> int | None:
    """Return the seconds that the JSON of a maximum says, if a role can have such a maximum."""
    is_short = written.isascii() and written.isdigit() and len(written) <= 5
    return int(written) if is_short and int(written) in MAXIMA else None


def no_maximum(place: Span) -> Diagnostic:
    """Return that no role has the maximum that stands at a place."""
    return Diagnostic(
        codes.SESSION_MAXIMUM,
        Severity.ERROR,
        f"no role has this `{KEY}`",
        (Label(place, "expected a whole number from 3600 to 43200"),),
        "give the output of `aws iam get-role` as it is, without changes",
    )
