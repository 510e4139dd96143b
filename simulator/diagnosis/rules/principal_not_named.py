"""IAM302: the trust policy names others, and the caller is none of them."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from simulator.arn import parse_arn
from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import Cause, Place
from simulator.diagnosis.findings import Finding, Shortfall, Stage
from simulator.diagnosis.permissions import statements_place
from simulator.diagnosis.trust import Named, name_caller, named_instead, other_account
from simulator.diagnosis.words import listed
from simulator.request.principal import RoleSession, principal_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.request.principal import Signed


_NEAR = 0.93


def principal_not_named(finding: Finding) -> Iterator[Cause]:
    """Report whom the trust policy names instead of the caller."""  # EVAL-20
    if not isinstance(finding, Shortfall) or finding.layer is not Layer.TRUST:
        return
    named = named_instead(finding)
    if finding.stage is Stage.NOTHING or (finding.stage is Stage.PRINCIPAL and not named):
        yield _nobody(finding)
    if not named or other_account(finding) or any(n.is_unique_id for n in named):
        return
    caller = finding.call.caller.principal
    nearest = _nearest(named, caller)
    yield Cause(
        "IAM302",
        Layer.TRUST,
        "the trust policy does not name the caller",
        Place(nearest.statement.document, nearest.entry.path),
        f"the caller is `{caller.arn}`",
        listed(tuple(n.entry.value for n in named)),
        str(caller.arn),
        _self_advice(finding, caller) or _advice(nearest, caller),
        tuple(name_caller(finding, named)),
    )


def _nobody(finding: Shortfall) -> Cause:
    caller = finding.call.caller.principal
    return Cause(
        "IAM302",
        Layer.TRUST,
        "the trust policy trusts nobody",
        statements_place(finding),
        "none of these statements allows anybody anything",
        "an Allow statement",
        str(caller.arn),
        None,
        tuple(name_caller(finding, ())),
    )


def _nearest(named: tuple[Named, ...], caller: Signed) -> Named:
    return max(named, key=lambda n: _likeness(n, caller))


def _likeness(named: Named, caller: Signed) -> float:
    ours = str(principal_arn(caller)).lower()
    return SequenceMatcher(None, named.entry.value[:300].lower(), ours, autojunk=False).ratio()


def _self_advice(finding: Shortfall, caller: Signed) -> str | None:
    role = finding.call.role
    if not isinstance(caller, RoleSession) or role is None:
        return None
    if (role.arn.account, role.arn.name) != (caller.arn.account, caller.role_name):
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
        return "there is no trust between partitions such as `aws` and `aws-cn`"  # EVAL-33x
    if str(arn).lower() == str(principal_arn(caller)).lower():
        return "upper and lower case count in the names of users and roles"  # PRN-10
    if isinstance(caller, RoleSession) and arn.kind == "assumed-role":
        return "a session is named with its session name, and this is another one; name the role"
    if arn.kind == principal_arn(caller).kind and _likeness(named, caller) > _NEAR:
        return f"the two are nearly alike: was `{named.entry.value}` meant to call?"
    if arn.kind == "user" and isinstance(caller, RoleSession):
        return "the caller is a session of a role, not a user: see which credentials are in use"
    return None
