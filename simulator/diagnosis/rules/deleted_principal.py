"""IAM304: the trust policy names an id, which is what is left of a deleted user or role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Cause, Place
from simulator.diagnosis.findings import Finding, Shortfall
from simulator.diagnosis.trust import name_in_place, named_instead

if TYPE_CHECKING:
    from collections.abc import Iterator


def deleted_principal(finding: Finding) -> Iterator[Cause]:
    """Report each id in the principals that is not the caller's."""  # PRN-21
    for named in named_instead(finding):
        if not named.is_unique_id or not isinstance(finding, Shortfall):
            continue
        yield Cause(
            "IAM304",
            Layer.TRUST,
            f"the trust policy names `{named.entry.value}`, a user or role that was deleted",
            Place(named.statement.document, named.entry.path),
            "an id stands here where an ARN stood before the deletion",
            named.entry.value,
            str(finding.call.caller.principal.arn),
            "one made anew under the old name has another id: name it again by its ARN",
            (name_in_place(finding, named),),
        )
