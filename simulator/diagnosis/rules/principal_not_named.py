"""IAM302: the resource's policy names others, and the caller is none of them."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from simulator.arn import parse_arn
from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Cause, Place
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.permissions import statements_place
from simulator.diagnosis.principals import (
    NO_WAY,
    Named,
    is_of_key,
    name_caller,
    named_instead,
    other_account,
    partitions_apart,
    unnamed_signed,
)
from simulator.diagnosis.words import LAYER_NAMES, listed
from simulator.request.principal import RoleSession, principal_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.request.principal import Signed


_NEAR = 0.93


def principal_not_named(finding: Finding) -> Iterator[Cause]:
    """Report whom the resource's policy names instead of the caller."""  # EVAL-20, EVAL-30x
    found = unnamed_signed(finding)
    if found is None or is_of_key(found[0]):
        return
    shortfall, caller = found
    named = named_instead(shortfall)
    nobody = shortfall.stage is Stage.NOTHING and shortfall.layer is Layer.TRUST
    if nobody or (shortfall.stage is Stage.PRINCIPAL and not named):
        yield _nobody(shortfall, caller)
    if not named or other_account(shortfall, caller) or any(n.is_unique_id for n in named):
        return
    nearest = _nearest(named, caller)
    yield Cause(
        "IAM302",
        shortfall.layer,
        f"the {LAYER_NAMES[shortfall.layer]} does not name the caller",
        Place(nearest.statement.document, nearest.entry.path),
        f"the caller is `{caller.arn}`",
        listed(tuple(n.entry.value for n in named)),
        str(caller.arn),
        partitions_apart(shortfall) or _self_advice(shortfall, caller) or _advice(nearest, caller),
        tuple(name_caller(shortfall, caller, named)),
    )


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


def _nearest(named: tuple[Named, ...], caller: Signed) -> Named:
    return max(named, key=lambda n: _likeness(n, caller))


def _likeness(named: Named, caller: Signed) -> float:
    ours = str(principal_arn(caller)).lower()
    return SequenceMatcher(None, named.entry.value[:300].lower(), ours, autojunk=False).ratio()


def _self_advice(finding: Shortfall, caller: Signed) -> str | None:
    role = parse_arn(finding.evaluation.request.resource)
    if not isinstance(caller, RoleSession) or role is None or finding.layer is not Layer.TRUST:
        return None
    if (role.account, role.name) != (caller.arn.account, caller.role_name):
        return None
    return "a role does not trust itself: it has to be named like any other caller"  # EVAL-26


def _advice(named: Named, caller: Signed) -> str | None:
    if named.entry.kind == "Service":
        return f"only AWS itself calls as `{named.entry.value}`; no user or role can"  # PRN-36
    if named.entry.kind == "Federated":
        return (
            "an identity provider is trusted here: it calls AssumeRoleWithSAML or WithWebIdentity"
        )
    arn = parse_arn(named.entry.value)
    if arn is None:
        return None
    if arn.partition != caller.arn.partition:
        return NO_WAY  # EVAL-33x
    if str(arn).lower() == str(principal_arn(caller)).lower():
        return "upper and lower case count in the names of users and roles"  # PRN-10
    if isinstance(caller, RoleSession) and arn.kind == "assumed-role":
        return "a session is named with its session name, and this is another one; name the role"
    if arn.kind == principal_arn(caller).kind and _likeness(named, caller) > _NEAR:
        return f"the two are nearly alike: was `{named.entry.value}` meant to call?"
    if arn.kind == "user" and isinstance(caller, RoleSession):
        return "the caller is a session of a role, not a user: see which credentials are in use"
    return None
