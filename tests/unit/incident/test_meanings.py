"""Every error that the engine prints is read back, and AWS's own beside."""

from __future__ import annotations

import pytest

from simulator.diagnosis.refusal_words import ROWS
from simulator.incident.meanings import meaning_of
from simulator.sts import errors
from simulator.sts.errors import AwsError
from simulator.sts.refusals import Rule

PRINTED = {
    Rule.EXPIRED: errors.CREDENTIALS_EXPIRED,
    Rule.NOT_SIGNED: errors.NOT_SIGNED,
    Rule.PARAMETERS: errors.role_arn_invalid("arn:aws:iam::1:x"),
    Rule.TOKEN_EXPIRED: errors.token_expired(1, 2),
    Rule.NO_PROVIDER: errors.no_provider("token.example.com/a"),
    Rule.AUDIENCE: errors.WRONG_AUDIENCE,
    Rule.ASSERTION: errors.NO_SAML_SESSION_NAME,
    Rule.ROOT_CALLER: errors.ROOT_CALLER,
    Rule.CREDENTIALS: errors.SESSION_TOKEN_BY_SESSION,
    Rule.MFA_HALF: errors.MFA_HALF,
    Rule.MFA_DEVICE: errors.MFA_DEVICE,
    Rule.TAG_INHERITED: errors.TAG_INHERITED,
    Rule.CHAIN_DURATION: errors.DURATION_OVER_CHAIN_LIMIT,
    Rule.MAXIMUM_DURATION: errors.DURATION_OVER_MAXIMUM,
    Rule.SESSION_POLICY: errors.malformed_policy(errors.MALFORMED),
    Rule.PACKED_SIZE: errors.packed_too_large(138),
    Rule.BAD_MESSAGE: errors.BAD_MESSAGE,
}
#: Told in words that do not say which rule it was.
SILENT = {
    *(Rule.FEDERATED_CALLER, Rule.RESERVED_ROLE, Rule.NOT_CENTRAL, Rule.NO_ROLE),
    *(Rule.SOURCE_IDENTITY_SET, Rule.REGION),
}


def test_every_rule_of_sts_is_here() -> None:
    assert {*PRINTED, *SILENT} == set(Rule)


@pytest.mark.parametrize("rule", PRINTED)
def test_what_is_printed_is_read_back(rule: Rule) -> None:
    error = PRINTED[rule]
    found = meaning_of(error.message, error.code)
    assert found is not None
    assert found.code == ROWS[rule].code
    assert found.text == " ".join(error.message.split())


@pytest.mark.parametrize(
    "error", [each for each in vars(errors).values() if isinstance(each, AwsError)]
)
def test_every_text_is_known_without_its_code(error: AwsError) -> None:
    assert meaning_of(error.message, None) is not None


@pytest.mark.parametrize(
    ("message", "code", "word"),
    [
        (
            "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
            None,
            "MFA code",
        ),
        ("Packed size of session tags consumes 138% of allotted space.", None, "tags"),
        ("Signature expired: 1Z is now earlier than 2Z", "SignatureDoesNotMatch", "clock"),
        (
            "Signature not yet current: 3Z is still later than 2Z (1Z + 15 min.)",
            *("InvalidSignatureException", "clock"),
        ),
        ("anything", "RequestTimeTooSkewed", "clock"),
        ("anything", "SignatureDoesNotMatch", "secret key"),
        ("anything", "RegionDisabledException", "Region"),
        ("anything", "InvalidClientTokenId", "credentials"),
        ("2 validation errors detected: a; b", "ValidationError", "parameters"),
        ("anything", "IDPRejectedClaim", "no longer good"),
        ("Credential should be scoped to a valid region, not 'x'.", None, "another Region"),
        ("Signature expired: 20261124T1200Z is now earlier than x", None, "wrong clock"),
        ("anything", "403", "HEAD"),
    ],
)
def test_what_only_aws_says(message: str, code: str | None, word: str) -> None:
    found = meaning_of(message, code)
    assert found is not None
    assert word in found.message


def test_the_same_words_of_another_service_are_not_those_of_sts() -> None:
    assert meaning_of("1 validation error detected: x", "ValidationError", by_sts=False) is None
    assert meaning_of("Syntax errors in policy.", "MalformedPolicyDocument", by_sts=False) is None
    assert meaning_of("x", "ExpiredToken", by_sts=False) is not None
