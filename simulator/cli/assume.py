"""`iamsim assume`: would this AssumeRole succeed; if not, why, and what fixes it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from simulator.catalog import keys
from simulator.cli import options as shared
from simulator.cli.answers import json_text, tell_oddities
from simulator.cli.call import ReadCall, read_call
from simulator.cli.caller import read_caller
from simulator.cli.context import read_context, read_tags
from simulator.cli.errors import QuestionError
from simulator.cli.files import Files
from simulator.decision.combine import Outcome
from simulator.evaluation.turning import doubts_to_tell
from simulator.sts.answer import answer_to, turns_on
from simulator.sts.parameters import Parameters

if TYPE_CHECKING:
    from simulator.catalog.doubts import Doubt
    from simulator.diagnosis.diagnose import Diagnosis
    from simulator.sts.answer import Answer

_LATER = {
    "profile": "profiles are not read yet: give `--as`, `--role-arn` and the parameters themselves",
    "config": "profiles are not read yet: give `--as`, `--role-arn` and the parameters themselves",
    "inventory": "inventories are not read yet: give `--trust`, `--policy` and the other files",
    "web_identity_token": "AssumeRoleWithWebIdentity is not decided yet",
}


class _Command(shared.Command):
    several_words = frozenset({"--tags", "--transitive-tag-keys"})


@click.command(
    cls=_Command,
    name="assume",
    epilog="""\b
Example:
  iamsim assume --as arn:aws:iam::111111111111:user/alice \\
      --role-arn arn:aws:iam::222222222222:role/deploy \\
      --trust trust.json --policy alice.json

FILE is a policy, or what the aws CLI printed (get-role, get-role-policy,
get-user-policy, get-policy-version); - reads standard input.
Exit status: 0 allowed, 1 denied or undecided, 2 the question could not be read.""",
)
@click.option("--as", "caller", metavar="ARN", help="Who calls: a user or a role session.")
@click.option("--role-arn", metavar="ARN", help="The role to assume.")
@click.option("--trust", metavar="FILE", help="Trust policy, or what get-role prints.")
@shared.POLICY
@shared.BOUNDARY
@shared.SESSION_POLICY
@shared.SCP
@click.option("--rcp", multiple=True, metavar="FILE", help="RCP over the role's account.")
@click.option("--role-session-name", metavar="NAME", help="Name of the new session.")
@click.option("--external-id", metavar="ID", help="External id passed with the call.")
@click.option("--duration-seconds", type=int, metavar="N", help="How long the session is to last.")
@click.option("--serial-number", metavar="ARN", help="MFA device of the caller.")
@click.option("--token-code", metavar="N", help="Code of the MFA device: any six digits are right.")
@click.option("--source-identity", metavar="NAME", help="Source identity to set.")
@click.option("--tags", multiple=True, metavar="Key=K,Value=V ...", help="Session tags passed.")
@click.option("--transitive-tag-keys", multiple=True, metavar="K ...", help="Keys handed on.")
@shared.MFA
@shared.CONTEXT
@click.option("--format", "format_", type=click.Choice(["text", "json"]), help="Default: text.")
@shared.STRICT
@shared.QUERY
@shared.TRACE
@click.option("--profile", metavar="NAME", help="Not yet.")
@click.option("--config", metavar="FILE", help="Not yet.")
@click.option("--inventory", multiple=True, metavar="PATH", help="Not yet.")
@click.option("--web-identity-token", metavar="FILE", help="Not yet.")
def command(**options: Any) -> None:  # noqa: ANN401 - click passes what was typed
    """Say whether an AssumeRole call would succeed; if not, why, and what fixes it."""
    read = _read(options)
    found = _answered(read, strict=options["strict"])
    tell_oddities(read.warnings, found.notes)
    if options["query"] or options["format_"] == "json":
        value = _value(read, found, trace=options["trace"])
        click.echo(json_text(value, options["query"]), nl=False)
    else:
        click.echo(_text(read, found, trace=options["trace"]), nl=False)
    sys.exit(0 if found.answer.outcome is Outcome.ALLOWED else 1)


class _Answered(NamedTuple):
    """An answer, why it is no yes, the doubts on which it turns, and what was taken for granted."""

    answer: Answer
    diagnosis: Diagnosis | None
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]


def _answered(read: ReadCall, *, strict: bool) -> _Answered:
    answer = answer_to(read.call)
    call, first = read.call, answer
    doubts, taken = doubts_to_tell(call.policies, lambda: turns_on(call, first), strict=strict)
    if strict and doubts:
        answer = answer._replace(outcome=Outcome.UNDECIDED, error=None, session=None)
    left_open = doubts if strict else ()
    diagnosis = _diagnosis(read, answer, left_open)
    return _Answered(answer, diagnosis, doubts, (*read.notes, *taken))


def _read(options: dict[str, Any]) -> ReadCall:
    for name, reason in _LATER.items():
        if options[name]:
            raise QuestionError(f"`--{name.replace('_', '-')}`: {reason}")
    for name, reason in (
        ("caller", "`--as ARN` is missing: say who calls"),
        ("role_arn", "`--role-arn ARN` is missing: say which role is to be assumed"),
        (
            "trust",
            "`--trust FILE` is missing: give the role's trust policy, or what get-role prints",
        ),
    ):
        if not options[name]:
            raise QuestionError(reason)
    parameters = Parameters(
        options["role_arn"],
        options["role_session_name"],
        options["duration_seconds"],
        options["external_id"],
        options["serial_number"],
        options["token_code"],
        options["source_identity"],
        read_tags(options["tags"]),
        options["transitive_tag_keys"],
    )
    files = Files(
        options["trust"],
        options["policy"],
        options["boundary"],
        options["session_policy"],
        options["scp"],
        options["rcp"],
    )
    context = read_context(options["context"], _said_by_options(options))
    caller = read_caller(options["caller"], context, mfa=options["mfa"])
    return read_call(caller, parameters, files, context)


def _said_by_options(options: dict[str, Any]) -> dict[str, str]:
    """Return the condition keys that options already set, with the option that does."""
    said = {
        keys.EXTERNAL_ID: options["external_id"] and "--external-id",
        keys.SESSION_NAME: options["role_session_name"] and "--role-session-name",
        keys.SOURCE_IDENTITY: options["source_identity"] and "--source-identity",
        keys.MFA_PRESENT: (options["token_code"] and "--token-code")
        or shared.mfa_word(options["mfa"]),
    }
    return {key: option for key, option in said.items() if option}


def _text(read: ReadCall, found: _Answered, *, trace: bool) -> str:
    from simulator.rendering.text import answer_text  # noqa: PLC0415 - one of the two formats

    text = answer_text(read.call, found.answer, found.diagnosis)
    if not trace:
        return text
    from simulator.rendering.trace import trace_text  # noqa: PLC0415 - hardly anybody asks

    return "\n".join((text, *map(trace_text, _traces(found.answer))))


def _value(read: ReadCall, found: _Answered, *, trace: bool) -> dict[str, Any]:
    from simulator.rendering.json import answer_value  # noqa: PLC0415 - see above

    value = answer_value(read.call, found.answer, found.diagnosis)
    value["doubts"] = [str(doubt) for doubt in found.doubts]
    value["notes"] = list(found.notes)
    return {**value, "trace": _traces(found.answer)} if trace else value


def _traces(answer: Answer) -> list[Any]:
    from simulator.evaluation.trace import trace_of  # noqa: PLC0415 - the second pass

    return [trace_of(evaluation) for evaluation in answer.evaluations]


def _diagnosis(read: ReadCall, answer: Answer, left_open: tuple[Doubt, ...]) -> Diagnosis | None:
    if answer.outcome is Outcome.ALLOWED:
        return None
    from simulator.diagnosis import diagnose  # noqa: PLC0415 - a yes needs none

    if left_open:
        return diagnose.diagnose_doubts(left_open)
    return diagnose.diagnose(read.call, answer)
