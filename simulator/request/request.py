"""One request: who asks to do what to which resource, in which context."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.arn import ACCOUNT_ID, parse_arn
from simulator.request.principal import UNSIGNED, account_of

if TYPE_CHECKING:
    from simulator.request.context import RequestContext
    from simulator.request.principal import Principal

#: The resource of an action that has none.
NO_RESOURCE = "*"


class Request(NamedTuple):
    """A request as the evaluation sees it.

    The resource is an ARN, or `*` where the action has none. `owner` is the account that owns it,
    nothing where nobody knows; `canonical_user` is the canonical user id of the caller's account.
    """

    principal: Principal
    action: str
    resource: str
    context: RequestContext
    owner: str | None = None
    canonical_user: str | None = None

    @property
    def same_account(self) -> bool | None:
        """Whether caller and resource are in one account; nothing where nobody knows."""  # EVAL-5
        if isinstance(self.principal, UNSIGNED):
            return False
        if self.other_partition:
            return False  # EVAL-33x: even with the digits of the caller's own
        return None if self.owner is None else self.owner == self.principal.arn.account

    @property
    def other_partition(self) -> bool:
        """Whether caller and resource are in different partitions."""  # EVAL-33x
        if isinstance(self.principal, UNSIGNED):
            return False
        partition = self.principal.arn.partition
        return not self.resource.startswith(f"arn:{partition}:") and self.resource != NO_RESOURCE


def owner_of(resource: str, principal: Principal, said: str | None = None) -> str | None:
    """Return the account that owns a resource: the one in its ARN, or else what is said.

    What has no resource, and what AWS offers to every account, is decided in the caller's own.
    """
    arn = parse_arn(resource)
    if arn is not None and ACCOUNT_ID.fullmatch(arn.account):
        return arn.account
    if said is None and (resource == NO_RESOURCE or (arn is not None and arn.account == "aws")):
        return account_of(principal)
    return said
