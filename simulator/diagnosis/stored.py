"""Whether AWS would store the documents of a fix: none is told that it refuses."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from simulator.arn import parse_arn
from simulator.diagnosis.what_if import KINDS
from simulator.storing.quotas import excess_of
from simulator.storing.storing import refusal_of_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.decision.verdict import Layer
    from simulator.diagnosis.asked import Asked
    from simulator.policy.model import Document
    from simulator.storing.quotas import Excess


def is_refused(before: Asked, after: Asked) -> bool:
    """Whether AWS refuses a document of what is asked that is new, or that it stored before."""
    return any(
        refusal_of_document(new, KINDS[layer]) is not None
        and (old is None or refusal_of_document(old, KINDS[layer]) is None)
        for layer, old, new in _changed(before, after)
    )


def excess(before: Asked, after: Asked) -> Excess | None:
    """Return by how much a document has become too long that was not so before."""  # QUO-1, QUO-2
    arn = parse_arn(after.resource)
    service = arn.service if arn else None
    for layer, old, new in _changed(before, after):
        found = excess_of(new, KINDS[layer], service)
        if found is not None and (old is None or excess_of(old, KINDS[layer], service) is None):
            return found
    return None


def too_long(found: Excess) -> str:
    """Return that a policy is too long, and how it may yet be stored."""
    measured, quota, _ = found
    way = f": {quota.way}" if quota.way else ""
    return f"{quota.of} then has {measured:,} characters and may have {quota.most:,}{way}"


def _changed(before: Asked, after: Asked) -> Iterator[tuple[Layer, Document | None, Document]]:
    """Yield the documents that differ, each with what it was; a new one was nothing."""
    for layer in KINDS:
        pairs = zip_longest(before.policies.documents(layer), after.policies.documents(layer))
        for old, new in pairs:
            if new is not None and new is not old:
                yield layer, old and old.policy.document, new.policy.document
