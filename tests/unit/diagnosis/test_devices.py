"""Why the device that a call passes is not the caller's, and which one was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.diagnosis.diagnose import diagnose
from simulator.sts.answer import answer_to
from tests import worlds

if TYPE_CHECKING:
    from simulator.diagnosis.diagnosis import Diagnosis

HOME, AWAY = "111111111111", "222222222222"
ALICE = {"arn": f"arn:aws:iam::{HOME}:user/team/alice"}
SESSION = {"arn": f"arn:aws:sts::{HOME}:assumed-role/R/s"}
OWN = f"arn:aws:iam::{HOME}:mfa/alice"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": HOME}, "Action": "sts:AssumeRole"}],
}
ALL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def told(
    serial: str, caller: dict[str, Any] = ALICE, devices: frozenset[str] | None = None
) -> Diagnosis:
    """Return the diagnosis of a call with a device."""
    role = {"arn": f"arn:aws:iam::{AWAY}:role/R"}
    world = {"caller": caller, "role": role, "trust": TRUST, "identity": [ALL]}
    call = worlds.call(world, {"serial_number": serial, "token_code": "123456"})
    call = call._replace(mfa_devices=devices)
    return diagnose(call, answer_to(call))


KNOWN = frozenset({OWN, f"arn:aws:iam::{HOME}:mfa/phone"})
CASES: tuple[tuple[str, frozenset[str] | None, str, str], ...] = (
    (f"arn:aws:iam::{HOME}:user/team/alice", None, "`mfa/` in the place of `user/`", OWN),
    (f"arn:aws:iam::{HOME}:user/team/alice", KNOWN, "`mfa/` in the place of `user/`", OWN),
    (f"arn:aws:iam::{HOME}:role/R", None, "the ARN of a role", OWN),
    (f"arn:aws:iam::{HOME}:u2f/user/alice/key", None, "a security key", OWN),
    ("AKIAEXAMPLEEXAMPLE12", None, "the id of an access key", OWN),
    (f"arn:aws:iam:{HOME}:mfa/alice", None, "no whole ARN", OWN),
    ("arn:aws:iam::111111111112:mfa/a", None, "a slip of the pen", f"arn:aws:iam::{HOME}:mfa/a"),
    (f"arn:aws:iam::{AWAY}:mfa/alice", None, f"account `{AWAY}`, and the caller of `{HOME}`", OWN),
    (f"arn:aws:iam::{HOME}:mfa/Alice", KNOWN, "upper and lower case", OWN),
    (f"arn:aws:iam::{HOME}:mfa/fone", KNOWN, "has the ARN", f"arn:aws:iam::{HOME}:mfa/phone"),
    ("GAHT12345678", frozenset({"GAHT12345679"}), "differ in one character", "GAHT12345679"),
    ("GAHT12345678", frozenset({OWN}), "none of a device of the caller", OWN),
)


@pytest.mark.parametrize(("serial", "devices", "why", "meant"), CASES)
def test_which_slip_it_is_and_which_device_was_meant(
    serial: str, devices: frozenset[str] | None, why: str, meant: str
) -> None:
    found = told(serial, devices=devices)
    (cause,) = found.causes
    assert cause.code == "IAM705"
    assert why in str(cause.help)
    assert found.fixes[0].title.startswith(f"pass `--serial-number {meant}`")


def test_a_session_has_no_device_and_gets_none_offered() -> None:
    found = told(OWN, SESSION)
    assert "only a user has devices" in str(found.causes[0].help)
    assert [fix.title for fix in found.fixes] == ["leave out both MFA parameters"]


def test_what_is_wanted_are_the_devices_that_are_known() -> None:
    (cause,) = told("GAHT12345678", devices=KNOWN).causes
    assert cause.wanted == " or ".join(sorted(KNOWN))


def test_a_user_without_devices_gets_none_offered() -> None:
    found = told(OWN, devices=frozenset())
    assert [fix.title for fix in found.fixes] == ["leave out both MFA parameters"]
