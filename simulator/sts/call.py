"""One AssumeRole call with all it depends on: caller, role, parameters, policies, further facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.arn import Arn
    from simulator.evaluation.policies import Policies
    from simulator.request.caller import Caller
    from simulator.request.context import Value
    from simulator.request.principal import Signed
    from simulator.sts.parameters import Parameters


class Role(NamedTuple):
    """The role to be assumed; what nobody described is nothing. The maximum is in seconds."""

    arn: Arn
    unique_id: str | None = None
    tags: Mapping[str, str] | None = None
    max_session_duration: int | None = None


class Call(NamedTuple):
    """An AssumeRole call; `role` is nothing where there is no role of that ARN.

    `context` holds further condition keys, which win over what is derived. In a closed world
    nothing exists that is not written: no tags, no organization. `known_roles` are roles that
    exist, for nearest names. The last two are the other ways to read CHAIN-PERMS (what is inherited
    needs no permission) and COMPANION-SIDES (companion actions need the role's side and the
    caller's).
    """

    caller: Caller
    parameters: Parameters
    role: Role | None
    policies: Policies
    context: Mapping[str, Value]
    closed_world: bool = False
    known_roles: tuple[Role, ...] = ()
    inherits_freely: bool = False
    companions_need_both: bool = False

    @property
    def principal(self) -> Signed:
        """Who calls, without the session."""
        return self.caller.principal
