"""Which documents a remedy edits: of which layers, and whether anybody but AWS may change them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Rank
from simulator.diagnosis.findings import Finding, Prohibition, Shortfall, Stage
from simulator.diagnosis.permissions import allow_statement
from simulator.policy.managed import is_of_aws

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.cause import Cause, Remedy
    from simulator.policy.model import Document


def with_possible_edits(cause: Cause, finding: Finding) -> Cause:
    """Return a cause whose remedies say which layers they edit, and edit nothing that AWS owns.

    What is missing in a policy of AWS is allowed beside it.
    """
    if not isinstance(finding, Shortfall | Prohibition) or not cause.remedies:
        return cause
    found = (each for remedy in cause.remedies for each in _possible(remedy, finding))
    return cause._replace(remedies=tuple(found))


def _possible(remedy: Remedy, finding: Shortfall | Prohibition) -> Iterator[Remedy]:
    edited = tuple(_edited(remedy, finding))
    if not any(map(is_of_aws, edited)):
        yield remedy._replace(edits_of=_layers(finding, edited)) if remedy.edits else remedy
    elif isinstance(finding, Shortfall):
        beside = allow_statement(finding)
        if not any(map(is_of_aws, _edited(beside, finding))):
            # It does without the conditions of the policy that is AWS's.
            least = Rank.UNGUARDED if finding.stage is Stage.CONDITION else Rank.ORDINARY
            yield from _possible(beside._replace(rank=max(remedy.rank, least)), finding)


def _edited(remedy: Remedy, finding: Shortfall | Prohibition) -> Iterator[Document]:
    """Yield the documents of a finding's layer that a remedy edits."""
    places = [(edit.source[:2], edit.source) for edit in remedy.edits]
    for compiled in finding.asked.policies.documents(finding.layer) if places else ():
        document = compiled.policy.document
        source = document.source
        if any(text == source[:2] and other.start == source.start for text, other in places):
            yield document


def _layers(finding: Shortfall | Prohibition, edited: tuple[Document, ...]) -> tuple[Layer, ...]:
    """Return the layers that edits change: a managed policy may be the boundary as well."""
    managed = {found for d in edited if (found := d.attachment) and found.name}
    policies = finding.asked.policies
    also = (
        layer
        for layer in (Layer.IDENTITY, Layer.BOUNDARY)
        if any(c.policy.document.attachment in managed for c in policies.documents(layer))
    )
    return tuple(dict.fromkeys((finding.layer, *also)))
