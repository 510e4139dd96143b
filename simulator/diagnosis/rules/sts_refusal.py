"""IAM70x: STS itself refuses the call, whatever the policies say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.diagnosis.asked import of_call
from simulator.diagnosis.cause import Cause, Remedy
from simulator.diagnosis.changes import mfa_device, with_code
from simulator.diagnosis.findings import Finding, StsRefusal
from simulator.diagnosis.words import listed
from simulator.diagnostic import Access
from simulator.federation.keys import audience
from simulator.federation.model import WebIdentity
from simulator.request.caller import Caller
from simulator.request.principal import called
from simulator.sts.operations import CANNOT_CALL, Kind, kind_of
from simulator.sts.refusals import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.sts.call import Call


class _Row(NamedTuple):
    code: str
    message: str
    advice: str


ROWS: Mapping[Rule, _Row] = {
    Rule.PARAMETERS: _Row(
        "IAM701",
        "STS refuses the parameters of the call",
        "AWS's answer names each parameter and what it must be like",
    ),
    Rule.ROOT_CALLER: _Row(
        "IAM702",
        "the root user of an account cannot assume a role",
        "call as a user or through a role; a principal `:root` in a policy means the whole account",
    ),
    Rule.FEDERATED_CALLER: _Row(
        "IAM703",
        "a session made with GetFederationToken cannot assume a role",
        "call with the credentials of the user who made the session",
    ),
    Rule.MFA_HALF: _Row(
        "IAM704",
        "the MFA device and the code have to be passed together",
        "pass both `--serial-number` and `--token-code`, or neither",
    ),
    Rule.MFA_DEVICE: _Row(
        "IAM705",
        "the MFA device is not one of the caller's",
        "only a user has devices; a virtual one has the ARN `arn:aws:iam::ACCOUNT:mfa/NAME`",
    ),
    Rule.CHAIN_DURATION: _Row(
        "IAM706",
        "a session that is made from a session lasts one hour at most",
        "ask for 3600 seconds or less, or call with long-term credentials",
    ),
    Rule.MAXIMUM_DURATION: _Row(
        "IAM707",
        "the session is to last longer than the role admits",
        "ask for less, or raise the role's maximum session duration",
    ),
    Rule.TAG_INHERITED: _Row(
        "IAM708",
        "a tag is passed that the caller's session already hands on",
        "leave the tag out: an inherited tag cannot be set again, not even to the same value",
    ),
    Rule.SOURCE_IDENTITY_SET: _Row(
        "IAM709",
        "the source identity was set before and cannot be changed",
        "leave it out, or pass the one that the session already has",
    ),
    Rule.EXPIRED: _Row(
        "IAM710",
        "the credentials that sign the call have expired",
        "make the session anew; a session made from a session lasts one hour at most",
    ),
    Rule.TOKEN_EXPIRED: _Row(
        "IAM711",
        "the token has expired",
        "get a new token from the provider: most last a few minutes only",
    ),
    Rule.NO_PROVIDER: _Row(
        "IAM712",
        "the role's account has no identity provider for the issuer of the token",
        "create the provider in the account of the role, with exactly the issuer's address",
    ),
    Rule.AUDIENCE: _Row(
        "IAM713",
        "the audience of the token is none of the provider's client ids",
        "ask the issuer for a token with one of these audiences, or add this one to the provider",
    ),
    Rule.ASSERTION: _Row(
        "IAM714",
        "STS does not take the assertion",
        "AWS's answer says which attribute the identity provider has to send, and how",
    ),
    Rule.CREDENTIALS: _Row(
        "IAM715",
        "this operation cannot be called with credentials of this kind",
        "which credentials may call what is a rule of STS, and no policy can allow it",
    ),
    Rule.NOT_CENTRAL: _Row(
        "IAM716",
        "only the management account, or a delegated administrator, can act as another's root user",
        "call from the organization's management account, or from the administrator for IAM",
    ),
    Rule.RESERVED_ROLE: _Row(
        "IAM717",
        "roles of IAM Identity Center are assumed through Identity Center alone",
        "sign in through the access portal, or with `aws sso login`",
    ),
    Rule.SESSION_POLICY: _Row(
        "IAM718",
        "STS does not take the policy for the new session",
        "a session policy is an identity-based policy: whole ARNs, and no principals",
    ),
    Rule.PACKED_SIZE: _Row(
        "IAM719",
        "the policies for the new session are too long",
        "pass less, or the ARN of a managed policy in the place of its text",
    ),
    Rule.NOT_SIGNED: _Row(
        "IAM721",
        "the call is not signed, and this operation needs credentials",
        "sign it with credentials: only calls with a token or an assertion go without",
    ),
    Rule.BAD_MESSAGE: _Row(
        "IAM720",
        "this is no authorization message that can be decoded here",
        "only AWS can decode what AWS encoded: `aws sts decode-authorization-message`",
    ),
}


def sts_refusal(finding: Finding) -> Iterator[Cause]:
    """Report the rule of STS that refuses the call."""
    if not isinstance(finding, StsRefusal) or finding.refusal.rule not in ROWS:
        return
    row = ROWS[finding.refusal.rule]
    wanted, given = _told(finding)
    yield Cause(
        row.code,
        "sts",
        row.message,
        wanted=wanted,
        given=given,
        help=row.advice,
        remedies=tuple(_remedies(finding)),
    )


def _told(finding: StsRefusal) -> tuple[str | None, str | None]:
    call, parameters = finding.call, finding.call.parameters
    maximum = call.role.max_session_duration if call.role else None
    match finding.refusal.rule:
        case Rule.CHAIN_DURATION:
            return "at most 3600 seconds", f"{parameters.duration_seconds} seconds"
        case Rule.MAXIMUM_DURATION:
            return f"at most {maximum} seconds", f"{parameters.duration_seconds} seconds"
        case Rule.SOURCE_IDENTITY_SET:
            return call.kept_source_identity, parameters.source_identity
        case Rule.MFA_DEVICE:
            return "a device of the caller", parameters.serial_number
        case Rule.PARAMETERS:
            return "parameters within the limits of STS", finding.refusal.error.message
        case Rule.ROOT_CALLER | Rule.FEDERATED_CALLER:
            return "a user or a role session", called(call.principal)
        case Rule.CREDENTIALS:
            return _may_call(call), f"{kind_of(call.caller)} ({called(call.principal)})"
        case Rule.AUDIENCE if isinstance(call.identity, WebIdentity):
            wanted = listed(tuple(sorted(call.provider.client_ids or ())))
            return wanted or "a client id, and it has none", listed(audience(call.identity))
        case Rule.NO_PROVIDER if isinstance(call.identity, WebIdentity):
            return "a provider of the role's account", f"https://{call.identity.issuer}"
        case Rule.SESSION_POLICY | Rule.ASSERTION:
            return None, finding.refusal.error.message
        case _:
            return None, None


def _may_call(call: Call) -> str:
    kinds = (kind for kind in Kind if kind not in CANNOT_CALL[call.operation])
    return " or ".join(kind for kind in kinds if kind is not Kind.NOBODY)


def _remedies(finding: StsRefusal) -> Iterator[Remedy]:
    role = finding.call.role
    match finding.refusal.rule:
        case Rule.CHAIN_DURATION:
            yield _last(3600)
        case Rule.MAXIMUM_DURATION if role is not None and role.max_session_duration:
            yield _last(role.max_session_duration)
        case Rule.SOURCE_IDENTITY_SET:
            yield Remedy(
                "leave out `--source-identity`",
                Access.UNCHANGED,
                of_call(
                    lambda c: c._replace(parameters=c.parameters._replace(source_identity=None))
                ),
            )
        case Rule.TAG_INHERITED:
            yield Remedy(
                "leave out the inherited tags", Access.UNCHANGED, of_call(_without_inherited)
            )
        case Rule.MFA_HALF:
            yield from _whole_mfa(finding.call)
        case Rule.MFA_DEVICE:
            yield from _own_device(finding.call)
        case _:
            pass


def _whole_mfa(call: Call) -> Iterator[Remedy]:
    device = call.parameters.serial_number or _device(call)
    if device is not None:
        title = "pass the MFA device and the code together"
        yield Remedy(title, Access.UNCHANGED, of_call(lambda c: with_code(c, device)))
    yield Remedy("leave out both MFA parameters", Access.UNCHANGED, of_call(_without_mfa))


def _own_device(call: Call) -> Iterator[Remedy]:
    device = _device(call)
    if device is not None and device != call.parameters.serial_number:
        title = f"pass `--serial-number {device}`, if that is the caller's device"
        yield Remedy(title, Access.UNCHANGED, of_call(lambda c: with_code(c, device)))
    yield Remedy("leave out both MFA parameters", Access.UNCHANGED, of_call(_without_mfa))


def _device(call: Call) -> str | None:
    """Return the device of a caller, one that is known or the usual one."""
    if call.mfa_devices is not None:
        return min(call.mfa_devices, default=None)
    return mfa_device(call.caller.principal) if isinstance(call.caller, Caller) else None


def _without_mfa(call: Call) -> Call:
    return call._replace(parameters=call.parameters._replace(serial_number=None, token_code=None))


def _last(seconds: int) -> Remedy:
    return Remedy(
        f"ask for {seconds} seconds",
        Access.UNCHANGED,
        of_call(lambda c: c._replace(parameters=c.parameters._replace(duration_seconds=seconds))),
    )


def _without_inherited(call: Call) -> Call:
    inherited = {key.lower() for key in call.inherited_tags}
    tags = tuple(t for t in call.parameters.tags if t[0].lower() not in inherited)
    keys = tuple(k for k in call.parameters.transitive_tag_keys if k.lower() not in inherited)
    return call._replace(parameters=call.parameters._replace(tags=tags, transitive_tag_keys=keys))
