"""What STS refuses by rules of its own, whatever the policies say: before it asks them, and after.

https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.arn import ACCOUNT_ID, parse_arn
from simulator.catalog import keys
from simulator.catalog.access_key import read_access_key
from simulator.catalog.regions import OPT_IN
from simulator.catalog.roles import IDENTITY_CENTER_NAME
from simulator.decision.combine import Outcome
from simulator.federation.keys import audience, role_authorized
from simulator.federation.model import SamlAssertion, WebIdentity, is_refused
from simulator.readings import read_date
from simulator.request.caller import Caller
from simulator.request.principal import Anonymous, ServicePrincipal, User, account_of, called
from simulator.sts import errors, parameters
from simulator.sts.call import target_account
from simulator.sts.operations import CANNOT_CALL, OF_ROLES, UNSIGNED, Kind, Operation, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.arn import Arn
    from simulator.request.context import Value
    from simulator.sts.call import Call
    from simulator.sts.errors import AwsError

CHAIN_LIMIT: Final = 3600  # STS-41
LEAST_MAXIMUM: Final = 3600  # QUO-10
LONGEST_POLICIES: Final = 2048  # STS-23; characters
_SAML_TEXT = re.compile(r"[a-zA-Z_0-9+=,.@-]{2,64}")
_RESERVED = "aws:"


class Rule(StrEnum):
    """The rules of STS itself that can refuse a call, in the order in which it looks."""  # ERR-2

    EXPIRED = "expired credentials"
    REGION = "a Region that is not enabled"
    NOT_SIGNED = "no signature"
    PARAMETERS = "parameters"
    TOKEN_EXPIRED = "expired token"  # noqa: S105 - a rule, no secret
    NO_PROVIDER = "no identity provider"
    AUDIENCE = "audience of the token"
    ASSERTION = "attributes of the assertion"
    ROOT_CALLER = "root caller"
    FEDERATED_CALLER = "federated caller"
    CREDENTIALS = "kind of credentials"
    RESERVED_ROLE = "role of Identity Center"
    NOT_CENTRAL = "account that manages no other"
    MFA_HALF = "half of the MFA parameters"
    MFA_DEVICE = "MFA device"
    NO_ROLE = "no role"
    TAG_INHERITED = "tag inherited"
    SOURCE_IDENTITY_SET = "source identity set"
    CHAIN_DURATION = "duration of a chained session"
    MAXIMUM_DURATION = "maximum duration"
    SESSION_POLICY = "policy of the new session"
    PACKED_SIZE = "size of the policies of the new session"
    BAD_MESSAGE = "message to be decoded"

    @property
    def is_late(self) -> bool:
        """Whether STS asks the policies before it looks at this."""
        return self in _LATE


_LATE: Final = frozenset(list(Rule)[list(Rule).index(Rule.TAG_INHERITED) :])


class Refusal(NamedTuple):
    """A rule of STS that refuses the call, and how AWS says so."""

    rule: Rule
    outcome: Outcome
    error: AwsError


def denied(call: Call, action: str) -> AwsError:
    """Return the error of a call one of whose actions is denied."""  # ERR-18, ERR-19a, ERR-50
    if call.operation in UNSIGNED:
        return errors.unsigned_denied(call.operation.action)  # ERR-50, ERR-55
    return errors.access_denied(called(call.principal), action, call.resource)


def early(call: Call) -> Iterator[Refusal]:
    """Yield what STS refuses before it asks the policies."""
    now = time_of(call)
    if isinstance(call.caller, Caller) and _is_over(call.caller.expires, now):
        yield Refusal(Rule.EXPIRED, Outcome.ERROR, errors.CREDENTIALS_EXPIRED)  # ERR-3
    if call.regions is not None and region_to_enable(call) not in (None, *call.regions):
        yield Refusal(Rule.REGION, Outcome.ERROR, errors.UNKNOWN_CREDENTIALS)  # ERR-37
    if isinstance(call.caller, Anonymous) and call.operation not in UNSIGNED:  # ERR-3
        of_role = call.operation is Operation.ASSUME_ROLE
        unsigned = denied(call, call.operation.action) if of_role else errors.NOT_SIGNED
        yield Refusal(Rule.NOT_SIGNED, Outcome.ERROR, unsigned)
    error = parameters.misplacement(call.passed or call.parameters, call.operation)
    error = error or parameters.refusal(call.parameters, call.operation)
    if error is not None:
        yield Refusal(Rule.PARAMETERS, Outcome.ERROR, error)
    yield from _identity_refusals(call, now)
    yield from _caller_refusals(call)
    yield from _mfa_refusals(call)
    # ERR-19; a bad ARN is told as a bad parameter
    if call.operation in OF_ROLES and call.role is None and error is None:
        missing = denied(call, call.operation.action)
        yield Refusal(Rule.NO_ROLE, Outcome.IMPLICIT_DENY, missing)


def region_to_enable(call: Call) -> str | None:
    """Return the Region that a call goes to, if the caller's account has to enable that first."""
    region = _said(call).get(keys.REQUESTED_REGION)
    is_signed = isinstance(call.caller, Caller)
    return region if is_signed and isinstance(region, str) and region in OPT_IN else None


def _said(call: Call) -> dict[str, Value]:
    return {key.lower(): value for key, value in call.context.items()}


def time_of(call: Call) -> int | None:
    """Return when a call is made, in seconds since 1970, if that was said."""
    said = _said(call)
    for key in ("aws:epochtime", "aws:currenttime"):
        text = said.get(key)
        instant = read_date(text) if isinstance(text, str) else None
        if instant is not None:
            return int(instant[0])
    return None


def _is_over(expires: int | None, now: int | None) -> bool:
    return expires is not None and now is not None and expires <= now


def _identity_refusals(call: Call, now: int | None) -> Iterator[Refusal]:
    """Yield what is wrong with a token or an assertion, which comes before any policy."""
    match call.identity:
        case WebIdentity():
            yield from _token_refusals(call, call.identity, now)
        case SamlAssertion():
            for error in _assertion_errors(call, call.identity, now):
                yield Refusal(Rule.ASSERTION, Outcome.ERROR, error)
        case None:
            return


def _token_refusals(call: Call, identity: WebIdentity, now: int | None) -> Iterator[Refusal]:
    if is_refused(identity):  # STS-61
        yield Refusal(Rule.ASSERTION, Outcome.ERROR, errors.NO_VALID_TOKEN)
    if identity.expires is not None and now is not None and identity.expires <= now:
        error = errors.token_expired(now, identity.expires)
        yield Refusal(Rule.TOKEN_EXPIRED, Outcome.ERROR, error)  # ERR-54
    if call.provider.exists is False:  # STS-61
        error = errors.no_provider(identity.issuer)
        yield Refusal(Rule.NO_PROVIDER, Outcome.ERROR, error)  # ERR-51
    if role_authorized(identity, call.parameters.role_arn) is False:
        yield Refusal(Rule.ASSERTION, Outcome.ERROR, errors.ROLE_NOT_AMONG_CLAIMS)  # CTX-40
    known = call.provider.client_ids
    if known is not None and not known & set(audience(identity)):
        yield Refusal(Rule.AUDIENCE, Outcome.ERROR, errors.WRONG_AUDIENCE)  # ERR-52


def _assertion_errors(call: Call, identity: SamlAssertion, now: int | None) -> Iterator[AwsError]:
    """Yield what is wrong with an assertion."""  # ERR-56, STS-64
    if is_refused(identity):
        yield errors.SAML_TOO_LONG
    if call.provider.exists is False:
        yield errors.NO_SAML_PROVIDER
    name = call.parameters.role_session_name
    if name is None and identity.whole:
        yield errors.NO_SAML_SESSION_NAME
    if name is not None and not _SAML_TEXT.fullmatch(name):
        yield errors.BAD_SAML_SESSION_NAME
    source = call.parameters.source_identity
    if source is not None and (not _SAML_TEXT.fullmatch(source) or source.startswith(_RESERVED)):
        yield errors.BAD_SAML_SOURCE_IDENTITY
    pair = (call.parameters.role_arn, str(identity.provider))
    if identity.whole and pair not in identity.roles:
        yield denied(call, call.operation.action)  # ERR-55: the assertion is for other roles
    if any(_is_over(end, now) for end in (identity.not_on_or_after, identity.usable_until)):
        yield errors.ASSERTION_EXPIRED


_BY_SESSION: Final = {
    Operation.GET_SESSION_TOKEN: errors.SESSION_TOKEN_BY_SESSION,  # ERR-43
    Operation.GET_FEDERATION_TOKEN: errors.FEDERATION_TOKEN_BY_SESSION,  # ERR-44
}


def _caller_refusals(call: Call) -> Iterator[Refusal]:
    kind, action = kind_of(call.caller), call.operation.action
    if kind in CANNOT_CALL[call.operation]:
        error = _BY_SESSION.get(call.operation) or denied(call, action)
        rule = Rule.FEDERATED_CALLER if kind is Kind.FEDERATED_USER else Rule.CREDENTIALS
        if call.operation is Operation.ASSUME_ROLE and kind is not Kind.FEDERATED_USER:
            rule, error = Rule.ROOT_CALLER, errors.ROOT_CALLER  # STS-1, ERR-19b
        yield Refusal(rule, Outcome.ERROR, error)
    if call.operation is Operation.ASSUME_ROLE_WITH_SAML and _is_reserved_elsewhere(call):
        yield Refusal(Rule.RESERVED_ROLE, Outcome.ERROR, denied(call, action))  # EVAL-73
    if call.operation is Operation.ASSUME_ROOT and not _is_central(call):  # STS-3
        yield Refusal(Rule.NOT_CENTRAL, Outcome.ERROR, denied(call, action))


def _is_central(call: Call) -> bool:
    """Whether nothing is known that keeps a caller from acting as root user of a member account.

    Who is a delegated administrator no file tells, and in a closed world nobody is.
    """
    management, wanted = call.management_account, target_account(call.parameters)
    if not ACCOUNT_ID.fullmatch(wanted) or wanted == management:
        return False
    if call.members is not None and wanted not in call.members:
        return False
    return not call.closed_world or account_of(call.principal) == management


def _is_reserved_elsewhere(call: Call) -> bool:
    """Whether a role of Identity Center is asked for with another provider than its own."""
    arn = parse_arn(call.parameters.role_arn)
    if arn is None or not arn.name.startswith(IDENTITY_CENTER_NAME):
        return False
    provider = call.identity.provider if isinstance(call.identity, SamlAssertion) else None
    own = provider is not None and provider.account == arn.account
    return not (own and provider is not None and provider.name.startswith("AWSSSO_"))


def _mfa_refusals(call: Call) -> Iterator[Refusal]:
    serial, code = call.parameters.serial_number, call.parameters.token_code
    if (serial is None) != (code is None):
        yield Refusal(Rule.MFA_HALF, Outcome.ERROR, errors.MFA_HALF)  # ERR-42
    if serial is not None and not _is_device_of(serial, call):
        yield Refusal(Rule.MFA_DEVICE, Outcome.ERROR, errors.MFA_DEVICE)  # ERR-41


def _is_device_of(serial: str, call: Call) -> bool:
    principal = call.principal
    if not isinstance(principal, User):
        return False  # CTX-42
    arn = parse_arn(serial)
    if arn is not None and arn.kind != "mfa":
        return False  # CTX-42: no FIDO key works by API
    if call.mfa_devices is not None:
        return serial in call.mfa_devices  # CTX-43
    if arn is None:
        # else it is the serial number of a hardware device
        return not serial.startswith("arn:") and read_access_key(serial).kind is None
    own = (principal.arn.partition, "iam", principal.arn.account, "mfa")
    return (arn.partition, arn.service, arn.account, arn.kind) == own


def late(call: Call) -> Iterator[Refusal]:
    """Yield what STS refuses after the policies have allowed."""
    passed = {key.lower() for key, _ in call.parameters.tags}
    if passed & {key.lower() for key in call.inherited_tags}:  # STS-71
        yield Refusal(Rule.TAG_INHERITED, Outcome.ERROR, errors.TAG_INHERITED)
    wanted, had = call.parameters.source_identity, call.kept_source_identity
    if wanted is not None and had is not None and wanted != had:  # STS-74
        changed = denied(call, "sts:SetSourceIdentity")
        yield Refusal(Rule.SOURCE_IDENTITY_SET, Outcome.IMPLICIT_DENY, changed)
    yield from _duration_refusals(call)
    yield from _policy_refusals(call)
    yield from _message_refusals(call)


def _message_refusals(call: Call) -> Iterator[Refusal]:
    message = call.parameters.encoded_message
    if call.operation is not Operation.DECODE_AUTHORIZATION_MESSAGE or not message:
        return
    from simulator.evaluation.encoded import is_decodable  # noqa: PLC0415 - hardly anybody decodes

    if not is_decodable(message):
        yield Refusal(Rule.BAD_MESSAGE, Outcome.ERROR, errors.BAD_MESSAGE)


def _duration_refusals(call: Call) -> Iterator[Refusal]:
    seconds, role = call.parameters.duration_seconds or 0, call.role
    if role is None:
        return
    if isinstance(call.caller, ServicePrincipal):
        return  # EVAL-74
    if call.temporary and seconds > CHAIN_LIMIT:  # STS-41, STS-42, STS-43
        error = errors.DURATION_OVER_CHAIN_LIMIT
        yield Refusal(Rule.CHAIN_DURATION, Outcome.ERROR, error)
    elif role.max_session_duration is not None and seconds > role.max_session_duration:
        # STS-40, STS-44
        yield Refusal(Rule.MAXIMUM_DURATION, Outcome.ERROR, errors.DURATION_OVER_MAXIMUM)


def hangs_on_maximum(call: Call) -> bool:
    """Whether the answer hangs on a maximum session duration that nobody said."""
    seconds, role = call.parameters.duration_seconds or 0, call.role
    if isinstance(call.caller, ServicePrincipal):
        return False  # EVAL-74
    return role is not None and role.max_session_duration is None and seconds > LEAST_MAXIMUM


def size_of_policies(call: Call) -> int:
    """Return how many characters the policies for the new session have, as they are passed."""
    return len(call.parameters.policy or "") + sum(map(len, call.parameters.policy_arns))


def is_foreign(policy_arn: str, call: Call) -> bool:
    """Whether a managed policy is neither AWS's nor of the account in which the session is made."""
    arn, holder = parse_arn(policy_arn), _holder(call)
    if arn is None or (arn.service, arn.kind) != ("iam", "policy") or not arn.name:
        return True
    if holder is None:
        return False
    return arn.partition != holder.partition or arn.account not in ("aws", holder.account)


def _holder(call: Call) -> Arn | None:
    """Return whose the session will be: a role, or the caller himself."""
    if call.role is not None:
        return call.role.arn
    return call.caller.principal.arn if isinstance(call.caller, Caller) else None


def _policy_refusals(call: Call) -> Iterator[Refusal]:
    problem = call.new_policies.problem
    if any(is_foreign(arn, call) for arn in call.parameters.policy_arns):  # STS-24
        problem = problem or errors.MALFORMED
    if problem is not None:
        error = errors.malformed_policy(problem)
        yield Refusal(Rule.SESSION_POLICY, Outcome.ERROR, error)  # ERR-34
    size = size_of_policies(call)
    if size > LONGEST_POLICIES:
        percent = -(-100 * size // LONGEST_POLICIES)
        error = errors.packed_too_large(percent)
        yield Refusal(Rule.PACKED_SIZE, Outcome.ERROR, error)  # ERR-33
