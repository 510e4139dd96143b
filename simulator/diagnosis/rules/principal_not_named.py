"""IAM302: the resource's policy names others, and the caller is none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.arn import parse_arn
from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Cause, Place
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.permissions import also_named, principal_to_name, statements_place
from simulator.diagnosis.principals import (
    corrected,
    is_barred,
    is_of_key,
    name_caller,
    named_instead,
    nearest_named,
    partitions_apart,
    unnamed_signed,
)
from simulator.diagnosis.words import LAYER_NAMES, listed
from simulator.request.principal import RoleSession

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.diagnosis.cause import Remedy
    from simulator.diagnosis.near.principals import Nearest
    from simulator.diagnosis.principals import Named
    from simulator.request.principal import Signed


def principal_not_named(finding: Finding) -> Iterator[Cause]:
    """Report whom the resource's policy names instead of the caller."""  # EVAL-20, EVAL-30x
    unnamed = unnamed_signed(finding)
    if unnamed is None or is_of_key(unnamed[0]):
        return
    shortfall, caller = unnamed
    named, found = named_instead(shortfall), nearest_named(shortfall)
    nobody = shortfall.stage is Stage.NOTHING and shortfall.layer is Layer.TRUST
    if nobody or (shortfall.stage is Stage.PRINCIPAL and not named):
        yield _nobody(shortfall, caller)
    if found is None or found[1].of_account or any(n.is_unique_id for n in named):
        return
    nearest, how = found
    yield Cause(
        "IAM302",
        shortfall.layer,
        f"the {LAYER_NAMES[shortfall.layer]} does not name the caller",
        Place(nearest.statement.document, nearest.entry.path),
        f"the caller is `{caller.arn}`",
        listed(tuple(n.entry.value for n in named)),
        str(caller.arn),
        _advice(shortfall, caller, how),
        tuple(_remedies(shortfall, caller, found)),
    )


def _remedies(finding: Shortfall, caller: Signed, found: tuple[Named, Nearest]) -> Iterator[Remedy]:
    """Yield the correction of a name that can be nobody's, or else the name beside the others."""
    if is_barred(finding, *found):
        yield corrected(finding, found[0], principal_to_name(caller), *also_named(caller))
    else:
        yield from name_caller(finding, caller, named_instead(finding))


def _nobody(finding: Shortfall, caller: Signed) -> Cause:
    nobody = "trusts nobody" if finding.layer is Layer.TRUST else "does not name the caller"
    return Cause(
        "IAM302",
        finding.layer,
        f"the {LAYER_NAMES[finding.layer]} {nobody}",
        statements_place(finding),
        "none of these statements allows anybody anything"
        if finding.layer is Layer.TRUST
        else "none of these statements allows the caller anything",
        "an Allow statement",
        str(caller.arn),
        partitions_apart(finding),
        tuple(name_caller(finding, caller, ())),
    )


def _advice(finding: Shortfall, caller: Signed, how: Nearest) -> str | None:
    apart = partitions_apart(finding)
    if apart is not None or how.near:
        return apart or how.why
    return _self_advice(finding, caller) or how.why


def _self_advice(finding: Shortfall, caller: Signed) -> str | None:
    role = parse_arn(finding.evaluation.request.resource)
    if not isinstance(caller, RoleSession) or role is None or finding.layer is not Layer.TRUST:
        return None
    if (role.account, role.name) != (caller.arn.account, caller.role_name):
        return None
    return "a role does not trust itself: it has to be named like any other caller"  # EVAL-26
