"""What AWS's errors mean that are no denials: AWS's texts, and the rule of STS behind each.

The texts that are ours too are read with what prints them, so that neither can drift.
https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.diagnosis.refusal_words import ROWS
from simulator.incident.model import plain_code
from simulator.sts import errors
from simulator.sts.refusals import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.sts.errors import AwsError


class Meaning(NamedTuple):
    """What an error says in our words, what to do, and the page about it, if there is one.

    `is_refusal` is whether AWS refused the call, and did not fail with it.
    """

    message: str
    advice: str
    code: str | None = None
    text: str = ""
    is_refusal: bool = True


_HOLE: Final = "\0"
_NUMBER: Final = 918_273_645  # stands where the text has a number
_LONGEST: Final = 4000

_OURS: Final = (
    (Rule.EXPIRED, errors.CREDENTIALS_EXPIRED),
    (Rule.NOT_SIGNED, errors.NOT_SIGNED),
    (Rule.TOKEN_EXPIRED, errors.token_expired(_NUMBER, _NUMBER)),
    (Rule.NO_PROVIDER, errors.no_provider(_HOLE)),
    (Rule.AUDIENCE, errors.WRONG_AUDIENCE),
    (Rule.ASSERTION, errors.NO_VALID_TOKEN),
    (Rule.ASSERTION, errors.ROLE_NOT_AMONG_CLAIMS),
    (Rule.ASSERTION, errors.SAML_TOO_LONG),
    (Rule.ASSERTION, errors.NO_SAML_PROVIDER),
    (Rule.ASSERTION, errors.NO_SAML_SESSION_NAME),
    (Rule.ASSERTION, errors.BAD_SAML_SESSION_NAME),
    (Rule.ASSERTION, errors.BAD_SAML_SOURCE_IDENTITY),
    (Rule.ASSERTION, errors.ASSERTION_EXPIRED),
    (Rule.ROOT_CALLER, errors.ROOT_CALLER),
    (Rule.CREDENTIALS, errors.SESSION_TOKEN_BY_SESSION),
    (Rule.CREDENTIALS, errors.FEDERATION_TOKEN_BY_SESSION),
    (Rule.MFA_HALF, errors.MFA_HALF),
    (Rule.MFA_DEVICE, errors.MFA_DEVICE),
    (Rule.TAG_INHERITED, errors.TAG_INHERITED),
    (Rule.CHAIN_DURATION, errors.DURATION_OVER_CHAIN_LIMIT),
    (Rule.MAXIMUM_DURATION, errors.DURATION_OVER_MAXIMUM),
    (Rule.SESSION_POLICY, errors.malformed_policy(errors.MALFORMED)),
    (Rule.PACKED_SIZE, errors.packed_too_large(_NUMBER)),
    (Rule.BAD_MESSAGE, errors.BAD_MESSAGE),
    (Rule.PARAMETERS, errors.TRANSITIVE_KEY_NOT_PASSED),
    (Rule.PARAMETERS, errors.TAG_KEYS_TWICE),
    (Rule.PARAMETERS, errors.TAG_KEY_RESERVED),
    (Rule.PARAMETERS, errors.unknown_parameter(_HOLE, [_HOLE])),
    (Rule.PARAMETERS, errors.missing_parameter(_HOLE)),
    (Rule.PARAMETERS, errors.role_arn_invalid(_HOLE)),
)
_OF_RULE: Final = {rule: Meaning(row.message, row.advice, row.code) for rule, row in ROWS.items()}

_PACKED_TAGS: Final = errors.packed_tags(_NUMBER)
_REGION_DISABLED: Final = errors.region_disabled(_HOLE)
_CLOCK: Final = Meaning(
    "the call was signed too long ago, or with a wrong clock", "set the clock of the computer"
)
_SCOPE: Final = Meaning(
    "the call is signed for another Region than that of the endpoint",
    "set the Region of the client to that of its endpoint: `us-east-1` for `sts.amazonaws.com`",
)
_TOO_MANY: Final = Meaning(
    "more calls are made than AWS takes at a time",
    "wait, and try again with longer and longer pauses; use the credentials of a session until it"
    " ends, and do not make one for each call",
    is_refusal=False,
)
_FAILED: Final = Meaning(
    "AWS failed, and not the call",
    "try again; if it goes on, look at the AWS Health Dashboard, and try another Region",
    is_refusal=False,
)

#: What AWS alone can say, since it hangs on what it alone knows.
_AWS_ALONE: Final[Mapping[AwsError, Meaning]] = {
    errors.MFA_WRONG_CODE: Meaning(
        "the MFA code is wrong, or was used before",
        "wait for the next code: each can be used once only; if that fails too, set the clock of"
        " the device",
    ),
    errors.NO_PROVIDER_KEYS: Meaning(
        "STS cannot get the keys of the identity provider",
        "the address of the issuer with `/.well-known/openid-configuration` has to answer to"
        " everyone, and so has the `jwks_uri` in it",
    ),
    errors.THUMBPRINT: Meaning(
        "the certificate of the identity provider is none that the account's provider lists",
        "update the thumbprints: `aws iam update-open-id-connect-provider-thumbprint`",
    ),
    errors.ISSUER_NO_URL: Meaning(
        "the issuer of the token is no address",
        "the claim `iss` is that of the account's identity provider, with `https://`",
    ),
    errors.SAML_SIGNATURE: Meaning(
        "the assertion is signed with another key than the account's SAML provider has",
        "load the metadata of the identity provider anew: `aws iam update-saml-provider`",
    ),
    errors.SAML_AUDIENCE: Meaning(
        "the assertion is made for another audience than AWS",
        "have the identity provider send the audience `https://signin.aws.amazon.com/saml`",
    ),
    errors.SAML_DURATION: Meaning(
        ROWS[Rule.MAXIMUM_DURATION].message,
        "send a smaller attribute `SessionDuration`, or raise the role's maximum",
        ROWS[Rule.MAXIMUM_DURATION].code,
    ),
    _PACKED_TAGS: Meaning(
        "the session tags take more room than STS has for them",
        "pass fewer or shorter tags: those that the caller's session hands on count too",
    ),
    errors.UNKNOWN_CREDENTIALS: Meaning(  # ERR-3, ERR-37
        "AWS does not know the credentials that sign the call",
        "make the call in another Region: if it passes there, the caller's account has not enabled"
        " this one; if not, the access key is deleted, inactive or of another partition, or the"
        " session token of temporary credentials is missing",
    ),
    errors.SIGNATURE: Meaning(
        "the call is signed with a secret key that is not the one of the access key",
        "copy the secret key anew: spaces, line ends and `%` signs are often lost",
    ),
    _REGION_DISABLED: Meaning(
        "STS is not active in this Region for the account",
        "call another Region, or activate it in the account settings of IAM",
    ),
}
#: By the code of an error, where its text varies: what every service says, and STS alone.
_EVERYWHERE: Final[Mapping[str, Meaning]] = {
    "ExpiredToken": _OF_RULE[Rule.EXPIRED],
    "RequestExpired": _CLOCK,
    "RequestTimeTooSkewed": _CLOCK,
    "InvalidClientTokenId": _AWS_ALONE[errors.UNKNOWN_CREDENTIALS],
    "UnrecognizedClient": _AWS_ALONE[errors.UNKNOWN_CREDENTIALS],
    "AuthFailure": _AWS_ALONE[errors.UNKNOWN_CREDENTIALS],
    "SignatureDoesNotMatch": _AWS_ALONE[errors.SIGNATURE],
    "InvalidSignature": _AWS_ALONE[errors.SIGNATURE],
    "MissingAuthenticationToken": _OF_RULE[Rule.NOT_SIGNED],
    **dict.fromkeys(("Throttling", "Throttled", "RequestLimitExceeded"), _TOO_MANY),
    **dict.fromkeys(("TooManyRequests", "RequestThrottled", "SlowDown"), _TOO_MANY),
    **dict.fromkeys(("InternalFailure", "InternalError", "InternalServerError"), _FAILED),
    **dict.fromkeys(("ServiceUnavailable", "InternalServiceError"), _FAILED),
    "403": Meaning(
        "it is forbidden, and an answer to HEAD has no room for the reason",
        "make a call that reads, whose error tells it: `aws s3api get-object`, or"
        " `list-objects-v2` of the bucket",
    ),
    "NoSuchEntity": Meaning(
        "what the call names is not in the account",
        "see whether the name is right, without a path and no ARN, and with `aws sts"
        " get-caller-identity` in which account it is looked for; if it is new, try again",
        is_refusal=False,
    ),
}
_OF_STS: Final[Mapping[str, Meaning]] = {
    "RegionDisabled": _AWS_ALONE[_REGION_DISABLED],
    "InvalidIdentityToken": _OF_RULE[Rule.ASSERTION],
    "InvalidAuthorizationMessage": _OF_RULE[Rule.BAD_MESSAGE],
    "IDPRejectedClaim": Meaning(  # ERR-57
        "the identity provider says that the token is no longer good",
        "get a new token: this one has expired there, or was revoked",
    ),
    "IDPCommunicationError": Meaning(  # ERR-57
        "STS cannot reach the identity provider", "try again; then see whether it can be reached"
    ),
    "MalformedPolicyDocument": _OF_RULE[Rule.SESSION_POLICY],
    "PackedPolicyTooLarge": _OF_RULE[Rule.PACKED_SIZE],
    "ValidationError": _OF_RULE[Rule.PARAMETERS],
    "InvalidParameterValue": _OF_RULE[Rule.PARAMETERS],
}
#: What other services say in the same words, of other things.
_AMBIGUOUS: Final = (_OF_RULE[Rule.PARAMETERS], _OF_RULE[Rule.SESSION_POLICY])
#: Texts that vary in more than a word. The latter two have the code of a wrong secret key.
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
_VARYING: Final = tuple(
    (re.compile(form), meaning)
    for form, meaning in (
        (r"[0-9]{1,6} validation errors? detected: .{1,4000}", _OF_RULE[Rule.PARAMETERS]),
        (
            (
                r"Signature (?:expired|not yet current): \S{1,40} is (?:now earlier|still later)"
                r" than \S{1,40}(?: \(\S{1,40} [-+] [0-9]{1,4} min\.\))?"
            ),
            _CLOCK,
        ),
        (r"Credential should be scoped to a valid [Rr]egion(?:, not \S{1,64}|\.)?", _SCOPE),
    )
)


def meaning_of(message: str | None, code: str | None, *, by_sts: bool = True) -> Meaning | None:
    """Return what an error means that is no denial, if that is known; AWS's sentence with it.

    Other services than STS have some of its codes too, and mean something else by them.
    """
    text = " ".join((message or "").split())[:_LONGEST]
    for form, meaning in _forms():
        found = form.match(text) if by_sts or meaning not in _AMBIGUOUS else None
        if found is not None:
            return meaning._replace(text=found[0])
    by_code = {**_EVERYWHERE, **_OF_STS} if by_sts else _EVERYWHERE
    return by_code.get(plain_code(code)) if code else None


@cache
def _forms() -> tuple[tuple[re.Pattern[str], Meaning], ...]:
    ours = ((_form(error.message), _OF_RULE[rule]) for rule, error in _OURS)
    alone = ((_form(error.message), meaning) for error, meaning in _AWS_ALONE.items())
    return (*alone, *_VARYING, *ours)


def _form(text: str) -> re.Pattern[str]:
    """Return what a text of AWS's looks like, whatever stands in its holes, to its full stop."""
    words = " ".join(text.split()).removesuffix(".")
    pattern = re.escape(words).replace(str(_NUMBER), "[0-9]{1,12}")
    return re.compile(pattern.replace(re.escape(_HOLE), r"\S{1,2048}") + r"(?:\.(?!\S))?")
