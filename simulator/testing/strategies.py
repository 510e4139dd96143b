"""What hypothesis draws to try policies with: callers, requests and policies that nearly match.

Everything comes from small pools in which entries differ by one digit, one letter's case, a path or
a wildcard, so that a statement applies to a request about as often as not. Documents are plain JSON
values such as AWS would store; `requests` are ready to be decided. Only tests import this module:
hypothesis is not needed otherwise.
"""

from __future__ import annotations

import json
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from simulator.diagnostic import Severity
from simulator.policy import kinds
from simulator.policy.kinds import Need
from simulator.testing import pools
from simulator.testing.makers import (
    About,
    block,
    condition_test,
    make_asked,
    make_caller,
    make_principal,
    scope,
)
from simulator.testing.plain import as_question

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.policy.kinds import PolicyKind
    from simulator.simulate import Question
    from simulator.testing.makers import Make
    from simulator.testing.pools import Json, Row

# --- Bags: what is made of many small choices, made beforehand, so that drawing it is one choice.


def bag(make: Make, size: int) -> st.SearchStrategy[Any]:
    """Return a strategy of things made at random, the same on every run, small ones first."""
    dice = Random(size)  # noqa: S311 - no secret
    made = [make(dice) for _ in range(size)]
    return st.sampled_from(sorted(made, key=lambda thing: len(json.dumps(thing))))


def rarely(draw: st.DrawFn, chances: int) -> bool:
    """Return true once in so many times; the ends of a range are drawn too often for that."""
    return draw(st.integers(0, chances - 1)) == (chances + 1) // 2


# --- Conditions and contexts


@cache
def conditions(
    rows: tuple[Row, ...] = (*pools.COMMON_KEYS, *pools.OTHER_KEYS),
) -> st.SearchStrategy[Json]:
    """Return condition blocks of one to three tests, all operators and quantifiers among them."""

    def make(dice: Random) -> Json:
        tests = [condition_test(rows, dice) for _ in range(dice.choice((1, 1, 1, 1, 2, 2, 3)))]
        return block(tests)

    return bag(make, 6000)


@cache
def contexts(
    pool: tuple[tuple[str, tuple[Any, ...]], ...] = (*pools.COMMON_CONTEXT, *pools.OTHER_CONTEXT),
) -> st.SearchStrategy[Json]:
    """Return keys of a request with a value, several values, or nothing where it lacks the key."""

    def make(dice: Random) -> Json:
        found = [dice.choice(pool) for _ in range(dice.choice((0, 1, 2, 3, 4)))]
        made = {key: dice.choice(values) for key, values in found}
        return {key: list(v) if isinstance(v, tuple) else v for key, v in made.items()}

    return bag(make, 3000)


# --- Callers, actions and resources


@cache
def callers() -> st.SearchStrategy[Json]:
    """Return who calls, as the worlds of the conformance cases write it; not only who signs."""
    return bag(make_caller, 3000)


@cache
def asked() -> st.SearchStrategy[Json]:
    """Return what is asked: `action`, `resource`, `resource_account`."""
    return bag(make_asked, 1000)


def actions() -> st.SearchStrategy[str]:
    """Return names of actions such as `s3:GetObject`, in any letter case."""
    return st.sampled_from([name for names, _ in pools.ASKED for name in names])


def arns() -> st.SearchStrategy[str]:
    """Return the ARNs of resources."""
    found = [arn for _, resources in pools.ASKED for arn in resources if arn != "*"]
    accounts = st.sampled_from(pools.ACCOUNTS)
    return st.builds(
        lambda arn, owner: arn.replace("@OWNER@", owner), st.sampled_from(found), accounts
    )


# --- Documents

#: Whom and what documents speak of where nothing else is said.
SOMEBODY: Final = About(
    {"arn": pools.user_arn(pools.HOME, "alice")}, "s3:GetObject", "arn:aws:s3:::bucket/alice/x"
)


@cache
def _principals() -> st.SearchStrategy[Any]:
    return bag(make_principal, 2000)


def principals(about: About = SOMEBODY) -> st.SearchStrategy[Any]:
    """Return values of `Principal`: accounts, users, roles, sessions, services, everyone."""
    return _principals().map(about.fill_in)


@cache
def _role_scopes() -> st.SearchStrategy[Json]:
    return bag(scope(pools.ROLE_ACTION_PATTERNS, (), negated=20), 2000)


@cache
def _scopes(short_arns: tuple[str, ...]) -> st.SearchStrategy[Json]:
    resources = pools.RESOURCE_PATTERNS + short_arns
    return bag(scope(pools.ACTION_PATTERNS, resources, negated=10), 4000)


def _scopes_of(kind: PolicyKind) -> st.SearchStrategy[Json]:
    refused = kind.short_arns is Severity.ERROR  # RES-7
    return (
        _role_scopes() if kind.only_role_actions else _scopes(() if refused else pools.SHORT_ARNS)
    )


@st.composite
def statements(draw: st.DrawFn, kind: PolicyKind, about: About = SOMEBODY) -> Json:
    """Return a statement of a kind of policy."""
    denies = kind.only_deny or rarely(draw, 6)
    made: Json = {"Effect": "Deny" if denies else "Allow"}
    if kind.only_everyone:
        made["Principal"] = "*"
    elif kind.principal is Need.REQUIRED:
        made |= draw(_named(kind, about, 3 if denies else 15))
    made |= about.fill_in(draw(_scopes_of(kind)))
    if kind == kinds.RESOURCE and rarely(draw, 6):
        made = {key: value for key, value in made.items() if not key.endswith("Resource")}
    return {**made, "Condition": draw(conditions())} if draw(st.booleans()) else made


@st.composite
def _named(draw: st.DrawFn, kind: PolicyKind, about: About, positive: int) -> Json:
    value = about.fill_in(draw(_principals()))  # a mapped strategy would cost more to make
    if kind.only_role_actions and value == "*":
        value = {"AWS": "*"}  # PRN-8
    negated = kind.not_principal is not Need.FORBIDDEN and rarely(draw, positive)
    return {"NotPrincipal" if negated else "Principal": value}


_VERSIONS = st.sampled_from(("2012-10-17",) * 8 + ("2008-10-17", None))


@st.composite
def policies(draw: st.DrawFn, kind: PolicyKind, about: About = SOMEBODY, *, most: int = 3) -> Json:
    """Return a policy of a kind, such as `simulator.policy.kinds.IDENTITY`, of a few statements."""
    found = draw(st.lists(statements(kind, about), min_size=1, max_size=most))
    made = pools.policy(*found, version=draw(_VERSIONS))
    if len(found) == 1 and rarely(draw, 4):
        made["Statement"] = found[0]
    return made


# --- Requests


def requests(
    caller: st.SearchStrategy[Json] | None = None,
    action: st.SearchStrategy[str] | None = None,
    resource: st.SearchStrategy[str] | None = None,
) -> st.SearchStrategy[Question]:
    """Return questions that lack only their policies, of any caller, action and resource."""
    drawn = asked()
    if action is not None or resource is not None:
        names, found = _given(action, actions), _given(resource, arns)
        drawn = st.fixed_dictionaries({"action": names, "resource": found})
    return st.builds(as_question, _given(caller, callers), drawn, contexts())


def _given(
    drawn: st.SearchStrategy[Any] | None, otherwise: Callable[[], st.SearchStrategy[Any]]
) -> st.SearchStrategy[Any]:
    return otherwise() if drawn is None else drawn
