"""The condition keys that follow from who calls, and those that every real request has.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog import keys
from simulator.readings import read_date
from simulator.request.caller import Credentials
from simulator.request.principal import (
    AccountRoot,
    FederatedUser,
    RoleSession,
    User,
    principal_arn,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.request.caller import Caller
    from simulator.request.context import Value
    from simulator.request.principal import Signed

#: Every real call has these; nobody can derive them.
ALWAYS = (  # CTX-11, CTX-12, CTX-13
    "aws:SourceIp",
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:RequestedRegion",
    "aws:UserAgent",
)
ORGANIZATION = (  # CTX-3, CTX-15
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
)
#: Every call through a VPC endpoint has these instead of a public address.
THROUGH_ENDPOINT = ("aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourcevpcarn")
_TYPES: Mapping[type, str] = {  # CTX-4
    User: "User",
    RoleSession: "AssumedRole",
    FederatedUser: "FederatedUser",
    AccountRoot: "Account",
}


def caller_keys(caller: Caller) -> Iterator[tuple[str, Value]]:
    """Yield the keys that speak of the caller."""
    principal = caller.principal
    yield "aws:PrincipalArn", str(principal_arn(principal))  # CTX-1
    yield "aws:PrincipalAccount", principal.arn.account  # CTX-2
    yield "aws:PrincipalType", _TYPES[type(principal)]
    if isinstance(principal, User):
        yield "aws:username", principal.arn.name  # CTX-6, VAR-9
    user_id = _user_id(principal)
    if user_id is not None:
        yield "aws:userid", user_id
    yield from _mfa_keys(caller)
    if caller.source_identity is not None:
        yield "aws:SourceIdentity", caller.source_identity  # STS-75, CTX-20
    yield from tag_keys("aws:PrincipalTag", caller.tags or {})  # CTX-7
    yield from caller.federation.items()  # CTX-23, CTX-25, STS-63
    if caller.issued is not None:
        yield "aws:TokenIssueTime", str(caller.issued)  # CTX-10
    if caller.assumed_root:
        yield "aws:AssumedRoot", "true"  # CTX-27


def _user_id(principal: Signed) -> str | None:
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


def _mfa_keys(caller: Caller) -> Iterator[tuple[str, Value]]:
    if caller.credentials is Credentials.SESSION_TOKEN_WITH_MFA:
        yield "aws:MultiFactorAuthPresent", "true"  # CTX-8
        if caller.mfa_age_seconds is not None:
            yield "aws:MultiFactorAuthAge", str(caller.mfa_age_seconds)
    elif caller.temporary:
        yield "aws:MultiFactorAuthPresent", "false"  # CTX-41


def tag_keys(prefix: str, tags: Mapping[str, str]) -> Iterator[tuple[str, Value]]:
    """Yield the keys under which tags are found."""
    for key, value in tags.items():
        yield f"{prefix}/{key}", value


def constants(*, by_service: bool = False) -> Iterator[tuple[str, Value]]:
    """Yield what is so of every request that is not said to be otherwise."""  # CTX-13
    yield "aws:SecureTransport", "true"
    yield "aws:ViaAWSService", "false"
    yield "aws:PrincipalIsAWSService", "true" if by_service else "false"


def implied(
    values: Mapping[str, Value], given: Mapping[str, Value], *, same_account: bool
) -> Iterator[tuple[str, Value]]:
    """Yield what follows from keys that are known, in lower case, for those that were not given."""
    if values.get("aws:calledvia") and "aws:viaawsservice" not in map(str.lower, given):
        yield "aws:viaawsservice", "true"  # CTX-14
    time, epoch = values.get("aws:currenttime"), values.get("aws:epochtime")
    if isinstance(time, str) and not epoch:
        instant = read_date(time)
        if instant is not None:
            yield "aws:epochtime", str(instant[0])
    elif isinstance(epoch, str) and not time:
        yield "aws:currenttime", epoch
    if same_account:
        for ours, theirs in (
            ("principalorgid", "resourceorgid"),
            ("resourceorgid", "principalorgid"),
        ):
            known = values.get(f"aws:{ours}")
            if f"aws:{ours}" in values and f"aws:{theirs}" not in values:
                yield f"aws:{theirs}", known


def without_stale_age(values: Mapping[str, Value], given: Mapping[str, Value]) -> dict[str, Value]:
    """Return keys in lower case without an age of MFA where the call has no MFA."""  # CTX-9
    said = {key.lower() for key in given}
    stale = values.get(keys.MFA_PRESENT) != "true" and keys.MFA_AGE not in said
    return {key: value for key, value in values.items() if key != keys.MFA_AGE or not stale}


def facts(
    values: Mapping[str, Value], *, temporary: bool = False, has_address: bool = True
) -> Iterator[str]:
    """Yield the keys that such a request has, but whose value nobody can derive.

    `values` are the keys that are known, in lower case; `has_address` is false of a request that
    does not come from a public address.
    """
    has_address = has_address and not any(values.get(key) for key in THROUGH_ENDPOINT)
    yield from (n for n in ALWAYS if n != "aws:SourceIp" or has_address)  # CTX-11
    yield "aws:userid"
    if temporary:
        yield "aws:TokenIssueTime"  # CTX-10
    if values.get(keys.MFA_PRESENT) == "true":
        yield "aws:MultiFactorAuthAge"  # CTX-9
