"""What a profile must not touch or tell: other files, the environment, the network, secrets."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import pytest

from simulator.profiles.ini import read_ini
from simulator.profiles.model import ProfileError
from simulator.profiles.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Put together here, so that nobody's scanner takes them for real ones.
KEY_ID = "AKIA" + "IOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/" + "K7MDENG/bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2Vj" + "EXAMPLE"
KEYS = (
    f"aws_access_key_id = {KEY_ID}\naws_secret_access_key = {SECRET}\naws_session_token={TOKEN}\n"
)
ALL = f"""
[default]
region = eu-west-1
{KEYS}
[profile chain]
role_arn = arn:aws:iam::111122223333:role/A
source_profile = default
mfa_serial = arn:aws:iam::111122223333:mfa/alice
[profile instance]
role_arn = arn:aws:iam::111122223333:role/A
credential_source = Ec2InstanceMetadata
[profile container]
role_arn = arn:aws:iam::111122223333:role/A
credential_source = EcsContainer
[profile environment]
role_arn = arn:aws:iam::111122223333:role/A
credential_source = Environment
[profile web]
role_arn = arn:aws:iam::111122223333:role/A
web_identity_token_file = /token
[profile sign-on]
sso_session = i
sso_account_id = 111122223333
sso_role_name = r
[sso-session i]
sso_start_url = https://example.com
sso_region = eu-west-1
[profile process]
credential_process = touch /created --password {SECRET}
[profile login]
login_session = arn:aws:iam::111122223333:user/alice
"""
NAMES = ["default", "chain", "instance", "container", "environment"]
NAMES += ["web", "sign-on", "process", "login"]
OUTSIDE = ("open", "os.listdir", "socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn")

_seen: list[tuple[str, object]] = []
_is_watching = False


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _is_watching and event.startswith(OUTSIDE):
        _seen.append((event, arguments[0]))


sys.addaudithook(_watch)


@pytest.fixture
def seen() -> Iterator[list[tuple[str, object]]]:
    """What reaches out of the process, from now on to the end of the test."""
    global _is_watching  # noqa: PLW0603 - an audit hook stays for good, so it must be told to rest
    _seen.clear()
    _is_watching = True
    yield _seen
    _is_watching = False


@pytest.fixture
def config(tmp_path: Path) -> str:
    (tmp_path / "config").write_text(ALL)
    return str(tmp_path / "config")


@pytest.fixture
def _everything_is_imported(config: str) -> None:
    for name in NAMES:
        resolve(name, config)


@pytest.mark.usefixtures("_everything_is_imported")
@pytest.mark.parametrize("name", NAMES)
def test_only_the_config_file_is_opened(
    config: str, name: str, seen: list[tuple[str, object]]
) -> None:
    resolve(name, config)
    assert seen == [("open", config)]


@pytest.mark.usefixtures("_everything_is_imported")
def test_the_credentials_file_is_opened_where_it_is_named(
    config: str, tmp_path: Path, seen: list[tuple[str, object]]
) -> None:
    named = tmp_path / "credentials"
    resolve("chain", config, str(named))
    assert seen == [("open", config), ("open", str(named))]


@pytest.mark.parametrize("name", NAMES)
def test_the_environment_is_not_read(
    config: str, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    expected = resolve(name, config)
    (tmp_path / "other").write_text(f"[default]\nregion = us-east-1\n{KEYS}")
    for variable, value in {
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_PROFILE": "default",
        "AWS_REGION": "us-east-1",
        "AWS_CONFIG_FILE": str(tmp_path / "other"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "other"),
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/other",
        "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/Other",
        "AWS_ROLE_SESSION_NAME": "other",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost",
    }.items():
        monkeypatch.setenv(variable, value)
    assert resolve(name, config) == expected


@pytest.mark.parametrize("name", NAMES)
def test_nothing_secret_is_kept_or_logged(
    config: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = f"{resolve(name, config)!r} {read_ini(config)!r} {caplog.text}"
    assert not any(secret in told for secret in (KEY_ID, SECRET, TOKEN))


@pytest.mark.parametrize(
    "text",
    [
        KEYS,
        f"[default]\n{SECRET}\n",
        f"[default]\naws_secret_access_key {SECRET}\n",
        f"[default]\n{KEYS}{KEYS}",
        f"[default]\ns3 =\n  {SECRET}\n",
        f"[default]\naws_access_key_id = {KEY_ID}\n",
        f"[default]\naws_secret_access_key = {SECRET}\n",
        f"[profile a]\n{KEYS}[profile a]\n{KEYS}",
        f"[profile a]\n{KEYS}",
        f"[default]\nrole_arn =\n  x = {SECRET}\n",
        f"[default]\naws_session_token = {TOKEN}\n",
    ],
)
def test_no_message_holds_a_secret(tmp_path: Path, text: str) -> None:
    (tmp_path / "config").write_text(text)
    with pytest.raises(ProfileError) as error:
        resolve("default", str(tmp_path / "config"))
    told = f"{error.getrepr(chain=True)}{error.value!r}"
    message = told.splitlines()[-1]
    assert not any(secret in message for secret in (KEY_ID, SECRET, TOKEN))
    assert error.value.__suppress_context__ or error.value.__context__ is None
