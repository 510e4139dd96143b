"""IAM308: an AWS service calls, and the resource's policy does not name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnosis.cause import Cause, Place
from simulator.diagnosis.permissions import (
    allow_in_grant,
    none_was_given,
    on_whose_behalf,
    statements_place,
)
from simulator.diagnosis.principals import (
    corrected,
    is_barred,
    named_instead,
    nearest_named,
    unnamed,
)
from simulator.diagnosis.words import LAYER_NAMES, listed
from simulator.request.principal import ServicePrincipal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.findings import Finding


_ALONE = "a service that calls by its own name has no policies: the resource alone decides"


def service_not_named(finding: Finding) -> Iterator[Cause]:
    """Report that the resource's policy does not name the service that calls."""  # EVAL-70
    found = unnamed(finding)
    if found is None or not isinstance(found.evaluation.request.principal, ServicePrincipal):
        return
    name = found.evaluation.request.principal.name
    named, nearest = named_instead(found), nearest_named(found)
    is_near = nearest is not None and nearest[1].near
    yield Cause(
        "IAM308",
        found.layer,
        f"the {LAYER_NAMES[found.layer]} does not name the service `{name}`"
        if found.level
        else f"no policy of the resource was given that names the service `{name}`",
        Place(nearest[0].statement.document, nearest[0].entry.path)
        if nearest and is_near
        else statements_place(found),
        f"the service calls as `{name}`" if is_near else f"none of these statements names `{name}`",
        listed(tuple(n.entry.value for n in named)) or "an Allow statement",
        name,
        f"{none_was_given(found)}{nearest[1].why if nearest else _ALONE}",
        (corrected(found, nearest[0], name, *on_whose_behalf(found.evaluation.request)),)
        if nearest and is_barred(found, *nearest)
        else allow_in_grant(found),
    )
