"""The aws commands that carry a fix out."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from simulator.arn import parse_arn
from simulator.catalog.roles import IDENTITY_CENTER_NAME
from simulator.decision.verdict import Layer
from simulator.federation.model import SamlAssertion, WebIdentity
from simulator.request.caller import Caller
from simulator.request.principal import (
    AccountRoot,
    Anonymous,
    Federated,
    FederatedUser,
    ServicePrincipal,
    principal_arn,
)
from simulator.source import Source
from simulator.sts.call import Call
from simulator.sts.parameters import TAKES
from simulator.syntax import apply_edits, decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.arn import Arn
    from simulator.diagnosis.asked import Asked
    from simulator.diagnosis.fixes import Fix, MadeBy
    from simulator.diagnostic import Edit
    from simulator.policy.model import Attachment, Document
    from simulator.request.principal import Signed
    from simulator.sts.parameters import Parameters


def commands(fix: Fix, *, written: bool = False) -> tuple[str, ...]:
    """Return the commands of a fix; what only its owner knows stands in angle brackets.

    Once the edits are written into the files, a policy is given by its file if it is all of one.
    """
    return tuple(dict.fromkeys(_commands(fix, written=written)))


def _commands(fix: Fix, *, written: bool) -> Iterator[str]:
    for remedy in fix.remedies:
        yield from remedy.commands
        if remedy.attached is not None:
            attached = shlex.quote(encode(decode(remedy.attached)))
            yield from _store(fix.asked, remedy.attached_to, attached)
    # What is then asked has the texts to which the edits led.
    for layer in Layer:
        edited = _edited(fix, layer)
        for compiled in fix.asked.policies.documents(layer) if edited else ():
            document = compiled.policy.document
            if document.source.origin is None and document.source in edited:
                in_file = written and edited[document.source].origin is None
                found = _argument(document, in_file=in_file)
                yield from _store(fix.asked, layer, found, document.attachment)
    if isinstance(fix.asked, Call) and any(remedy.changed is not None for remedy in fix.remedies):
        yield from _calls(fix.asked, fix.made_by)


#: The settings of a profile, by the parameters that they set.
_SETTINGS: Mapping[str, str] = {
    "role_arn": "role_arn",
    "role_session_name": "role_session_name",
    "external_id": "external_id",
    "serial_number": "mfa_serial",
    "duration_seconds": "duration_seconds",
}


def _calls(call: Call, made_by: MadeBy | None) -> Iterator[str]:
    """Yield the commands that make a call: those that set its profile, where one makes it."""
    if made_by is None:
        yield sts_command(call)
        return
    profile, config, before = made_by
    after = call.parameters._asdict()
    changed = {field for field, value in before._asdict().items() if value != after[field]}
    if changed - _SETTINGS.keys() - {"token_code"} or any(
        after[field] is None for field in changed
    ):
        yield sts_command(call)  # a profile cannot be set so
        return
    file = "" if config is None else f"AWS_CONFIG_FILE={shlex.quote(config)} "
    for field, setting in _SETTINGS.items():
        if field in changed:
            value = shlex.quote(str(after[field]))
            yield f"{file}aws configure set {setting} {value} --profile {shlex.quote(profile)}"


def _edited(fix: Fix, layer: Layer) -> dict[Source, Source]:
    """Return the texts that a fix makes of documents of a layer, each with what it was before.

    One file may hold several documents: those that stay as they are keep the text that they have.
    """
    found: dict[tuple[str, int], list[Edit]] = {}
    for remedy in fix.remedies:
        for edit in remedy.edits if layer in remedy.edits_of else ():
            found.setdefault((edit.source.name, edit.source.start), []).append(edit)
    befores = ((edits[0].source, edits) for edits in found.values())
    return {Source(old.name, apply_edits(old.text, edits)): old for old, edits in befores}


def _store(
    asked: Asked, layer: Layer, document: str, found: Attachment | None = None
) -> Iterator[str]:
    """Yield the command that stores a policy, or makes a session with it."""
    holder, resource = _holder(asked), _resource(asked)
    match layer:
        case Layer.TRUST:
            name = shlex.quote(resource.rpartition("/")[2])
            yield (
                f"aws iam update-assume-role-policy --role-name {name} --policy-document {document}"
            )
        case Layer.IDENTITY if holder is not None:
            yield from _put_policy(holder, document, found)
        case Layer.BOUNDARY if holder is not None:
            arn = f"arn:{holder.partition}:iam::{holder.account}:policy/<boundary>"
            yield _new_version(_named(found) or arn, document)
        case Layer.SCP | Layer.RCP:
            policy = _named(found) or "<policy-id>"
            yield f"aws organizations update-policy --policy-id {policy} --content {document}"
        case Layer.ENDPOINT:
            yield (
                "aws ec2 modify-vpc-endpoint --vpc-endpoint-id <endpoint-id>"
                f" --policy-document {document}"
            )
        case Layer.SESSION if isinstance(asked.caller, Caller):
            yield from _make_session(asked.caller.principal, document)
        case Layer.RESOURCE:
            yield from _put_resource_policy(resource, document)
        case _:
            pass


def _make_session(principal: Signed, document: str) -> Iterator[str]:
    if isinstance(principal, FederatedUser):
        name = shlex.quote(principal.arn.name)
        yield f"aws sts get-federation-token --name {name} --policy {document}"


def _holder(asked: Asked) -> Arn | None:
    """Return the user or role to which the caller's policies are attached."""
    match asked.principal:
        case AccountRoot() | ServicePrincipal() | Anonymous() | Federated():
            return None
        case FederatedUser(user=user):
            return user
        case signed:
            return principal_arn(signed)


def _resource(asked: Asked) -> str:
    return asked.parameters.role_arn if isinstance(asked, Call) else asked.resource


# How each service stores the policy of a resource: of its ARN, or of what the ARN ends in.
_RESOURCE_COMMANDS: Mapping[str, tuple[str, bool]] = {
    "dynamodb": ("dynamodb put-resource-policy --resource-arn {} --policy", True),
    "ecr": ("ecr set-repository-policy --repository-name {} --policy-text", False),
    "kinesis": ("kinesis put-resource-policy --resource-arn {} --policy", True),
    "kms": ("kms put-key-policy --policy-name default --key-id {} --policy", True),
    "s3": ("s3api put-bucket-policy --bucket {} --policy", False),
    "secretsmanager": (
        "secretsmanager put-resource-policy --secret-id {} --resource-policy",
        True,
    ),
    "sns": (
        "sns set-topic-attributes --attribute-name Policy --topic-arn {} --attribute-value",
        True,
    ),
}


def _put_resource_policy(resource: str, document: str) -> Iterator[str]:
    arn = parse_arn(resource)
    if arn is None or arn.service not in _RESOURCE_COMMANDS:
        return
    command, by_arn = _RESOURCE_COMMANDS[arn.service]
    bucket, _, repository = arn.resource.partition("/")
    name = bucket if arn.service == "s3" else repository
    yield f"aws {command.format(shlex.quote(resource if by_arn else name))} {document}"


def _put_policy(holder: Arn, document: str, found: Attachment | None) -> Iterator[str]:
    """Yield the command that stores an identity-based policy where it came from."""
    if found is not None and found.kind == "managed":
        arn = f"arn:{holder.partition}:iam::{holder.account}:policy/<name>"
        yield _new_version(_named(found) or arn, document)
        return
    kind = found.kind if found else holder.kind
    owner = found.owner if found and found.owner else holder.name
    if owner.startswith(IDENTITY_CENTER_NAME):
        return  # its policies belong to a permission set of Identity Center
    name = shlex.quote(found.name) if found and found.name else "<policy-name>"
    yield (
        f"aws iam put-{kind}-policy --{kind}-name {shlex.quote(owner)} --policy-name {name}"
        f" --policy-document {document}"
    )


def _named(found: Attachment | None) -> str | None:
    """Return the ARN or the id of a managed policy, if what told of it has that."""
    is_managed = found is not None and found.kind == "managed"
    return shlex.quote(found.name) if is_managed and found and found.name else None


def _new_version(policy_arn: str, document: str) -> str:
    return (
        f"aws iam create-policy-version --set-as-default --policy-arn {policy_arn}"
        f" --policy-document {document}"
    )


def _argument(document: Document, *, in_file: bool) -> str:
    """Return how a changed document is given: by its file if that is all of it, or itself."""
    name = document.source.name
    if in_file and document.root == ():
        return shlex.quote(f"file://{name}")
    return shlex.quote(encode(document.value))


#: The parameters of a call in the order in which they are told; of secret ones only that they are.
_TOLD = (
    *("role_arn", "role_session_name", "name", "target_principal", "task_policy_arn"),
    *("external_id", "duration_seconds", "serial_number", "token_code", "source_identity"),
    *("policy", "policy_arns", "tags", "transitive_tag_keys", "minimum_session_token_size"),
    *("provided_contexts", "encoded_message", "access_key_id"),
)
_OPEN = frozenset({"<session-name>", "<code>", "<token>", "<assertion>", "<message>"})


def sts_command(call: Call) -> str:
    """Return the aws command that makes a call; a token code is never written out."""
    words = ["aws", "sts", call.operation.verb]
    for field in _TOLD:
        if field in TAKES[call.operation]:
            values = _values(field, call.parameters)
            words += [f"--{field.replace('_', '-')}", *values] if values else []
    words += _vouched(call)
    return " ".join(word if word in _OPEN else shlex.quote(word) for word in words)


def _values(field: str, parameters: Parameters) -> tuple[str, ...]:
    value = getattr(parameters, field)
    match field:
        case "role_session_name":
            return (value or "<session-name>",)
        case "token_code":
            return ("<code>",) if value is not None else ()
        case "encoded_message":
            return ("<message>",)
        case "provided_contexts":
            contexts = (f"ProviderArn={arn},ContextAssertion=<assertion>" for arn, _ in value or ())
            return tuple(contexts)
        case "task_policy_arn":
            return (f"arn={value}",)
        case "policy_arns":
            return tuple(f"arn={arn}" for arn in value)
        case "tags":
            return tuple(f"Key={key},Value={text}" for key, text in value)
        case "transitive_tag_keys":
            return tuple(value)
        case "policy" if value is not None:
            return (value.strip(),)
        case _:
            return () if value is None else (str(value),)


def _vouched(call: Call) -> tuple[str, ...]:
    """Return the options with which a token or an assertion is passed, without either."""
    match call.identity:
        case WebIdentity():
            return ("--web-identity-token", "<token>")
        case SamlAssertion(provider=provider):
            return ("--principal-arn", str(provider), "--saml-assertion", "<assertion>")
        case None:
            return ()
