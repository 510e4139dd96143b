"""The request context of an AssumeRole call: derived, given, or a fact that nobody said.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog.keys import MFA_AGE, MFA_PRESENT
from simulator.catalog.roles import IDENTITY_CENTER_NAME
from simulator.decision.verdict import Layer
from simulator.matcher.glob import compile_glob, read_glob
from simulator.matcher.operators import read_date
from simulator.request.context import RequestContext, Several
from simulator.request.principal import (
    AccountRoot,
    FederatedUser,
    RoleSession,
    User,
    principal_arn,
)
from simulator.sts.call import Credentials

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.evaluate import Policies
    from simulator.request.principal import Principal
    from simulator.sts.call import Call, Role

Values = tuple[str, ...]

# Every real call has these; nobody can derive them.
_ALWAYS = (
    "aws:SourceIp",
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:RequestedRegion",
    "aws:UserAgent",
)
_ORGANIZATION = (
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
)
_THROUGH_ENDPOINT = ("aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourcevpcarn")
_TYPES: Mapping[type, str] = {  # CTX-4
    User: "User",
    RoleSession: "AssumedRole",
    FederatedUser: "FederatedUser",
    AccountRoot: "Account",
}
_RESOURCE_TAGS = ("aws:ResourceTag", "iam:ResourceTag")  # CTX-16


def build_context(call: Call, role: Role) -> RequestContext:
    """Return the context of a call on a role that exists."""
    values: dict[str, Values] = {}
    open_path = has_open_path(call)
    values |= _principal_keys(call.caller.principal)
    if open_path:
        del values["aws:PrincipalArn"]
    values |= _constants(call, role)
    values |= _mfa_keys(call)
    values |= _session_keys(call)
    values |= _tags("aws:PrincipalTag", call.caller.tags or {})  # CTX-7
    for prefix in _RESOURCE_TAGS:
        values |= _tags(prefix, _target_tags(call, role))
    values = {key.lower(): value for key, value in values.items()}
    values |= {key.lower(): value for key, value in call.context.items()}
    values |= _implied(call, role, values)
    with_mfa = values.get(MFA_PRESENT) == ("true",)
    if not with_mfa and MFA_AGE not in {key.lower() for key in call.context}:
        values.pop(MFA_AGE, None)  # CTX-9
    return RequestContext(
        values, _facts(call, with_mfa=with_mfa, open_path=open_path), _doubts(call, role)
    )


def _principal_keys(principal: Principal) -> Iterator[tuple[str, Values]]:
    yield "aws:PrincipalArn", (str(principal_arn(principal)),)  # CTX-1
    yield "aws:PrincipalAccount", (principal.arn.account,)  # CTX-2
    yield "aws:PrincipalType", (_TYPES[type(principal)],)
    if isinstance(principal, User):
        yield "aws:username", (principal.arn.name,)  # CTX-6
    user_id = _user_id(principal)
    if user_id is not None:
        yield "aws:userid", (user_id,)


def has_open_path(call: Call) -> bool:
    """Whether an answer may hang on the path of the caller's role, which nobody told.

    A session's ARN does not tell it. It matters where a policy asks for a role of this name with a
    path, and to the roles of Identity Center, which have one that names a region.
    """  # CTX-1
    principal = call.caller.principal
    if not isinstance(principal, RoleSession) or principal.role is not None or call.closed_world:
        return False
    return principal.role_name.startswith(IDENTITY_CENTER_NAME) or any(
        _asks_for_path(text, principal.role_name) for text in _asked_principals(call.policies)
    )


def _asked_principals(policies: Policies) -> Iterator[str]:
    for layer in Layer:
        for level in policies.levels(layer):
            for compiled in level:
                for statement in compiled.policy.statements:
                    for test in statement.conditions:
                        if test.key.lower() == "aws:principalarn":
                            yield from test.values.items


def _asks_for_path(pattern: str, role_name: str) -> bool:
    resource = pattern.split(":", 5)[-1]
    path, _, name = resource.removeprefix("role/").rpartition("/")
    return path != "" and compile_glob(read_glob(name))(role_name)


def _user_id(principal: Principal) -> str | None:
    match principal:  # CTX-5
        case User(unique_id=str(unique_id)):
            return unique_id
        case RoleSession(unique_id=str(unique_id)):
            return f"{unique_id}:{principal.arn.name}"
        case AccountRoot():
            return principal.arn.account
        case FederatedUser():
            return f"{principal.arn.account}:{principal.arn.name}"
        case _:
            return None


def _constants(call: Call, role: Role) -> Iterator[tuple[str, Values]]:
    yield "aws:SecureTransport", ("true",)  # CTX-13
    yield "aws:ViaAWSService", ("false",)
    yield "aws:PrincipalIsAWSService", ("false",)
    yield "aws:ResourceAccount", (role.arn.account,)  # CTX-15
    if call.parameters.external_id is not None:
        yield "sts:ExternalId", (call.parameters.external_id,)  # CTX-18
    if call.parameters.role_session_name is not None:
        yield "sts:RoleSessionName", (call.parameters.role_session_name,)  # CTX-19


def _mfa_keys(call: Call) -> Iterator[tuple[str, Values]]:
    caller, parameters = call.caller, call.parameters
    if parameters.serial_number is not None and parameters.token_code is not None:
        yield "aws:MultiFactorAuthPresent", ("true",)  # CTX-8
        yield "aws:MultiFactorAuthAge", ("0",)  # CTX-9
    elif caller.credentials is Credentials.SESSION_TOKEN_WITH_MFA:
        yield "aws:MultiFactorAuthPresent", ("true",)
        if caller.mfa_age_seconds is not None:
            yield "aws:MultiFactorAuthAge", (str(caller.mfa_age_seconds),)
    elif caller.temporary:
        yield "aws:MultiFactorAuthPresent", ("false",)  # CTX-41


def _session_keys(call: Call) -> Iterator[tuple[str, Values]]:
    caller, parameters = call.caller, call.parameters
    if caller.source_identity is not None:
        yield "aws:SourceIdentity", (caller.source_identity,)  # STS-75, CTX-20
    source_identity = parameters.source_identity or caller.source_identity
    if source_identity is not None:
        yield "sts:SourceIdentity", (source_identity,)
    yield from _tags("aws:RequestTag", dict(parameters.tags)).items()  # CTX-17
    if parameters.tags:
        yield "aws:TagKeys", Several(key for key, _ in parameters.tags)
    if parameters.transitive_tag_keys:
        yield "sts:TransitiveTagKeys", Several(parameters.transitive_tag_keys)  # CTX-21


def _tags(prefix: str, tags: Mapping[str, str]) -> dict[str, Values]:
    return {f"{prefix}/{key}": (value,) for key, value in tags.items()}


def _target_tags(call: Call, role: Role) -> Mapping[str, str]:
    inherited = call.caller.inherited_tags
    replaced = {key.lower() for key in inherited}
    own = {k: v for k, v in (role.tags or {}).items() if k.lower() not in replaced}
    return {**own, **inherited}  # STS-73


def _implied(call: Call, role: Role, values: Mapping[str, Values]) -> Iterator[tuple[str, Values]]:
    """Yield what follows from keys that were given."""
    time, epoch = values.get("aws:currenttime"), values.get("aws:epochtime")
    if time and not epoch:
        instant = read_date(time[0])
        if instant is not None:
            yield "aws:epochtime", (str(instant[0]),)
    elif epoch and not time:
        yield "aws:currenttime", epoch
    if call.caller.principal.arn.account == role.arn.account:
        for ours, theirs in (
            ("principalorgid", "resourceorgid"),
            ("resourceorgid", "principalorgid"),
        ):
            known = values.get(f"aws:{ours}")
            if known is not None and f"aws:{theirs}" not in values:
                yield f"aws:{theirs}", known


def _facts(call: Call, *, with_mfa: bool, open_path: bool) -> Iterator[str]:
    """Yield the keys that every such call has, but whose value nobody can derive."""
    given = {key.lower() for key, value in call.context.items() if value}
    through_endpoint = any(key in given for key in _THROUGH_ENDPOINT)
    yield from (
        name for name in _ALWAYS if name != "aws:SourceIp" or not through_endpoint
    )  # CTX-11
    yield from ("aws:userid", "sts:RoleSessionName")
    if open_path:
        yield "aws:PrincipalArn"
    if call.caller.temporary:
        yield "aws:TokenIssueTime"  # CTX-10
    if with_mfa:
        yield "aws:MultiFactorAuthAge"  # CTX-9


def _doubts(call: Call, role: Role) -> Iterator[str]:
    """Yield the keys of which nobody said whether the call has them."""
    if call.closed_world:
        return
    yield from _ORGANIZATION  # CTX-3
    if call.caller.tags is None:
        yield "aws:PrincipalTag/"
    if role.tags is None:
        yield from (f"{prefix}/" for prefix in _RESOURCE_TAGS)
