"""Why a profile yields no credentials: one message, with a place, and a way out."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.profiles.conftest import Refuse

KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"
A = "[profile a]\nrole_arn = r\n"
UNREAD = " (no credentials file was read: `--credentials FILE` names one)"
GRANTING = (
    "expected access keys, `role_arn` with `source_profile` or `credential_source`,"
    " `sso_session` with `sso_account_id` and `sso_role_name`, or `credential_process`"
)
WHO = "sso_account_id = r\nsso_role_name = r\n"
WHO_IS_MISSING = "`sso_account_id` and `sso_role_name`"
SIGN_ON = "sso_start_url = u\nsso_region = r\n"


def test_a_missing_profile(refused: Refuse) -> None:
    config = f"[profile production]\n{KEYS}[profile staging]\n{KEYS}"
    message = "`config` holds no profile `prodution`: did you mean `production`?"
    assert refused(config, "prodution") == message + UNREAD
    assert refused(config, "prodution", credentials="") == message


def test_a_missing_profile_that_is_like_no_other(refused: Refuse) -> None:
    config = f"[profile production]\n{KEYS}[profile staging]\n{KEYS}"
    message = "`config` holds no profile `qq`: expected `production` or `staging`"
    assert refused(config, "qq") == message + UNREAD


@pytest.mark.parametrize("config", ["", "# nothing\n", "[sso-session a]\n"])
def test_no_profile_at_all(refused: Refuse, config: str) -> None:
    assert refused(config) == "`config` holds no profile" + UNREAD


@pytest.mark.parametrize(("name", "wanted"), [("a", "a"), ("x y", '"x y"')])
def test_a_section_that_is_no_profile(refused: Refuse, name: str, wanted: str) -> None:
    message = f"config:1: the section `[{name}]` is no profile: call it `[profile {wanted}]`"
    assert refused(f"[{name}]\n{KEYS}", name) == message


def test_a_missing_source_profile(refused: Refuse) -> None:
    message = (
        "config:3: `source_profile` of the profile `a` names `lendr`, and there is no such profile"
    )
    assert refused(A + "source_profile = lendr\n") == message + UNREAD
    lender = f"[profile lender]\n{KEYS}"
    advice = ": did you mean `lender`?" + UNREAD
    assert refused(A + "source_profile = lendr\n" + lender) == message + advice


def test_a_source_profile_without_credentials(refused: Refuse) -> None:
    config = A + "source_profile = b\n[profile b]\nregion = x\n"
    message = (
        f"config:4: the profile `b` holds no credentials, and `a` takes its own from it: {GRANTING}"
    )
    assert refused(config) == message + UNREAD
    assert refused(config, credentials="[c]\n") == message


def test_a_profile_without_credentials(refused: Refuse) -> None:
    message = f"config:1: the profile `a` holds no credentials: {GRANTING}"
    assert refused("[profile a]\nregion = x\n") == message + UNREAD


FROM_A, FROM_B = "source_profile = a\n", "source_profile = b\n"
B = "[profile b]\nrole_arn = q\n"


@pytest.mark.parametrize(
    ("config", "line", "profile", "circle"),
    [
        (A + FROM_A, 3, "a", "`a` → `a`"),
        (A + FROM_B + B + FROM_A, 6, "b", "`a` → `b` → `a`"),
        (A + FROM_B + B + FROM_B, 6, "b", "`b` → `b`"),
        (A + KEYS + FROM_B + B + FROM_A, 8, "b", "`a` → `b` → `a`"),
    ],
)
def test_a_circle(refused: Refuse, config: str, line: int, profile: str, circle: str) -> None:
    assert refused(config) == (
        f"config:{line}: `source_profile` of the profile `{profile}` leads in a circle, {circle}:"
        " one of them must take its credentials from elsewhere"
    )


def test_both_sources(refused: Refuse) -> None:
    assert refused(A + "source_profile = a\ncredential_source = Environment\n") == (
        "config:4: `credential_source` of the profile `a` stands beside `source_profile`:"
        " keep one of the two"
    )


def test_neither_source(refused: Refuse) -> None:
    assert refused(A) == (
        "config:2: `role_arn` of the profile `a` has no credentials to assume the role with:"
        " expected `source_profile` or `credential_source` beside it"
    )


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ("environment", "write `Environment`, letter case counts"),
        ("EC2InstanceMetadata", "write `Ec2InstanceMetadata`, letter case counts"),
        ("Lambda", "expected `Environment`, `Ec2InstanceMetadata` or `EcsContainer`"),
    ],
)
def test_an_unknown_source(refused: Refuse, given: str, advice: str) -> None:
    assert refused(f"{A}credential_source = {given}\n") == (
        f"config:3: `credential_source` of the profile `a` has no source `{given}`: {advice}"
    )


ID, SECRET = KEYS.splitlines(keepends=True)


@pytest.mark.parametrize("config", ["[profile a]\n{}", "[profile b]\n{}" + A + "source_profile=b"])
@pytest.mark.parametrize(("half", "missing"), [(ID, SECRET), (SECRET, ID)])
def test_half_an_access_key(refused: Refuse, config: str, half: str, missing: str) -> None:
    (there, _), (absent, _) = half.split(" =", 1), missing.split(" =", 1)
    assert refused(config.format(half)) == (
        f"config:2: `{there}` of the profile `{config[9]}` has no `{absent}`"
        " beside it: an access key is made of both"
    )


def test_half_an_access_key_in_each_file(refused: Refuse) -> None:
    assert refused("[profile a]\n" + SECRET, credentials="[a]\n" + ID) == (
        "credentials:2: `aws_access_key_id` of the profile `a` has no `aws_secret_access_key`"
        " beside it: an access key is made of both"
    )


def test_a_web_identity_without_a_role(refused: Refuse) -> None:
    assert refused("[profile a]\nweb_identity_token_file = t\n") == (
        "config:2: `web_identity_token_file` of the profile `a` has no `role_arn` beside it:"
        " expected the role that the token is for"
    )


@pytest.mark.parametrize(
    ("settings", "setting", "missing"),
    [
        ("sso_role_name = r\n" + SIGN_ON, "sso_role_name", "`sso_account_id`"),
        ("sso_account_id = r\n" + SIGN_ON, "sso_account_id", "`sso_role_name`"),
        (WHO, "sso_account_id", "`sso_start_url` and `sso_region`"),
        ("sso_session = i\n[sso-session i]\n" + SIGN_ON, "sso_session", WHO_IS_MISSING),
    ],
)
def test_half_a_sign_on(refused: Refuse, settings: str, setting: str, missing: str) -> None:
    assert refused(f"[profile a]\n{settings}") == (
        f"config:2: `{setting}` of the profile `a` is not enough for a sign-on:"
        f" {missing} must be there too"
    )


def test_a_missing_sign_on_session(refused: Refuse) -> None:
    config = "[profile a]\nsso_session = corpp\nsso_account_id = 1\nsso_role_name = r\n"
    assert refused(config + "[sso-session corp]\n") == (
        "config:2: `sso_session` of the profile `a` names `corpp`, and there is no section"
        " `[sso-session corpp]`: did you mean `corp`?"
    )


def test_a_sign_on_session_that_says_otherwise(refused: Refuse) -> None:
    config = "[profile a]\nsso_session = i\nsso_account_id = 1\nsso_role_name = r\nsso_region = x\n"
    assert refused(config + "[sso-session i]\n" + SIGN_ON) == (
        "config:5: `sso_region` of the profile `a` differs from that of `[sso-session i]`:"
        " keep the one there"
    )


def test_a_credentials_file_that_cannot_be_read(refused: Refuse) -> None:
    assert refused(A, credentials="nonsense\n") == (
        "credentials:1:1: a section must come first: expected `[profile NAME]` or `[default]`"
    )


WITHOUT = """
import sys
sys.modules["botocore"] = None
from simulator.profiles.resolve import resolve
try:
    resolve("a", "config")
except ValueError as error:
    print(error)
"""


def test_without_botocore() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == (
        "a profile is read by botocore, which is missing or too old: install `iamsim[aws]`"
    )
