"""Which calls a profile makes: each rule of botocore's, in a config file as small as it goes."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.profiles.ini import KEY_ID, READ, SECRET
from simulator.profiles.model import Hop, ProfileError, Start
from simulator.profiles.resolve import resolve

if TYPE_CHECKING:
    from tests.unit.profiles.conftest import Resolve

ROLE = "arn:aws:iam::111122223333:role"
KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"
SESSION_KEYS = "aws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"
A = f"[profile a]\nrole_arn = {ROLE}/A\nrole_session_name = s\n"
B = f"[profile b]\nrole_arn = {ROLE}/B\nrole_session_name = t\n"
LENDER = f"[profile lender]\n{KEYS}"
FROM_LENDER = "source_profile = lender\n"
SSO = "sso_account_id = 111122223333\nsso_role_name = r\n"
SIGN_ON = "sso_start_url = https://example.com\nsso_region = eu-west-1\n"

HOP_A = Hop("AssumeRole", "a", f"{ROLE}/A", "s")
HOP_B = Hop("AssumeRole", "b", f"{ROLE}/B", "t")
STATIC = Start("static", "lender", None, "long_term")


def _with_token(hop: Hop) -> Hop:
    file = "/token"
    return hop._replace(operation="AssumeRoleWithWebIdentity", web_identity_token_file=file)


def test_one_role(resolved: Resolve) -> None:
    answer = resolved(A + FROM_LENDER + "region = eu-west-1\n" + LENDER)
    assert answer == (STATIC, (HOP_A,), (), "eu-west-1")


def test_roles_are_assumed_from_the_far_end(resolved: Resolve) -> None:
    answer = resolved(A + "source_profile = b\n" + B + FROM_LENDER + LENDER)
    assert answer == (STATIC, (HOP_B, HOP_A), (), None)


def test_no_role(resolved: Resolve) -> None:
    assert resolved(LENDER, "lender") == (STATIC, (), (), None)


def test_keys_of_a_session(resolved: Resolve) -> None:
    start = resolved(f"[default]\n{SESSION_KEYS}aws_session_token = x\n", "default").start
    assert start == Start("static", "default", None, "session")


def test_each_call_has_the_settings_of_its_own_profile(resolved: Resolve) -> None:
    more = "external_id = x\nmfa_serial = m\nduration_seconds = 900\n"
    answer = resolved(A + more + "source_profile = b\n" + B + FROM_LENDER + LENDER)
    full = HOP_A._replace(external_id="x", serial_number="m", duration_seconds=900)
    assert answer.hops == (HOP_B, full)
    answer = resolved(A + "source_profile = b\n" + B + more + FROM_LENDER + LENDER)
    full = HOP_B._replace(external_id="x", serial_number="m", duration_seconds=900)
    assert answer.hops == (full, HOP_A)


def test_settings_of_the_lender_are_not_sent(resolved: Resolve) -> None:
    more = "external_id = x\nmfa_serial = m\nduration_seconds = 900\nrole_session_name = n\n"
    assert resolved(A + FROM_LENDER + LENDER + more).hops == (HOP_A,)


def test_a_made_up_session_name(resolved: Resolve) -> None:
    answer = resolved(f"[profile a]\nrole_arn = {ROLE}/A\n" + FROM_LENDER + LENDER)
    assert answer.hops == (HOP_A._replace(role_session_name=None),)


@pytest.mark.parametrize(
    ("written", "sent"),
    [("3600", 3600), (" 900 ", 900), ("3h", None), ("", None), ("900.0", None), ("1_000", 1000)],
)
def test_duration(resolved: Resolve, written: str, sent: int | None) -> None:
    answer = resolved(f"{A}duration_seconds = {written}\n{FROM_LENDER}{LENDER}")
    assert answer.hops[0].duration_seconds == sent


def test_a_profile_may_name_itself_where_it_has_keys(resolved: Resolve) -> None:
    answer = resolved(A + KEYS + "source_profile = a\n")
    assert (answer.start, answer.hops) == (STATIC._replace(profile="a"), (HOP_A,))


def test_the_first_profile_assumes_its_role_though_it_has_keys(resolved: Resolve) -> None:
    answer = resolved(A + SESSION_KEYS + FROM_LENDER + LENDER)
    assert (answer.start, answer.hops) == (STATIC, (HOP_A,))


def test_keys_between_win_over_the_role(resolved: Resolve) -> None:
    answer = resolved(A + "source_profile = b\n" + B + KEYS + FROM_LENDER + LENDER)
    assert (answer.start, answer.hops) == (STATIC._replace(profile="b"), (HOP_A,))


@pytest.mark.parametrize(
    ("source", "kind"),
    [("Environment", "environment"), ("Ec2InstanceMetadata", "ec2"), ("EcsContainer", "ecs")],
)
def test_credential_source(resolved: Resolve, source: str, kind: str) -> None:
    answer = resolved(f"{A}credential_source = {source}\n")
    assert answer == (Start(kind, "a"), (HOP_A,), (), None)


def test_web_identity(resolved: Resolve) -> None:
    answer = resolved(A + "web_identity_token_file = /token\nduration_seconds = 900\n")
    hop = _with_token(HOP_A)
    assert (answer.start, answer.hops) == (Start("web_identity", "a"), (hop,))


def test_web_identity_lends(resolved: Resolve) -> None:
    answer = resolved(A + "source_profile = b\n" + B + "web_identity_token_file = /token\n")
    hop = _with_token(HOP_B)
    assert (answer.start, answer.hops) == (Start("web_identity", "b"), (hop, HOP_A))


@pytest.mark.parametrize(
    "lender",
    [f"{SSO}{SIGN_ON}", f"{SSO}sso_session = i\n[sso-session i]\n{SIGN_ON}"],
    ids=["legacy", "session"],
)
def test_single_sign_on(resolved: Resolve, lender: str) -> None:
    answer = resolved(f"{A}{FROM_LENDER}[profile lender]\n{lender}")
    assert answer == (Start("sso", "lender", "111122223333"), (HOP_A,), (), None)


def test_a_process_is_not_run(resolved: Resolve) -> None:
    answer = resolved(f"{A}{FROM_LENDER}[profile lender]\ncredential_process = false 'x\n")
    assert answer == (Start("process", "lender"), (HOP_A,), (), None)


def test_a_login(resolved: Resolve) -> None:
    session = "login_session = arn:aws:iam::111122223333:user/alice\n"
    answer = resolved(f"{A}{FROM_LENDER}[profile lender]\n{session}")
    assert answer == (Start("login", "lender"), (HOP_A,), (), None)


@pytest.mark.parametrize(
    ("written", "account"), [("111122223333", "111122223333"), ("1234", None), ("", None)]
)
def test_the_account_that_a_profile_says(
    resolved: Resolve, written: str, account: str | None
) -> None:
    for lends in (KEYS, "credential_process = x\n"):
        start = resolved(f"[profile a]\n{lends}aws_account_id = {written}\n").start
        assert start.account == account


def test_keys_in_the_credentials_file(resolved: Resolve) -> None:
    answer = resolved(A + FROM_LENDER, credentials=f"[lender]\n{KEYS}")
    assert answer == (STATIC, (HOP_A,), (), None)


def test_keys_in_the_credentials_file_win(resolved: Resolve) -> None:
    config = f"[profile a]\n{KEYS}"
    assert resolved(config, credentials=f"[a]\n{SESSION_KEYS}").start.key_kind == "session"
    assert resolved(config, credentials="").start.key_kind == "long_term"


def test_settings_in_the_credentials_file_win(resolved: Resolve) -> None:
    answer = resolved(A + FROM_LENDER, credentials=f"[a]\nexternal_id = y\n[lender]\n{KEYS}")
    assert answer.hops == (HOP_A._replace(external_id="y"),)


def test_a_profile_of_the_credentials_file_alone(resolved: Resolve) -> None:
    assert resolved("", "lender", credentials=f"[lender]\n{KEYS}").start == STATIC


def test_the_later_of_two_sections_of_a_profile(resolved: Resolve) -> None:
    config = f"[default]\n{KEYS}[profile default]\n{SESSION_KEYS}"
    assert resolved(config, "default").start.key_kind == "session"


def test_the_same_role_twice(resolved: Resolve) -> None:
    twice = B.replace("/B", "/A").replace("= t", "= s")
    answer = resolved(A + "source_profile = b\n" + twice + FROM_LENDER + LENDER)
    assert answer.hops == (HOP_A._replace(profile="b"), HOP_A)


_VALUES = st.sampled_from(["", "a", "b", "default", "i", "Environment", "900", "111122223333", "é"])
_SETTINGS = st.dictionaries(
    st.sampled_from([*sorted(READ), KEY_ID, SECRET, "credential_process", "login_session"]), _VALUES
)
_SECTIONS = st.sampled_from(
    [
        "default",
        "profile a",
        "profile b",
        'profile "b"',
        "sso-session i",
        "profile",
        "a",
        "profile '",
    ]
)


@given(st.dictionaries(_SECTIONS, _SETTINGS), st.sampled_from(["a", "b", "default", ""]))
def test_a_profile_resolves_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, sections: dict[str, dict[str, str]], name: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "config"
    file.write_text(
        "".join(
            f"[{section}]\n" + "".join(f"{k} = {v}\n" for k, v in settings.items())
            for section, settings in sections.items()
        )
    )
    with suppress(ProfileError):
        answer = resolve(name, str(file))
        assert name in {answer.start.profile, *(hop.profile for hop in answer.hops)}
