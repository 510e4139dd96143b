"""What is taken from botocore is as it was, and what is recorded is what botocore sends."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest
from botocore import credentials
from botocore.awsrequest import AWSResponse
from botocore.exceptions import BotoCoreError
from botocore.session import Session
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.profiles.ini import NOT_READ, READ
from simulator.profiles.model import Hop, ProfileError
from simulator.profiles.resolve import resolve
from simulator.profiles.settings import read_profiles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

IDENTITY = "the-web-identity-token"
CODE = "123456"
KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"
ANSWER = """<{0}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{0}Result><Credentials>
<AccessKeyId>ASIA{1}EXAMPLE</AccessKeyId><SecretAccessKey>x</SecretAccessKey>
<SessionToken>x</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration>
</Credentials></{0}Result></{0}Response>"""


class _Answer:
    def __init__(self, text: str) -> None:
        self._data = text.encode()

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self._data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the files of a real session, which sees nothing else of this machine."""
    folder = tmp_path_factory.mktemp("real")
    (folder / "token").write_text(IDENTITY)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("HOME", str(folder))
        patch.setenv("AWS_CONFIG_FILE", str(folder / "config"))
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "credentials"))
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "x")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield folder


def _write(folder: Path, config: str, keys: str = "") -> None:
    (folder / "config").write_text(config)
    (folder / "credentials").write_text(keys)


def _really_sent(profile: str) -> list[dict[str, str]] | None:
    """Return what a real session sends to STS for a profile, or nothing where it refuses."""
    sent: list[dict[str, str]] = []

    def answer(request: Any, **_: object) -> AWSResponse:  # noqa: ANN401 - botocore's own
        body = request.body.decode() if isinstance(request.body, bytes) else request.body
        sent.append(dict(parse_qsl(body)))
        text = ANSWER.format(sent[-1]["Action"], len(sent))
        return AWSResponse(request.url, 200, {}, _Answer(text))

    session = Session(profile=profile)
    session.register("before-send.sts", answer)
    asks = session.get_component("credential_provider").get_provider("assume-role")
    asks._prompter = lambda _: CODE  # noqa: SLF001 - nobody is there to type it
    try:
        found = session.get_credentials()
    except BotoCoreError:
        return None
    if found is None:
        return None
    found.get_frozen_credentials()
    return sent


def _recorded(folder: Path, profile: str) -> list[dict[str, str]] | None:
    try:
        hops = resolve(profile, str(folder / "config"), str(folder / "credentials")).hops
    except ProfileError:
        return None
    return [_as_sent(hop) for hop in hops]


def _as_sent(hop: Hop) -> dict[str, str]:
    """Return a call as the wire has it."""
    parameters = {
        "Action": hop.operation,
        "Version": "2011-06-15",
        "RoleArn": hop.role_arn,
        "RoleSessionName": hop.role_session_name or "botocore-session",
        "ExternalId": hop.external_id,
        "SerialNumber": hop.serial_number,
        "TokenCode": CODE if hop.serial_number is not None else None,
        "DurationSeconds": None if hop.duration_seconds is None else str(hop.duration_seconds),
        "WebIdentityToken": IDENTITY if hop.web_identity_token_file else None,
    }
    return {name: value for name, value in parameters.items() if value is not None}


def _without_time(sent: list[dict[str, str]] | None) -> list[dict[str, str]] | None:
    made_up = re.compile(r"^(botocore-session)-\d+$")
    return sent and [{k: made_up.sub(r"\1", v) for k, v in call.items()} for call in sent]


CHAIN = f"""
[default]
{KEYS}
mfa_serial = arn:aws:iam::111122223333:mfa/not-used
[profile b]
role_arn = arn:aws:iam::111122223333:role/B
source_profile = default
mfa_serial = arn:aws:iam::111122223333:mfa/alice
external_id = of b
duration_seconds = 3h
[profile a]
role_arn = arn:aws:iam::444455556666:role/A
source_profile = b
role_session_name = a@example.com
external_id = of:a/=+
duration_seconds = 900
source_identity = alice
"""
WEB = """
[profile b]
role_arn = arn:aws:iam::111122223333:role/B
web_identity_token_file = token
external_id = x
duration_seconds = 900
[profile a]
role_arn = arn:aws:iam::444455556666:role/A
source_profile = b
"""
KEYS_BETWEEN = f"""
[profile b]
role_arn = arn:aws:iam::111122223333:role/B
source_profile = c
[profile c]
{KEYS}
[profile a]
role_arn = arn:aws:iam::444455556666:role/A
source_profile = b
"""


@pytest.mark.parametrize(
    ("config", "keys", "calls"),
    [(CHAIN, "", 2), (WEB, "", 2), (KEYS_BETWEEN, f"[b]\n{KEYS}", 1), (KEYS_BETWEEN, "", 2)],
)
def test_what_is_recorded_is_what_is_sent(folder: Path, config: str, keys: str, calls: int) -> None:
    _write(folder, config, keys)
    sent = _really_sent("a")
    assert sent is not None
    assert len(sent) == calls
    assert _recorded(folder, "a") == _without_time(sent)


_NAMES = st.sampled_from(["a", "b", "c", "default"])
_SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "role_arn": st.just("arn:aws:iam::111122223333:role/R"),
        "source_profile": _NAMES,
        "credential_source": st.sampled_from(["Environment", "environment"]),
        "aws_access_key_id": st.just("AKIAIOSFODNN7EXAMPLE"),
        "aws_secret_access_key": st.just("x"),
        "role_session_name": st.sampled_from(["session", ""]),
        "external_id": st.just("external"),
        "mfa_serial": st.just("arn:aws:iam::111122223333:mfa/alice"),
        "duration_seconds": st.sampled_from(["900", "3h"]),
        "web_identity_token_file": st.just("token"),
    },
)
_FILES = st.dictionaries(_NAMES, _SETTINGS, max_size=4)


def _text(profiles: dict[str, dict[str, str]], prefix: str) -> str:
    return "".join(
        f"[{prefix}{name}]\n" + "".join(f"{k} = {v}\n" for k, v in found.items())
        for name, found in profiles.items()
    )


@settings(max_examples=60)
@given(
    first=st.fixed_dictionaries(
        {"role_arn": st.just("arn:aws:iam::111122223333:role/A"), "source_profile": _NAMES}
    ),
    others=_FILES,
    keys=_FILES,
)
def test_whatever_the_profiles_are(
    folder: Path,
    first: dict[str, str],
    others: dict[str, dict[str, str]],
    keys: dict[str, dict[str, str]],
) -> None:
    _write(
        folder,
        _text({**others, "a": {**others.get("a", {}), **first}}, "profile "),
        _text(keys, ""),
    )
    for profile in ("a", "b"):
        assert _recorded(folder, profile) == _without_time(_really_sent_or_no_profile(profile))


def _really_sent_or_no_profile(profile: str) -> list[dict[str, str]] | None:
    return _really_sent(profile) if profile in Session().full_config["profiles"] else None


def test_files_are_joined_as_a_session_joins_them(folder: Path) -> None:
    _write(
        folder,
        CHAIN + "[sso-session i]\nsso_region = r\n[x]\n",
        f"[b]\n{KEYS}external_id = z\n[d]\n",
    )
    theirs = Session().full_config
    for profile in theirs["profiles"].values():
        profile.update({k: NOT_READ for k in profile if k not in READ})
    ours = read_profiles(str(folder / "config"), str(folder / "credentials"))
    assert ours.full == theirs


def test_the_order_of_asking(folder: Path) -> None:
    _write(folder, CHAIN)
    real = credentials.create_credential_resolver(Session(profile="a")).providers
    builder = credentials.ProfileProviderBuilder(Session(profile="a"))
    ours = ["assume-role", *(p.METHOD for p in builder.providers("a", disable_env_vars=True))]
    methods = [provider.METHOD for provider in real]
    assert methods[: len(ours)] == ours
    assert methods[len(ours) :] == [
        "ec2-credentials-file",
        "boto-config",
        "container-role",
        "iam-role",
    ]


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        (
            credentials.AssumeRoleProvider,
            (
                "load_config client_creator cache profile_name prompter credential_sourcer"
                " profile_provider_builder"
            ),
        ),
        (
            credentials.AssumeRoleWithWebIdentityProvider,
            "load_config client_creator profile_name cache disable_env_vars token_loader_cls",
        ),
        (
            credentials.ProfileProviderBuilder,
            "session cache region_name sso_token_cache login_token_cache",
        ),
        (
            credentials.SSOProvider,
            "load_config client_creator profile_name cache token_cache token_provider",
        ),
        (credentials.LoginProvider, "load_config client_creator profile_name token_cache"),
        (credentials.ProcessProvider, "profile_name load_config popen"),
        (credentials.SharedCredentialProvider, "creds_filename profile_name ini_parser"),
        (credentials.ConfigProvider, "config_filename profile_name config_parser"),
        (credentials.CanonicalNameCredentialSourcer, "providers"),
        (credentials.CredentialResolver, "providers"),
        (credentials.Credentials, "access_key secret_key token method account_id"),
        (vars(credentials.AssumeRoleProvider)["_get_role_config"], "self profile_name"),
        (vars(credentials.SSOProvider)["_load_sso_config"], "self"),
        (credentials.ProfileProviderBuilder.providers, "self profile_name disable_env_vars"),
    ],
)
def test_signatures(function: Any, parameters: str) -> None:  # noqa: ANN401 - botocore's own
    assert list(inspect.signature(function).parameters) == parameters.split()


def test_every_provider_of_a_profile_is_replaced() -> None:
    makers = {name for name in vars(credentials.ProfileProviderBuilder) if "_create_" in name}
    assert makers == {
        "_create_config_provider",
        "_create_login_provider",
        "_create_process_provider",
        "_create_shared_credential_provider",
        "_create_sso_provider",
        "_create_web_identity_provider",
    }
