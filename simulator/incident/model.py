"""A call that AWS did not answer with a yes, as far as what it left behind tells of it."""

from __future__ import annotations

import re
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.sts.operations import OF_ROLES, Operation
from simulator.sts.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.decision.verdict import Layer
    from simulator.request.context import Value


class IncidentError(ValueError):
    """Something from which no incident can be read; the text says what it is and what to do."""


class Kind(StrEnum):
    """What tells of an incident."""

    ERROR = "error"
    EVENT = "event"
    DECODED = "decoded message"
    ENCODED = "encoded message"


class Reason(NamedTuple):
    """Which policies AWS names in a denial: of which layer, and whether they deny or do not allow.

    `policy` is the ARN of the one that denies (ERR-15), `through` the layer behind it (ERR-16).
    """

    layer: Layer | None
    explicit: bool
    policy: str | None = None
    through: Layer | None = None


class Matched(NamedTuple):
    """A statement that AWS's decoded message shows; what is not in it is empty."""

    sid: str
    effect: str
    principals: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    conditions: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Incident(NamedTuple):
    """One call that was denied or refused; nothing is what nobody told.

    `caller` is an ARN, or the name of a service; of a caller in another account often only the
    `caller_account` is told. `context` are condition keys, those of nothing told to be absent;
    nobody knows whether the call has the `open_keys`. `provider` is that of a SAML assertion.
    `parameters` are those of an operation of STS; where they are not `whole`, what is not in them
    may have been passed or not. `mfa` is whether a user's session was made with MFA, `credentials`
    whether those of the caller are "long_term" or of a "session", `maker` who
    made that of a federated user, `claims` what is told of a token. `in_words` is whether AWS says
    in its own words that somebody is not authorized. `missing` says why nobody can decide it anew.
    Nothing here is secret.
    """

    kind: Kind
    message: str | None = None
    code: str | None = None
    status: int | None = None
    client: str | None = None
    service: str | None = None
    operation: str | None = None
    caller: str | None = None
    caller_account: str | None = None
    action: str | None = None
    resource: str | None = None
    reason: Reason | None = None
    encoded: str | None = None
    in_words: bool = False
    context: Mapping[str, Value] = MappingProxyType({})
    open_keys: tuple[str, ...] = ()
    provider: str | None = None
    parameters: Parameters = Parameters()
    whole: bool = False
    mfa: bool | None = None
    credentials: str | None = None
    maker: str | None = None
    claims: Mapping[str, str] = MappingProxyType({})
    explicit: bool | None = None
    statements: tuple[Matched, ...] = ()
    event_id: str | None = None
    time: str | None = None
    request_id: str | None = None
    missing: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def role(self) -> str | None:
        """The role that was to be assumed."""
        return self.parameters.role_arn or None

    @property
    def assumes(self) -> Operation | None:
        """The operation by which a role was to be assumed, if that is what was called."""
        name = (self.action or "").partition(":")[2] or self.operation
        return next((each for each in OF_ROLES if name == each), None) or (
            Operation.ASSUME_ROLE if self.action in COMPANIONS else None
        )

    @property
    def may_be_of_sts(self) -> bool:
        """Whether STS answered, as far as is told."""
        told = self.service is None or _STS.search(self.service) is not None
        return told and (self.operation is None or self.operation in _OPERATIONS)

    @property
    def is_denial(self) -> bool:
        """Whether AWS said that somebody is not authorized, and not that a call was wrong."""
        told = self.in_words or self.kind is Kind.DECODED
        return told or (self.code is not None and is_denial(self.code))


#: What a call of AssumeRole may need beside sts:AssumeRole (ERR-19a).
COMPANIONS: Final = frozenset({"sts:TagSession", "sts:SetSourceIdentity"})
_OPERATIONS: Final = frozenset(map(str, Operation))
_STS: Final = re.compile(r"\bsts\b|SecurityToken", re.IGNORECASE)
_DENIALS: Final = frozenset(
    {"AccessDenied", "UnauthorizedOperation", "Unauthorized", "AuthorizationError", "NotAuthorized"}
)


def plain_code(code: str) -> str:
    """Return the code of an error by the one name that services spell in several ways."""
    return code.rpartition(".")[2].removesuffix("Exception")


def is_denial(code: str) -> bool:
    """Whether an error of such a code says that somebody is not authorized."""
    return plain_code(code) in _DENIALS
