"""The rules of STS that refuse calls, as they are told: code, message, wanted, given, advice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from simulator.diagnosis.near.devices import MISSES, pair
from simulator.diagnosis.near.miss import least
from simulator.diagnosis.words import listed
from simulator.federation.keys import audience
from simulator.federation.model import WebIdentity
from simulator.readings import iso
from simulator.request.caller import Caller
from simulator.request.principal import account_of, called
from simulator.sts.operations import CANNOT_CALL, Kind, kind_of
from simulator.sts.refusals import (
    LONGEST_POLICIES,
    Rule,
    region_to_enable,
    size_of_policies,
    time_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.diagnosis.findings import StsRefusal
    from simulator.sts.call import Call

#: What is wanted of a call that a rule refuses, and what it has.
Told: TypeAlias = "tuple[str | None, str | None]"


class Row(NamedTuple):
    """How a refusal is told; each code has a page in `docs/diagnoses/`."""

    code: str
    message: str
    advice: str


ROWS: Mapping[Rule, Row] = {
    Rule.PARAMETERS: Row(
        "IAM701",
        "STS refuses the parameters of the call",
        "AWS's answer names each parameter and what it must be like",
    ),
    Rule.ROOT_CALLER: Row(
        "IAM702",
        "the root user of an account cannot assume a role",
        "call as a user or through a role; a principal `:root` in a policy means the whole account",
    ),
    Rule.FEDERATED_CALLER: Row(
        "IAM703",
        "a session made with GetFederationToken cannot assume a role",
        "call with the credentials of the user who made the session",
    ),
    Rule.MFA_HALF: Row(
        "IAM704",
        "the MFA device and the code have to be passed together",
        "pass both `--serial-number` and `--token-code`, or neither",
    ),
    Rule.MFA_DEVICE: Row(
        "IAM705",
        "the MFA device is not one of the caller's",
        "only a user has devices; a virtual one has the ARN `arn:aws:iam::ACCOUNT:mfa/NAME`",
    ),
    Rule.CHAIN_DURATION: Row(
        "IAM706",
        "a session that is made from a session lasts one hour at most",
        "ask for 3600 seconds or less, or call with long-term credentials",
    ),
    Rule.MAXIMUM_DURATION: Row(
        "IAM707",
        "the session is to last longer than the role admits",
        "ask for less, or raise the role's maximum session duration",
    ),
    Rule.TAG_INHERITED: Row(
        "IAM708",
        "a tag is passed that the caller's session already hands on",
        "leave the tag out: an inherited tag cannot be set again, not even to the same value",
    ),
    Rule.SOURCE_IDENTITY_SET: Row(
        "IAM709",
        "the source identity was set before and cannot be changed",
        "leave it out, or pass the one that the session already has",
    ),
    Rule.EXPIRED: Row(
        "IAM710",
        "the credentials that sign the call have expired",
        "make the session anew; a session made from a session lasts one hour at most",
    ),
    Rule.REGION: Row(
        "IAM722",
        "the call goes to a Region that the caller's account has not enabled",
        "STS in such a Region knows nobody of the account: it is the account of the caller that"
        " counts, and not the role's",
    ),
    Rule.TOKEN_EXPIRED: Row(
        "IAM711",
        "the token has expired",
        "get a new token from the provider: most last a few minutes only",
    ),
    Rule.NO_PROVIDER: Row(
        "IAM712",
        "the role's account has no identity provider for the issuer of the token",
        "create the provider in the account of the role, with exactly the issuer's address",
    ),
    Rule.AUDIENCE: Row(
        "IAM713",
        "the audience of the token is none of the provider's client ids",
        "ask the issuer for a token with one of these audiences, or add this one to the provider",
    ),
    Rule.ASSERTION: Row(
        "IAM714",
        "STS does not take the token or the assertion",
        "AWS's answer says what the identity provider has to send, and how",
    ),
    Rule.CREDENTIALS: Row(
        "IAM715",
        "this operation cannot be called with credentials of this kind",
        "which credentials may call what is a rule of STS, and no policy can allow it",
    ),
    Rule.NOT_CENTRAL: Row(
        "IAM716",
        "only the management account, or a delegated administrator, can act as another's root user",
        "call from the organization's management account, or from the administrator for IAM",
    ),
    Rule.RESERVED_ROLE: Row(
        "IAM717",
        "roles of IAM Identity Center are assumed through Identity Center alone",
        "sign in through the access portal, or with `aws sso login`",
    ),
    Rule.SESSION_POLICY: Row(
        "IAM718",
        "STS does not take the policy for the new session",
        "a session policy is an identity-based policy: whole ARNs, and no principals",
    ),
    Rule.PACKED_SIZE: Row(
        "IAM719",
        "the policies for the new session are too long",
        "pass less, or the ARN of a managed policy in the place of its text",
    ),
    Rule.NOT_SIGNED: Row(
        "IAM721",
        "the call is not signed, and this operation needs credentials",
        "sign it with credentials: only calls with a token or an assertion go without",
    ),
    Rule.BAD_MESSAGE: Row(
        "IAM720",
        "this is no authorization message that can be decoded here",
        "copy the whole message, from its first character to its last",
    ),
}


def told(finding: StsRefusal) -> Told:
    """Return what is wanted of a call that is refused, and what it has."""
    rule = finding.refusal.rule
    if rule in (Rule.PARAMETERS, Rule.ASSERTION):
        return _WANTED.get(rule), finding.refusal.error.message
    find = _TOLD.get(rule)
    return (None, None) if find is None else find(finding.call)


def advice(finding: StsRefusal) -> str:
    """Return what to do about a refusal, or in what little the call is not what it should be."""
    rule, serial = finding.refusal.rule, finding.call.parameters.serial_number
    if rule is not Rule.MFA_DEVICE or serial is None:
        return ROWS[rule].advice
    nearest = least((pair(finding.call, serial),), MISSES, lambda _: 1)
    return (nearest and nearest.why) or ROWS[rule].advice


def _duration(call: Call) -> str:
    return f"{call.parameters.duration_seconds} seconds"


def _maximum(call: Call) -> Told:
    maximum = call.role.max_session_duration if call.role else None
    return f"at most {maximum} seconds", _duration(call)


def _audience(call: Call) -> Told:
    wanted = listed(tuple(sorted(call.provider.client_ids or ())))
    given = audience(call.identity) if isinstance(call.identity, WebIdentity) else ()
    return wanted or "a client id, and it has none", listed(given)


def _issuer(call: Call) -> Told:
    issuer = call.identity.issuer if isinstance(call.identity, WebIdentity) else ""
    return "a provider of the role's account", f"https://{issuer}"


def _expired(call: Call) -> Told:
    expires = call.caller.expires if isinstance(call.caller, Caller) else None
    return _before(expires, call)


def _token_expired(call: Call) -> Told:
    return _before(call.identity.expires if isinstance(call.identity, WebIdentity) else None, call)


def _before(expires: int | None, call: Call) -> Told:
    now = time_of(call)
    told = (None if instant is None else iso(instant) for instant in (expires, now))
    until, at = told
    return until and f"a call before {until}", at and f"a call at {at}"


def _central(call: Call) -> Told:
    account = account_of(call.principal)
    wanted = call.management_account or "the management account of an organization"
    return wanted, account and f"a caller of {account}"


def _size(call: Call) -> Told:
    return f"at most {LONGEST_POLICIES} characters", f"{size_of_policies(call)} characters"


def _enabled(call: Call) -> Told:
    return listed(
        ("a Region that every account has", *sorted(call.regions or ()))
    ), region_to_enable(call)


def _inherited(call: Call) -> Told:
    inherited = {key.lower(): key for key in call.inherited_tags}
    again = tuple(key for key, _ in call.parameters.tags if key.lower() in inherited)
    kept = tuple(inherited[key.lower()] for key in again)
    return f"no tag `{listed(kept)}`", f"the tag `{listed(again)}`"


def _credentials(call: Call) -> Told:
    return _may_call(call), f"{kind_of(call.caller)} ({called(call.principal)})"


def _device(call: Call) -> Told:
    devices = tuple(sorted(call.mfa_devices or ()))
    return listed(devices) or "a device of the caller", call.parameters.serial_number


def _signed(call: Call) -> Told:
    return "a user or a role session", called(call.principal)


def _may_call(call: Call) -> str:
    kinds = (kind for kind in Kind if kind not in CANNOT_CALL[call.operation])
    return " or ".join(kind for kind in kinds if kind is not Kind.NOBODY)


_WANTED: Final[Mapping[Rule, str]] = {Rule.PARAMETERS: "parameters within the limits of STS"}
_TOLD: Final[Mapping[Rule, Callable[[Call], Told]]] = {
    Rule.CHAIN_DURATION: lambda call: ("at most 3600 seconds", _duration(call)),
    Rule.MAXIMUM_DURATION: _maximum,
    Rule.SOURCE_IDENTITY_SET: lambda call: (
        call.kept_source_identity,
        call.parameters.source_identity,
    ),
    Rule.MFA_DEVICE: _device,
    Rule.ROOT_CALLER: _signed,
    Rule.FEDERATED_CALLER: _signed,
    Rule.CREDENTIALS: _credentials,
    Rule.AUDIENCE: _audience,
    Rule.EXPIRED: _expired,
    Rule.REGION: _enabled,
    Rule.TOKEN_EXPIRED: _token_expired,
    Rule.NOT_CENTRAL: _central,
    Rule.PACKED_SIZE: _size,
    Rule.TAG_INHERITED: _inherited,
    Rule.SESSION_POLICY: lambda call: ("a policy that STS takes", call.new_policies.reason),
    Rule.NO_PROVIDER: _issuer,
}
