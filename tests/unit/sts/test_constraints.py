"""Each constraint on a parameter of AssumeRole: what breaks it is refused, and how AWS says so."""

from __future__ import annotations

from typing import Final

import pytest

from simulator.sts.parameters import Parameters, refusal

ROLE: Final = "arn:aws:iam::111111111111:role/R"
NAME: Final = r"satisfy regular expression pattern: [\w+=,.@-]*"
TAG: Final = r"satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]"
LEAST: Final = "have length greater than or equal to"

# The rule, what is passed, where AWS finds it, and what it demands.
BROKEN: tuple[tuple[str, Parameters, str, str], ...] = (
    ("STS-20", Parameters("arn:aws:iam::1:role"), "roleArn", f"{LEAST} 20"),
    ("STS-21 a slash", Parameters(ROLE, "a/b"), "roleSessionName", NAME),
    ("STS-21 ERR-22 short", Parameters(ROLE, "a"), "roleSessionName", f"{LEAST} 2"),
    (
        "STS-21 ERR-22 long",
        Parameters(ROLE, "a" * 65),
        "roleSessionName",
        "have length less than or equal to 64",
    ),
    (
        "STS-22 ERR-23 short",
        Parameters(ROLE, duration_seconds=899),
        "durationSeconds",
        "have value greater than or equal to 900",
    ),
    (
        "STS-22 ERR-23 long",
        Parameters(ROLE, duration_seconds=43201),
        "durationSeconds",
        "have value less than or equal to 43200",
    ),
    ("STS-25 a key", Parameters(ROLE, tags=(("a*", "b"),)), "tags.1.member.key", f"{TAG}+"),
    ("STS-25 a value", Parameters(ROLE, tags=(("a", "b*"),)), "tags.1.member.value", f"{TAG}*"),
    ("STS-27 short", Parameters(ROLE, external_id="a"), "externalId", f"{LEAST} 2"),
    (
        "STS-27 a blank",
        Parameters(ROLE, external_id="a b"),
        "externalId",
        r"satisfy regular expression pattern: [\w+=,.@:\/-]*",
    ),
    (
        "STS-28",
        Parameters(ROLE, serial_number="GAHT1234", token_code="123456"),  # noqa: S106
        "serialNumber",
        f"{LEAST} 9",
    ),
    ("STS-29 five digits", Parameters(ROLE, token_code="12345"), "tokenCode", f"{LEAST} 6"),  # noqa: S106
    (
        "STS-29 a letter",
        Parameters(ROLE, token_code="12345a"),  # noqa: S106
        "tokenCode",
        r"satisfy regular expression pattern: [\d]*",
    ),
    ("STS-30 aws:", Parameters(ROLE, source_identity="aws:alice"), "sourceIdentity", NAME),
)


@pytest.mark.parametrize(
    ("parameters", "member", "wanted"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_a_broken_constraint_is_told(parameters: Parameters, member: str, wanted: str) -> None:
    error = refusal(parameters)
    assert error is not None
    assert error.code == "ValidationError"  # ERR-21
    assert error.message.startswith("1 validation error detected: Value ")
    assert error.message.endswith(
        f"at '{member}' failed to satisfy constraint: Member must {wanted}"
    )


def test_a_transitive_key_is_among_the_tags() -> None:
    """Hold STS-26."""
    error = refusal(Parameters(ROLE, tags=(("Team", "a"),), transitive_tag_keys=("Env",)))
    assert error is not None
    assert error.code == "InvalidParameterValue"  # ERR-25
