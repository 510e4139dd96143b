"""Whose the thing is that has to change for a cause to go away: of which account, and what that is.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from simulator.decision.verdict import Layer
from simulator.diagnosis.cause import WHOEVER_ASKS, Owner
from simulator.diagnosis.findings import Finding, Prohibition, Shortfall, StsRefusal
from simulator.evaluation.relation import grantor
from simulator.policy.managed import is_of_aws
from simulator.request.principal import FederatedUser, account_of
from simulator.request.request import owner_of as owner_of_resource
from simulator.sts.call import Call
from simulator.sts.refusals import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.diagnosis.asked import Asked

_AWS: Final = Owner(None, "AWS, whose policy can be detached, and not changed")
_Find: TypeAlias = "Callable[[Asked], Owner]"

_WHOEVER_CALLS: Final = Owner(None, "whoever makes the call")


def owner_of(finding: Finding) -> Owner:
    """Return whose the thing is that stands in the way, as far as anybody knows it."""
    match finding:
        case Prohibition(match=match) if is_of_aws(match.statement.document):
            return _AWS
        case Shortfall(asked=asked, layer=layer) | Prohibition(asked=asked, layer=layer):
            return _OF_LAYER[layer](asked)
        case StsRefusal(call=call, refusal=refusal) if refusal.rule in _OF_PROVIDERS:
            return _resource(call)
        case StsRefusal():
            return _WHOEVER_CALLS
        case _:
            return WHOEVER_ASKS


def _caller(asked: Asked) -> Owner:
    return Owner(account_of(asked.principal), "the caller's account")


def _resource(asked: Asked) -> Owner:
    what = "role" if grantor(asked.resource) is Layer.TRUST else "resource"
    return Owner(_account_of_resource(asked), f"the {what}'s account")


def _account_of_resource(asked: Asked) -> str | None:
    said = None if isinstance(asked, Call) else asked.owner
    return owner_of_resource(asked.resource, asked.principal, said)


def _session(asked: Asked) -> Owner:
    """Return who passed a session policy; a role may have been assumed from any account."""
    made_here = isinstance(asked.principal, FederatedUser)
    account = account_of(asked.principal) if made_here else None
    return Owner(account, "whoever made the caller's session")


def _organization_of_caller(asked: Asked) -> Owner:
    management = asked.management_account  # EVAL-40
    return Owner(management, "the management account of the caller's organization")


def _organization_of_resource(asked: Asked) -> Owner:
    """Return who may change RCPs; of organizations only the one that is known has a name."""
    what = "role" if grantor(asked.resource) is Layer.TRUST else "resource"
    members = asked.members if isinstance(asked, Call) else None
    elsewhere = members is not None and _account_of_resource(asked) not in members
    management = None if elsewhere else asked.management_account  # EVAL-50
    return Owner(management, f"the management account of the {what}'s organization")


def _endpoint(asked: Asked) -> Owner:
    said = {key.lower(): value for key, value in asked.context.items()}.get("aws:vpceaccount")
    account = said if isinstance(said, str) else None
    return Owner(account, "the account of the VPC endpoint")


_OF_LAYER: Final[Mapping[Layer, _Find]] = {
    Layer.RCP: _organization_of_resource,
    Layer.SCP: _organization_of_caller,
    Layer.ENDPOINT: _endpoint,
    Layer.TRUST: _resource,
    Layer.RESOURCE: _resource,
    Layer.IDENTITY: _caller,
    Layer.BOUNDARY: _caller,
    Layer.SESSION: _session,
}
_OF_PROVIDERS: Final = frozenset({Rule.NO_PROVIDER, Rule.AUDIENCE})
