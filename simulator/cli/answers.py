"""What every command does with its answer: oddities to standard error, a part of the JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simulator.cli.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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


def query_notes(value: Mapping[str, Any], query: str) -> Iterator[str]:
    """Yield why a query finds nothing, where it asks for keys that are not at the top.

    Raises:
        QuestionError: it is no JMESPath expression.
    """
    found = _queried(value, query)
    parts = found.values() if isinstance(found, dict) else found
    if found is not None and not (
        isinstance(found, (dict, list)) and found and all(part is None for part in parts)
    ):
        return
    import jmespath  # noqa: PLC0415 - see below

    # The aws CLI's own answer is what such a query is about.
    unknown = [key for key in _keys_asked(jmespath.compile(query).parsed) if key not in value]
    if unknown:
        made = "; credentials are never made up" if "Credentials" in unknown else ""
        yield (
            f"`--query` found nothing: it is asked of iamsim's answer, which is"
            f" `{value['decision']}` and has the keys {', '.join(value)}{made}"
        )


def _keys_asked(node: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names that a JMESPath expression looks up in the whole value."""
    match node["type"], node["children"]:
        case "field", _:
            yield node["value"]
        case (("multi_select_list" | "multi_select_dict" | "key_val_pair"), children):
            for child in children:
                yield from _keys_asked(child)
        case _, [first, *_] if isinstance(first, dict):
            yield from _keys_asked(first)
        case _:
            pass


def _queried(value: Any, query: str) -> Any:  # noqa: ANN401 - any JSON value
    import jmespath  # noqa: PLC0415 - most answers are printed whole

    try:
        return jmespath.search(query, value)
    except jmespath.exceptions.JMESPathError as error:
        # What follows in jmespath's text is the expression once more, with a caret below it.
        reason = str(error).partition("\n")[0].rstrip(":")
        raise QuestionError(f"`--query`: {reason}") from error
