"""`iamsim assume`: would this AssumeRole succeed; if not, why, and what fixes it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from simulator.catalog import keys
from simulator.cli.errors import QuestionError
from simulator.cli.files import Files
from simulator.cli.question import (
    Question,
    read_caller,
    read_context,
    read_question,
    read_tags,
)
from simulator.decision.combine import Outcome
from simulator.sts.assume_role import assume_role
from simulator.sts.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.diagnose import Diagnosis
    from simulator.sts.assume_role import Answer

# Options that take several words, as those of the aws CLI do.
_SEVERAL_WORDS = frozenset({"--tags", "--transitive-tag-keys"})
_LATER = {
    "profile": "profiles are not read yet: give `--as`, `--role-arn` and the parameters themselves",
    "config": "profiles are not read yet: give `--as`, `--role-arn` and the parameters themselves",
    "inventory": "inventories are not read yet: give `--trust`, `--policy` and the other files",
    "web_identity_token": "AssumeRoleWithWebIdentity is not decided yet",
}


class _Command(click.Command):
    """A command some of whose options take all words up to the next option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        words = list(_one_word_each(args))
        for option in self.params:
            names = {*option.opts, *option.secondary_opts}
            given = [word for word in words if word.partition("=")[0] in names]
            if len(given) > 1 and not option.multiple:
                # click would take the last one, and nobody would notice
                twice = f"{given[0]} is given more than once"
                both = f"{' and '.join(given)} contradict each other"
                raise click.UsageError(twice if len(set(given)) == 1 else both, ctx)
        return super().parse_args(ctx, words)


def _one_word_each(args: list[str]) -> Iterator[str]:
    """Yield the arguments with `--tags A B` written as `--tags A --tags B`."""
    option = None
    for word in args:
        if word.startswith("--") or option is None:
            option = word if word in _SEVERAL_WORDS else None
            if option is None:
                yield word
        else:
            yield from (option, word)


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
@click.option("--policy", multiple=True, metavar="FILE", help="Identity policy of the caller.")
@click.option("--boundary", metavar="FILE", help="Permissions boundary of the caller.")
@click.option(
    "--session-policy", multiple=True, metavar="FILE", help="Policy of the caller's own session."
)
@click.option(
    "--scp",
    multiple=True,
    metavar="FILE",
    help="SCP over the caller's account, one FILE for each level from the root down.",
)
@click.option("--rcp", multiple=True, metavar="FILE", help="RCP over the role's account.")
@click.option("--role-session-name", metavar="NAME", help="Name of the new session.")
@click.option("--external-id", metavar="ID", help="External id passed with the call.")
@click.option("--duration-seconds", type=int, metavar="N", help="How long the session is to last.")
@click.option("--serial-number", metavar="ARN", help="MFA device of the caller.")
@click.option("--token-code", metavar="N", help="Code of the MFA device: any six digits are right.")
@click.option("--source-identity", metavar="NAME", help="Source identity to set.")
@click.option("--tags", multiple=True, metavar="Key=K,Value=V ...", help="Session tags passed.")
@click.option("--transitive-tag-keys", multiple=True, metavar="K ...", help="Keys handed on.")
@click.option(
    "--mfa/--no-mfa",
    default=None,
    help="The caller's credentials are a session made with MFA, or without; neither: access keys.",
)
@click.option(
    "--context",
    multiple=True,
    metavar="KEY=VALUE",
    help="A further condition key; `KEY=` says that the call does not have it.",
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), help="Default: text.")
@click.option("--query", metavar="JMESPATH", help="Print this part of the JSON answer only.")
@click.option("--profile", metavar="NAME", help="Not yet.")
@click.option("--config", metavar="FILE", help="Not yet.")
@click.option("--inventory", multiple=True, metavar="PATH", help="Not yet.")
@click.option("--web-identity-token", metavar="FILE", help="Not yet.")
def command(**options: Any) -> None:  # noqa: ANN401 - click passes what was typed
    """Say whether an AssumeRole call would succeed; if not, why, and what fixes it."""
    question = _question(options)
    answer = assume_role(question.call)
    _tell_oddities(question)
    if options["query"] or options["format_"] == "json":
        click.echo(_json(question, answer, options["query"]), nl=False)
    else:
        click.echo(_text(question, answer), nl=False)
    sys.exit(0 if answer.outcome is Outcome.ALLOWED else 1)


def _question(options: dict[str, Any]) -> Question:
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
    return read_question(caller, parameters, files, context)


def _said_by_options(options: dict[str, Any]) -> dict[str, str]:
    """Return the condition keys that options already set, with the option that does."""
    mfa = {True: "--mfa", False: "--no-mfa", None: None}[options["mfa"]]
    said = {
        keys.EXTERNAL_ID: options["external_id"] and "--external-id",
        keys.SESSION_NAME: options["role_session_name"] and "--role-session-name",
        keys.SOURCE_IDENTITY: options["source_identity"] and "--source-identity",
        keys.MFA_PRESENT: (options["token_code"] and "--token-code") or mfa,
    }
    return {key: option for key, option in said.items() if option}


def _tell_oddities(question: Question) -> None:
    if question.warnings:
        from simulator.rendering.diagnostics import diagnostics_text  # noqa: PLC0415 - rare

        click.echo(f"{diagnostics_text(question.warnings)}\n", err=True)
    if question.notes:
        from simulator.rendering.excerpt import safe  # noqa: PLC0415 - see above

        for note in question.notes:
            click.echo(f"note: {safe(note)}", err=True)


def _text(question: Question, answer: Answer) -> str:
    from simulator.rendering.text import answer_text  # noqa: PLC0415 - one of the two formats

    return answer_text(question.call, answer, _diagnosis(question, answer))


def _json(question: Question, answer: Answer, query: str | None) -> str:
    from simulator.rendering.json import answer_value, to_json  # noqa: PLC0415 - see above

    value: Any = answer_value(question.call, answer, _diagnosis(question, answer))
    value["notes"] = list(question.notes)
    return to_json(_queried(value, query) if query else value)


def _queried(value: Any, query: str) -> Any:  # noqa: ANN401 - any JSON value
    import jmespath  # noqa: PLC0415 - most answers are printed whole

    try:
        return jmespath.search(query, value)
    except jmespath.exceptions.JMESPathError as error:
        # What follows in jmespath's text is the expression once more, with a caret below it.
        reason = str(error).partition("\n")[0].rstrip(":")
        raise QuestionError(f"`--query`: {reason}") from error


def _diagnosis(question: Question, answer: Answer) -> Diagnosis | None:
    if answer.outcome is Outcome.ALLOWED:
        return None
    from simulator.diagnosis.diagnose import diagnose  # noqa: PLC0415 - a yes needs none

    return diagnose(question.call, answer)
