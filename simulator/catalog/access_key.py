"""What the id of an access key says: what kind of key it is, and whose account it belongs to."""

from __future__ import annotations

import binascii
from base64 import b32decode
from typing import Final, NamedTuple

_KINDS: Final = {"AKIA": "long_term", "ASIA": "session"}
_LENGTH: Final = 20
# The id goes on in base32 after its first four letters: one bit that is set in every id that holds
# an account, 40 bits of the account, and what is left is chance.
_HAS_ACCOUNT: Final = 1 << 47
_ACCOUNT: Final = 0x7FFF_FFFF_FF80


class AccessKey(NamedTuple):
    """What is kept of an access key: "long_term" or "session", and the account."""

    kind: str | None
    account: str | None


def read_access_key(key_id: str) -> AccessKey:
    """Return what the id of an access key tells; the id itself is not kept."""
    kind = _KINDS.get(key_id[:4])
    return AccessKey(kind, _account(key_id) if kind and len(key_id) == _LENGTH else None)


def _account(key_id: str) -> str | None:
    try:
        bits = int.from_bytes(b32decode(key_id[4:])[:6], "big")
    except binascii.Error:
        return None
    # Ids of before 2019 hold no account; they begin with AKIAI or AKIAJ, where this bit is not set.
    return f"{(bits & _ACCOUNT) >> 7:012}" if bits & _HAS_ACCOUNT else None
