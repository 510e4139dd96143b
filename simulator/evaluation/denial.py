"""AWS's error for a request that is denied, word for word.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.decision.combine import Outcome
from simulator.decision.verdict import Layer
from simulator.evaluation.relation import grantor
from simulator.policy import kinds
from simulator.request.principal import called

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulator.evaluation.evaluate import Evaluation
    from simulator.policy.kinds import PolicyKind
    from simulator.request.request import Request


class Denial(NamedTuple):
    """An error as AWS answers it: its code, its message, and the HTTP status."""

    code: str
    message: str
    status: int


_KINDS: Final[Mapping[Layer, PolicyKind]] = {
    Layer.SCP: kinds.SCP,
    Layer.RCP: kinds.RCP,
    Layer.ENDPOINT: kinds.ENDPOINT,
    Layer.RESOURCE: kinds.RESOURCE,
    Layer.TRUST: kinds.RESOURCE,  # of any other call than those that assume the role
    Layer.BOUNDARY: kinds.BOUNDARY,
    Layer.SESSION: kinds.SESSION,
    Layer.IDENTITY: kinds.IDENTITY,
}
_TRUST: Final = "role trust policy"
#: The layers by the names that AWS's messages have for them.
NAMED: Final[Mapping[str, Layer]] = {
    **{kind.name: layer for layer, kind in _KINDS.items() if layer is not Layer.TRUST},
    _TRUST: Layer.TRUST,
    "sessions policy": Layer.SESSION,  # ERR-11: as AWS's page prints it
}
#: The services that tell in an encoded message what stood in the way.
_ENCODING: Final = "ec2:"  # ERR-17
_NOT_AUTHORIZED: Final = "You are not authorized to perform this operation."
_ENCODED: Final = "Encoded authorization failure message"
#: Several layers can be in the way, and the message names one of them.
_DENYING: Final = (  # ERR-14
    Layer.SCP,
    Layer.RCP,
    Layer.ENDPOINT,
    Layer.RESOURCE,
    Layer.TRUST,
    Layer.BOUNDARY,
    Layer.SESSION,
    Layer.IDENTITY,
)
_MISSING: Final = (  # ERR-14
    Layer.SCP,
    Layer.ENDPOINT,
    Layer.BOUNDARY,
    Layer.SESSION,
    Layer.RESOURCE,
    Layer.TRUST,
    Layer.IDENTITY,
)


def denial(evaluation: Evaluation) -> Denial | None:
    """Return the error of a request that is denied; nothing where it is not."""
    outcome, denying, missing, _ = evaluation.decision
    if outcome not in (Outcome.EXPLICIT_DENY, Outcome.IMPLICIT_DENY):
        return None
    request = evaluation.request
    text = (  # ERR-10
        f"User: {called(request.principal)} is not authorized to perform: {request.action}"
        f" on resource: {_resource(request)}"
    )
    text += _reason(request, denying, missing)
    if request.action.lower().startswith(_ENCODING):
        from simulator.evaluation.encoded import encode  # noqa: PLC0415 - few services do

        text = f"{_NOT_AUTHORIZED} {text}. {_ENCODED}: {encode(evaluation)}"  # ERR-17
        return Denial("UnauthorizedOperation", text, 403)
    return Denial("AccessDenied", text, 403)


def _resource(request: Request) -> str:
    is_s3 = request.action.lower().startswith("s3:")
    return f'"{request.resource}"' if is_s3 else request.resource  # ERR-10


def _reason(request: Request, denying: Sequence[Layer], missing: Sequence[Layer]) -> str:
    if request.action.lower().startswith("sts:") and grantor(request.resource) is Layer.TRUST:
        return ""  # ERR-18: STS does not say
    return _clause(request, denying, missing)


def reason_of(evaluation: Evaluation) -> str:
    """Return why a request is denied, in the form that AWS's documentation has also for STS."""
    _, denying, missing, _ = evaluation.decision
    return _clause(evaluation.request, denying, missing)


def _clause(request: Request, denying: Sequence[Layer], missing: Sequence[Layer]) -> str:
    by_trust = request.action.lower().startswith("sts:")
    for layer in _DENYING:
        if layer in denying:
            if layer is Layer.TRUST and by_trust:
                return f" with an explicit deny in the {_TRUST}"  # ERR-11
            kind = _KINDS[layer]
            return f" with an explicit deny in {kind.article} {kind.name}"  # ERR-11
    for layer in _MISSING:
        if layer in missing:  # ERR-12, ERR-13
            name = _TRUST if layer is Layer.TRUST and by_trust else _KINDS[layer].name
            return f" because no {name} allows the {request.action} action"
    return ""
