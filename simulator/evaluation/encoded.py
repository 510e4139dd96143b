"""The encoded text that stands in denials of some services, and what it says once decoded.

AWS's own can be decoded by AWS alone; these are ours, and hold what AWS's are documented to hold.
https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
"""

from __future__ import annotations

import json
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulator.decision.combine import Outcome
from simulator.evaluation.evaluate import explain_level
from simulator.policy.model import Effect
from simulator.request.principal import UNSIGNED, called

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from simulator.evaluation.evaluate import Evaluation
    from simulator.matcher.statement import StatementMatch
    from simulator.request.request import Request

#: What a message of ours begins with; none of AWS's does.
MARKER: Final = "iamsim-1-"
#: How long a message may be: more STS does not take.
LONGEST: Final = 10_240
_LONGEST_DECODED: Final = 1 << 20
_TEXT = re.compile(r"[A-Za-z0-9_-]+={0,2}", re.ASCII)


class _Room(NamedTuple):
    """How much of a denial goes into a message; `text` is the most characters of one text."""

    conditions: int
    statements: int
    text: int


#: From all there is to what always fits.
_ROOMS: Final = (
    _Room(1000, 100, 2048),
    _Room(50, 10, 2048),
    _Room(20, 1, 512),
    _Room(0, 0, 256),
)


class EncodedError(ValueError):
    """A text that is no message of ours, or a damaged one."""


def encode(evaluation: Evaluation) -> str:
    """Return what is known of a denial as one word that is safe in URLs.

    Where that would be too long, the last condition keys and statements are left out.
    """  # ERR-17
    messages = (_packed(_value(evaluation, room)) for room in _ROOMS)
    return next(text for text in messages if len(text) <= LONGEST)


def decode(text: str) -> dict[str, Any]:
    """Return what a message of ours says.

    Raises:
        EncodedError: it is none, or a damaged one.
    """
    if not is_ours(text):
        raise EncodedError("no message of iamsim")
    try:
        packed = urlsafe_b64decode(_padded(text.strip().removeprefix(MARKER)))
        unpacking = zlib.decompressobj()
        found = json.loads(unpacking.decompress(packed, _LONGEST_DECODED))
    except (ValueError, zlib.error, RecursionError) as error:
        raise EncodedError("a damaged message") from error
    if not unpacking.eof or not isinstance(found, dict):
        raise EncodedError("a damaged message")
    return found


def is_ours(text: str) -> bool:
    """Whether a text begins as a message of ours does."""
    return text.startswith(MARKER)


def is_decodable(text: str) -> bool:
    """Whether a text can be a message: a sound one of ours, or what AWS may have encoded."""
    if not is_ours(text):
        return _TEXT.fullmatch(text) is not None
    try:
        decode(text)
    except EncodedError:
        return False
    return True


def _padded(text: str) -> bytes:
    if _TEXT.fullmatch(text) is None:
        raise EncodedError("a damaged message")
    return (text + "=" * (-len(text) % 4)).encode()


def _packed(value: Mapping[str, Any]) -> str:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    packed = urlsafe_b64encode(zlib.compress(text.encode(errors="replace"), 9))
    return MARKER + packed.decode().rstrip("=")


def _value(evaluation: Evaluation, room: _Room) -> dict[str, Any]:
    """Return a denial as AWS prints one that it decodes."""
    request = evaluation.request
    return {
        "allowed": False,
        "explicitDeny": evaluation.decision.outcome is Outcome.EXPLICIT_DENY,
        "matchedStatements": _items(islice(_denying(evaluation, room), room.statements)),
        "failures": _items(()),
        "context": {
            "principal": _principal(request, room),
            "action": request.action[: room.text],
            "resource": request.resource[: room.text],
            "conditions": _items(islice(_conditions(request, room), room.conditions)),
        },
    }


def _items(found: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"items": list(found)}


def _values(texts: Iterable[str], room: _Room) -> dict[str, Any]:
    return _items({"value": text[: room.text]} for text in texts)


def _principal(request: Request, room: _Room) -> dict[str, Any]:
    principal = request.principal
    ids = request.context.values("aws:userid")  # CTX-5
    name = called(principal) if isinstance(principal, UNSIGNED) else principal.arn.name
    return {
        "id": ids[0][: room.text] if ids else None,
        "name": name[: room.text],
        "arn": called(principal)[: room.text],
    }


def _conditions(request: Request, room: _Room) -> Iterator[dict[str, Any]]:
    """Yield the condition keys of a request that have a value."""
    for key in sorted(request.context.known):
        values = request.context.values(key)
        if values:
            yield {"key": key, "values": _values(values, room)}


def _denying(evaluation: Evaluation, room: _Room) -> Iterator[dict[str, Any]]:
    """Yield the statements by which a request is denied."""
    for layer in evaluation.decision.denying:
        for level in evaluation.policies.levels(layer):
            found = explain_level(evaluation, level)
            yield from (_statement(match, room) for match in found if _denies(match))


def _denies(match: StatementMatch) -> bool:
    return match.applies is True and match.statement.effect is Effect.DENY


def _statement(match: StatementMatch, room: _Room) -> dict[str, Any]:
    statement = match.statement
    resources = statement.resources.values.items if statement.resources else ()
    principals = statement.principals.entries if statement.principals else ()
    tests = [evidence.test for evidence in match.tests]
    return {
        "statementId": statement.sid or "",
        "effect": "DENY",
        "principals": _values((entry.value for entry in principals), room),
        "principalGroups": _items(()),
        "actions": _values(statement.actions.values.items, room),
        "resources": _values(resources, room),
        "conditions": _items(
            {"key": test.key, "values": _values(test.values.items, room)} for test in tests
        ),
    }
