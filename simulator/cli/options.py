"""Options that several commands have, and a command that takes no option twice in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import click

from simulator.cli.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_Decorated = TypeVar("_Decorated", bound="Callable[..., Any] | click.Command")


class Command(click.Command):
    """A command some of whose options take all words up to the next option."""

    several_words: ClassVar[frozenset[str]] = frozenset()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, and refuse an option twice that can be given once."""
        words = list(self._one_word_each(args))
        for option in self.params:
            names = {*option.opts, *option.secondary_opts}
            given = [word for word in words if word.partition("=")[0] in names]
            if len(given) > 1 and not option.multiple:
                # click would take the last one, and nobody would notice
                twice = f"{given[0]} is given more than once"
                both = f"{' and '.join(given)} contradict each other"
                raise click.UsageError(twice if len(set(given)) == 1 else both, ctx)
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, words)
        if ctx.args and not ctx.resilient_parsing:
            # Without the word, which may be a part of a secret.
            message = "a word belongs to no option: quote a value that has spaces"
            raise click.UsageError(message, ctx)
        return rest

    def _one_word_each(self, args: list[str]) -> Iterator[str]:
        """Yield the arguments with `--tags A B` written as `--tags A --tags B`."""
        option = None
        for word in args:
            if word.startswith("--") or option is None:
                option = word if word in self.several_words else None
                if option is None:
                    yield word
            else:
                yield from (option, word)


class CallCommand(Command):
    """A command that takes the parameters of an AssumeRole call as the aws CLI does."""

    several_words = frozenset({"--tags", "--transitive-tag-keys", "--policy-arns"})


class _Together:
    """Several options as one, in their order."""

    def __init__(self, *options: Callable[[Any], Any]) -> None:
        self.options = options

    def __call__(self, command: _Decorated) -> _Decorated:
        for option in reversed(self.options):
            command = option(command)
        return command


TRUST = click.option("--trust", metavar="FILE", help="Trust policy, or what get-role prints.")
CALL_PARAMETERS = _Together(
    click.option("--role-session-name", metavar="NAME", help="Name of the new session."),
    click.option("--external-id", metavar="ID", help="External id passed with the call."),
    click.option(
        "--duration-seconds", type=int, metavar="N", help="How long the session is to last."
    ),
    click.option("--serial-number", metavar="ARN", help="MFA device of the caller."),
    click.option(
        "--token-code", metavar="N", help="Code of the MFA device: any six digits are right."
    ),
    click.option("--source-identity", metavar="NAME", help="Source identity to set."),
    click.option("--tags", multiple=True, metavar="Key=K,Value=V ...", help="Session tags passed."),
    click.option("--transitive-tag-keys", multiple=True, metavar="K ...", help="Keys handed on."),
)
SESSION_POLICIES_PASSED = _Together(
    click.option("--new-session-policy", metavar="FILE", help="Policy passed for the new session."),
    click.option(
        "--policy-arns", multiple=True, metavar="ARN ...", help="Managed session policies."
    ),
)
VOUCHED_FOR = _Together(
    click.option(
        "--web-identity-token",
        metavar="FILE",
        help="AssumeRoleWithWebIdentity with this token, or with its claims as JSON.",
    ),
    click.option(
        "--saml-assertion", metavar="FILE", help="AssumeRoleWithSAML with this assertion."
    ),
    click.option(
        "--principal-arn", metavar="ARN", help="The SAML provider, if the assertion has two."
    ),
)
POLICY = click.option(
    "--policy", multiple=True, metavar="FILE", help="Identity policy of the caller."
)
BOUNDARY = click.option("--boundary", metavar="FILE", help="Permissions boundary of the caller.")
SESSION_POLICY = click.option(
    "--session-policy", multiple=True, metavar="FILE", help="Policy of the caller's own session."
)
SCP = click.option(
    "--scp",
    multiple=True,
    metavar="FILE",
    help="SCP over the caller's account, one FILE for each level from the root down.",
)
MFA = click.option(
    "--mfa/--no-mfa",
    default=None,
    help="The caller's credentials are a session made with MFA, or without; neither: access keys.",
)
CONTEXT = click.option(
    "--context",
    multiple=True,
    metavar="KEY=VALUE",
    help="A further condition key; `KEY=` says that the call does not have it.",
)
INVENTORY = click.option(
    "--inventory",
    multiple=True,
    metavar="PATH",
    help="What exists: account dumps, organization exports, test files, or a folder of them.",
)
CALLER_TAG = click.option(
    "--caller-tag", multiple=True, metavar="KEY=VALUE", help="Tag of the caller or its session."
)
CALLER_TRANSITIVE = click.option(
    "--caller-transitive-tag-key",
    multiple=True,
    metavar="KEY",
    help="Key of a tag that the caller's session hands on.",
)
FEDERATED_BY = click.option(
    "--federated-by", metavar="ARN", help="The user who made the federated session."
)
AWS_REASONS = click.option(
    "--aws-reasons",
    is_flag=True,
    help="Tell AWS's error with the reason that its documentation has, and STS leaves out.",
)
FORMAT = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "html", "mermaid"]),
    help="Default: text; html: a page with the layers as a flow; mermaid: a flowchart.",
)
TRACE = click.option(
    "--trace", is_flag=True, help="Show how every element of every statement came out."
)
STRICT = click.option(
    "--strict", is_flag=True, help="Undecided where AWS's documentation leaves the answer open."
)
APPLY = click.option(
    "--apply",
    metavar="[N]",
    is_flag=False,
    flag_value="",
    help="Write the first fix that edits files, or fix N, into them, and answer then.",
)
APPLY_NAMES = frozenset({"--apply"})
QUERY = click.option("--query", metavar="JMESPATH", help="Print this part of the JSON answer only.")


#: The formats that are pictures, drawn by `cli.pictures`.
PICTURES = frozenset({"html", "mermaid"})


def check_format(format_: str | None, query: str | None, *, trace: bool) -> None:
    """Refuse what does not go with a picture.

    Raises:
        QuestionError: a part of the answer is asked for, or its trace.
    """
    if format_ not in PICTURES:
        return
    if query:
        raise QuestionError(f"`--query` and `--format {format_}`: it is asked of the JSON answer")
    if trace:
        raise QuestionError(f"`--trace` goes with `--format text` and `json`, not with `{format_}`")


def option_of(field: str) -> str:
    """Return the option of a parameter: `--role-arn` of `role_arn`."""
    return f"--{field.replace('_', '-')}"


def mfa_word(mfa: bool | None) -> str | None:  # noqa: FBT001 - as click passes it
    """Return the option that was typed about MFA, if any was."""
    return {True: "--mfa", False: "--no-mfa", None: None}[mfa]
