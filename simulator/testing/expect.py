"""What a test expects, and whether an answer is that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from msgspec import UnsetType

from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.diagnosis.cause import Cause
    from simulator.sts.session import Session
    from simulator.testing.schema import SessionShape

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


def session_mismatch(wanted: SessionShape | None, found: Session | None) -> str | None:
    """Return in what the session of the last call is not as expected, or nothing."""
    if wanted is None:
        return None
    if found is None:
        return "expected a session, and there is none"
    for name in wanted.__struct_fields__:
        expected, actual = getattr(wanted, name), _plain(getattr(found, name))
        if not isinstance(expected, UnsetType) and expected != actual:
            return f"expected the session's {name} to be {expected}, it is {actual}"
    return None


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def is_reason(wanted: str, causes: Sequence[Cause]) -> bool:
    """Whether a code or a layer is among causes."""
    return any(wanted in (cause.code, str(cause.layer)) for cause in causes)
