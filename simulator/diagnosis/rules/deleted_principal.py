"""IAM304: the resource's policy names an id, which is what is left of a deleted user or role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnosis.cause import Cause, Place
from simulator.diagnosis.principals import name_in_place, named_instead, unnamed_signed
from simulator.diagnosis.words import LAYER_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.findings import Finding


def deleted_principal(finding: Finding) -> Iterator[Cause]:
    """Report each id in the principals that is not the caller's."""  # PRN-21
    found = unnamed_signed(finding)
    if found is None:
        return
    shortfall, caller = found
    policy = LAYER_NAMES[shortfall.layer]
    for named in named_instead(shortfall):
        if not named.is_unique_id:
            continue
        yield Cause(
            "IAM304",
            shortfall.layer,
            f"the {policy} names `{named.entry.value}`, a user or role that was deleted",
            Place(named.statement.document, named.entry.path),
            "an id stands here where an ARN stood before the deletion",
            named.entry.value,
            str(caller.arn),
            "one made anew under the old name has another id: name it again by its ARN",
            (name_in_place(shortfall, caller, named),),
        )
