"""`iamsim aws sts VERB`: the answer to the very command that one was about to type."""

from __future__ import annotations

import re
import sys
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, NoReturn

import click

from simulator.catalog import keys
from simulator.cli import options as shared
from simulator.cli.aws_options import (
    PARAMETERS,
    SEVERAL,
    of_aws,
    of_verb,
    option_of,
    read_parameters,
)
from simulator.cli.call import Said, Step, read_call
from simulator.cli.call_answer import Wanted, answer_and_print
from simulator.cli.context import read_context, read_pairs
from simulator.cli.errors import QuestionError
from simulator.cli.files import Files, Reader
from simulator.cli.identity import read_saml, read_web_identity
from simulator.cli.profile import resolve_profile, steps_of, whose
from simulator.sts.operations import OF_ROLES, UNSIGNED, Operation
from simulator.sts.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulator.cli.aws_options import Decorator
    from simulator.request.context import Value
    from simulator.sts.call import Identity

_REGION = "aws:requestedregion"
_KEY_ID = re.compile(r"[A-Z0-9]{16,128}", re.ASCII)
VERBS: Final[Mapping[str, Operation]] = {each.verb: each for each in Operation}
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
    click.option("--format", "format_", type=click.Choice(["text", "json"]), help="Default: text."),
    shared.STRICT,
    shared.TRACE,
    shared.AWS_REASONS,
)


class _Verb(shared.Command):
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

    def _in_full(self, ctx: click.Context, args: list[str]) -> Iterator[str]:
        option, count = None, 0
        for word in (*args, None):
            if word is not None and not _is_option(word):
                count += 1
                self._check_room(ctx, option, count)
                yield word
                continue
            if count == 0 and option is not None and self.takes_value(option):
                raise click.UsageError(f"argument {option}: expected one argument", ctx)
            if word is not None:
                option, count = self.full(ctx, word), 0
                yield option

    def _check_room(self, ctx: click.Context, option: str | None, count: int) -> None:
        if count > 1 and option in self.several_words:
            return
        if count > 1 or not self.takes_value(option):
            # Without the word, which may be a part of a secret.
            message = "a word belongs to no option: quote a value that has spaces"
            raise click.UsageError(message, ctx)


def _is_option(word: str) -> bool:
    return word.startswith("--") and word != "--"


def _by_name(params: Sequence[click.Parameter]) -> dict[str, click.Option]:
    options = (param for param in params if isinstance(param, click.Option))
    return {name: each for each in options for name in (*each.opts, *each.secondary_opts)}


class _Aws(click.Command):
    """The command that finds the service and the verb among the words, and leaves the rest."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the words as they are."""
        if not args:
            raise click.exceptions.NoArgsIsHelpError(ctx)
        if args[0] in ("help", "--help"):
            click.echo(self.get_help(ctx))
            ctx.exit()
        ctx.params["words"] = args
        return []


@click.command(
    cls=_Aws,
    name="aws",
    epilog=f"""\b
Example:
  iamsim aws sts assume-role --role-session-name s \\
      --role-arn arn:aws:iam::222222222222:role/deploy \\
      --as arn:aws:iam::111111111111:user/alice \\
      --trust trust.json --identity-policy alice.json

\b
Verbs:
  {f"{chr(10)}  ".join(sorted(VERBS))}

\b
The options of a verb: iamsim aws sts VERB --help
Exit status: 0 allowed, 1 denied or undecided, 2 the question could not be read.""",
    options_metavar="sts VERB [OPTIONS]",
)
def command(words: list[str]) -> None:
    """Put iamsim before a command of the aws CLI: say whether it would succeed, and why not."""
    ctx = click.get_current_context()
    (service, verb), rest = _split(ctx, words)
    if service != "sts":
        raise QuestionError(_other_service(service, verb))
    if verb in ("", "help", "--help"):
        click.echo(ctx.get_help())
        return
    if verb not in VERBS:
        near = get_close_matches(verb, VERBS, 1)
        meant = f"did you mean `{near[0]}`? " if near else ""
        raise QuestionError(f"`aws sts {verb}`: {meant}there are {', '.join(sorted(VERBS))}")
    found = _command_of(verb)
    with found.make_context(f"sts {verb}", rest, parent=ctx) as inner:
        found.invoke(inner)


def _split(ctx: click.Context, words: list[str]) -> tuple[tuple[str, str], list[str]]:
    """Return service and verb, empty where there is none, and all options."""
    outer, left = _Verb(name="aws"), list(words)
    plain: list[str] = []
    options: list[str] = []
    while left and len(plain) < 2:
        word = left.pop(0)
        if not _is_option(word) or (word == "--help" and plain):
            plain.append(word)
            continue
        options.append(outer.full(ctx, word))
        if not any(options[-1].partition("=")[0] in group for group in outer.groups):
            name = word.partition("=")[0]
            raise click.UsageError(f"`{name}`: no such option before the verb", ctx)
        if outer.takes_value(options[-1]) and left:
            options.append(left.pop(0))
    service, verb = (*plain, "", "")[:2]
    return (service, verb), [*options, *left]


def _other_service(service: str, verb: str) -> str:
    if not service or service == "--help":
        return "which command? `iamsim aws` knows `sts VERB`"
    action = "".join(map(str.capitalize, verb.split("-"))) or "Action"
    return (
        f"`aws {service}` is not there: `iamsim aws` knows `sts` alone. Ask about another service"
        f" with `iamsim simulate --action {service.removesuffix('api')}:{action}`"
    )


def _command_of(verb: str) -> _Verb:
    operation = VERBS[verb]
    return _Verb(
        operation,
        name=verb,
        callback=partial(_answer, operation),
        help=f"Say whether `aws sts {verb}` would succeed; if not, why, and what fixes it.",
        epilog="Exit status: 0 allowed, 1 denied or undecided, 2 the question could not be read.",
    )


def _answer(operation: Operation, **options: Any) -> NoReturn:  # noqa: ANN401 - what was typed
    as_json = "json" in (options["format_"], options["format_"] or options["output"])
    wanted = Wanted(
        "json" if as_json else "text",
        options["query"],
        options["strict"],
        options["trace"],
        options["aws_reasons"],
    )
    sys.exit(answer_and_print(read_call(_said(operation, options)), wanted))


class _Caller(NamedTuple):
    """Who calls: the calls of a profile before, whose credentials they start from, its region."""

    name: str | None
    steps: tuple[Step, ...] = ()
    region: str | None = None


def _said(operation: Operation, options: dict[str, Any]) -> Said:
    if options["generate_cli_skeleton"]:
        raise QuestionError("`--generate-cli-skeleton` calls nobody: there is nothing to decide")
    reader = Reader()
    step = _step(reader, operation, options)
    caller = _caller(reader, operation, options)
    steps = (*caller.steps, step)
    of_roles = any(each.operation in OF_ROLES for each in steps)
    if of_roles and not options["trust"] and not options["inventory"]:
        raise QuestionError(
            "`--trust FILE` is missing: give the role's trust policy, or what get-role prints, or"
            " an `--inventory`"
        )
    files = Files(
        options["trust"],
        options["identity_policy"],
        options["boundary"],
        options["session_policy"],
        options["scp"],
        options["rcp"],
    )
    return Said(
        caller.name,
        steps,
        files,
        _context(options, step.parameters, caller.region),
        options["mfa"],
        options["inventory"],
        read_pairs("--caller-tag", options["caller_tag"]),
        options["caller_transitive_tag_key"],
        options["federated_by"],
        reader,
    )


def _step(reader: Reader, operation: Operation, options: Mapping[str, Any]) -> Step:
    """Return the call that the verb makes."""
    values = read_parameters(reader, options, operation)
    _check_secrets(values)
    if "minimum_session_token_size" in values:
        reader.notes.append(
            "no size from 0 to 4096 in `--minimum-session-token-size` has an effect"
        )
    identity = _identity(reader, values)
    policy = values.pop("policy", None)
    parameters = Parameters(**values)
    if policy is not None and not policy.text:
        parameters, policy = parameters._replace(policy=""), None
    return Step(operation, parameters, None, identity, policy)


def _check_secrets(values: Mapping[str, Any]) -> None:
    """Refuse what AWS's error would quote, where it may be a secret."""
    key = values.get("access_key_id")
    if key is not None and not _KEY_ID.fullmatch(key):
        raise QuestionError(
            "`--access-key-id` is none: expected 16 to 128 capital letters and digits, of which the"
            " first are AKIA or ASIA; a secret key is never asked for"
        )
    if any(not 4 <= len(text) <= 2048 for _, text in values.get("provided_contexts", ())):
        raise QuestionError("`--provided-contexts`: a ContextAssertion has 4 to 2048 characters")


def _identity(reader: Reader, values: dict[str, Any]) -> Identity | None:
    """Return what a token or an assertion says, taken out of what is passed."""
    token, assertion = values.pop("web_identity_token", None), values.pop("saml_assertion", None)
    provider = values.pop("principal_arn", None)
    if values.pop("provider_id", None) is not None:
        reader.notes.append("`--provider-id` has no effect: the token says who issued it")
    if token is not None:
        return read_web_identity(reader, token)
    return None if assertion is None else read_saml(reader, assertion, provider)


def _caller(reader: Reader, operation: Operation, options: Mapping[str, Any]) -> _Caller:
    name, profile = options["caller"], options["profile"]
    for option in ("config", "credentials"):
        if options[option] and not profile:
            raise QuestionError(f"`--{option}` goes with `--profile`")
    if operation in UNSIGNED:
        return _unsigned(reader, options)
    if options["no_sign_request"]:
        if name:
            raise QuestionError("`--as` and `--no-sign-request`: who does not sign is nobody")
        return _Caller("anonymous")
    if profile:
        return _of_profile(reader, options)
    if not name:
        raise QuestionError("say who calls: with `--as ARN`, or with `--profile NAME`")
    return _Caller(name)


def _unsigned(reader: Reader, options: Mapping[str, Any]) -> _Caller:
    if options["caller"]:
        raise QuestionError("`--as`: a token or an assertion says who calls, and nobody signs")
    if options["profile"]:
        reader.notes.append("`--profile` has no effect: this call is not signed")
    return _Caller(None)


def _of_profile(reader: Reader, options: Mapping[str, Any]) -> _Caller:
    resolved = resolve_profile(
        options["profile"], options["config"], options["credentials"], caller=options["caller"]
    )
    reader.notes += resolved.notes
    steps: tuple[Step, ...] = ()
    if resolved.hops:
        steps = steps_of(resolved, lambda file: read_web_identity(reader, reader.source(file)))
    by_token = any(step.identity is not None for step in steps)
    name = None if by_token else whose(resolved, options["caller"], mfa=options["mfa"])
    return _Caller(name, steps, resolved.region)


#: The parameters that say what a condition key is.
_SAID: Final = {
    keys.EXTERNAL_ID: "external_id",
    keys.SESSION_NAME: "role_session_name",
    keys.SOURCE_IDENTITY: "source_identity",
    keys.MFA_PRESENT: "token_code",
}
_ENDPOINT = re.compile(r"https?://sts(?:-fips)?(?:\.(?P<region>[\w-]+))?\.amazonaws\.com\b.*")
_VPC_ENDPOINT = re.compile(
    r"(?:https?://)?[\w.-]+\.vpce\.amazonaws\.com(?:\.cn)?(?![\w.-])", re.ASCII | re.IGNORECASE
)
_GLOBAL_REGION: Final = "us-east-1"  # CTX-12: of the global endpoint


def _context(
    options: Mapping[str, Any], parameters: Parameters, of_profile: str | None
) -> Mapping[str, Value]:
    """Return the condition keys that were given, with the region of the endpoint."""
    mfa = shared.mfa_word(options["mfa"])
    said = {keys.MFA_PRESENT: mfa} if mfa else {}
    said |= {key: option_of(f) for key, f in _SAID.items() if getattr(parameters, f) is not None}
    region, option = _region(options)
    if region is not None:
        said[_REGION] = option
    found = {**read_context(options["context"], said)}
    region = region or of_profile
    return {_REGION: region, **found} if region else found


def _region(options: Mapping[str, Any]) -> tuple[str | None, str]:
    """Return the region that options tell, and the option that does."""  # CTX-12
    url = options["endpoint_url"] or ""
    if _VPC_ENDPOINT.match(url):
        raise QuestionError(
            "`--endpoint-url` is a VPC endpoint, whose policy no option gives: ask about it with a"
            " test file, in which `endpoint_policies` has it"
        )
    endpoint = _ENDPOINT.fullmatch(url)
    if endpoint is not None:
        return endpoint["region"] or _GLOBAL_REGION, "--endpoint-url"
    return options["region"] or None, "--region"
