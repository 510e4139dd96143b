"""The commands of `aws sts`: how their words are read, and which options they have."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, ClassVar, Final

import click

from simulator.cli import options as shared
from simulator.cli.aws_options import PARAMETERS, SEVERAL, of_aws, of_verb
from simulator.cli.options import option_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulator.cli.aws_options import Decorator
    from simulator.sts.operations import Operation

_OWN: Final[Sequence[Decorator]] = (
    click.option("--as", "caller", metavar="ARN", help="Who calls, or whose keys a profile has."),
    click.option("--trust", metavar="FILE", help="Trust policy, or what get-role prints."),
    click.option(
        "--identity-policy", multiple=True, metavar="FILE", help="Identity policy of the caller."
    ),
    shared.BOUNDARY,
    shared.SESSION_POLICY,
    shared.SCP,
    click.option("--rcp", multiple=True, metavar="FILE", help="RCP over the role's account."),
    shared.INVENTORY,
    shared.MFA,
    shared.CONTEXT,
    shared.CALLER_TAG,
    shared.CALLER_TRANSITIVE,
    shared.FEDERATED_BY,
    click.option("--config", metavar="FILE", help="The file of the profile."),
    click.option("--credentials", metavar="FILE", help="The file of its keys, never printed."),
    shared.FORMAT,
    shared.STRICT,
    shared.TRACE,
    shared.APPLY,
    shared.AWS_REASONS,
)
#: Options of the aws CLI that are not here, and what is.
_ELSEWHERE: Final[Mapping[str, str]] = {
    "--cli-input-yaml": "give it as JSON with `--cli-input-json`",
}


class Verb(shared.Command):
    """The command of one verb; without a verb, that of the options before it.

    An option may be cut short where one of the aws CLI's own begins so, or else one of ours.
    """

    several_words: ClassVar[frozenset[str]] = frozenset(
        option_of(field) for field, parameter in PARAMETERS.items() if parameter.form in SEVERAL
    )

    def __init__(self, operation: Operation | None = None, **attributes: Any) -> None:  # noqa: ANN401
        super().__init__(**attributes)
        self.groups: list[dict[str, click.Option]] = []
        for group in (of_aws(), of_verb(operation) if operation else (), _OWN):
            first = len(self.params)
            for decorate in group:
                decorate(self)
            self.groups.append(_by_name(self.params[first:]))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, options written in full."""
        words = ["--help"] if args == ["help"] else list(self._in_full(ctx, args))
        return super().parse_args(ctx, words)

    def full(self, ctx: click.Context, word: str) -> str:
        """Return an option as it is called in full."""
        name, equals, value = word.partition("=")
        if any(name in group for group in self.groups):
            return word
        for group in self.groups:
            found = sorted(each for each in group if each.startswith(name))
            if len(found) > 1:
                listed = ", ".join(found)
                raise click.UsageError(f"ambiguous option: {name} could match {listed}", ctx)
            if found:
                return f"{found[0]}{equals}{value}"
        return word

    def takes_value(self, name: str | None) -> bool:
        """Whether the word after an option belongs to it."""
        found = next((group[name] for group in self.groups if name in group), None)
        return found is not None and not found.is_flag

    def _needs_value(self, name: str | None) -> bool:
        """Whether an option cannot stand without the word after it."""
        return self.takes_value(name) and name not in shared.APPLY_NAMES

    def _in_full(self, ctx: click.Context, args: list[str]) -> Iterator[str]:
        option, count = None, 0
        for word in (*args, None):
            if word is not None and not is_option(word):
                count += 1
                self._check_room(ctx, option, count)
                yield word
                continue
            if count == 0 and option is not None and self._needs_value(option):
                raise click.UsageError(f"argument {option}: expected one argument", ctx)
            if word is not None:
                option, count = self.full(ctx, word), 0
                self._check_known(ctx, option.partition("=")[0])
                yield option

    def _check_known(self, ctx: click.Context, name: str) -> None:
        """Refuse an option that is not there, before the word after it is found to be too much."""
        known = {each for group in self.groups for each in group}
        if name in known or name in ctx.help_option_names:
            return
        near = get_close_matches(name, sorted(known), 1)
        hint = _ELSEWHERE.get(name) or (f"did you mean `{near[0]}`?" if near else "")
        raise click.UsageError(f"No such option `{name}`{hint and ': '}{hint}", ctx)

    def _check_room(self, ctx: click.Context, option: str | None, count: int) -> None:
        if count > 1 and option in self.several_words:
            return
        if count > 1 or not self.takes_value(option):
            # Without the word, which may be a part of a secret.
            message = "a word belongs to no option: quote a value that has spaces"
            raise click.UsageError(message, ctx)


def is_option(word: str) -> bool:
    """Whether a word is the name of an option, and not a value or a verb."""
    return word.startswith("--") and word != "--"


def _by_name(params: Sequence[click.Parameter]) -> dict[str, click.Option]:
    options = (param for param in params if isinstance(param, click.Option))
    return {name: each for each in options for name in (*each.opts, *each.secondary_opts)}
