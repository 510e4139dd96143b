"""`iamsim aws sts VERB`: the answer to the very command that one was about to type."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from simulator.catalog import keys
from simulator.cli.aws_options import read_parameters
from simulator.cli.aws_verb import Verb, is_option
from simulator.cli.call import Step
from simulator.cli.context import read_context
from simulator.cli.errors import QuestionError
from simulator.cli.files import Reader
from simulator.cli.identity import read_saml, read_web_identity
from simulator.cli.said import (
    Calls,
    answer_said,
    calls_of_profile,
    check_unsigned,
    keys_said,
    said_of,
)
from simulator.sts.operations import UNSIGNED, Operation
from simulator.sts.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.cli.call import Said
    from simulator.request.context import Value
    from simulator.sts.call import Identity

_REGION = keys.REQUESTED_REGION
_KEY_ID = re.compile(r"[A-Z0-9]{16,128}", re.ASCII)
VERBS: Final[Mapping[str, Operation]] = {each.verb: each for each in Operation}


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
    outer, left = Verb(name="aws"), list(words)
    plain: list[str] = []
    options: list[str] = []
    while left and len(plain) < 2:
        word = left.pop(0)
        if not is_option(word) or (word == "--help" and plain):
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
    from simulator.catalog.actions import find_action  # noqa: PLC0415 - it reads a file

    action = "".join(map(str.capitalize, verb.split("-")))
    found = find_action(f"{service.removesuffix('api')}:{action}")
    return (
        f"`aws {service}` is not there: `iamsim aws` knows `sts` alone. Ask about another service"
        f" with `iamsim simulate --action {found.name if found else 'ACTION'}`"
    )


def _command_of(verb: str) -> Verb:
    operation = VERBS[verb]
    return Verb(
        operation,
        name=verb,
        callback=partial(_answer, operation),
        help=f"Say whether `aws sts {verb}` would succeed; if not, why, and what fixes it.",
        epilog="Exit status: 0 allowed, 1 denied or undecided, 2 the question could not be read.",
    )


def _answer(operation: Operation, **options: Any) -> NoReturn:  # noqa: ANN401 - what was typed
    answer_said(lambda: _said(operation, options), options)


def _said(operation: Operation, options: Mapping[str, Any]) -> Said:
    if options["generate_cli_skeleton"]:
        raise QuestionError("`--generate-cli-skeleton` calls nobody: there is nothing to decide")
    reader = Reader()
    step = _step(reader, operation, options)
    before = _before(reader, operation, options)
    return said_of(
        reader,
        options,
        before._replace(steps=(*before.steps, step)),
        policies=options["identity_policy"],
        context=_context(reader, options, step.parameters, before.region),
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
            "`--access-key-id` holds no id of an access key: expected 16 to 128 capital letters and"
            " digits, the first of them AKIA or ASIA; a secret key is never asked for"
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
    if assertion is not None and assertion.text.lstrip().startswith("<"):
        raise QuestionError(
            "`--saml-assertion` of the aws CLI is base64, and STS refuses XML: give what"
            " `base64 -w0 FILE` prints (`iamsim assume --saml-assertion` reads either)"
        )
    return None if assertion is None else read_saml(reader, assertion, provider)


def _before(reader: Reader, operation: Operation, options: Mapping[str, Any]) -> Calls:
    """Return who calls, with the calls of a profile that come before."""
    name, profile = options["caller"], options["profile"]
    for option in ("config", "credentials"):
        if options[option] and not profile:
            raise QuestionError(f"`--{option}` goes with `--profile`")
    if operation in UNSIGNED:
        return _unsigned(reader, options)
    if options["no_sign_request"]:
        if name:
            raise QuestionError("`--as` and `--no-sign-request`: who does not sign is nobody")
        return Calls("anonymous")
    if profile:
        return calls_of_profile(reader, options, alone=False)
    if not name:
        raise QuestionError("say who calls: with `--as ARN`, or with `--profile NAME`")
    return Calls(name)


def _unsigned(reader: Reader, options: Mapping[str, Any]) -> Calls:
    check_unsigned(options)
    if options["profile"]:
        reader.notes.append("`--profile` has no effect: this call is not signed")
    return Calls(None)


_ENDPOINT = re.compile(
    r"https?://sts(?:-fips)?(?:\.(?P<region>[a-z0-9-]+))?"
    r"\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|api\.aws|c2s\.ic\.gov|sc2s\.sgov\.gov)(?:[:/].*)?",
    re.ASCII,
)
#: What the names of regions look like; those of a later day look the same.
_REGION_NAME = re.compile(
    r"(?:af|ap|ca|cn|eu|eu-isoe|eusc-de|il|me|mx|sa|us|us-gov|us-iso[bef]?)"
    r"-(?:north|south|central)?(?:east|west|north|south|central)-[0-9]",
    re.ASCII,
)
_VPC_ENDPOINT = re.compile(
    r"(?:https?://)?[\w.-]+\.vpce\.amazonaws\.com(?:\.cn)?(?![\w.-])", re.ASCII | re.IGNORECASE
)
#: Where stand-ins for AWS listen; they decide as AWS does, as far as they do.
_LOCAL_ENDPOINT = re.compile(r"https?://(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/].*)?")
_GLOBAL_REGION: Final = "us-east-1"  # CTX-12: of the global endpoint


def _context(
    reader: Reader,
    options: Mapping[str, Any],
    parameters: Parameters,
    of_profile: str | None,
) -> Mapping[str, Value]:
    """Return the condition keys that were given, with the region of the endpoint."""
    said = keys_said(options, parameters)
    region, option = _region(options)
    if region is not None:
        said[_REGION] = option
        if not _REGION_NAME.fullmatch(region):
            reader.notes.append(f"`{option}`: `{region}` does not look like a region of AWS")
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
    if options["endpoint_url"] is not None and not _LOCAL_ENDPOINT.fullmatch(url):
        raise QuestionError(
            "`--endpoint-url` is no endpoint of STS: expected `https://sts.REGION.amazonaws.com`"
        )
    if options["region"] == "":
        raise QuestionError("`--region` is empty: give the name of a region, or leave it out")
    return options["region"], "--region"
