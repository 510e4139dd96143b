"""Whether AWS stores a document, and if not, with which error it refuses to, and what in it.

A replica of AWS's own questions in AWS's order, which answers with the first that fails; everything
that is wrong with a document, and where, `simulator.policy.build` tells. Whether an entity exists
that a policy names, AWS asks too (PRN-20, PRN-23), and a document alone does not tell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from simulator.diagnostic import DocumentError
from simulator.policy import kinds
from simulator.policy.model import UNKNOWN
from simulator.source import Source
from simulator.storing import organizations, permission, resource, trust
from simulator.storing.refusal import Text
from simulator.storing.submitted import submit
from simulator.syntax import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.policy.kinds import PolicyKind
    from simulator.policy.model import Document
    from simulator.storing.refusal import Refusal
    from simulator.storing.submitted import Submitted
    from simulator.syntax import JsonValue, Path

_VOCABULARIES: Final[dict[PolicyKind, Callable[[Submitted], Refusal | None]]] = {
    kinds.IDENTITY: permission.refusal,
    kinds.BOUNDARY: permission.refusal,
    kinds.SESSION: permission.refusal,
    kinds.TRUST: trust.refusal,
    kinds.SCP: organizations.refusal,
    kinds.RCP: organizations.refusal,
    kinds.RESOURCE: resource.refusal,
    kinds.ENDPOINT: resource.refusal,
}
_NO_JSON: Final = {
    kinds.IDENTITY: permission.SYNTAX,
    kinds.BOUNDARY: permission.SYNTAX,
    kinds.SESSION: permission.SYNTAX._replace(recorded=False),
    kinds.TRUST: trust.JSON,
    kinds.SCP: organizations.REFUSED,
    kinds.RCP: organizations.REFUSED,
}
#: What the parameter with the document is called, of operations that look at its characters.
_PARAMETERS: Final = {
    kinds.IDENTITY: "policyDocument",
    kinds.BOUNDARY: "policyDocument",
    kinds.SESSION: "policy",
    kinds.TRUST: "assumeRolePolicyDocument",
}
_CHARACTER: Final = Text(
    "1 validation error detected: Value at '{}' failed to satisfy constraint: Member must satisfy"
    " regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
    recorded=False,
    code="ValidationError",
)
_NOT_STORED: Final = re.compile(r"[^\t\n\r\x20-\xff]")  # POL-22
_BEYOND: Final = re.compile(rf"[^\x00-\xff{UNKNOWN}]")
_INLINE: Final = frozenset({"user", "role", "group"})


def refusal_of(
    value: JsonValue,
    kind: PolicyKind,
    *,
    unknown: frozenset[Path] = frozenset(),
    inline: bool = False,
    service: str | None = None,
) -> Refusal | None:
    """Return AWS's answer to a decoded document that it does not store, and nothing of another.

    Of what stands at the `unknown` paths, which a template leaves open, nothing is refused.
    `inline` is whether the document becomes a policy of one user, role or group; `service` is the
    prefix of the service to whose resource a resource-based policy belongs.
    """
    submitted = submit(value, kind, is_template=bool(unknown), inline=inline, service=service)
    return _VOCABULARIES[kind](submitted)


def refusal_of_text(
    text: str, kind: PolicyKind, *, inline: bool = False, service: str | None = None
) -> Refusal | None:
    """Return AWS's answer to the text of a document that it does not store."""
    if kind in _PARAMETERS and _NOT_STORED.search(text):  # POL-22
        return _CHARACTER.about((), _PARAMETERS[kind])
    try:
        value = decode(Source("-", text))
    except DocumentError:  # POL-8: what has a name twice is told as no JSON either
        submitted = submit(None, kind, service=service)
        words = _NO_JSON[kind] if kind in _NO_JSON else resource.words_of(submitted).json
        return words.about(())
    submitted = submit(value, kind, inline=inline, service=service, indented=text[:1].isspace())
    return _VOCABULARIES[kind](submitted)


def refusal_of_document(document: Document, kind: PolicyKind) -> Refusal | None:
    """Return AWS's answer to a document in a file, which it does not store."""
    path = _odd_text(document) if kind in _PARAMETERS else None
    if path is not None:
        return _CHARACTER.about(path, _PARAMETERS[kind])
    attached = document.attachment.kind if document.attachment is not None else ""
    inline = attached in _INLINE
    return refusal_of(document.value, kind, unknown=document.unknown, inline=inline)


def _odd_text(document: Document) -> Path | None:
    """Find the first text with a character that AWS does not store; an escape stands for one."""
    if document.source.text.isascii():
        return None
    texts = _texts(document.value)
    return next((path for path, text in texts if _BEYOND.search(text)), None)


def _texts(value: JsonValue) -> Iterator[tuple[Path, str]]:
    """Yield every key and every string of a value, each with its path."""
    waiting: list[tuple[Path, JsonValue]] = [((), value)]
    while waiting:
        path, inner = waiting.pop()
        if isinstance(inner, dict):
            yield from (((*path, name), name) for name in inner)
            waiting += (((*path, name), inner[name]) for name in reversed(inner))
        elif isinstance(inner, list):
            waiting += (((*path, index), inner[index]) for index in reversed(range(len(inner))))
        elif isinstance(inner, str):
            yield path, inner
