"""What an AssumeRole call and its role add to the context of any request.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.evaluation.context import Particulars
from simulator.request.context import Several
from simulator.request.derived import tag_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.request.context import Value
    from simulator.sts.call import Call, Role

_RESOURCE_TAGS = ("aws:ResourceTag", "iam:ResourceTag")  # CTX-16


def particulars(call: Call, role: Role) -> Particulars:
    """Return what a call on a role that exists adds to the context of any request."""
    unnamed = call.parameters.role_session_name is None
    return Particulars(
        dict(_call_keys(call, role)),
        unknown=("sts:RoleSessionName",) if unnamed else (),  # CTX-19
        doubtful=tuple(f"{prefix}/" for prefix in _RESOURCE_TAGS) if role.tags is None else (),
        same_account=call.principal.arn.account == role.arn.account,
    )


def _call_keys(call: Call, role: Role) -> Iterator[tuple[str, Value]]:
    """Yield the keys that follow from the parameters and from the role."""
    parameters = call.parameters
    yield "aws:ResourceAccount", role.arn.account  # CTX-15
    if parameters.external_id is not None:
        yield "sts:ExternalId", parameters.external_id  # CTX-18
    if parameters.role_session_name is not None:
        yield "sts:RoleSessionName", parameters.role_session_name  # CTX-19
    if parameters.serial_number is not None and parameters.token_code is not None:
        yield "aws:MultiFactorAuthPresent", "true"  # CTX-8
        yield "aws:MultiFactorAuthAge", "0"  # CTX-9
    source_identity = parameters.source_identity or call.caller.source_identity
    if source_identity is not None:
        yield "sts:SourceIdentity", source_identity  # CTX-20, STS-75
    yield from tag_keys("aws:RequestTag", dict(parameters.tags))  # CTX-17
    if parameters.tags:
        yield "aws:TagKeys", Several(key for key, _ in parameters.tags)
    if parameters.transitive_tag_keys:
        yield "sts:TransitiveTagKeys", Several(parameters.transitive_tag_keys)  # CTX-21
    for prefix in _RESOURCE_TAGS:
        yield from tag_keys(prefix, _target_tags(call, role))


def _target_tags(call: Call, role: Role) -> Mapping[str, str]:
    inherited = call.caller.inherited_tags
    replaced = {key.lower() for key in inherited}
    own = {k: v for k, v in (role.tags or {}).items() if k.lower() not in replaced}
    return {**own, **inherited}  # STS-73
