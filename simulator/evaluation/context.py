"""The context of a request: what follows from it, what was given, and what nobody said.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from simulator.decision.verdict import Layer
from simulator.evaluation.open_path import has_open_path
from simulator.request.caller import Caller
from simulator.request.context import RequestContext
from simulator.request.derived import (
    ORGANIZATION,
    THROUGH_ENDPOINT,
    caller_keys,
    constants,
    facts,
    implied,
    without_stale_age,
)
from simulator.request.principal import Anonymous, Federated, ServicePrincipal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.evaluation.policies import Policies
    from simulator.request.context import Value
    from simulator.request.principal import Principal


Who: TypeAlias = Caller | ServicePrincipal | Anonymous | Federated


class Asked(Protocol):
    """What a context depends on, whatever is asked for."""

    @property
    def caller(self) -> Who:
        """Who calls."""

    @property
    def principal(self) -> Principal:
        """Who calls, without the session."""

    @property
    def policies(self) -> Policies:
        """The policies, some of which say what has to be known."""

    @property
    def context(self) -> Mapping[str, Value]:
        """The condition keys that were given, which win over what is derived."""

    @property
    def closed_world(self) -> bool:
        """Whether nothing exists that is not written."""

    @property
    def doubtful(self) -> tuple[str, ...]:
        """Keys of which nobody said whether the request has them."""


class Particulars(NamedTuple):
    """What one kind of request adds: `derived` keys, those `unknown`, and those that may be absent.

    `same_account` is whether the resource is in the caller's account, as far as anybody knows.
    """

    derived: Mapping[str, Value]
    unknown: tuple[str, ...]
    doubtful: tuple[str, ...]
    same_account: bool


def build_context(asked: Asked, particulars: Particulars) -> RequestContext:
    """Return the context of a request."""
    told = RequestContext(asked.context)
    derived = RequestContext({**dict(_who(asked.caller)), **particulars.derived})
    unknown = {
        *map(str.lower, particulars.unknown),
        # KEY-CASE: what is said twice and differently
        *told.unknown,
        *derived.unknown,
    }
    if has_open_path(asked.principal, asked.policies, closed=asked.closed_world):
        unknown.add("aws:principalarn")  # CTX-1
    values = {key: value for key, value in derived.known.items() if key not in unknown}
    values |= told.known
    same_account = particulars.same_account
    values |= dict(implied(values, asked.context, same_account=same_account))
    values = without_stale_age(values, asked.context)
    unknown.update(_facts(asked, values))
    doubtful = (
        ()
        if asked.closed_world
        else (*_doubts(asked.caller), *particulars.doubtful, *asked.doubtful)
    )
    return RequestContext(values, unknown, doubtful)


def _who(caller: Who) -> Iterator[tuple[str, Value]]:
    """Yield the keys that speak of the caller."""
    if isinstance(caller, Caller):
        yield from caller_keys(caller)
    elif isinstance(caller, ServicePrincipal):
        yield "aws:PrincipalServiceName", caller.name
    elif isinstance(caller, Anonymous):
        yield "aws:PrincipalAccount", "anonymous"  # CTX-2
        yield "aws:PrincipalType", "Anonymous"  # CTX-4
    yield from constants(by_service=isinstance(caller, ServicePrincipal))


def _facts(asked: Asked, values: Mapping[str, Value]) -> Iterator[str]:
    """Yield the keys that every such request has, in lower case."""
    caller = asked.caller
    through_endpoint = bool(asked.policies.levels(Layer.ENDPOINT))
    found = facts(
        values,
        temporary=isinstance(caller, Caller) and caller.temporary,
        has_address=not through_endpoint and not isinstance(caller, ServicePrincipal),
    )
    yield from map(str.lower, found)
    if through_endpoint:
        yield from THROUGH_ENDPOINT


def _doubts(caller: Who) -> Iterator[str]:
    """Yield the keys of which nobody said whether a request of a caller has them."""
    # Services and unsigned callers are of no organization, and have no tags.
    signed = isinstance(caller, Caller)
    yield from (key for key in ORGANIZATION if signed or "Principal" not in key)  # CTX-3
    if isinstance(caller, Caller) and (caller.tags is None or caller.open_tags):
        yield "aws:PrincipalTag/"
