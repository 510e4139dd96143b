"""The aws commands that carry a fix out."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from simulator.catalog.roles import IDENTITY_CENTER_NAME
from simulator.decision.verdict import Layer
from simulator.request.principal import principal_arn
from simulator.syntax import decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.fixes import Fix
    from simulator.evaluation.policies import Policies
    from simulator.policy.model import Attachment, Document
    from simulator.sts.call import Call


def commands(fix: Fix) -> tuple[str, ...]:
    """Return the commands of a fix; what only its owner knows stands in angle brackets."""
    return tuple(_commands(fix))


def _commands(fix: Fix) -> Iterator[str]:
    changed = {edit.source.name: edit.source for remedy in fix.remedies for edit in remedy.edits}
    for remedy in fix.remedies:
        if remedy.attached is not None:
            attached = shlex.quote(encode(decode(remedy.attached)))
            yield from _put_policy(fix.call, attached)
    # The changed call has the texts to which the edits led.
    for layer, document in _documents(fix.call.policies):
        before = changed.get(document.source.name)
        if before is not None and before.text != document.source.text:
            yield from _update(fix.call, layer, document, whole=before.origin is None)
    if any(remedy.changed is not None for remedy in fix.remedies):
        yield assume_role_command(fix.call)


def _documents(policies: Policies) -> Iterator[tuple[Layer, Document]]:
    for layer in Layer:
        for level in policies.levels(layer):
            yield from ((layer, compiled.policy.document) for compiled in level)


def _update(call: Call, layer: Layer, document: Document, *, whole: bool) -> Iterator[str]:
    file = _argument(document, whole=whole)
    caller = principal_arn(call.caller.principal)
    match layer:
        case Layer.TRUST if call.role is not None:
            name = shlex.quote(call.role.arn.name)
            yield f"aws iam update-assume-role-policy --role-name {name} --policy-document {file}"
        case Layer.IDENTITY:
            yield from _put_policy(call, file, document.attachment)
        case Layer.BOUNDARY:
            arn = f"arn:{caller.partition}:iam::{caller.account}:policy/<boundary>"
            yield _new_version(arn, file)
        case Layer.SCP | Layer.RCP:
            yield f"aws organizations update-policy --policy-id <policy-id> --content {file}"
        case _:
            pass  # a session policy is passed anew with the next session


def _put_policy(call: Call, document: str, found: Attachment | None = None) -> Iterator[str]:
    """Yield the command that stores an identity-based policy where it came from."""
    caller = principal_arn(call.caller.principal)
    if found is not None and found.kind == "managed":
        yield _new_version(f"arn:{caller.partition}:iam::{caller.account}:policy/<name>", document)
        return
    kind = found.kind if found else caller.kind
    owner = found.owner if found and found.owner else caller.name
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
    if parameters.tags:
        words += ["--tags", *(f"Key={key},Value={value}" for key, value in parameters.tags)]
    if parameters.transitive_tag_keys:
        words += ["--transitive-tag-keys", *parameters.transitive_tag_keys]
    return " ".join(w if w in ("<session-name>", "<code>") else shlex.quote(w) for w in words)
