"""Which policies do not apply to a caller, whatever is attached, and what stands in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.catalog.roles import is_service_linked
from simulator.decision.requirements import CALLER
from simulator.decision.verdict import Layer
from simulator.evaluation.policies import NO_GRANT, NO_LIMIT
from simulator.matcher.statement import compile_policy
from simulator.policy.kinds import IDENTITY
from simulator.policy.managed import full_aws_access
from simulator.request.principal import (
    UNSIGNED,
    AccountRoot,
    FederatedUser,
    ServicePrincipal,
    principal_arn,
)
from simulator.request.request import NO_RESOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.evaluation.policies import Levels, Policies
    from simulator.request.principal import Principal


def exemptions(
    principal: Principal, resource: str, policies: Policies
) -> Iterator[tuple[Layer, Levels]]:
    """Yield the layers that are otherwise for such a caller, of a request of any kind.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    """
    if isinstance(principal, UNSIGNED):
        # EVAL-40, EVAL-43, EVAL-70, STS-2, STS-54: these have no policies of their own
        yield from ((layer, NO_LIMIT) for layer in (Layer.SCP, *CALLER))
    elif is_service_linked(str(principal_arn(principal))):
        yield from ((Layer.SCP, NO_LIMIT), (Layer.RCP, NO_LIMIT))  # EVAL-40, EVAL-51, EVAL-72
    if not _can_be_under_rcps(principal, resource):
        yield Layer.RCP, NO_LIMIT
    if isinstance(principal, AccountRoot):
        # EVAL-1: the root user has all permissions; EVAL-16: and a Deny counts all the same
        everything = compile_policy(full_aws_access(IDENTITY))
        yield Layer.IDENTITY, ((*policies.documents(Layer.IDENTITY), everything),)
    if isinstance(principal, FederatedUser) and not policies.levels(Layer.SESSION):
        yield Layer.SESSION, NO_GRANT  # EVAL-65, FED-NO-SESSION


def _can_be_under_rcps(principal: Principal, resource: str) -> bool:
    if isinstance(principal, ServicePrincipal) and is_service_linked(resource):
        return False  # EVAL-51: it assumes the role that was made for it
    return resource != NO_RESOURCE  # EVAL-54
