"""AWS's errors of STS, word for word.

The texts are AWS's own, as recorded; see section E of the specification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class AwsError(NamedTuple):
    """An error as AWS answers it: its code, its message, and the HTTP status.

    What a client refuses before it asks AWS has no status.
    """

    code: str
    message: str
    status: int | None


def access_denied(caller: object, action: str, resource: str, reason: str = "") -> AwsError:
    """Return the denial in the form in which STS names caller, action and resource."""  # ERR-18
    text = f"User: {caller} is not authorized to perform: {action} on resource: {resource}"
    return AwsError("AccessDenied", text + reason, 403)


def unsigned_denied(action: str) -> AwsError:
    """Return the denial of a call with a token or an assertion."""  # ERR-50, ERR-55
    return AwsError("AccessDenied", f"Not authorized to perform {action}", 403)


def validation_error(messages: tuple[str, ...]) -> AwsError:
    """Return the error that lists every parameter that breaks a constraint."""  # ERR-24
    plural = "error" if len(messages) == 1 else "errors"
    listed = "; ".join(messages)
    return AwsError(
        "ValidationError", f"{len(messages)} validation {plural} detected: {listed}", 400
    )


def unknown_parameter(name: str, known: Iterable[str]) -> AwsError:
    """Return what AWS's clients say of a parameter that an operation does not have."""  # STS-33
    listed = ", ".join(known)
    text = f'Parameter validation failed:\nUnknown parameter in input: "{name}", must be one of: '
    return AwsError("ParamValidationError", text + listed, None)


def missing_parameter(name: str) -> AwsError:
    """Return what AWS's clients say of a parameter that has to be given."""  # STS-33
    text = f'Parameter validation failed:\nMissing required parameter in input: "{name}"'
    return AwsError("ParamValidationError", text, None)


def role_arn_invalid(role_arn: str) -> AwsError:
    """Return the error of a RoleArn that is no ARN."""  # ERR-20
    return AwsError("ValidationError", f"{role_arn} is invalid", 400)


def invalid_token(message: str) -> AwsError:
    """Return the error of a token or an assertion that STS does not take."""  # ERR-51, ERR-56
    return AwsError("InvalidIdentityToken", message, 400)


def no_provider(issuer: str) -> AwsError:
    """Return the error of a token whose issuer is no provider of the role's account."""  # ERR-51
    return invalid_token(f"No OpenIDConnect provider found in your account for https://{issuer}")


def token_expired(now: int, expires: int) -> AwsError:
    """Return the error of a token that has expired; both instants are seconds since 1970."""
    text = f"Token expired: current date/time {now} must be before the expiration date/time"
    return AwsError("ExpiredTokenException", f"{text} {expires}", 400)  # ERR-54


def packed_too_large(percent: int) -> AwsError:
    """Return the error of session policies that are too long."""  # ERR-33
    text = f"Packed policy consumes {percent}% of allotted space, please use smaller policy."
    return AwsError("PackedPolicyTooLarge", text, 400)


def malformed_policy(message: str) -> AwsError:
    """Return the error of a session policy that STS does not take."""  # ERR-34
    return AwsError("MalformedPolicyDocument", message, 400)


MALFORMED = "Syntax errors in policy."  # ERR-34: AWS's own text is not known
ROOT_CALLER = AwsError("AccessDenied", "Roles may not be assumed by root accounts.", 403)  # ERR-19b
SESSION_TOKEN_BY_SESSION = AwsError(  # ERR-43
    "AccessDenied", "Cannot call GetSessionToken with session credentials", 403
)
FEDERATION_TOKEN_BY_SESSION = AwsError(  # ERR-44
    "AccessDenied", "Cannot call GetFederationToken with session credentials", 403
)
CREDENTIALS_EXPIRED = AwsError(  # ERR-3
    "ExpiredToken", "The security token included in the request is expired", 403
)
UNKNOWN_CREDENTIALS = AwsError(  # ERR-37
    "InvalidClientTokenId", "The security token included in the request is invalid", 403
)
WRONG_AUDIENCE = invalid_token("Incorrect token audience")  # ERR-52
NO_VALID_TOKEN = invalid_token(
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
)
_SAML_LENGTH = "Member must have length less than or equal to 100000"
SAML_TOO_LONG = validation_error(  # ERR-24; AWS prints the assertion too
    (f"Value at 'sAMLAssertion' failed to satisfy constraint: {_SAML_LENGTH}",)
)
ASSERTION_EXPIRED = AwsError(
    "ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance", 400
)
NOT_SIGNED = AwsError(  # ERR-3
    "MissingAuthenticationToken", "Request is missing Authentication Token", 403
)
ROLE_NOT_AMONG_CLAIMS = invalid_token(  # CTX-40
    "The target role ARN is not present in the roles claim of the identity token"
)
NO_SAML_PROVIDER = invalid_token("Specified provider doesn't exist")  # ERR-56
NO_SAML_SESSION_NAME = invalid_token("RoleSessionName is required in AuthnResponse")  # ERR-56
BAD_SAML_SESSION_NAME = invalid_token(  # ERR-56
    "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"
)
BAD_SAML_SOURCE_IDENTITY = invalid_token(  # ERR-56
    'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"'
)
BAD_MESSAGE = AwsError(
    "InvalidAuthorizationMessageException", "Message is not a valid authorization message", 400
)
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
TAG_KEY_RESERVED = AwsError(  # STS-25; AWS's own text is not known
    "InvalidParameterValue", "Tag keys that begin with aws: are reserved for AWS.", 400
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

# What hangs on things that AWS alone knows: these are read, and never the answer here.
MFA_WRONG_CODE = AwsError(  # ERR-40
    "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.", 403
)
NO_PROVIDER_KEYS = invalid_token(  # ERR-53
    "Couldn't retrieve verification key from your identity provider, please reference"
    " AssumeRoleWithWebIdentity documentation for requirements"
)
THUMBPRINT = invalid_token(
    "OpenID Connect provider's HTTPS certificate doesn't match configured thumbprint"
)
ISSUER_NO_URL = invalid_token("Issuer must be a valid URL")
SAML_SIGNATURE = invalid_token("Response signature invalid")  # ERR-56
SAML_AUDIENCE = invalid_token("Response does not contain the required audience")  # ERR-56
SAML_DURATION = AwsError(
    "ValidationError",
    "Requested DurationSeconds exceeds MaxSessionDuration set for this role",
    400,
)
SIGNATURE = AwsError(  # ERR-3
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your AWS"
    " Secret Access Key and signing method. Consult the service documentation for details.",
    403,
)


def packed_tags(percent: int) -> AwsError:
    """Return the error of session tags that are too long."""  # ERR-33
    text = f"Packed size of session tags consumes {percent}% of allotted space."
    return AwsError("PackedPolicyTooLarge", text, 400)


def region_disabled(account: str) -> AwsError:
    """Return the error of a Region in which an account has not activated STS."""  # ERR-36
    text = (
        f"STS is not activated in this region for account:{account}. Your account administrator can"
        " activate STS in this region using the IAM Console."
    )
    return AwsError("RegionDisabledException", text, 403)
