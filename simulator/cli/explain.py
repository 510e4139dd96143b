"""`iamsim explain`: why was this denied, from an error, an event of CloudTrail, or a message."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import click

from simulator.cli import options as shared
from simulator.cli.answers import json_text, tell_oddities
from simulator.cli.errors import QuestionError
from simulator.incident.model import IncidentError
from simulator.source import open_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

    from simulator.cli.explain_again import Again
    from simulator.diagnostic import Diagnostic
    from simulator.incident.read import Found, Reading

_MOST_DECIDED: Final = 20
_MOST_SHOWN: Final = 20
_STDIN: Final = "-"
#: The options that give policies to decide an incident anew.
_POLICIES: Final = (
    *("trust", "policy", "boundary", "session_policy", "scp", "rcp", "inventory"),
    *("resource_policy", "endpoint_policy"),
)


@click.command(
    cls=shared.CallCommand,
    name="explain",
    epilog="""\b
Examples:
  aws sts assume-role --role-arn ... 2>&1 | iamsim explain
  iamsim explain event.json --trust role.json --policy alice.json
  iamsim explain logs.json.gz --inventory inventory/

FILE is an error as any client of AWS printed it, events of CloudTrail (one,
Records, JSON lines, of EventBridge, of lookup-events, also as .gz), or what
decode-authorization-message prints; - reads standard input. An error may stand
in the place of FILE itself.
Exit status: 0 nothing was denied, 1 something was, 2 it could not be read, or
nothing was denied in the part of a damaged log that could be.""",
)
@click.argument("file", required=False)
@click.option("--event-id", metavar="ID", help="Explain this event of the log only.")
@click.option("--index", type=int, metavar="N", help="Explain the incident of this number only.")
@click.option("--as", "caller", metavar="ARN", help="Who called, where that is not told.")
@click.option("--role-arn", metavar="ARN", help="The role, where it is not told.")
@click.option("--resource", metavar="ARN", help="The resource, where its ARN is not told.")
@click.option("--resource-account", metavar="ID", help="Whose it is, where the ARN does not say.")
@shared.TRUST
@click.option("--resource-policy", metavar="FILE", help="The resource's own policy.")
@shared.POLICY
@shared.BOUNDARY
@shared.SESSION_POLICY
@click.option("--endpoint-policy", multiple=True, metavar="FILE", help="Of the VPC endpoint.")
@shared.SCP
@click.option("--rcp", multiple=True, metavar="FILE", help="RCP over the resource's account.")
@shared.INVENTORY
@shared.CALL_PARAMETERS
@shared.SESSION_POLICIES_PASSED
@shared.VOUCHED_FOR
@shared.CALLER_TAG
@shared.CALLER_TRANSITIVE
@shared.FEDERATED_BY
@shared.MFA
@shared.CONTEXT
@shared.STRICT
@click.option("--format", "format_", type=click.Choice(["text", "json"]), help="Default: text.")
@shared.QUERY
@shared.TRACE
def command(file: str | None, **options: Any) -> None:  # noqa: ANN401 - click passes what was typed
    """Say why AWS denied a call, and what fixes it."""
    name = _name(file)
    if name == _STDIN and _STDIN in _files(options):
        raise QuestionError("standard input (`-`) has the incident already: give files for others")
    reading = _read(name, options)
    tell_oddities((), reading.problems)
    status = _print(reading, options)
    sys.exit(2 if options["strict"] and reading.problems else status)


def _name(file: str | None) -> str:
    if file is not None:
        return file
    if sys.stdin is None or sys.stdin.isatty():
        raise QuestionError("give a FILE, the text of an error, or pipe one into iamsim")
    return _STDIN


def _files(options: Mapping[str, Any]) -> Iterator[str]:
    for name in (*_POLICIES, "web_identity_token", "saml_assertion", "new_session_policy"):
        given = options[name]
        yield from (given,) if isinstance(given, str) else given or ()


def _read(name: str, options: Mapping[str, Any]) -> Reading:
    from simulator.incident.read import read_incidents  # noqa: PLC0415 - `--help` needs none

    with _opened(name) as (file, called):
        try:
            reading = read_incidents(file, called, options["event_id"])
        except IncidentError as error:
            raise QuestionError(str(error)) from error
    if options["event_id"] and reading.records and reading.asked is None:
        where = "" if reading.whole else " in what could be read"
        raise QuestionError(f"`--event-id {options['event_id']}`: there is no such event{where}")
    index, found = options["index"], reading.found
    if index is not None and not 1 <= index <= len(found):
        count = "is one incident" if len(found) == 1 else f"are {len(found)} incidents"
        raise QuestionError(f"`--index {index}`: there {count}")
    return reading if index is None else reading._replace(found=(found[index - 1],))


@contextmanager
def _opened(name: str) -> Iterator[tuple[BinaryIO, str]]:
    """Open what is to be read: a file, standard input, or the text that stands in its place."""
    if name == _STDIN:
        if sys.stdin is None:
            raise QuestionError("standard input (`-`) is closed")
        yield sys.stdin.buffer, _STDIN
        return
    if _is_text(name):
        yield BytesIO(name.encode(errors="replace")), "the text"
        return
    try:
        file = open_source(name)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise QuestionError(f"cannot read `{name}`: {reason}") from error
    with file:
        try:
            yield file, name
        except OSError as error:
            raise QuestionError(f"cannot read `{name}`: {error.strerror}") from error


def _is_text(name: str) -> bool:
    """Whether an argument is an error and no file: it has spaces or braces, and there is none."""
    try:
        return any(c in name for c in " \n{<") and not os.path.exists(name)  # noqa: PTH110
    except ValueError:
        return True


def _print(reading: Reading, options: Mapping[str, Any]) -> int:
    as_json = bool(options["query"]) or options["format_"] == "json"
    found = reading.found[: None if as_json else _MOST_SHOWN]
    decided = [
        _again(each, options, alone=len(found) == 1) if n < _MOST_DECIDED else None
        for n, each in enumerate(found)
    ]
    _tell_oddities(decided)
    if as_json:
        click.echo(json_text(_value(reading, decided), options["query"]), nl=False)
    else:
        click.echo(_text(reading, decided), nl=False)
    if reading.found:
        return 1
    return 0 if reading.whole or reading.asked is not None else 2


def _tell_oddities(decided: list[Again | str | None]) -> None:
    """Tell what was odd about the policies or is taken for granted, of all incidents once."""
    told = [each for each in decided if each is not None and not isinstance(each, str)]
    warnings = {_place(warning): warning for each in told for warning in each.warnings}
    tell_oddities(tuple(warnings.values()), dict.fromkeys(n for each in told for n in each.notes))


def _place(warning: Diagnostic) -> object:
    spans = (label.span for label in warning.labels)
    return warning.code, warning.message, tuple((s.source.name, s.range) for s in spans)


def _again(found: Found, options: Mapping[str, Any], *, alone: bool) -> Again | str | None:
    """Return an incident decided anew, or why it cannot be where there are others beside it."""
    if not any(options[name] for name in _POLICIES):
        return None
    from simulator.cli.explain_again import decide_again  # noqa: PLC0415 - only with policies
    from simulator.incident.proof import may_be_decided  # noqa: PLC0415 - likewise

    if not may_be_decided(found.incident):
        return None
    try:
        return decide_again(found, options)
    except QuestionError as error:
        if alone:
            raise
        return str(error)


def _text(reading: Reading, decided: list[Again | str | None]) -> str:
    total, left = len(reading.found), len(reading.found) - len(decided)
    if not reading.found:
        return f"{_nothing(reading)}\n"
    parts = [
        (f"incident {number} of {total}\n" if total > 1 else "") + _told(found, again)
        for number, (found, again) in enumerate(zip(reading.found, decided, strict=False), 1)
    ]
    if left:
        parts.append(
            f"and {left} more: `--index N` explains one, and `--format json` has them all\n"
        )
    return "\n".join(parts)


def _nothing(reading: Reading) -> str:
    if reading.asked is not None:
        from simulator.rendering.excerpt import safe  # noqa: PLC0415 - only for few

        code = safe(reading.asked)
        how = f"failed with `{code}`, which is no denial" if code else "succeeded"
        return f"nothing was denied: the call of this event {how}"
    if not reading.records:
        return "nothing was denied: there is no event (those of the last minutes may come yet)"
    several = "s" * (reading.records != 1)
    told = f"no call failed in {reading.records} record{several}"
    if reading.problems:
        return f"nothing was denied in what could be read: {told}, and more could not be read"
    return f"nothing was denied: {told}"


def _told(found: Found, again: Again | str | None) -> str:
    from simulator.incident.commands import commands  # noqa: PLC0415 - one of two formats
    from simulator.rendering.incident import decided_text, incident_text  # noqa: PLC0415 - likewise

    if again is None:
        return incident_text(found, commands(found.incident))
    if isinstance(again, str):
        return decided_text(found, "not decided", (again,))
    return decided_text(found, again.text, again.remarks)


def _value(reading: Reading, decided: list[Again | str | None]) -> dict[str, Any]:
    from simulator.rendering.incident import log_value  # noqa: PLC0415 - one of two formats

    results = [_result(found, again) for found, again in zip(reading.found, decided, strict=True)]
    log = {"log": log_value(reading)} if reading.records is not None else {}
    return {**results[0], **log} if len(results) == 1 else {"results": results, **log}


def _result(found: Found, again: Again | str | None) -> dict[str, Any]:
    from simulator.incident.commands import commands  # noqa: PLC0415 - see above
    from simulator.rendering.incident import incident_value  # noqa: PLC0415

    value: dict[str, Any] = {"incident": incident_value(found)}
    if again is None:
        return {
            "decision": None,
            **value,
            "commands": [c._asdict() for c in commands(found.incident)],
        }
    if isinstance(again, str):
        return {"decision": None, **value, "not_decided": again}
    return {**again.value, **value, "agrees": again.agrees, "remarks": list(again.remarks)}
