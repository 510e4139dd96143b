"""Options of commands are said as keys of a test file."""

from __future__ import annotations

import pytest

from simulator.testing.words import in_keys
from tests.unit.testing import files
from tests.unit.testing.files import ALICE, BUCKET


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("give `--resource-account ACCOUNT`: so", "give `resource_account: ACCOUNT`: so"),
        ("give `--resource-account 222222222222`", 'give `resource_account: "222222222222"`'),
        ("give `--context aws:SourceIp=VALUE`", "give `context: {aws:SourceIp: VALUE}`"),
        ("or `--context aws:SourceIp=` if", "or `context: {aws:SourceIp: null}` if"),
        (
            "give `--context aws:CurrentTime=2026-11-24T12:00:00Z`",
            'give `context: {aws:CurrentTime: "2026-11-24T12:00:00Z"}`',
        ),
        ("pass both `--serial-number` and", "pass both `serial_number` and"),
        ("with `--policy FILE`", "with `policies: FILE`"),
        ("without `--strict`: so", "without `--strict`: so"),
        ("run `aws iam get-role --role-name x`", "run `aws iam get-role --role-name x`"),
        (
            "give `--federated-by ARN`, the user who made the caller's session",
            "a test file cannot say which user made the caller's session",
        ),
    ],
)
def test_options_as_keys(text: str, said: str) -> None:
    assert in_keys(text) == said


def test_causes_speak_of_keys() -> None:
    asks = {"caller": ALICE, "action": "s3:GetObject", "resource": BUCKET, "expect": "allowed"}
    (cause,) = files.result(asks).causes
    assert (cause.help or "").startswith("give `resource_account: ACCOUNT`")


def test_fixes_speak_of_keys() -> None:
    trust = files.trusting(Condition={"StringEquals": {"sts:ExternalId": "x1"}})
    found = files.result(accounts=files.accounts(deploy={"trust_policy": trust}))
    assert [fix.title for fix in found.fixes][:1] == ['pass `external_id: "x1"`']
