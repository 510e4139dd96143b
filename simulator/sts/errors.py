"""AWS's errors of the AssumeRole family, word for word.

The texts are AWS's own, as recorded; see section E of the specification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from simulator.arn import Arn


class AwsError(NamedTuple):
    """An error as AWS answers it: its code, its message, and the HTTP status."""

    code: str
    message: str
    status: int


def access_denied(caller: Arn, action: str, resource: str) -> AwsError:
    """Return the denial in the bare form that AssumeRole answers, without a reason."""  # ERR-18
    return AwsError(
        "AccessDenied",
        f"User: {caller} is not authorized to perform: {action} on resource: {resource}",
        403,
    )


def validation_error(messages: tuple[str, ...]) -> AwsError:
    """Return the error that lists every parameter that breaks a constraint."""  # ERR-24
    plural = "error" if len(messages) == 1 else "errors"
    listed = "; ".join(messages)
    return AwsError(
        "ValidationError", f"{len(messages)} validation {plural} detected: {listed}", 400
    )


def role_arn_invalid(role_arn: str) -> AwsError:
    """Return the error of a RoleArn that is no ARN."""  # ERR-20
    return AwsError("ValidationError", f"{role_arn} is invalid", 400)


ROOT_CALLER = AwsError("AccessDenied", "Roles may not be assumed by root accounts.", 403)  # ERR-19b
TRANSITIVE_KEY_NOT_PASSED = AwsError(  # ERR-25
    "InvalidParameterValue",
    "The specified transitive tag key must be included in the requested tags.",
    400,
)
TAG_KEYS_TWICE = AwsError(  # ERR-26
    "InvalidParameterValue",
    "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    400,
)
TAG_INHERITED = AwsError(  # ERR-35
    "InvalidParameterValue",
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive"
    " tag key from the calling session.",
    400,
)
DURATION_OVER_MAXIMUM = AwsError(  # ERR-31
    "ValidationError",
    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    400,
)
DURATION_OVER_CHAIN_LIMIT = AwsError(  # ERR-32
    "ValidationError",
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role"
    " chaining.",
    400,
)
MFA_DEVICE = AwsError(  # ERR-41
    "AccessDenied",
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial"
    " number is valid and associated with this user.",
    403,
)
MFA_HALF = AwsError(  # ERR-42
    "AccessDenied",
    "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.",
    403,
)
