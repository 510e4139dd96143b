"""What a call of STS and its role add to the context of any request.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simulator.evaluation.context import Particulars
from simulator.federation.keys import role_authorized, web_identity_keys
from simulator.federation.model import WebIdentity
from simulator.request.context import Several
from simulator.request.derived import tag_keys
from simulator.request.principal import account_of
from simulator.sts.operations import OF_ROLES, Operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from simulator.federation.model import Text
    from simulator.request.context import Value
    from simulator.sts.call import Call, Identity, Role

_RESOURCE_TAGS = ("aws:ResourceTag", "iam:ResourceTag")  # CTX-16
_CONTEXT = "sts:RequestContext"
_OF_CALLER = re.compile(
    r"aws:(?:(?:multifactorauth|principal).*|username|userid|sourceidentity|tokenissuetime"
    r"|federatedprovider)"
)


def of_caller(names: Iterable[str]) -> tuple[str, ...]:
    """Return the keys, of some in lower case, that tell who calls and with which session."""
    return tuple(name for name in names if _OF_CALLER.fullmatch(name))


def particulars(call: Call, owner: str | None) -> Particulars:
    """Return what a call on a resource of an account adds to the context of any request."""
    of_role = call.operation in OF_ROLES
    unnamed = of_role and call.parameters.role_session_name is None
    return Particulars(
        dict(_call_keys(call, owner)),
        unknown=("sts:RoleSessionName",) if unnamed else (),  # CTX-19
        doubtful=tuple(_doubtful(call)),
        same_account=owner is not None and account_of(call.principal) == owner,
    )


def _doubtful(call: Call) -> Iterator[str]:
    if call.role is not None and call.role.tags is None:
        yield from (f"{prefix}/" for prefix in _RESOURCE_TAGS)
    if call.parameters.provided_contexts:
        yield f"{_CONTEXT}/"  # CTX-26: what an assertion says is not read


def _call_keys(call: Call, owner: str | None) -> Iterator[tuple[str, Value]]:
    """Yield the keys that follow from the parameters, the role, and the token or assertion."""
    if owner is not None:
        yield "aws:ResourceAccount", owner  # CTX-15
    yield from _identity_keys(call)
    yield from _parameter_keys(call)
    if call.role is not None:
        for prefix in _RESOURCE_TAGS:
            yield from tag_keys(prefix, _target_tags(call, call.role))


def _identity_keys(call: Call) -> Iterator[tuple[str, Value]]:
    """Yield the keys of a token or an assertion."""  # CTX-40, STS-60, STS-61
    if call.identity is not None:
        for key, value in condition_keys(call.identity).items():
            yield key, value if isinstance(value, str) else Several(value)
    if isinstance(call.identity, WebIdentity):
        by_issuer = role_authorized(call.identity, call.parameters.role_arn)
        if by_issuer is not None:
            yield "sts:RoleAuthorizedByIdp", str(by_issuer).lower()  # CTX-40


def condition_keys(identity: Identity) -> Mapping[str, Text]:
    """Return what a token or an assertion says, as condition keys."""
    if isinstance(identity, WebIdentity):
        return web_identity_keys(identity)
    return identity.attributes


def _parameter_keys(call: Call) -> Iterator[tuple[str, Value]]:
    parameters = call.parameters
    if parameters.external_id is not None:
        yield "sts:ExternalId", parameters.external_id  # CTX-18
    if parameters.role_session_name is not None:
        yield "sts:RoleSessionName", parameters.role_session_name  # CTX-19
    if parameters.serial_number is not None and parameters.token_code is not None:
        yield "aws:MultiFactorAuthPresent", "true"  # CTX-8
        yield "aws:MultiFactorAuthAge", "0"  # CTX-9
    source_identity = parameters.source_identity or call.kept_source_identity
    if source_identity is not None and call.operation in OF_ROLES:
        yield "sts:SourceIdentity", source_identity  # CTX-20, STS-75
    yield from tag_keys("aws:RequestTag", dict(parameters.tags))  # CTX-17
    if parameters.tags:
        yield "aws:TagKeys", Several(key for key, _ in parameters.tags)
    if parameters.transitive_tag_keys:
        yield "sts:TransitiveTagKeys", Several(parameters.transitive_tag_keys)  # CTX-21
    if parameters.provided_contexts:
        providers = dict.fromkeys(provider for provider, _ in parameters.provided_contexts)
        yield f"{_CONTEXT}Providers", Several(providers)  # CTX-26
    if call.operation is Operation.ASSUME_ROOT and parameters.task_policy_arn is not None:
        yield "sts:TaskPolicyArn", parameters.task_policy_arn  # CTX-27


def _target_tags(call: Call, role: Role) -> Mapping[str, str]:
    inherited = call.inherited_tags
    replaced = {key.lower() for key in inherited}
    own = {k: v for k, v in (role.tags or {}).items() if k.lower() not in replaced}
    return {**own, **inherited}  # STS-73
