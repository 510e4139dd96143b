"""What the engine answers to the text of a policy, in the form of cases and of the twin."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simulator.policy import kinds
from simulator.policy.model import Document
from simulator.source import Source
from simulator.storing.quotas import excess_of
from simulator.storing.storing import refusal_of_text
from simulator.syntax import decode

if TYPE_CHECKING:
    from simulator.storing.refusal import Refusal


def text_of(case: dict[str, Any]) -> str:
    """Return the text of a case's document, filled as the case asks for."""
    compact = (",", ":")
    text = case.get("text") or json.dumps(case["document"], ensure_ascii=False, separators=compact)
    if "fill" in case:
        text = text.replace("{fill}", "a" * (case["fill"] - len(text) + len("{fill}")))
    return f"{text[:1]}{' ' * case.get('spaces', 0)}{text[1:]}"


def answer(word: str, text: str) -> tuple[str, str] | None:
    """Return AWS's code and text, by the engine, or nothing of what AWS stores.

    The policy of a resource is that of a bucket, an identity-based policy that of whatever takes
    the longest, and the quota of a trust policy nobody has raised.
    """
    kind = kinds.BY_WORD[word]
    service = "s3" if word == "resource" else None
    refusal = refusal_of_text(text, kind, service=service) or _too_long(text, kind, service)
    return None if refusal is None else (refusal.code, refusal.message)


def _too_long(text: str, kind: kinds.PolicyKind, service: str | None) -> Refusal | None:
    source = Source("-", text)
    excess = excess_of(Document(source, (), decode(source)), kind, service)
    if excess is None or excess.quota.text is None:
        return None
    may_be_longer = excess.quota.way is not None and kind != kinds.TRUST
    return None if may_be_longer else excess.quota.text.about(())
