"""The parameters of STS's operations, and the constraints that STS holds them to.

https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.secrecy import hidden
from simulator.sts import errors
from simulator.sts.operations import OF_ROLES, UNSIGNED, Operation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.sts.errors import AwsError


class Parameters(NamedTuple):
    """What the caller passes to an operation; a parameter not passed is nothing.

    The duration is in seconds. `policy` and `policy_arns` are for the new session. Tags, source
    identity and a SAML session's name are here too where a token or an assertion carries them.
    """

    role_arn: str = ""
    role_session_name: str | None = None
    duration_seconds: int | None = None
    external_id: str | None = None
    serial_number: str | None = None
    token_code: str | None = None
    source_identity: str | None = None
    tags: tuple[tuple[str, str], ...] = ()
    transitive_tag_keys: tuple[str, ...] = ()
    policy: str | None = None
    policy_arns: tuple[str, ...] = ()
    provided_contexts: tuple[tuple[str, str], ...] | None = None
    name: str | None = None
    target_principal: str | None = None
    task_policy_arn: str | None = None
    encoded_message: str | None = None
    access_key_id: str | None = None
    minimum_session_token_size: int | None = None


class _Text(NamedTuple):
    """The constraint on one text: its length and, as AWS writes it, its pattern."""

    member: str
    shortest: int
    longest: int
    pattern: str = r"[\s\S]*"

    def fits(self, text: str) -> bool:
        """Whether a text has only the characters of the pattern."""
        if r"\p{" in self.pattern:  # Python's patterns know no Unicode categories
            return _is_tag_text(text)
        return re.fullmatch(self.pattern, text, re.ASCII) is not None


def _is_tag_text(text: str) -> bool:
    from unicodedata import category  # noqa: PLC0415 - few calls pass tags

    return all(c in "_.:/=+-@" or category(c)[0] in "LZN" for c in text)


_TAG_PATTERN = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]"
_ARN_PATTERN = r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD]+"
_UNBOUNDED = 1 << 31
_TEXTS: Final[Mapping[str, _Text]] = {
    "role_arn": _Text(
        "roleArn", 20, 2048, r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF]+"
    ),
    "role_session_name": _Text("roleSessionName", 2, 64, r"[\w+=,.@-]*"),  # STS-21
    "external_id": _Text("externalId", 2, 1224, r"[\w+=,.@:\/-]*"),  # STS-27
    "serial_number": _Text("serialNumber", 9, 256, r"[\w+=/:,.@-]*"),  # STS-28
    "token_code": _Text("tokenCode", 6, 6, r"[\d]*"),  # STS-29
    "source_identity": _Text("sourceIdentity", 2, 64, r"[\w+=,.@-]*"),  # STS-30
    "policy": _Text("policy", 1, 2048, r"[\u0009\u000A\u000D\u0020-\u00FF]+"),  # STS-23
    "name": _Text("name", 2, 32, r"[\w+=,.@-]*"),
    "target_principal": _Text("targetPrincipal", 12, 2048),
    "task_policy_arn": _Text("taskPolicyArn.arn", 20, 2048, _ARN_PATTERN),
    "encoded_message": _Text("encodedMessage", 1, 10240),
    "access_key_id": _Text("accessKeyId", 16, 128, r"[\w]*"),
}
_TAG_KEY = _Text("key", 1, 128, _TAG_PATTERN + "+")  # STS-25
_TAG_VALUE = _Text("value", 0, 256, _TAG_PATTERN + "*")
_ARN = _Text("arn", 20, 2048, _ARN_PATTERN)
_ASSERTION = _Text("contextAssertion", 4, 2048)

#: How long a session may be asked for, in seconds.
DURATIONS: Final[Mapping[Operation, tuple[int, int]]] = {
    **dict.fromkeys(OF_ROLES, (900, 43_200)),  # STS-22
    Operation.GET_SESSION_TOKEN: (900, 129_600),
    Operation.GET_FEDERATION_TOKEN: (900, 129_600),
    Operation.ASSUME_ROOT: (0, 900),
}
#: Between which numbers a parameter of an operation is.
_NUMBERS: Final[Mapping[str, Mapping[Operation, tuple[int, int]]]] = {
    "duration_seconds": DURATIONS,
    "minimum_session_token_size": dict.fromkeys(Operation, (0, 4096)),  # STS-32
}
#: How many members a list may have.
_MOST: Final[Mapping[str, int]] = {
    "tags": 50,  # STS-25
    "transitive_tag_keys": 50,  # STS-26
    "policy_arns": 10,  # STS-24
    "provided_contexts": 5,  # STS-31
}
_SESSION_POLICY = ("policy_arns", "policy", "duration_seconds")
_SIZE = "minimum_session_token_size"
#: What each operation takes, in the order of AWS's model.
TAKES: Final[Mapping[Operation, tuple[str, ...]]] = {
    Operation.ASSUME_ROLE: (
        *("role_arn", "role_session_name", *_SESSION_POLICY, "tags", "transitive_tag_keys"),
        *("external_id", "serial_number", "token_code", "source_identity", "provided_contexts"),
        _SIZE,
    ),
    Operation.ASSUME_ROLE_WITH_WEB_IDENTITY: (
        *("role_arn", "role_session_name", *_SESSION_POLICY, _SIZE),
    ),
    Operation.ASSUME_ROLE_WITH_SAML: ("role_arn", *_SESSION_POLICY, _SIZE),
    Operation.ASSUME_ROOT: ("target_principal", "task_policy_arn", "duration_seconds", _SIZE),
    Operation.DECODE_AUTHORIZATION_MESSAGE: ("encoded_message",),
    Operation.GET_ACCESS_KEY_INFO: ("access_key_id",),
    Operation.GET_CALLER_IDENTITY: (),
    Operation.GET_FEDERATION_TOKEN: (
        *("name", "policy", "policy_arns", "duration_seconds", "tags", _SIZE),
    ),
    Operation.GET_SESSION_TOKEN: ("duration_seconds", "serial_number", "token_code", _SIZE),
}
#: What has to be passed; a session name may be left open in a question.
_NEEDS: Final[Mapping[Operation, tuple[str, ...]]] = {
    Operation.ASSUME_ROOT: ("target_principal", "task_policy_arn"),
    Operation.DECODE_AUTHORIZATION_MESSAGE: ("encoded_message",),
    Operation.GET_ACCESS_KEY_INFO: ("access_key_id",),
    Operation.GET_FEDERATION_TOKEN: ("name",),
}
#: What a token or an assertion carries instead of a parameter.
_CARRIED: Final = frozenset({"tags", "transitive_tag_keys", "source_identity", "role_session_name"})
_NAMES: Final = {name: "".join(map(str.capitalize, name.split("_"))) for name in Parameters._fields}
_TASK: Final = re.compile(r"arn:aws[a-z-]*:iam::aws:policy/root-task/(\w+)")
_NOT_PASSED: Final = (None, (), "")
TASKS: Final = frozenset(
    {
        *("IAMAuditRootUserCredentials", "IAMCreateRootUserPassword"),
        *("IAMDeleteRootUserCredentials", "S3UnlockBucketPolicy", "SQSUnlockQueuePolicy"),
    }
)


def refusal(
    parameters: Parameters, operation: Operation = Operation.ASSUME_ROLE
) -> AwsError | None:
    """Return the error with which STS, or AWS's clients, refuse parameters, or nothing."""
    error = misplacement(parameters, operation, carried=_CARRIED)
    if error is not None:
        return error
    broken = tuple(_violations(parameters, operation))
    if broken:
        return errors.validation_error(broken)
    if operation in OF_ROLES and not _is_arn(parameters.role_arn):
        return errors.role_arn_invalid(parameters.role_arn)
    keys = [key.lower() for key, _ in parameters.tags]
    if any(key.startswith("aws:") for key in keys):
        return errors.TAG_KEY_RESERVED
    if len(keys) != len(set(keys)):
        return errors.TAG_KEYS_TWICE
    if any(key.lower() not in keys for key in parameters.transitive_tag_keys):
        return errors.TRANSITIVE_KEY_NOT_PASSED  # STS-26
    return None


def misplacement(
    parameters: Parameters, operation: Operation, *, carried: frozenset[str] = frozenset()
) -> AwsError | None:
    """Return the error of a parameter that the operation does not have, or lacks.

    What a token or an assertion may have `carried` is not looked at.
    """  # STS-33
    field = misplaced(parameters, operation, carried=carried)
    if field is not None:
        return errors.unknown_parameter(_NAMES[field], (_NAMES[f] for f in TAKES[operation]))
    for field in _NEEDS.get(operation, ()):
        if getattr(parameters, field) is None:
            return errors.missing_parameter(_NAMES[field])
    return None


def misplaced(
    parameters: Parameters, operation: Operation, *, carried: frozenset[str] = frozenset()
) -> str | None:
    """Return a parameter that is passed to an operation that does not have it, if there is one."""
    known = frozenset(TAKES[operation]) | (carried if operation in UNSIGNED else frozenset())
    passed = (field for field, value in parameters._asdict().items() if value not in _NOT_PASSED)
    return next((field for field in passed if field not in known), None)


def _is_arn(text: str) -> bool:
    parts = text.split(":", 5)  # ERR-20
    return len(parts) == 6 and parts[0] == "arn" and all((parts[1], parts[2], parts[5]))


def _violations(parameters: Parameters, operation: Operation) -> Iterator[str]:
    takes = TAKES[operation]
    for field, constraint in _TEXTS.items():
        text = getattr(parameters, field)
        if text is not None and field in takes:
            yield from _text_violations(
                constraint.member, text, _bounded(field, constraint, operation)
            )
    for field, bounds in _NUMBERS.items():
        number = getattr(parameters, field)
        if number is not None and field in takes:
            yield from _number_violations(field, number, bounds[operation])
    yield from _list_violations(parameters)
    if operation is Operation.ASSUME_ROOT and not _is_task(parameters.task_policy_arn or ""):
        listed = ", ".join(sorted(TASKS))
        yield _violation(
            parameters.task_policy_arn, "taskPolicyArn", f"satisfy enum value set: [{listed}]"
        )


def _is_task(arn: str) -> bool:
    """Whether an ARN is that of a policy for tasks of root users."""
    found = _TASK.fullmatch(arn)
    return found is not None and found[1] in TASKS


def _bounded(field: str, constraint: _Text, operation: Operation) -> _Text:
    # STS-23: the model has no maximum for AssumeRole; the packed size has
    free = field == "policy" and operation is Operation.ASSUME_ROLE
    return constraint._replace(longest=_UNBOUNDED) if free else constraint


def _text_violations(member: str, text: str, constraint: _Text) -> Iterator[str]:
    if not constraint.fits(text):
        yield _violation(
            text, member, f"satisfy regular expression pattern: {constraint.pattern}"
        )  # ERR-21
    if len(text) > constraint.longest:
        yield _violation(text, member, f"have length less than or equal to {constraint.longest}")
    if len(text) < constraint.shortest:  # ERR-22
        yield _violation(
            text, member, f"have length greater than or equal to {constraint.shortest}"
        )


def _number_violations(field: str, number: int, bounds: tuple[int, int]) -> Iterator[str]:
    least, most = bounds
    if number > most:  # ERR-23
        yield _violation(number, _member(field), f"have value less than or equal to {most}")
    if number < least:
        yield _violation(number, _member(field), f"have value greater than or equal to {least}")


def _list_violations(parameters: Parameters) -> Iterator[str]:
    for field, most in _MOST.items():
        items = getattr(parameters, field)
        if items == () and field == "provided_contexts":  # STS-31
            yield _violation("[]", "providedContexts", "have length greater than or equal to 1")
        if items is not None and len(items) > most:
            shown = f"[{len(items)} members]"
            yield _violation(shown, _member(field), f"have length less than or equal to {most}")
    for number, (key, value) in enumerate(parameters.tags, 1):
        yield from _text_violations(f"tags.{number}.member.key", key, _TAG_KEY)
        yield from _text_violations(f"tags.{number}.member.value", value, _TAG_VALUE)
    for number, arn in enumerate(parameters.policy_arns, 1):
        yield from _text_violations(f"policyArns.{number}.member.arn", arn, _ARN)
    for number, (provider, assertion) in enumerate(parameters.provided_contexts or (), 1):
        member = f"providedContexts.{number}.member"
        yield from _text_violations(f"{member}.providerArn", provider, _ARN)
        yield from _text_violations(f"{member}.contextAssertion", assertion, _ASSERTION)


def _member(field: str) -> str:
    name = _NAMES[field]
    return name[0].lower() + name[1:]


def _violation(value: object, member: str, constraint: str) -> str:
    shown = hidden(str(value))  # AWS shows it, and has seen it before
    return f"Value '{shown}' at '{member}' failed to satisfy constraint: Member must {constraint}"
