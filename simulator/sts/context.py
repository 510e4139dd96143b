"""The request context of an AssumeRole call: derived, given, or a fact that nobody said.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.verdict import Layer
from simulator.evaluation.open_path import has_open_path
from simulator.request.context import RequestContext, Several
from simulator.request.derived import (
    ORGANIZATION,
    THROUGH_ENDPOINT,
    caller_keys,
    constants,
    facts,
    implied,
    tag_keys,
    without_stale_age,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.request.context import Value
    from simulator.sts.call import Call, Role

_RESOURCE_TAGS = ("aws:ResourceTag", "iam:ResourceTag")  # CTX-16


def build_context(call: Call, role: Role) -> RequestContext:
    """Return the context of a call on a role that exists."""
    derived = dict((*caller_keys(call.caller), *constants(), *_call_keys(call, role)))
    told = RequestContext(call.context)  # KEY-CASE: what is said twice and differently
    open_path = has_open_path(call.caller.principal, call.policies, closed=call.closed_world)
    if open_path:
        del derived["aws:PrincipalArn"]
    values = {key.lower(): value for key, value in derived.items()}
    values |= told.known
    values = {key: value for key, value in values.items() if key not in told.unknown}
    same_account = call.caller.principal.arn.account == role.arn.account
    values = without_stale_age(
        values | dict(implied(values, call.context, same_account=same_account)), call.context
    )
    through_endpoint = bool(call.policies.levels(Layer.ENDPOINT))
    found = facts(values, temporary=call.caller.temporary, has_address=not through_endpoint)
    unknown = [
        *found,
        *told.unknown,
        "sts:RoleSessionName",
        *(THROUGH_ENDPOINT if through_endpoint else ()),
    ]
    if open_path:
        unknown.append("aws:PrincipalArn")
    return RequestContext(values, unknown, _doubts(call, role))


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


def _doubts(call: Call, role: Role) -> Iterator[str]:
    """Yield the keys of which nobody said whether the call has them."""
    if call.closed_world:
        return
    yield from ORGANIZATION  # CTX-3
    if call.caller.tags is None:
        yield "aws:PrincipalTag/"
    if role.tags is None:
        yield from (f"{prefix}/" for prefix in _RESOURCE_TAGS)
