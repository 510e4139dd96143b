"""IAM70x: STS itself refuses the call, whatever the policies say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.diagnosis.asked import of_call
from simulator.diagnosis.cause import Cause, Remedy
from simulator.diagnosis.changes import mfa_device, with_code
from simulator.diagnosis.findings import Finding, StsRefusal
from simulator.diagnostic import Access
from simulator.sts.assume_role import Rule

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
            return call.caller.source_identity, parameters.source_identity
        case Rule.MFA_DEVICE:
            return "a device of the caller", parameters.serial_number
        case Rule.PARAMETERS:
            return "parameters within the limits of STS", finding.refusal.error.message
        case Rule.ROOT_CALLER | Rule.FEDERATED_CALLER:
            return "a user or a role session", str(call.caller.principal.arn)
        case _:
            return None, None


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
    device = call.parameters.serial_number or mfa_device(call.caller.principal)
    if device is not None:
        title = "pass the MFA device and the code together"
        yield Remedy(title, Access.UNCHANGED, of_call(lambda c: with_code(c, device)))
    yield Remedy("leave out both MFA parameters", Access.UNCHANGED, of_call(_without_mfa))


def _own_device(call: Call) -> Iterator[Remedy]:
    device = mfa_device(call.caller.principal)
    if device is not None and device != call.parameters.serial_number:
        title = f"pass `--serial-number {device}`, if that is the caller's device"
        yield Remedy(title, Access.UNCHANGED, of_call(lambda c: with_code(c, device)))
    yield Remedy("leave out both MFA parameters", Access.UNCHANGED, of_call(_without_mfa))


def _without_mfa(call: Call) -> Call:
    return call._replace(parameters=call.parameters._replace(serial_number=None, token_code=None))


def _last(seconds: int) -> Remedy:
    return Remedy(
        f"ask for {seconds} seconds",
        Access.UNCHANGED,
        of_call(lambda c: c._replace(parameters=c.parameters._replace(duration_seconds=seconds))),
    )


def _without_inherited(call: Call) -> Call:
    inherited = {key.lower() for key in call.caller.inherited_tags}
    tags = tuple(t for t in call.parameters.tags if t[0].lower() not in inherited)
    keys = tuple(k for k in call.parameters.transitive_tag_keys if k.lower() not in inherited)
    return call._replace(parameters=call.parameters._replace(tags=tags, transitive_tag_keys=keys))
