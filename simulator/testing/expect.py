"""What a test expects, and whether an answer is that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.diagnosis.cause import Cause

DENIED: Final = "denied"
ACCESS_DENIED: Final = "AccessDenied"
WORDS: Final = (
    Outcome.ALLOWED.value,
    Outcome.IMPLICIT_DENY.value,
    Outcome.EXPLICIT_DENY.value,
    DENIED,
    Outcome.UNDECIDED.value,
)
LAYERS: Final = (*(layer.value for layer in Layer), "request", "sts", "fact")
_CODE = re.compile(r"[A-Z][A-Za-z]+(?:\.[A-Z][A-Za-z]+)?")
DENIALS: Final = (Outcome.IMPLICIT_DENY, Outcome.EXPLICIT_DENY)


def is_expectable(text: str) -> bool:
    """Whether a text is a decision or could be the code of an AWS error."""
    return text in WORDS or (_CODE.fullmatch(text) is not None and text.casefold() not in _FOLDED)


_FOLDED = {word.casefold() for word in WORDS}


def expects_missing_role(expected: str) -> bool:
    """Whether a test may ask for a role that is not there."""
    return expected in (ACCESS_DENIED, Outcome.IMPLICIT_DENY, DENIED)


def is_met(expected: str, outcome: Outcome, error_code: str | None) -> bool:
    """Whether an outcome is the expected one, `denied` being either denial."""
    if expected == DENIED:
        return outcome in DENIALS or (outcome is Outcome.ERROR and error_code == ACCESS_DENIED)
    return expected in (outcome.value, error_code)


def is_reason(wanted: str, causes: Sequence[Cause]) -> bool:
    """Whether a code or a layer is among causes."""
    return any(wanted in (cause.code, str(cause.layer)) for cause in causes)
