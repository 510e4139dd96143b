"""What a profile says and botocore does not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.profiles.conftest import Resolve

KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"
A = "[profile a]\nrole_arn = r\nsource_profile = b\nrole_session_name = s\n"
B = f"[profile b]\n{KEYS}"


def test_nothing_to_note(resolved: Resolve) -> None:
    more = "external_id = x\nregion = r\noutput = json\ncli_pager =\nservices = s\nca_bundle = c\n"
    assert resolved(A + more + B).notes == ()


def test_a_made_up_session_name(resolved: Resolve) -> None:
    (note,) = resolved("[profile a]\nrole_arn = r\nsource_profile = b\n" + B).notes
    assert note == (
        "config:1: the profile `a` has no `role_session_name`:"
        " botocore makes one up, `botocore-session-<epoch>`"
    )


@pytest.mark.parametrize(
    ("setting", "note"),
    [
        (
            "source_identity",
            ", so a policy that asks for `sts:SourceIdentity` is never met by a profile",
        ),
        ("tags", ", so the session carries no tags"),
        ("transitive_tag_keys", ""),
        ("policy", ", so the session is not limited"),
        ("policy_arns", ", so the session is not limited"),
        ("external-id", ": did you mean `external_id`?"),
        ("mfa_serial_number", ": did you mean `mfa_serial`?"),
        ("duration", ": did you mean `duration_seconds`?"),
        ("session_name", ": did you mean `role_session_name`?"),
    ],
)
def test_what_is_no_setting(resolved: Resolve, setting: str, note: str) -> None:
    assert resolved(f"{A}{setting} = x\n{B}").notes == (
        f"config:5: `{setting}` of the profile `a` is no setting that botocore knows{note}",
    )


def test_a_duration_that_is_no_number(resolved: Resolve) -> None:
    (note,) = resolved(A + "duration_seconds = 3h\n" + B).notes
    assert note == (
        "config:5: `duration_seconds` of the profile `a` is `3h`, no whole number:"
        " botocore leaves it out, and STS takes 3600"
    )


def test_settings_of_the_lender(resolved: Resolve) -> None:
    (note,) = resolved(A + B + "mfa_serial = m\n").notes
    assert note == (
        "config:8: `mfa_serial` of the profile `b` is not used:"
        " a source profile lends its credentials, not its settings"
    )


def test_settings_of_the_lender_that_the_call_has_itself(resolved: Resolve) -> None:
    assert resolved(A + "mfa_serial = n\n" + B + "mfa_serial = m\n").notes == ()


def test_settings_without_a_role(resolved: Resolve) -> None:
    assert resolved(B + "external_id = x\n", "b").notes == (
        "config:4: `external_id` of the profile `b` is not used: there is no `role_arn`",
    )


def test_keys_beside_a_role(resolved: Resolve) -> None:
    assert resolved(A + B + "role_arn = q\nsource_profile = a\n").notes == (
        "config:8: `role_arn` of the profile `b` is not used: the credentials beside it win",
    )


@pytest.mark.parametrize(
    "setting",
    ["external_id", "duration_seconds", "mfa_serial", "source_profile", "credential_source"],
)
def test_what_a_web_identity_does_not_take(resolved: Resolve, setting: str) -> None:
    web = "[profile a]\nrole_arn = r\nweb_identity_token_file = t\nrole_session_name = s\n"
    (note,) = resolved(f"{web}{setting} = 900\n").notes
    assert note == (
        f"config:5: `{setting}` of the profile `a` is not used:"
        " a call with a web identity takes no such setting"
    )


def test_the_place_is_that_of_the_credentials_file(resolved: Resolve) -> None:
    answer = resolved(A, credentials=f"[b]\n{KEYS}[a]\ntags = x\n")
    (note,) = answer.notes
    assert note == (
        "credentials:5: `tags` of the profile `a` is no setting that botocore knows,"
        " so the session carries no tags"
    )


def test_notes_follow_the_chain(resolved: Resolve) -> None:
    config = (
        "[profile a]\nrole_arn = r\nsource_profile = b\n"
        f"[profile b]\nrole_arn = q\nsource_profile = c\n[profile c]\nmfa_serial = m\n{KEYS}"
    )
    places = [note.split(": ")[0] for note in resolved(config).notes]
    assert places == ["config:8", "config:4", "config:1"]


def test_two_sections_of_a_profile(resolved: Resolve) -> None:
    (note,) = resolved(f"[default]\n{KEYS}[profile default]\n{KEYS}", "default").notes
    assert note == (
        "config:1: `[default]` is not used:"
        " `[profile default]` is the same profile, and the last wins"
    )


def test_a_key_of_a_session_without_its_token(resolved: Resolve) -> None:
    session = B.replace("AKIA", "ASIA")
    assert resolved(A + session + "aws_session_token = x\n").notes == ()
    (note,) = resolved(A + session).notes
    assert note == (
        "config:6: `aws_access_key_id` of the profile `b` is the key of a session"
        " and has no `aws_session_token` beside it: AWS refuses it"
    )


@pytest.mark.parametrize("account", ["1234", "1111-2222-3333"])
def test_an_account_that_is_none(resolved: Resolve, account: str) -> None:
    (note,) = resolved(f"{A}{B}aws_account_id = {account}\n").notes
    assert note == (
        f"config:8: `aws_account_id` of the profile `b` is `{account}`, no account:"
        " expected 12 digits, with the zeros they begin with"
    )
