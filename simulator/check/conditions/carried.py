"""IAM630 and IAM647: tests of keys that requests for the actions of a statement do not have.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-unsupported-action-for-condition-key
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.catalog.keys import MFA_AGE, MFA_PRESENT
from simulator.check.conditions.holding import does, holds_without, is_negated
from simulator.diagnostic import Severity
from simulator.policy import kinds
from simulator.policy.lint.actions import is_pattern
from simulator.policy.lint.budget import Budget
from simulator.policy.model import Effect
from simulator.policy.vocabulary import ROLE_ACTIONS

if TYPE_CHECKING:
    from simulator.check.subject import Subject
    from simulator.policy.findings import Findings
    from simulator.policy.model import ConditionTest, Statement

NEVER_CARRIED: Final = "IAM630"
NOT_ACTION: Final = "IAM647"

_NAMED: Final = 3
_STEPS: Final = 20_000
_PATTERN: Final = 100  # what a pattern costs beside a name
# Tags are in few requests, so a statement about all actions but some is mostly about others.
_OF_TAGS: Final = ("aws:requesttag/", "aws:resourcetag/", "aws:tagkeys")
# STS-56: what is asked beside the call that has the keys, and sees them.
_BESIDE: Final = frozenset({"sts:tagsession", "sts:setsourceidentity", "sts:setcontext"})
_ASSUMING: Final = frozenset(map(str.lower, ROLE_ACTIONS)) - _BESIDE
# Of trust policies this is told principal by principal.
_OF_CALLERS: Final = (
    *(MFA_PRESENT, MFA_AGE, "aws:principalorgid", "aws:principalorgpaths", "aws:username"),
    "aws:principaltag/",
)


class _Carriers(NamedTuple):
    """The listed actions whose requests never have a key, and whether those are all of them."""

    without: tuple[str, ...]
    are_all: bool


_NONE: Final = _Carriers((), are_all=False)


def keys_never_carried(findings: Findings, subject: Subject) -> None:
    """Report each test of a key that actions of its statement do not carry."""
    budget = Budget(_STEPS)
    left_out = _OF_CALLERS if subject.kind == kinds.TRUST else ()
    for statement in subject.statements:
        if not statement.conditions:
            continue
        actions = tuple(dict.fromkeys(statement.actions.values.items))
        services = {action.partition(":")[0] for action in actions}
        for test in statement.conditions:
            if statement.actions.negated:
                _check_tags(findings, statement, test)
            elif services.isdisjoint({"*", ""}) and not test.key.lower().startswith(left_out):
                hangs = any(_hangs_on(service, test.key) for service in services)
                found = _carriers(actions, test.key, budget) if hangs else _NONE
                _check(findings, statement, test, found)


def _check(findings: Findings, statement: Statement, test: ConditionTest, found: _Carriers) -> None:
    if not found.without:
        return
    if not holds_without(test):
        _never_holds(findings, statement, test, found)
    elif found.are_all or (is_negated(test) and not test.if_exists and test.quantifier is None):
        # With IfExists whoever wrote it knows that some requests do not have the key.
        _always_holds(findings, test, found)


def _carriers(actions: tuple[str, ...], key: str, budget: Budget) -> _Carriers:
    without = []
    for action in actions:
        if budget.left < 0:
            return _NONE
        if _carries(action, key, budget) is False:
            without.append(action)
    return _Carriers(tuple(without), are_all=len(without) == len(actions))


def _carries(action: str, key: str, budget: Budget) -> bool | None:
    """Whether some request for an action, or for one that fits a pattern, has a key."""
    budget.left -= _PATTERN if is_pattern(action) else 1
    folded = action.lower()
    if folded in _BESIDE or not _hangs_on(folded.partition(":")[0], key):
        return None
    return _carried(folded, key)


@lru_cache(maxsize=4096)
def _hangs_on(service: str, key: str) -> bool:
    """Whether some actions of a service may have a key and others not, if AWS has the key."""
    from simulator.catalog.condition_keys import find_key  # noqa: PLC0415 - takes 5 ms
    from simulator.catalog.global_keys import Presence  # noqa: PLC0415 - likewise

    found = find_key(key, f"{service}:")
    if found is None:
        return False  # told as unknown
    return service.lower() == "sts" or found.presence in {
        *(Presence.LISTED, Presence.TAGS, Presence.TOKEN, Presence.ASSERTION),
        *(Presence.RESOURCE_TAGS, Presence.RESOURCE, Presence.RESOURCE_ORGANIZATION),
    }


@lru_cache(maxsize=16_384)
def _carried(action: str, key: str) -> bool | None:
    from simulator.catalog.condition_keys import can_carry  # noqa: PLC0415 - takes 5 ms

    found = {can_carry(name, key) for name in _known(action)}
    return False if found == {False} else None


@lru_cache(maxsize=4096)
def _known(action: str) -> tuple[str, ...]:
    """Return the actions of AWS that a name or a pattern means; none of several services."""
    from simulator.catalog.actions import find_action, matching_actions  # noqa: PLC0415 - likewise

    if is_pattern(action):
        return () if is_pattern(action.partition(":")[0]) else matching_actions(action)
    return (action,) if find_action(action) is not None else ()


def _never_holds(
    findings: Findings, statement: Statement, test: ConditionTest, found: _Carriers
) -> None:
    outcome = f"{does(statement)} {'nothing' if found.are_all else 'none of them'}"
    findings.error(  # CND-10
        NEVER_CARRIED,
        test.path,
        f"{_lacks(test, found)}, so {statement.title} {outcome}",
        "this never holds for them",
        on_key=True,
        help=None
        if found.are_all
        else "these actions need a statement of their own, without this test",
        severity=_severity(statement, test, found),
    )


def _severity(statement: Statement, test: ConditionTest, found: _Carriers) -> Severity:
    if found.are_all:
        return Severity.ERROR if _is_certain(found) else Severity.WARNING
    # Who lets people have what is tagged lets them have no more by an action without tags.
    is_of_tag = "tag" in test.key.lower()
    return Severity.NOTE if is_of_tag and statement.effect is Effect.ALLOW else Severity.WARNING


def _always_holds(findings: Findings, test: ConditionTest, found: _Carriers) -> None:
    findings.warn(  # CND-11, CND-12
        NEVER_CARRIED,
        test.path,
        f"{_lacks(test, found)}, so this test limits"
        f" {'nothing' if found.are_all else 'none of them'}",
        "this holds wherever the key is absent",
        on_key=True,
    )


def _lacks(test: ConditionTest, found: _Carriers) -> str:
    named = _listed(found.without)
    if _is_certain(found):
        return f"requests for {named} never have `{test.key}`"
    return f"AWS does not list `{test.key}` for {named}"


def _is_certain(found: _Carriers) -> bool:
    """Whether all keys of the requests are known: other services may send what no list has."""
    return {action.lower() for action in found.without} <= _ASSUMING


def _listed(actions: tuple[str, ...]) -> str:
    named = [f"`{action}`" for action in actions[:_NAMED]]
    if len(actions) > _NAMED:
        return f"{', '.join(named)} and {len(actions) - _NAMED} more"
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def _check_tags(findings: Findings, statement: Statement, test: ConditionTest) -> None:
    if not test.key.lower().startswith(_OF_TAGS) or holds_without(test):
        return
    denies = statement.effect is Effect.DENY
    findings.error(
        NOT_ACTION,
        test.path,
        f"many actions never have `{test.key}`, and {statement.title} is about all that `NotAction`"
        f" does not list: it {'denies' if denies else 'allows'} only those that have it",
        "this never holds for the others",
        on_key=True,
        help="list the actions that it is about with `Action`",
        severity=Severity.WARNING if denies else Severity.NOTE,
    )
