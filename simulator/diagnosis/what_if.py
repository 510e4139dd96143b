"""What is asked as it would be after a remedy: other documents, read again, or another request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.verdict import Layer
from simulator.matcher.statement import CompiledPolicy, compile_policy
from simulator.policy import kinds
from simulator.policy.build import build
from simulator.policy.model import Document
from simulator.source import Source
from simulator.syntax import apply_edits, by_text, decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulator.catalog.doubts import Doubts
    from simulator.diagnosis.asked import Asked
    from simulator.diagnosis.cause import Remedy
    from simulator.diagnostic import Edit
    from simulator.evaluation.policies import Policies
    from simulator.policy.kinds import PolicyKind
    from simulator.syntax import JsonValue, Path

KINDS: Mapping[Layer, PolicyKind] = {
    Layer.TRUST: kinds.TRUST,
    Layer.IDENTITY: kinds.IDENTITY,
    Layer.BOUNDARY: kinds.BOUNDARY,
    Layer.SESSION: kinds.SESSION,
    Layer.SCP: kinds.SCP,
    Layer.RCP: kinds.RCP,
    Layer.RESOURCE: kinds.RESOURCE,
    Layer.ENDPOINT: kinds.ENDPOINT,
}


# What a search for fixes or facts may cost: texts of policies looked at, over all that it tries.
_MOST_TEXTS = 60_000
_FEWEST_TRIES = 4


def affordable(asked: Asked, most: int) -> int:
    """Return how often something may be decided again, so that large policies take no longer."""
    return max(_FEWEST_TRIES, min(most, _MOST_TEXTS // (asked.policies.size + 1)))


def remedied(asked: Asked, remedies: Iterable[Remedy]) -> Asked:
    """Return what is asked after all of the remedies.

    Raises:
        DocumentError: an edit breaks a document.
        ValueError: two edits are in each other's way.
    """
    edits: dict[Layer, list[Edit]] = {}
    for remedy in remedies:
        if remedy.changed is not None:
            asked = remedy.changed(asked)
        for layer in remedy.edits_of:
            edits.setdefault(layer, []).extend(remedy.edits)
        if remedy.attached is not None:
            policies = _attached(asked.policies, remedy.attached_to, remedy.attached)
            asked = asked._replace(policies=policies)
    return asked._replace(policies=_edited(asked.policies, edits)) if edits else asked


def _attached(policies: Policies, layer: Layer, source: Source) -> Policies:
    policy = build(Document(source, (), decode(source)), KINDS[layer])
    known = tuple(policies.documents(layer))
    return policies.having({layer: ((*known, compile_policy(policy, policies.opened)),)})


def _edited(policies: Policies, edits: Mapping[Layer, list[Edit]]) -> Policies:
    grouped = {layer: by_text(found) for layer, found in edits.items()}
    return policies.having(
        {
            layer: tuple(
                tuple(_rebuilt(compiled, groups, layer, policies.opened) for compiled in level)
                for level in policies.levels(layer)
            )
            for layer, groups in grouped.items()
            if policies.is_known(layer)
        }
    )


def _rebuilt(
    compiled: CompiledPolicy,
    groups: Mapping[tuple[str, str], list[Edit]],
    layer: Layer,
    opened: Doubts,
) -> CompiledPolicy:
    """Return a document after edits: itself where they change another one of its file."""
    document = compiled.policy.document
    alike = groups.get(document.source[:2])
    if not alike:
        return compiled
    start = document.source.start  # sought only now, for that takes reading the whole file
    found = edited(document, [edit for edit in alike if edit.source.start == start])
    if found.value == document.value:
        return compiled
    return compile_policy(build(found, KINDS[layer]), opened)


def edited(document: Document, edits: Iterable[Edit]) -> Document:
    """Return a document after some edits of its text."""
    text = apply_edits(document.source.text, edits)
    source = Source(document.source.name, text)
    return document._replace(source=source, value=_at(decode(source), document.root))


def _at(value: JsonValue, path: Path) -> JsonValue:
    for step in path:
        if isinstance(value, list):
            value = value[int(step)]
        else:
            value = value[str(step)] if isinstance(value, dict) else None
    return value
