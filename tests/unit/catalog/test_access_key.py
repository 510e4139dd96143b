"""What the id of an access key tells of its account."""

from __future__ import annotations

from base64 import b32encode

import pytest
from moto.iam.utils import generate_access_key_id_from_account_id

from simulator.catalog.access_key import AccessKey, read_access_key


def _id(prefix: str, account: str) -> str:
    """Return an id as AWS makes it: a set bit, the account, and the rest anything."""
    bits = (1 << 47 | int(account) << 7).to_bytes(6, "big") + b"EXA"
    return prefix + b32encode(bits).decode().rstrip("=")[:12] + "MPLE"


@pytest.mark.parametrize("account", ["111122223333", "444455556666", "000000000001"])
@pytest.mark.parametrize(("prefix", "kind"), [("AKIA", "long_term"), ("ASIA", "session")])
def test_account(prefix: str, kind: str, account: str) -> None:
    assert read_access_key(_id(prefix, account)) == AccessKey(kind, account)


@pytest.mark.parametrize("account", ["111122223333", "444455556666", "012345678901"])
def test_account_as_moto_writes_it(account: str) -> None:
    made = generate_access_key_id_from_account_id(account, "AKIA")
    assert read_access_key(made) == AccessKey("long_term", account)


@pytest.mark.parametrize("key_id", ["AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE"])
def test_old_ids_have_no_account(key_id: str) -> None:
    assert read_access_key(key_id) == AccessKey("long_term", None)


@pytest.mark.parametrize("key_id", ["", "abc123", "AROA" + "Q" * 16])
def test_other_ids(key_id: str) -> None:
    assert read_access_key(key_id) == AccessKey(None, None)


@pytest.mark.parametrize("key_id", ["AKIA", "AKIAQ", "AKIA" + "Q" * 17, "AKIA" + "0" * 16, "AKIAé"])
def test_ids_that_are_none(key_id: str) -> None:
    assert read_access_key(key_id) == AccessKey("long_term", None)
