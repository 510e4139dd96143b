"""AWS's answer to a document, and the errors that tell of it.

What AWS refuses has an error at all events: the warning that says why, as an error, or one that
only quotes AWS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.diagnostic import Diagnostic, Label, Severity
from simulator.policy import codes
from simulator.storing.quotas import excess_of
from simulator.storing.storing import refusal_of_document, refusal_of_text

if TYPE_CHECKING:
    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Document
    from simulator.source import Span
    from simulator.storing.quotas import Excess
    from simulator.storing.refusal import Refusal
    from simulator.syntax import Path

_LONGEST: Final = 300
_STRUCTURE: Final = "IAM1"
#: Warnings that say why AWS refuses what stands at their place.
_REASONS: Final = frozenset(
    {
        codes.RESOURCE_FORM,
        codes.NEVER_APPLIES,
        codes.NO_LIMIT,
        codes.CHARACTER,
        codes.OLD_LANGUAGE,
        codes.UNREADABLE_VALUE,
    }
)


def with_answer(
    document: Document, kind: PolicyKind, found: tuple[Diagnostic, ...]
) -> tuple[Refusal | None, tuple[Diagnostic, ...]]:
    """Return AWS's answer to a document that it does not store, and what is told with it."""
    refusal, excess = refusal_of_document(document, kind), excess_of(document, kind)
    if excess is not None:
        found = (*found, _too_long(document, excess))
        if refusal is None and excess.quota.way is None and excess.quota.text is not None:
            refusal = excess.quota.text.about(())
    if refusal is None or any(map(_is_reason, found)):
        return refusal, found
    return refusal, _with_error(document, refusal, found)


def with_answer_to_text(
    text: str, kind: PolicyKind, found: tuple[Diagnostic, ...]
) -> tuple[Diagnostic, ...]:
    """Return why a text is no policy, with what AWS says to it as the help of the last reason."""
    refusal = refusal_of_text(text, kind)
    if refusal is None or not found:
        return found
    *others, last = found
    answers = "answers" if refusal.recorded else "probably answers"
    quoted = f"AWS {answers} `{refusal.message}`"
    help_ = quoted if last.help is None else f"{last.help}; {quoted}"
    return (*others, last._replace(help=help_))


def _is_reason(found: Diagnostic) -> bool:
    """Whether a finding tells of what AWS refuses: not of what it stores, and nobody meant."""
    return found.severity is Severity.ERROR and found.code.startswith(_STRUCTURE)


def _with_error(
    document: Document, refusal: Refusal, found: tuple[Diagnostic, ...]
) -> tuple[Diagnostic, ...]:
    places = _places(document, refusal.path)
    for index, each in enumerate(found):
        if each.code in _REASONS and each.labels and _stands_in(each.labels[0].span, places):
            error = each._replace(severity=Severity.ERROR)
            return (*found[:index], error, *found[index + 1 :])
    return (*found, _not_stored(refusal, places[0]))


def _places(document: Document, path: Path) -> tuple[Span, ...]:
    if not path:
        return (document.whole(),)
    return (
        (document.span(path), document.key_span(path))
        if isinstance(path[-1], str)
        else (document.span(path),)
    )


def _stands_in(span: Span, places: tuple[Span, ...]) -> bool:
    """Whether a place is within others, and not merely around them."""
    return any(
        place.range.start <= span.range.start and span.range.end <= place.range.end
        for place in places
    )


def _not_stored(refusal: Refusal, place: Span) -> Diagnostic:
    text = refusal.message
    quoted = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return Diagnostic(
        codes.NOT_STORED,
        Severity.ERROR,
        f"AWS does not store this policy: `{quoted}`",
        (Label(place, "this is what it refuses"),),
    )


def _too_long(document: Document, excess: Excess) -> Diagnostic:
    measured, quota, least = excess
    length = f"{'at least ' if least else ''}{measured:,} characters"
    counted = "white space counts" if quota.white_space else "white space does not count"
    return Diagnostic(  # QUO-4
        codes.TOO_LONG,
        Severity.ERROR if quota.way is None else Severity.WARNING,
        f"the policy has {length}, and {quota.of} at most {quota.most:,}",
        (Label(document.whole(), f"{counted} outside of texts in quotes"),),
        quota.way,
    )
