"""What every command does with its answer: oddities to standard error, a part of the JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simulator.cli.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.diagnostic import Diagnostic


def tell_oddities(warnings: tuple[Diagnostic, ...], notes: Iterable[str]) -> None:
    """Print what was odd about the files of a question, and what was taken for granted."""
    if warnings:
        from simulator.rendering.diagnostics import diagnostics_text  # noqa: PLC0415 - rare

        click.echo(f"{diagnostics_text(warnings)}\n", err=True)
    for note in notes:
        from simulator.rendering.excerpt import safe  # noqa: PLC0415 - see above

        click.echo(f"note: {safe(note)}", err=True)


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
