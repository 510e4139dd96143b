"""What every command does with its answer: oddities to standard error, a part of the JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simulator.cli.errors import QuestionError
from simulator.decision.verdict import Layer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from simulator.catalog.doubts import Doubt
    from simulator.diagnostic import Diagnostic
    from simulator.evaluation.policies import Policies


def tell_oddities(warnings: tuple[Diagnostic, ...], notes: Iterable[str]) -> None:
    """Print what was odd about the files of a question, and what was taken for granted."""
    if warnings:
        from simulator.rendering.diagnostics import diagnostics_text  # noqa: PLC0415 - rare

        click.echo(f"{diagnostics_text(warnings)}\n", err=True)
    for note in notes:
        from simulator.rendering.excerpt import safe  # noqa: PLC0415 - see above

        click.echo(f"note: {safe(note)}", err=True)


# In larger policies nobody looks for open questions unasked: it takes too long.
_MOST_TEXTS = 5_000
_MOST_CHARACTERS = 200_000
TOO_LARGE = (
    "these policies are too large to look unasked for open questions about AWS's rules on which the"
    " answer turns: `--strict` does"
)


def doubts_to_tell(
    policies: Policies, look: Callable[[], tuple[Doubt, ...]], *, strict: bool
) -> tuple[tuple[Doubt, ...], tuple[str, ...]]:
    """Return the doubts on which an answer turns, and what is to be noted about them."""
    if not strict and _are_large(policies):
        return (), (TOO_LARGE,)
    doubts = look()
    return doubts, () if strict else tuple(_notes_on_doubts(doubts))


def _are_large(policies: Policies) -> bool:
    documents = (c.policy.document for layer in Layer for c in policies.documents(layer))
    characters = sum(len(document.source.text) for document in documents)
    return policies.size > _MOST_TEXTS or characters > _MOST_CHARACTERS


def _notes_on_doubts(doubts: Iterable[Doubt]) -> Iterator[str]:
    """Yield what was taken to be so although AWS's documentation leaves it open."""
    if doubts:
        from simulator.catalog.doubts import DEFAULTS  # noqa: PLC0415 - most answers turn on none

        for doubt in doubts:
            yield (
                f"the answer turns on {doubt}, which AWS's documentation leaves open;"
                f" taken to be so: {DEFAULTS[doubt]} (`--strict` leaves it open)"
            )


def json_text(value: Any, query: str | None) -> str:  # noqa: ANN401 - any JSON value
    """Return plain values as JSON, or the part of them that a JMESPath expression names.

    Raises:
        QuestionError: it is no such expression.
    """
    from simulator.rendering.json import to_json  # noqa: PLC0415 - one of several formats

    return to_json(_queried(value, query) if query else value)


def _queried(value: Any, query: str) -> Any:  # noqa: ANN401 - any JSON value
    import jmespath  # noqa: PLC0415 - most answers are printed whole

    try:
        return jmespath.search(query, value)
    except jmespath.exceptions.JMESPathError as error:
        # What follows in jmespath's text is the expression once more, with a caret below it.
        reason = str(error).partition("\n")[0].rstrip(":")
        raise QuestionError(f"`--query`: {reason}") from error
