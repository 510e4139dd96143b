"""Actions that AWS does not have, and patterns that mean more than they seem to.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from simulator.policy import codes
from simulator.policy.elements import is_action
from simulator.policy.lint.words import meant, only
from simulator.policy.model import Effect
from simulator.policy.vocabulary import ROLE_ACTIONS

if TYPE_CHECKING:
    from simulator.policy.findings import Findings
    from simulator.policy.kinds import PolicyKind
    from simulator.policy.lint.budget import Budget
    from simulator.policy.model import Statement
    from simulator.syntax import Path

# What the reference data need not be asked about.
_ROLE_ACTIONS: Final = tuple(action.lower() for action in ROLE_ACTIONS)
_FAMILIAR: Final = frozenset({"*", "sts:*", *_ROLE_ACTIONS})


def check_actions(
    findings: Findings, statement: Statement, kind: PolicyKind, budget: Budget
) -> None:
    """Tell of the actions that no request is for, and of those that an RCP does not limit."""
    values = statement.actions.values
    limits = kind.only_deny and statement.effect is Effect.DENY
    if limits and statement.actions.negated:
        _no_limit(findings, values.path, "an RCP has no `NotAction`", "AWS refuses this element")
    for index, action in enumerate(values.items):
        if action.lower() not in _FAMILIAR:
            _check_action(findings, values.place(index), action, budget)
        if limits:
            _check_limited(findings, values.place(index), action)


def is_pattern(text: str) -> bool:
    """Whether a text has wildcards."""
    return "*" in text or "?" in text


def _check_action(findings: Findings, place: Path, action: str, budget: Budget) -> None:
    service, _, name = action.partition(":")
    if is_pattern(service):
        findings.warn(  # ACT-3
            codes.TOO_BROAD,
            place,
            f"`{action}` means actions of every service whose prefix fits `{service}`",
            "expected the prefix of one service",
        )
    elif is_pattern(name):
        if budget.spend() and not _fits_any(action):
            _unknown_action(findings, place, action)
    elif not _is_known(action):
        _unknown_action(findings, place, action)


@lru_cache(maxsize=1024)
def _fits_any(pattern: str) -> bool:
    folded = pattern.lower()  # ACT-1
    if any(fnmatchcase(action, folded) for action in _ROLE_ACTIONS):
        return True
    from simulator.catalog.actions import is_service, matching_actions  # noqa: PLC0415 - 5 ms

    service, _, name = folded.partition(":")
    return is_service(service) if not name.strip("*") else bool(matching_actions(pattern))


def _is_known(action: str) -> bool:
    from simulator.catalog.actions import find_action  # noqa: PLC0415 - likewise

    return find_action(action) is not None


def _unknown_action(findings: Findings, place: Path, action: str) -> None:
    if not is_action(action):
        return  # told as that
    if findings.is_full:
        return  # what was meant would be sought for nothing
    from simulator.catalog.actions import is_service  # noqa: PLC0415 - likewise

    service = action.partition(":")[0]
    near = _nearest(action)
    if not is_service(service):
        message = f"AWS has no service `{service}`"
    elif is_pattern(action):
        message = f"no action of AWS fits `{action}`"
    else:
        message = f"AWS has no action `{action}`"
    findings.warn(  # ACT-4
        codes.UNKNOWN_NAME,
        place,
        message,
        "no request is for this, so it never matches",
        help=meant(near) or _age(),
        replacement=only(near) if not is_pattern(action) else None,
    )


def _nearest(action: str) -> tuple[str, ...]:
    from simulator.catalog.actions import (  # noqa: PLC0415 - likewise
        is_service,
        meant_services,
        nearest_actions,
    )

    service, _, name = action.partition(":")
    if is_pattern(name) and not is_service(service):
        return tuple(f"{prefix}:{name}" for prefix in meant_services(service))
    return nearest_actions(action.replace("*", "").replace("?", ""))


def _age() -> str:
    from simulator.catalog.rcp import data_version  # noqa: PLC0415 - likewise

    return f"the reference data is of {data_version().date}, and AWS goes on adding actions"


def _check_limited(findings: Findings, place: Path, action: str) -> None:
    service = action.partition(":")[0].lower()
    if action == "*":
        message = "AWS takes no `*` as the action of an RCP"
        _no_limit(findings, place, message, "expected the services that it limits")
    elif service != "sts" and not is_pattern(service) and not _supports_rcp(service):
        message = f"RCPs bear on no request of the service `{service}`"
        _no_limit(findings, place, message, "so this denies nothing")  # EVAL-52


def _supports_rcp(service: str) -> bool:
    from simulator.catalog.actions import is_service  # noqa: PLC0415 - likewise
    from simulator.catalog.rcp import supports_rcp  # noqa: PLC0415 - likewise

    return supports_rcp(service) or not is_service(service)  # told as unknown


def _no_limit(findings: Findings, place: Path, message: str, label: str) -> None:
    findings.warn(codes.NO_LIMIT, place, message, label)
