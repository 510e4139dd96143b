"""One call of STS with all it depends on: caller, role, parameters, policies, further facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from simulator.arn import parse_arn
from simulator.federation.model import SamlAssertion, WebIdentity
from simulator.request.caller import Caller
from simulator.sts.operations import Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from simulator.arn import Arn
    from simulator.decision.verdict import Layer
    from simulator.evaluation.context import Who
    from simulator.evaluation.plan import Level
    from simulator.evaluation.policies import Levels, Policies
    from simulator.request.context import Value
    from simulator.request.principal import Principal
    from simulator.sts.parameters import Parameters

Identity: TypeAlias = WebIdentity | SamlAssertion


class Role(NamedTuple):
    """The role to be assumed; what nobody described is nothing. The maximum is in seconds.

    `layers` returns its own trust policy and the RCPs over it, where another role is asked for.
    When it was `created` is a text as AWS prints it.
    """

    arn: Arn
    unique_id: str | None = None
    tags: Mapping[str, str] | None = None
    max_session_duration: int | None = None
    layers: Callable[[], Mapping[Layer, Levels | None]] | None = None
    created: str | None = None


class Provider(NamedTuple):
    """The identity provider in the role's account; nothing is what nobody said.

    `client_ids` are the audiences that it takes.
    """

    exists: bool | None = None
    client_ids: frozenset[str] | None = None


class NewPolicies(NamedTuple):
    """The policies passed for the new session, or why STS does not take them.

    `level` is nothing where one of them is not known; `reason` is what is wrong, in our words.
    """

    level: Level | None = ()
    problem: str | None = None
    reason: str | None = None


class Call(NamedTuple):
    """A call of STS; `role` is nothing where there is no role of that ARN, or none is asked for.

    `context` holds further condition keys, which win over what is derived. In a closed world
    nothing exists that is not written: no tags, no organization. `known_roles` are roles that
    exist, for nearest names. `identity` is what a token or an assertion says, and `provider` who
    vouches for it. `mfa_devices` are those of the caller and `management_account` that of his
    organization, whose accounts are the `members`, where they are known. Of the `parameters` what a
    token or an assertion carries was not `passed`, where that is said. `regions` are those that the
    caller's account has enabled of the Regions that one has to enable. `inherits_freely` and
    `companions_need_both` are the other ways to read CHAIN-PERMS (what is inherited needs no
    permission) and COMPANION-SIDES (companion actions need the role's side and the caller's). Of
    `doubtful` keys nobody said whether the call has them. `others` makes the same call by each
    other user and role that exists; `lacks` says whether there is certainly no user or role.
    """

    caller: Who
    parameters: Parameters
    role: Role | None
    policies: Policies
    context: Mapping[str, Value]
    closed_world: bool = False
    known_roles: tuple[Role, ...] = ()
    operation: Operation = Operation.ASSUME_ROLE
    identity: Identity | None = None
    provider: Provider = Provider()
    new_policies: NewPolicies = NewPolicies()
    mfa_devices: frozenset[str] | None = None
    management_account: str | None = None
    members: frozenset[str] | None = None
    passed: Parameters | None = None
    regions: frozenset[str] | None = None
    inherits_freely: bool = False
    companions_need_both: bool = False
    doubtful: tuple[str, ...] = ()
    others: Callable[[], Iterator[Call]] | None = None
    lacks: Callable[[Arn], bool] | None = None

    @property
    def principal(self) -> Principal:
        """Who calls, without the session."""
        return self.caller.principal if isinstance(self.caller, Caller) else self.caller

    @property
    def inherited_tags(self) -> Mapping[str, str]:
        """The tags that the caller's session hands on."""  # STS-72
        return self.caller.inherited_tags if isinstance(self.caller, Caller) else {}

    @property
    def kept_source_identity(self) -> str | None:
        """The source identity that the caller's session has already."""  # STS-74
        return self.caller.source_identity if isinstance(self.caller, Caller) else None

    @property
    def temporary(self) -> bool:
        """Whether credentials of a session sign the call."""
        return isinstance(self.caller, Caller) and self.caller.temporary

    @property
    def resource(self) -> str:
        """What the actions of the call act on."""
        if self.operation is Operation.ASSUME_ROOT:
            return f"arn:{self._partition}:iam::{target_account(self.parameters)}:root"
        if self.operation is Operation.GET_FEDERATION_TOKEN and isinstance(self.caller, Caller):
            arn = self.caller.principal.arn
            return f"arn:{arn.partition}:sts::{arn.account}:federated-user/{self.parameters.name}"
        return self.parameters.role_arn or "*"

    @property
    def _partition(self) -> str:
        return self.caller.principal.arn.partition if isinstance(self.caller, Caller) else "aws"


def target_account(parameters: Parameters) -> str:
    """Return the account whose root user AssumeRoot is to act as."""
    target = parameters.target_principal or ""
    arn = parse_arn(target)
    return target if arn is None else arn.account
