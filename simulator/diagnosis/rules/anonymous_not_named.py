"""IAM309: the request is not signed, and the resource's policy does not let everyone in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.diagnosis.cause import Cause
from simulator.diagnosis.permissions import allow_in_grant, none_was_given, statements_place
from simulator.diagnosis.principals import named_instead, unnamed
from simulator.diagnosis.words import LAYER_NAMES, listed
from simulator.request.principal import Anonymous

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.findings import Finding


def anonymous_not_named(finding: Finding) -> Iterator[Cause]:
    """Report that the resource's policy does not let in who does not sign."""  # PRN-7
    found = unnamed(finding)
    if found is None or not isinstance(found.evaluation.request.principal, Anonymous):
        return
    yield Cause(
        "IAM309",
        found.layer,
        f"the {LAYER_NAMES[found.layer]} lets in nobody who does not sign the request"
        if found.level
        else "no policy of the resource was given that lets in who does not sign the request",
        statements_place(found),
        "none of these statements allows everyone",
        listed(tuple(n.entry.value for n in named_instead(found))) or "an Allow statement",
        "anonymous",
        f"{none_was_given(found)}sign the request with credentials that may do this; only a"
        " principal `*` means everyone",
        allow_in_grant(found),
    )
