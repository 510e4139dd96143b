"""How long a policy may be, and how long one is.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.policy import kinds
from simulator.policy.model import UNKNOWN
from simulator.storing.refusal import Text
from simulator.syntax import encode

if TYPE_CHECKING:
    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Document


class Quota(NamedTuple):
    """The most characters of some kind of policy, and AWS's answer to more, where it is known.

    `way` is how a longer one may yet be stored; without it there is none. `white_space` is whether
    white space outside of strings counts.
    """

    most: int
    of: str
    text: Text | None = None
    way: str | None = None
    white_space: bool = False


class Excess(NamedTuple):
    """A policy that is longer than a quota, and its characters as AWS counts them.

    Of a template they are the fewest that it may come to.
    """

    measured: int
    quota: Quota
    least: bool = False


def _told(words: str, code: str = "LimitExceeded") -> Text:
    return Text(words, recorded=False, code=code)


def _inline(most: int, entity: str) -> Quota:
    text = _told(f"Maximum policy size of {most} bytes exceeded for {entity} <name>")
    return Quota(most, f"all inline policies of a {entity} together", text)  # QUO-3


_MANAGED: Final = Quota(  # QUO-2
    6_144, "a managed policy", _told("Cannot exceed quota for PolicySize: 6144")
)
_ROLE: Final = _inline(10_240, "role")
_ORGANIZATION: Final = _told(
    "You have exceeded the maximum policy size.", "ConstraintViolationException"
)
_SESSION: Final = _told(
    "1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have"
    " length less than or equal to 2048",
    "ValidationError",
)
#: The quotas of each kind, the least first.
_BY_KIND: Final[dict[PolicyKind, tuple[Quota, ...]]] = {
    kinds.IDENTITY: (
        _MANAGED._replace(way="a role may have 10,240 in inline policies"),
        _ROLE._replace(way="only policies that AWS itself provides are longer: split this one"),
    ),
    kinds.BOUNDARY: (_MANAGED,),
    kinds.TRUST: tuple(  # QUO-1
        Quota(
            most,
            "a trust policy",
            _told(f"Cannot exceed quota for ACLSizePerRole: {most}"),  # ERR-68
            way,
        )
        for most, way in ((2_048, "AWS raises it to 8,192 on request"), (8_192, None))
    ),
    kinds.SESSION: (Quota(2_048, "a session policy", _SESSION, white_space=True),),  # QUO-5
    kinds.SCP: (Quota(10_240, "an SCP", _ORGANIZATION, white_space=True),),  # QUO-6
    kinds.RCP: (Quota(5_120, "an RCP", _ORGANIZATION, white_space=True),),  # QUO-7
    kinds.ENDPOINT: (Quota(20_480, "a VPC endpoint policy", white_space=True),),
}
_BY_ATTACHMENT: Final = {
    "managed": (_MANAGED,),
    "role": (_ROLE,),
    "group": (_inline(5_120, "group"),),
    "user": (_inline(2_048, "user"),),
}
_BY_SERVICE: Final = {
    "s3": (Quota(20_480, "a bucket policy"),),
    "secretsmanager": (Quota(20_480, "the policy of a secret"),),
    "kms": (Quota(32_768, "a key policy", white_space=True),),
}
_UNKNOWN: Final = encode(UNKNOWN)[1:-1]
_ESCAPE: Final = re.compile(r"\\u[0-9a-f]{4}")
_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


def excess_of(document: Document, kind: PolicyKind, service: str | None = None) -> Excess | None:
    """Return by how much a document is too long, by the greatest quota that it exceeds."""
    quotas = _quotas(document, kind, service)
    if not quotas or (len(document.source.text) <= quotas[0].most and not document.unknown):
        return None  # which is nearly always so, and then no place is asked for
    text, is_least = _as_sent(document)
    for quota in reversed(quotas):
        measured = size_of(text, white_space=quota.white_space)
        if measured > quota.most:
            return Excess(measured, quota, is_least)
    return None


def size_of(text: str, *, white_space: bool) -> int:
    """Return how many characters of a document AWS counts."""  # QUO-4
    if white_space:
        return len(text)
    outside = _STRING.sub("", text) if "\\" in text else "".join(text.split('"')[::2])
    return len(text) - sum(map(outside.count, " \t\r\n"))


def _quotas(document: Document, kind: PolicyKind, service: str | None) -> tuple[Quota, ...]:
    attached = document.attachment.kind if document.attachment is not None else ""
    if kind == kinds.IDENTITY and attached in _BY_ATTACHMENT:
        return _BY_ATTACHMENT[attached]
    return _BY_SERVICE.get(service or "", ()) if kind == kinds.RESOURCE else _BY_KIND[kind]


def _as_sent(document: Document) -> tuple[str, bool]:
    """Return the text that AWS gets, and whether it may yet become longer."""
    text = document.whole().text.strip()
    if document.unknown or not text.startswith("{"):
        written = encode(document.value).replace(_UNKNOWN, "")
        return _ESCAPE.sub("x", written), bool(document.unknown)
    return text, False
