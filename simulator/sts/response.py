"""What STS tells of operations that make no session: identities, accounts, decoded messages.

https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from simulator.decision.combine import Outcome
from simulator.request.caller import Caller
from simulator.sts.operations import Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.sts.answer import Answer
    from simulator.sts.call import Call

    #: The members of a response by AWS's names; what nobody knows is nothing.
    Response: TypeAlias = "Mapping[str, str | None]"


def response_to(call: Call, answer: Answer) -> Response | None:
    """Return what STS tells where a call succeeds; nothing for operations that make a session."""
    tell = _TOLD.get(call.operation)
    return None if tell is None or answer.outcome is not Outcome.ALLOWED else tell(call, answer)


def _identity(call: Call, answer: Answer) -> Response:
    if not isinstance(call.caller, Caller):
        return {"UserId": None, "Account": None, "Arn": None}
    ids = answer.decisive.request.context.values("aws:userid") if answer.decisive else None  # CTX-5
    arn = call.caller.principal.arn
    return {"UserId": ids[0] if ids else None, "Account": arn.account, "Arn": str(arn)}


def _account_of_key(call: Call, _: Answer) -> Response:
    from simulator.catalog.access_key import read_access_key  # noqa: PLC0415 - hardly anybody asks

    return {"Account": read_access_key(call.parameters.access_key_id or "").account}


def _message(call: Call, _: Answer) -> Response:
    import json  # noqa: PLC0415 - hardly anybody decodes

    from simulator.evaluation.encoded import decode, is_ours  # noqa: PLC0415

    message = call.parameters.encoded_message or ""
    # AWS prints the document as a text within its JSON.
    text = json.dumps(decode(message), ensure_ascii=False) if is_ours(message) else None
    return {"DecodedMessage": text}


_TOLD: Mapping[Operation, Callable[[Call, Answer], Response]] = {
    Operation.GET_CALLER_IDENTITY: _identity,  # STS-6
    Operation.GET_ACCESS_KEY_INFO: _account_of_key,
    Operation.DECODE_AUTHORIZATION_MESSAGE: _message,
}
