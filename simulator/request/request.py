"""One request: who asks to do what to which resource, in which context."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from simulator.arn import Arn
    from simulator.request.context import RequestContext
    from simulator.request.principal import Principal


class Request(NamedTuple):
    """A request as the evaluation sees it."""

    principal: Principal
    action: str
    resource: Arn
    context: RequestContext

    @property
    def same_account(self) -> bool:
        """Whether caller and resource are in one account."""  # EVAL-5
        caller = self.principal.arn
        return (caller.partition, caller.account) == (
            self.resource.partition,
            self.resource.account,
        )
