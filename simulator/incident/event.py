"""A record of CloudTrail as an incident: who called with what, and what AWS said.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from simulator.arn import parse_arn
from simulator.catalog.access_key import read_access_key
from simulator.incident.errors import with_message
from simulator.incident.hiding import without_secrets
from simulator.incident.model import Incident, Kind, is_denial
from simulator.readings import read_date, read_network
from simulator.request.principal import ServicePrincipal, parse_unsigned
from simulator.sts.operations import OF_ROLES, Operation
from simulator.sts.parameters import Parameters
from simulator.syntax.error_text import ErrorText, read_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.request.context import Value

Record: TypeAlias = "Mapping[str, Any]"

HIDDEN: Final = "HIDDEN_DUE_TO_SECURITY_REASONS"
_LONGEST_MESSAGE: Final = 8192  # CloudTrail keeps a kB of it
_STS: Final = "sts.amazonaws.com"
_ASSUMING: Final = frozenset(map(str, OF_ROLES))
_DURATION: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
#: A code of the right form in the place of the one that CloudTrail does not keep.
_SOME_CODE: Final = "000000"
_UNSIGNED: Final = frozenset({"WebIdentityUser", "SAMLUser"})
#: What has the form of a service's name and calls for nobody: the console.
_NO_SERVICES: Final = frozenset({"signin.amazonaws.com"})
_VIA: Final = ("aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast")
_NOBODY: Final[Mapping[str, str]] = {
    "AWSAccount": "the caller is of another account, and CloudTrail does not tell who it is",
    "SAMLUser": "CloudTrail does not tell what the assertion says: give `--saml-assertion FILE`",
    "Unknown": "CloudTrail does not know who called",
    "Directory": "a user of a directory is no caller that policies of IAM name",
    "IdentityCenterUser": "a user of Identity Center is no caller that policies of IAM name",
}


def is_record(value: object) -> bool:
    """Whether a value is a record of CloudTrail."""
    if not isinstance(value, dict):
        return False
    return all(isinstance(value.get(name), str) for name in ("eventName", "eventSource"))


def has_failed(record: Record) -> bool:
    """Whether AWS denied what a record tells, or refused to make a session of a role."""
    code = _text(record, "errorCode")
    if code is None:
        return False
    return is_denial(code) or _is_assuming(record)


def _is_assuming(record: Record) -> bool:
    return record.get("eventSource") == _STS and record.get("eventName") in _ASSUMING


def incident_of_event(record: Record) -> Incident:
    """Return what a record tells of a call that failed, without anything secret."""
    identity = _mapping(record, "userIdentity")
    message = (_text(record, "errorMessage") or "")[:_LONGEST_MESSAGE] or None
    notes: list[str] = []
    caller, missing = _caller(identity)
    parameters, whole = _parameters(record)
    found = Incident(
        Kind.EVENT,
        message,
        _text(record, "errorCode"),
        client="CloudTrail",
        service=_text(record, "eventSource"),
        operation=_text(record, "eventName"),
        caller=caller,
        caller_account=_text(identity, "accountId"),
        action=_action(record),
        resource=_resource(record),
        context=dict(_context(record, identity, notes)),
        open_keys=_VIA if _text(identity, "invokedBy") is not None else (),
        provider=_provider(record),
        parameters=parameters,
        whole=whole,
        mfa=_mfa(identity),
        credentials=_credentials(identity),
        maker=_maker(identity),
        claims=dict(_claims(identity)),
        event_id=_text(record, "eventID"),
        time=_text(record, "eventTime"),
        request_id=_text(record, "requestID"),
        missing=missing,
    )
    read = read_errors(message) if message else ()
    found = with_message(found, read[0] if read else ErrorText(message or ""))
    if found.caller is not None:
        found = found._replace(missing=None)
    return without_secrets(found._replace(notes=tuple(notes)))


def _caller(identity: Record) -> tuple[str | None, str | None]:
    """Return the ARN of the caller, or the name of a service, or else why there is none."""
    kind, arn = _text(identity, "type"), _text(identity, "arn")
    if not identity:
        return None, "the record has no `userIdentity`"
    if kind == "AWSService":
        name = _text(identity, "invokedBy")
        known = name is not None and parse_unsigned(name) is not None
        return (name, None) if known else (None, f"`{name}` is no service that calls by a name")
    if kind == "WebIdentityUser":
        return None, None
    if kind is not None and kind in _NOBODY:
        return arn, None if arn else _NOBODY[kind]
    if arn is not None and arn != HIDDEN:
        return arn, None
    return None, f"the record does not tell the caller, whose type is `{kind}`"


def _claims(identity: Record) -> Iterator[tuple[str, str]]:
    """Yield the claims of a token that CloudTrail keeps.

    Its `principalId` is the provider, the audience and the subject, with colons between.
    """
    if _text(identity, "type") != "WebIdentityUser":
        return
    provider, subject = _text(identity, "identityProvider"), _text(identity, "userName")
    principal = _text(identity, "principalId") or ""
    if provider is None or subject is None:
        return
    arn = parse_arn(provider)
    issuer = arn.resource.partition("/")[2] if arn else provider
    yield "iss", issuer if "://" in issuer else f"https://{issuer}"
    yield "sub", subject
    audience = principal.removeprefix(f"{provider}:").removesuffix(f":{subject}")
    if audience not in (principal, "") and len(principal) > len(audience) + 1:
        yield "aud", audience


def _mfa(identity: Record) -> bool | None:
    """Return whether a user calls with a session made with MFA, or without; nothing otherwise."""
    if _text(identity, "type") not in ("IAMUser", "Root"):
        return None  # CTX-41: of a role session it proves nothing
    attributes = _mapping(_mapping(identity, "sessionContext"), "attributes")
    told = _text(attributes, "mfaAuthenticated")
    if told == "true":
        return True
    return False if told == "false" and _credentials(identity) == "session" else None


def _credentials(identity: Record) -> str | None:
    """Return which kind of credentials signed the call; the id of the key is not kept.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    """
    return read_access_key(_text(identity, "accessKeyId") or "").kind


def _maker(identity: Record) -> str | None:
    """Return who called GetFederationToken for a federated user."""
    issuer = _mapping(_mapping(identity, "sessionContext"), "sessionIssuer")
    is_user = _text(issuer, "type") == "IAMUser"
    return _text(issuer, "arn") if is_user and _text(identity, "type") == "FederatedUser" else None


def _context(record: Record, identity: Record, notes: list[str]) -> Iterator[tuple[str, Value]]:
    yield from _place(record, notes)
    yield from _texts(record, {"aws:UserAgent": "userAgent", "aws:RequestedRegion": "awsRegion"})
    time = _text(record, "eventTime")
    if time is not None and read_date(time) is not None:
        yield "aws:CurrentTime", time
    kind = _text(identity, "type")
    if kind in _UNSIGNED:
        return
    if kind != "AWSService":
        yield from _texts(identity, {"aws:userid": "principalId"})  # CTX-5
        yield from _via(identity, notes)
    if _credentials(identity) == "long_term" and record.get("eventSource") != _STS:
        # CTX-8, CTX-9: these are keys of a session, or of a code that is passed to STS.
        yield "aws:MultiFactorAuthPresent", None
        yield "aws:MultiFactorAuthAge", None
    session = _mapping(identity, "sessionContext")
    yield from _texts(session, {"aws:SourceIdentity": "sourceIdentity"})  # STS-75
    issuer = _text(_mapping(session, "sessionIssuer"), "arn")
    if kind == "AssumedRole" and issuer and ":role/" in issuer:
        yield "aws:PrincipalArn", issuer  # CTX-1
    created = _text(_mapping(session, "attributes"), "creationDate")
    if created is not None and read_date(created) is not None:
        yield "aws:TokenIssueTime", created  # CTX-10


def _via(identity: Record, notes: list[str]) -> Iterator[tuple[str, Value]]:
    """Yield that a service calls for a user: of the chain before it nothing is told."""  # CTX-14
    name = _text(identity, "invokedBy") or ""
    if name in _NO_SERVICES or not isinstance(parse_unsigned(name), ServicePrincipal):
        return
    if _text(identity, "type") == "AssumedRole":
        notes.append(
            f"`{name}` made the call, either for the caller or in a role of its own: if for the"
            " caller, give `--context aws:ViaAWSService=true`"
        )
        return
    yield "aws:CalledViaLast", name
    yield "aws:ViaAWSService", "true"


def _place(record: Record, notes: list[str]) -> Iterator[tuple[str, Value]]:
    """Yield from where a call came: an address, an endpoint, or within AWS."""  # CTX-11
    address, endpoint = _text(record, "sourceIPAddress"), _text(record, "vpcEndpointId")
    is_address = address is not None and "/" not in address and read_network(address) is not None
    if endpoint is not None:
        yield "aws:SourceVpce", endpoint
        yield "aws:SourceIp", None
        if is_address:
            yield "aws:VpcSourceIp", address
        return
    if is_address:
        yield "aws:SourceIp", address
    elif address is not None:
        yield "aws:SourceIp", None
        notes.append(f"`{address}` is no address: the call came from within AWS")


def _texts(record: Record, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, name in names.items():
        text = _text(record, name)
        if text:
            yield key, text


def _parameters(record: Record) -> tuple[Parameters, bool]:
    """Return what was passed to STS, and whether that is all; of a denial it is mostly nothing."""
    passed = record.get("requestParameters")
    if not isinstance(passed, dict) or not _is_assuming(record):
        return Parameters(), False
    duration = _text(passed, "durationSeconds") or ""
    arns = (_text(each, "arn") for each in _mappings(passed.get("policyArns")))
    parameters = Parameters(
        _text(passed, "roleArn") or "",
        _text(passed, "roleSessionName"),
        int(duration) if _DURATION.fullmatch(duration) else None,
        _text(passed, "externalId"),
        _text(passed, "serialNumber"),
        source_identity=_text(passed, "sourceIdentity"),
        tags=tuple(_tags(passed.get("tags"))),
        transitive_tag_keys=_list(passed.get("transitiveTagKeys")),
        policy=_text(passed, "policy"),
        policy_arns=tuple(arn for arn in arns if arn is not None),
    )
    if parameters.serial_number is not None:
        parameters = parameters._replace(token_code=_SOME_CODE)
    hidden = HIDDEN in passed.values()
    return parameters, not hidden and parameters.role_arn != ""


def _provider(record: Record) -> str | None:
    """Return the ARN of the SAML provider whose assertion was passed."""
    is_saml = record.get("eventName") == Operation.ASSUME_ROLE_WITH_SAML and _is_assuming(record)
    return _text(_mapping(record, "requestParameters"), "principalArn") if is_saml else None


def _tags(value: object) -> Iterator[tuple[str, str]]:
    for each in _mappings(value):
        key, text = _text(each, "key"), _text(each, "value")
        if key is not None and text is not None:
            yield key, text


def _action(record: Record) -> str | None:
    source, name = _text(record, "eventSource"), _text(record, "eventName")
    if source is None or name is None:
        return None
    # The names of operations and actions differ for some services, so that the message goes first.
    return f"{source.partition('.')[0]}:{name}"


def _resource(record: Record) -> str | None:
    """Return the only resource that a record names, or the only role among them."""
    found = [arn for each in _mappings(record.get("resources")) if (arn := _resource_arn(each))]
    roles = [arn for arn in found if ":role/" in arn]
    return found[0] if len(found) == 1 else roles[0] if len(roles) == 1 else None


def _resource_arn(resource: Record) -> str | None:
    return _text(resource, "ARN") or _text(resource, "arn")


def _mapping(value: Record, name: str) -> Record:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _mappings(value: object) -> list[Record]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _list(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _text(value: Record, name: str) -> str | None:
    """Return a text, where there is one that CloudTrail does not hide."""
    found = value.get(name)
    return str(found) if isinstance(found, str) and found != HIDDEN else None
