"""What is odd about condition keys that somebody gave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.request.context import Several, Value
from simulator.request.given import Oddity, oddities


def told(key: str, value: Value) -> list[Oddity]:
    """Return what is odd about one key."""
    return list(oddities({key: value}))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:SourceIp", "203.0.113.7"),
        ("aws:SourceIp", "2001:db8::1"),
        ("AWS:sourceip", "203.0.113.7"),
        ("aws:MultiFactorAuthPresent", "TRUE"),
        ("aws:MultiFactorAuthAge", "120"),
        ("aws:CurrentTime", "2026-11-24T12:00:00Z"),
        ("aws:EpochTime", "1795521600"),
        ("aws:TagKeys", Several(["team", "env"])),
        ("aws:TagKeys", Several([])),
        ("aws:PrincipalTag/team", "anything at all"),
        ("sts:ExternalId", "x"),
        ("s3:max-keys", "10"),
        ("aws:SourceIp", None),
        ("oidc.example.com:sub", "whatever"),
    ],
)
def test_what_can_be_is_not_odd(key: str, value: Value) -> None:
    assert told(key, value) == []


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("aws:SourceIp", "banana", "an address such as"),
        ("aws:SourceIp", "10.0.0.0/33", "an address such as"),
        ("aws:MultiFactorAuthPresent", "yes", "`true` or `false`"),
        ("aws:MultiFactorAuthAge", "-1", "a number such as"),
        ("aws:CurrentTime", "yesterday", "a time such as"),
        ("s3:max-keys", "ten", "a number such as"),
    ],
)
def test_a_value_of_another_type_is_wrong(key: str, value: str, expected: str) -> None:
    (oddity,) = told(key, value)
    assert oddity.is_wrong
    assert f"`{value}` is no value of `{key}`" in oddity.message
    assert expected in oddity.message


def test_several_values_of_a_key_that_has_one_are_wrong() -> None:
    (oddity,) = told("aws:username", Several(["alice", "bob"]))
    assert oddity == Oddity("`aws:username` has one value, and here are 2", is_wrong=True)


@pytest.mark.parametrize(
    ("key", "nearest"),
    [("aws:MFAPresent", "aws:MultiFactorAuthPresent"), ("sts:ExternalID_", "sts:ExternalId")],
)
def test_an_unknown_key_is_odd_but_not_wrong(key: str, nearest: str) -> None:
    (oddity,) = told(key, "x")
    assert not oddity.is_wrong
    assert f"AWS has no condition key `{key}`" in oddity.message
    assert nearest in oddity.message


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=30), max_size=3))
def test_no_text_breaks_it(context: dict[str, str]) -> None:
    for oddity in oddities(context):
        assert oddity.message
