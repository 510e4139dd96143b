"""The aws commands that carry a fix out."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from simulator.arn import parse_arn
from simulator.catalog.roles import IDENTITY_CENTER_NAME
from simulator.decision.verdict import Layer
from simulator.request.caller import Caller
from simulator.request.principal import (
    AccountRoot,
    Anonymous,
    Federated,
    FederatedUser,
    ServicePrincipal,
    principal_arn,
)
from simulator.sts.call import Call
from simulator.syntax import decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.arn import Arn
    from simulator.diagnosis.asked import Asked
    from simulator.diagnosis.fixes import Fix
    from simulator.evaluation.policies import Policies
    from simulator.policy.model import Attachment, Document
    from simulator.request.principal import Signed
    from simulator.source import Source


def commands(fix: Fix) -> tuple[str, ...]:
    """Return the commands of a fix; what only its owner knows stands in angle brackets."""
    return tuple(_commands(fix))


def _commands(fix: Fix) -> Iterator[str]:
    changed = {edit.source.name: edit.source for remedy in fix.remedies for edit in remedy.edits}
    for remedy in fix.remedies:
        yield from remedy.commands
        if remedy.attached is not None:
            attached = shlex.quote(encode(decode(remedy.attached)))
            yield from _store(fix.asked, remedy.attached_to, attached)
    # What is then asked has the texts to which the edits led.
    for layer, document in _documents(fix.asked.policies):
        before = changed.get(document.source.name)
        is_changed = before is not None and before.text != document.source.text
        if before is not None and is_changed and _is_meant(fix, layer, before):
            file = _argument(document, whole=before.origin is None)
            yield from _store(fix.asked, layer, file, document.attachment)
    if isinstance(fix.asked, Call) and any(remedy.changed is not None for remedy in fix.remedies):
        yield assume_role_command(fix.asked)


def _is_meant(fix: Fix, layer: Layer, changed: Source) -> bool:
    """Whether a fix is about the policy of a layer, and not one of the same file elsewhere."""
    about = [r.edits_of for r in fix.remedies if any(e.source == changed for e in r.edits)]
    return any(not layers or layer in layers for layers in about)


def _documents(policies: Policies) -> Iterator[tuple[Layer, Document]]:
    for layer in Layer:
        for level in policies.levels(layer):
            yield from ((layer, compiled.policy.document) for compiled in level)


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
            yield _new_version(arn, document)
        case Layer.SCP | Layer.RCP:
            yield f"aws organizations update-policy --policy-id <policy-id> --content {document}"
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
        yield _new_version(arn, document)
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


def _new_version(policy_arn: str, document: str) -> str:
    return (
        f"aws iam create-policy-version --set-as-default --policy-arn {policy_arn}"
        f" --policy-document {document}"
    )


def _argument(document: Document, *, whole: bool) -> str:
    """Return how a changed document is given: by its file if it is the whole of one, or itself."""
    name = document.source.name
    if whole and document.root == () and name != "-":
        return shlex.quote(f"file://{name}")
    return shlex.quote(encode(document.value))


def assume_role_command(call: Call) -> str:
    """Return the aws command that makes a call; a token code is never written out."""
    parameters = call.parameters
    words = ["aws", "sts", "assume-role", "--role-arn", parameters.role_arn]
    words += ["--role-session-name", parameters.role_session_name or "<session-name>"]
    for option, value in (
        ("--external-id", parameters.external_id),
        ("--duration-seconds", parameters.duration_seconds),
        ("--serial-number", parameters.serial_number),
        ("--token-code", parameters.token_code and "<code>"),
        ("--source-identity", parameters.source_identity),
    ):
        words += [option, str(value)] if value is not None else []
    if parameters.policy is not None:
        words += ["--policy", parameters.policy]
    if parameters.policy_arns:
        words += ["--policy-arns", *(f"arn={arn}" for arn in parameters.policy_arns)]
    if parameters.tags:
        words += ["--tags", *(f"Key={key},Value={value}" for key, value in parameters.tags)]
    if parameters.transitive_tag_keys:
        words += ["--transitive-tag-keys", *parameters.transitive_tag_keys]
    return " ".join(w if w in ("<session-name>", "<code>") else shlex.quote(w) for w in words)
