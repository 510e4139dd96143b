"""The commands that fetch what decides an incident, which only read, and what to ask then."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.arn import parse_arn
from simulator.decision.verdict import Layer
from simulator.incident.proof import hangs_on_policies, principal_of
from simulator.request.principal import RoleSession, User
from simulator.sts.operations import Operation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.incident.model import Incident
    from simulator.request.context import Value
    from simulator.request.principal import Signed


class Command(NamedTuple):
    """A command, and with credentials of which account it is to be run, if that is known."""

    line: str
    account: str | None = None


_TYPES: Final = {Layer.SCP: "SERVICE_CONTROL_POLICY", Layer.RCP: "RESOURCE_CONTROL_POLICY"}
_OF_RESOURCES: Final[Mapping[str, tuple[str, bool]]] = {
    # Of what the ARN ends in, or the ARN itself.
    "s3": ("aws s3api get-bucket-policy --query Policy --output text --bucket {}", False),
    "kms": ("aws kms get-key-policy --policy-name default --key-id {}", True),
    "sqs": ("aws sqs get-queue-attributes --attribute-names Policy --queue-url {}", False),
    "sns": ("aws sns get-topic-attributes --topic-arn {}", True),
    "secretsmanager": ("aws secretsmanager get-resource-policy --secret-id {}", True),
    "lambda": ("aws lambda get-policy --function-name {}", True),
}


def commands(incident: Incident) -> tuple[Command, ...]:
    """Return the commands that fetch what is missing, then the question that it answers."""
    return tuple(_commands(incident))


def _commands(incident: Incident) -> Iterator[Command]:
    if incident.encoded is not None:
        yield Command(
            "aws sts decode-authorization-message --query DecodedMessage --output text"
            f" --encoded-message {shlex.quote(incident.encoded)} | iamsim explain -"
        )
    if not hangs_on_policies(incident):
        return
    principal = principal_of(incident)
    reason = incident.reason.layer if incident.reason else None
    given: list[str] = []
    if incident.assumes or reason in (None, Layer.TRUST, Layer.RESOURCE):
        yield from _of_resource(incident, given)
    if principal is not None and reason not in (Layer.SCP, Layer.RCP):
        yield from _of_caller(principal, given)
    yield from _of_organization(incident, principal, reason)
    question = _question(incident, given)
    if question is not None:
        yield Command(question)


def _of_resource(incident: Incident, given: list[str]) -> Iterator[Command]:
    arn = parse_arn(incident.role or incident.resource or "")
    if incident.assumes:
        name = shlex.quote(arn.name) if arn is not None else "<role>"
        account = arn.account if arn is not None else None
        yield Command(f"aws iam get-role --role-name {name} > role.json", account)
        if incident.assumes is Operation.ASSUME_ROLE_WITH_WEB_IDENTITY:
            yield Command("aws iam list-open-id-connect-providers", account)
        elif incident.assumes is Operation.ASSUME_ROLE_WITH_SAML:
            yield Command("aws iam list-saml-providers", account)
        given += ["--trust", "role.json"]
    elif arn is not None and arn.service in _OF_RESOURCES:
        form, whole = _OF_RESOURCES[arn.service]
        of = str(arn) if whole else arn.resource.partition("/")[0]
        yield Command(f"{form.format(shlex.quote(of))} > resource.json", arn.account or None)
        given += ["--resource-policy", "resource.json"]


def _of_caller(principal: Signed, given: list[str]) -> Iterator[Command]:
    account = principal.arn.account
    if not isinstance(principal, (User, RoleSession)):
        return
    kind = "user" if isinstance(principal, User) else "role"
    name = principal.arn.name if isinstance(principal, User) else principal.role_name
    yield Command(f"aws iam get-account-authorization-details > {account}.json", account)
    # For those who may not read the whole account.
    yield Command(
        f"aws iam list-attached-{kind}-policies --{kind}-name {shlex.quote(name)}", account
    )
    yield Command(f"aws iam list-{kind}-policies --{kind}-name {shlex.quote(name)}", account)
    given += ["--inventory", f"{account}.json"]


def _of_organization(
    incident: Incident, principal: Signed | None, reason: Layer | None
) -> Iterator[Command]:
    arn = parse_arn(incident.role or incident.resource or "")
    targets = {
        Layer.SCP: principal.arn.account if principal is not None else None,
        Layer.RCP: arn.account if arn is not None else None,
    }
    for layer, type_ in _TYPES.items():
        if targets[layer] and reason in (None, layer):
            yield Command(
                f"aws organizations list-policies-for-target --target-id {targets[layer]}"
                f" --filter {type_}"
            )
    if incident.reason and incident.reason.policy and reason in _TYPES:
        policy = incident.reason.policy.rpartition("/")[2]
        name = shlex.quote(policy)
        yield Command(f"aws organizations describe-policy --policy-id {name} > policy.json")


def _question(incident: Incident, given: list[str]) -> str | None:
    """Return what to ask of iamsim once the files are there."""
    words = ["iamsim", "assume" if incident.assumes is not None else "simulate"]
    if incident.assumes in (None, Operation.ASSUME_ROLE):
        words += ["--as", incident.caller or "<caller>"]
    else:
        token = incident.assumes is Operation.ASSUME_ROLE_WITH_WEB_IDENTITY
        words += ["--web-identity-token" if token else "--saml-assertion", "<file>"]
    words += ["--principal-arn", incident.provider] if incident.provider else []
    if incident.assumes is not None:
        words += ["--role-arn", incident.role or "<role>", *_parameters(incident)]
    else:
        words += ["--action", incident.action or "<action>"]
        words += ["--resource", incident.resource] if incident.resource else []
    words += {True: ["--mfa"], False: ["--no-mfa"], None: []}[incident.mfa]
    words += ["--federated-by", incident.maker] if incident.maker else []
    for key, value in incident.context.items():
        words += _context(key, value)
    return " ".join(_quoted(word) for word in (*words, *given))


_OPEN: Final = frozenset({"<caller>", "<file>", "<role>", "<action>", "<code>"})


def _quoted(word: str) -> str:
    return word if word in _OPEN else shlex.quote(word)


def _context(key: str, value: Value) -> Iterator[str]:
    told = (value,) if isinstance(value, str) else value or ("",)
    for each in told:
        yield from ("--context", f"{key}={each}")


def _parameters(incident: Incident) -> Iterator[str]:
    passed = incident.parameters
    for field in ("role_session_name", "external_id", "duration_seconds", "source_identity"):
        value = getattr(passed, field)
        if value is not None:
            yield from (f"--{field.replace('_', '-')}", str(value))
    if passed.serial_number is not None:
        yield from ("--serial-number", passed.serial_number, "--token-code", "<code>")
    for key, value in passed.tags:
        yield from ("--tags", f"Key={key},Value={value}")
    for key in passed.transitive_tag_keys:
        yield from ("--transitive-tag-keys", key)
