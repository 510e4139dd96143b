"""The constraints of AssumeRole's parameters, in AWS's words."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.sts import errors
from simulator.sts.parameters import Parameters, refusal

ROLE = "arn:aws:iam::222222222222:role/deploy"
TAG_PATTERN = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]"


def message(**given: Any) -> str | None:  # noqa: ANN401 - parameters of any type
    """Return the message with which STS refuses parameters, if it does."""
    error = refusal(Parameters(**{"role_arn": ROLE, **given}))
    if error is None:
        return None
    assert error.status == 400
    return error.message


FIT: dict[str, tuple[Any, ...]] = {
    "role_session_name": ("ab", "a" * 64, "a+=,.@-_1", None),
    "external_id": ("ab", "a" * 1224, "a+=,.@:/-_1"),
    "serial_number": ("GAHT12345678", "arn:aws:iam::111111111111:mfa/x", "a" * 256),
    "token_code": ("123456", "000000"),
    "source_identity": ("ab", "a" * 64),
    "duration_seconds": (900, 3600, 43200),
    "minimum_session_token_size": (0, 4096),
    "tags": (
        (),
        (("k", ""),),
        (("k" * 128, "v" * 256),),
        (("\u00e9\u4e2d \u0661_.:/=+-@", "x"),),
        tuple((f"k{number}", "v") for number in range(50)),
    ),
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in FIT.items() for value in values]
)
def test_what_fits(name: str, value: object) -> None:
    assert message(**{name: value}) is None


# Parameter, value, member as STS calls it, and what it must be like.
_SIZE = "minimumSessionTokenSize"  # STS-32
UNFIT: tuple[tuple[str, Any, str, str], ...] = (
    ("role_session_name", "a b", "roleSessionName", "pattern: [\\w+=,.@-]*"),
    ("role_session_name", "\u00e9\u00e9", "roleSessionName", "pattern: [\\w+=,.@-]*"),
    ("role_session_name", "ab\n", "roleSessionName", "pattern: [\\w+=,.@-]*"),
    ("role_session_name", "a", "roleSessionName", "length greater than or equal to 2"),
    ("role_session_name", "", "roleSessionName", "length greater than or equal to 2"),
    ("role_session_name", "a" * 65, "roleSessionName", "length less than or equal to 64"),
    ("external_id", "a b", "externalId", r"pattern: [\w+=,.@:\/-]*"),
    ("external_id", "a", "externalId", "length greater than or equal to 2"),
    ("external_id", "a" * 1225, "externalId", "length less than or equal to 1224"),
    ("serial_number", "12345678", "serialNumber", "length greater than or equal to 9"),
    ("serial_number", "1" * 257, "serialNumber", "length less than or equal to 256"),
    ("serial_number", "123456789!", "serialNumber", "pattern: [\\w+=/:,.@-]*"),
    ("token_code", "12345", "tokenCode", "length greater than or equal to 6"),
    ("token_code", "1234567", "tokenCode", "length less than or equal to 6"),
    ("token_code", "12345a", "tokenCode", "pattern: [\\d]*"),
    ("source_identity", "a", "sourceIdentity", "length greater than or equal to 2"),
    ("source_identity", "aws:x", "sourceIdentity", "pattern: [\\w+=,.@-]*"),
    ("duration_seconds", 899, "durationSeconds", "value greater than or equal to 900"),
    ("duration_seconds", 0, "durationSeconds", "value greater than or equal to 900"),
    ("duration_seconds", -1, "durationSeconds", "value greater than or equal to 900"),
    ("duration_seconds", 43201, "durationSeconds", "value less than or equal to 43200"),
    ("minimum_session_token_size", -1, _SIZE, "value greater than or equal to 0"),
    ("minimum_session_token_size", 4097, _SIZE, "value less than or equal to 4096"),
    ("role_arn", "short", "roleArn", "length greater than or equal to 20"),
    ("role_arn", f"{ROLE}{'x' * 2048}", "roleArn", "length less than or equal to 2048"),
)


@pytest.mark.parametrize(("name", "value", "member", "wanted"), UNFIT)
def test_what_does_not_fit(name: str, value: object, member: str, wanted: str) -> None:
    frame = {"pattern": "satisfy regular expression ", "length": "have ", "value": "have "}
    kind = wanted.partition(" ")[0].rstrip(":")
    assert message(**{name: value}) == (
        f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint:"
        f" Member must {frame[kind]}{wanted}"
    )


@pytest.mark.parametrize(
    ("tags", "member", "wanted"),
    [
        ((("", "v"),), "tags.1.member.key", "have length greater than or equal to 1"),
        ((("k" * 129, "v"),), "tags.1.member.key", "have length less than or equal to 128"),
        ((("k", "v" * 257),), "tags.1.member.value", "have length less than or equal to 256"),
        (
            (("a", "b"), ("k!", "v")),
            "tags.2.member.key",
            f"satisfy regular expression pattern: {TAG_PATTERN}+",
        ),
        (
            (("k", "v\t"),),
            "tags.1.member.value",
            f"satisfy regular expression pattern: {TAG_PATTERN}*",
        ),
    ],
)
def test_tags(tags: tuple[tuple[str, str], ...], member: str, wanted: str) -> None:
    text = message(tags=tags)
    assert text is not None
    assert text.startswith("1 validation error detected: Value ")
    assert text.endswith(f"at '{member}' failed to satisfy constraint: Member must {wanted}")


def test_too_many_tags() -> None:
    tags = tuple((f"k{number}", "v") for number in range(51))
    text = message(tags=tags, transitive_tag_keys=tuple(key for key, _ in tags))
    assert text is not None
    assert text.startswith("2 validation errors detected: ")
    assert "at 'tags' failed to satisfy constraint: Member must have length less than" in text
    assert "at 'transitiveTagKeys' failed" in text


def test_several_at_once() -> None:
    assert message(role_session_name="/", duration_seconds=1) == (  # ERR-24
        "3 validation errors detected: Value '/' at 'roleSessionName' failed to satisfy constraint:"
        r" Member must satisfy regular expression pattern: [\w+=,.@-]*; Value '/' at"
        " 'roleSessionName' failed to satisfy constraint: Member must have length greater than or"
        " equal to 2; Value '1' at 'durationSeconds' failed to satisfy constraint: Member must have"
        " value greater than or equal to 900"
    )


@pytest.mark.parametrize(
    "text",
    [
        "certainly-not-an-arn-at-all",
        "arn:aws:iam::222222222222",
        "arn::iam::222222222222:role/x",
        "arn:aws:::222222222222:role/x",
        "arn:aws:iam::222222222222:",
        "ARN:aws:iam::222222222222:role/x",
    ],
)
def test_a_role_arn_that_is_none(text: str) -> None:
    error = refusal(Parameters(text))
    assert error == errors.AwsError("ValidationError", f"{text} is invalid", 400)  # ERR-20


def test_shape_comes_before_the_arn() -> None:
    text = message(role_arn="certainly-not-an-arn-at-all", role_session_name="a")
    assert text is not None
    assert "roleSessionName" in text


def test_tag_keys_ignore_case() -> None:
    twice = (("Team", "a"), ("team", "b"))
    assert refusal(Parameters(ROLE, tags=twice)) == errors.TAG_KEYS_TWICE  # ERR-26
    given = Parameters(ROLE, tags=(("Team", "a"),), transitive_tag_keys=("TEAM",))
    assert refusal(given) is None
    other = given._replace(transitive_tag_keys=("env",))
    assert refusal(other) == errors.TRANSITIVE_KEY_NOT_PASSED  # ERR-25


def test_texts_word_for_word() -> None:
    assert errors.TRANSITIVE_KEY_NOT_PASSED.message == (
        "The specified transitive tag key must be included in the requested tags."
    )
    assert errors.TAG_KEYS_TWICE.message == (
        "Duplicate tag keys found. Please note that Tag keys are case insensitive."
    )
    assert errors.TAG_INHERITED.message == (
        "One of the specified transitive tag keys can't be set because it conflicts with a"
        " transitive tag key from the calling session."
    )
    assert errors.DURATION_OVER_MAXIMUM.message == (
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    )
    assert errors.DURATION_OVER_CHAIN_LIMIT.message == (
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role"
        " chaining."
    )
    assert errors.ROOT_CALLER.message == "Roles may not be assumed by root accounts."
    assert errors.MFA_HALF.message == (
        "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass"
        " code."
    )
    assert errors.MFA_DEVICE.message == (
        "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA"
        " serial number is valid and associated with this user."
    )


@pytest.mark.parametrize("name", ["TRANSITIVE_KEY_NOT_PASSED", "TAG_KEYS_TWICE", "TAG_INHERITED"])
def test_invalid_parameter_values(name: str) -> None:
    error = getattr(errors, name)
    assert (error.code, error.status) == ("InvalidParameterValue", 400)
