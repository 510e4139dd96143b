"""`iamsim assume`: would this AssumeRole succeed; if not, why, and what fixes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simulator.cli import options as shared
from simulator.cli.call import Step
from simulator.cli.context import read_context, read_tags
from simulator.cli.errors import QuestionError
from simulator.cli.files import Reader
from simulator.cli.identity import read_saml, read_secret, read_web_identity
from simulator.cli.options import option_of
from simulator.cli.said import (
    Calls,
    answer_said,
    calls_of_profile,
    check_unsigned,
    keys_said,
    said_of,
)
from simulator.federation.model import WebIdentity
from simulator.sts.operations import Operation
from simulator.sts.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.cli.call import Said
    from simulator.source import Source
    from simulator.sts.call import Identity

_OF_THE_PROFILE = (
    *("role_arn", "role_session_name", "external_id", "duration_seconds", "serial_number"),
    *("token_code", "source_identity", "tags", "transitive_tag_keys", "new_session_policy"),
    *("policy_arns", "web_identity_token", "saml_assertion"),
)


@click.command(
    cls=shared.CallCommand,
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
@shared.TRUST
@shared.POLICY
@shared.BOUNDARY
@shared.SESSION_POLICY
@shared.SCP
@click.option("--rcp", multiple=True, metavar="FILE", help="RCP over the role's account.")
@shared.CALL_PARAMETERS
@shared.MFA
@shared.CONTEXT
@shared.FORMAT
@shared.STRICT
@shared.QUERY
@shared.APPLY
@shared.TRACE
@shared.INVENTORY
@click.option("--profile", metavar="NAME", help="Make the calls of a profile of the aws CLI.")
@click.option("--config", metavar="FILE", help="The file of the profile; default: as for aws.")
@click.option("--credentials", metavar="FILE", help="The file of its keys, never printed.")
@shared.VOUCHED_FOR
@shared.SESSION_POLICIES_PASSED
@shared.CALLER_TAG
@shared.CALLER_TRANSITIVE
@shared.FEDERATED_BY
@shared.AWS_REASONS
def command(**options: Any) -> None:  # noqa: ANN401 - click passes what was typed
    """Say whether an AssumeRole call would succeed; if not, why, and what fixes it."""
    answer_said(lambda: said_by(options, Reader()), options)


def said_by(options: Mapping[str, Any], reader: Reader, identity: Identity | None = None) -> Said:
    """Return what the options of this command say; a token may be read already.

    Raises:
        QuestionError: they contradict each other, or something is missing.
        DocumentError: a token or an assertion cannot be used.
    """
    passed = None if options["profile"] else _parameters(options)
    calls = _calls(reader, options, passed, identity)
    if calls.steps[0].identity is None and not calls.caller:
        raise QuestionError("`--as ARN` is missing: say who calls")
    context = read_context(options["context"], keys_said(options, passed))
    return said_of(reader, options, calls, policies=options["policy"], context=context)


def _calls(
    reader: Reader,
    options: Mapping[str, Any],
    passed: Parameters | None,
    identity: Identity | None,
) -> Calls:
    """Return the calls that are asked about, and who makes the first of them."""
    if options["config"] and not options["profile"]:
        raise QuestionError("`--config` goes with `--profile`")
    if passed is None:
        _check_profile_alone(options)
        return calls_of_profile(reader, options, alone=True)
    if not options["role_arn"]:
        raise QuestionError("`--role-arn ARN` is missing: say which role is to be assumed")
    identity = _identity(reader, options) or identity
    policy = options["new_session_policy"]
    source = policy and reader.source(policy)
    step = Step(_operation(identity), passed, None, identity, source)
    return Calls(options["caller"], (step,))


def _operation(identity: Identity | None) -> Operation:
    match identity:
        case None:
            return Operation.ASSUME_ROLE
        case WebIdentity():
            return Operation.ASSUME_ROLE_WITH_WEB_IDENTITY
        case _:
            return Operation.ASSUME_ROLE_WITH_SAML


def _check_profile_alone(options: Mapping[str, Any]) -> None:
    for name in _OF_THE_PROFILE:
        if options[name]:
            option = option_of(name)
            raise QuestionError(f"`{option}` and `--profile`: the profile says that already")


def _identity(reader: Reader, options: Mapping[str, Any]) -> Identity | None:
    token, assertion = options["web_identity_token"], options["saml_assertion"]
    if options["principal_arn"] and not assertion:
        raise QuestionError("`--principal-arn` goes with `--saml-assertion`")
    if not token and not assertion:
        return None
    if token and assertion:
        raise QuestionError("`--web-identity-token` and `--saml-assertion`: give one of them")
    check_unsigned(options)
    if token:
        return read_web_identity(reader, _source(reader, "--web-identity-token", token))
    source = _source(reader, "--saml-assertion", assertion)
    return read_saml(reader, source, options["principal_arn"])


def _source(reader: Reader, option: str, name: str) -> Source:
    """Return the text of a file whose name is not told, since it may be the secret itself."""
    try:
        return read_secret(reader, name)
    except QuestionError as error:
        message = str(error).replace(f"read `{name}`", f"read the file of `{option}`")
        raise QuestionError(message) from error


def _parameters(options: Mapping[str, Any]) -> Parameters:
    return Parameters(
        options["role_arn"],
        options["role_session_name"],
        options["duration_seconds"],
        options["external_id"],
        options["serial_number"],
        options["token_code"],
        options["source_identity"],
        read_tags(options["tags"]),
        options["transitive_tag_keys"],
        policy_arns=options["policy_arns"],
    )
